"""The database side of matching: claims in, suggested questions, positions, placements and origins out.

`reviews.matching` says what belongs together; this package keeps the index it needs, finds which questions
that are there are meant, and writes the difference, without touching what people decided.
"""

from reviews.suggesting.due import BUSY, MatcherBusy, offer, offer_standing_still, take, take_overdue
from reviews.suggesting.matching_run import match_articles, match_run
from reviews.suggesting.writing import SUGGESTED_BY, Difference

__all__ = [
    "BUSY",
    "SUGGESTED_BY",
    "Difference",
    "MatcherBusy",
    "match_articles",
    "match_run",
    "offer",
    "offer_standing_still",
    "take",
    "take_overdue",
]
