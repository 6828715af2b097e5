"""What the compare screen shows: a question's positions as columns of claim cards, and what goes with them.

A fixed number of queries, however many claims stand under the question.
"""

from reviews.compare.cards import Card, earlier_marks
from reviews.compare.columns import Board, Column, board, columns
from reviews.compare.finding import found, to_be_merged_with
from reviews.compare.history import Step, history, taken_out, why_proposed
from reviews.compare.news import News, news
from reviews.compare.reading import Reading, reading
from reviews.compare.rounds import Round, rounds
from reviews.compare.timeline import Timeline, timeline

__all__ = [
    "Board",
    "Card",
    "Column",
    "News",
    "Reading",
    "Round",
    "Step",
    "Timeline",
    "board",
    "columns",
    "earlier_marks",
    "found",
    "history",
    "news",
    "reading",
    "rounds",
    "taken_out",
    "timeline",
    "to_be_merged_with",
    "why_proposed",
]
