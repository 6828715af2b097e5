"""Search over questions, claims, articles and speakers from one box: the first hits of every kind."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateformat import format as date_format

from claims.models import SEARCH_CONFIG, Article, Claim, Speaker
from reviews.competing import tally_of
from reviews.models import Question
from reviews.presentation import counted

WORDS_CHARACTERS = 200  # PostgreSQL refuses a word of over 2 KB, and nobody types so much
SHOWN = 5
COUNT_UP_TO = 20
PIECES = 60  # of a text as long as a page

Pieces = list[tuple[str, bool]]


@dataclass(frozen=True)
class Hit:
    """A row that was found: its words in pieces, True where they are those looked for, and what tells it."""

    url: str
    pieces: Pieces
    details: list[str]
    badges: list[tuple[str, str]] = field(default_factory=list)  # what it says, and how it looks
    excerpt: Pieces = field(default_factory=list)  # where the words may stand as well


@dataclass(frozen=True)
class Group:
    """What was found of one kind; how many there are is counted up to COUNT_UP_TO."""

    title: str
    list_name: str
    hits: list[Hit]
    count: int

    @property
    def counted(self) -> str:
        return f"{COUNT_UP_TO}+" if self.count > COUNT_UP_TO else str(self.count)

    @property
    def is_more(self) -> bool:
        return self.count > len(self.hits)


class Marker:
    """Has PostgreSQL mark the words it looked for, since it alone knows what it takes for the same word.

    It marks with signs made up for one search, which no text can hold; the pieces between them are
    escaped when they are shown.
    """

    def __init__(self, words: str) -> None:
        self._query = SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")
        self._begin, self._end = secrets.token_hex(8), secrets.token_hex(8)

    def whole(self, column: str) -> SearchHeadline:
        """The column with its marks."""
        return SearchHeadline(
            column,
            self._query,
            config=SEARCH_CONFIG,
            start_sel=self._begin,
            stop_sel=self._end,
            highlight_all=True,
        )

    def excerpt(self, column: str) -> SearchHeadline:
        """A few words of the column around the first mark."""
        return SearchHeadline(
            column, self._query, config=SEARCH_CONFIG, start_sel=self._begin, stop_sel=self._end
        )

    def pieces(self, marked: str) -> Pieces:
        """Cut a marked text where marks begin and end; what comes after many pieces is left out."""
        return [piece for piece in self._cut(marked) if piece[0]][:PIECES]

    def _cut(self, marked: str) -> Iterator[tuple[str, bool]]:
        before, *marks = marked.split(self._begin)
        yield before, False
        for mark in marks:
            own, _, after = mark.partition(self._end)
            yield own, True
            yield after, False


def clean(given: str) -> str:
    """What was typed, as PostgreSQL takes it: no NUL, not without end."""
    return " ".join(given.replace("\x00", " ").split())[:WORDS_CHARACTERS]


def groups(words: str, *, by: User) -> list[Group]:
    """The first hits of each kind this person may see that has any, in one query a kind."""
    if not words:
        return []
    seen = [find(words) for permission, find in KINDS.items() if by.has_perm(permission)]
    return [group for group in seen if group.hits]


def _questions(words: str) -> Group:
    marker = Marker(words)

    def hit(question: Question) -> Hit:
        tally = tally_of(question)
        badges = [(question.get_state_display(), "is-ok" if question.state == Question.State.DECIDED else "")]
        if question.is_evolving:
            badges.append(("evolving", "is-info"))
        elif question.resolution == Question.Resolution.CONTESTED:
            badges.append(("contested", "is-warn"))
        return Hit(
            url=question.get_absolute_url(),
            pieces=marker.pieces(question.marked),  # type: ignore[attr-defined]  # annotated
            details=[counted(tally.claims, tally.outlets, tally.origins)],
            badges=badges,
            excerpt=marker.pieces(question.marked_event),  # type: ignore[attr-defined]  # the same
        )

    standing = Question.objects.exclude(state=Question.State.MERGED).select_related("tally")
    marked = {"marked": marker.whole("wording"), "marked_event": marker.whole("event")}
    rows = standing.matching(words).annotate(**marked)
    return _group("Questions", "reviews_question", rows.order_by("-opened_at", "-id"), hit)


def _claims(words: str) -> Group:
    marker = Marker(words)

    def hit(claim: Claim) -> Hit:
        outlet = claim.revision.article.outlet
        pieces = marker.pieces(claim.marked)  # type: ignore[attr-defined]  # annotated
        is_marked = any(own for _, own in pieces)
        around = marker.pieces(claim.excerpt)  # type: ignore[attr-defined]  # the same
        return Hit(
            url=claim.get_absolute_url(),
            pieces=pieces,
            details=[claim.asserted_by, outlet.name if outlet else "", _day(claim.revision.published_at)],
            excerpt=[] if is_marked else [("… ", False), *around, (" …", False)],
        )

    rows = Claim.objects.standing().for_display().matching(words)
    marked = rows.annotate(marked=marker.whole("statement"), excerpt=marker.excerpt("content"))
    return _group("Claims", "claims_claim", marked.order_by("-created_at", "-id"), hit)


def _articles(words: str) -> Group:
    marker = Marker(words)

    def hit(article: Article) -> Hit:
        return Hit(
            url=article.get_absolute_url(),
            pieces=marker.pieces(article.marked),  # type: ignore[attr-defined]  # annotated
            details=[article.outlet.name if article.outlet else "", _day(article.published_at)],
        )

    rows = Article.objects.select_related("outlet").defer("search").matching(words)
    marked = rows.annotate(marked=marker.whole("title")).order_by("-created_at", "-id")
    return _group("Articles", "claims_article", marked, hit)


def _speakers(words: str) -> Group:
    marker = Marker(words)

    def hit(speaker: Speaker) -> Hit:
        return Hit(
            url=speaker.get_absolute_url(),
            pieces=marker.pieces(speaker.marked),  # type: ignore[attr-defined]  # annotated
            details=[],
        )

    rows = Speaker.objects.matching(words).annotate(marked=marker.whole("name"))
    return _group("Speakers", "claims_speaker", rows.order_by("key"), hit)


KINDS: dict[str, Callable[[str], Group]] = {
    "reviews.view_question": _questions,
    "claims.view_claim": _claims,
    "claims.view_article": _articles,
    "claims.view_speaker": _speakers,
}


def _group(title: str, list_name: str, rows: QuerySet[Any], hit: Callable[[Any], Hit]) -> Group:
    found = list(rows[: COUNT_UP_TO + 1])
    return Group(title, list_name, [hit(row) for row in found[:SHOWN]], len(found))


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j M Y") if moment else "undated"
