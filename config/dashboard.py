"""What the dashboard shows: what is contested, what waits for people, how ingestion is doing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from claims.models import Article, Job
from reviews import queue
from reviews.agreement.counts import one_line
from reviews.competing import MOST_CONTESTED, NEWEST_CLAIMS, Answer, answers_of, tally_of
from reviews.models import MatchingDue, Question, QuestionTally, Verdict
from reviews.presentation import counted
from reviews.workflow import EDITABLE

ROWS = 8
HELD = 5
TILES = 6
ANSWERS = 3
COUNT_UP_TO = 1000
# How many of the newest open questions are looked through for those that wait for claims.
LOOKED_THROUGH = 50


@dataclass(frozen=True)
class Capped:
    """A count that stops at COUNT_UP_TO, for nobody counts a million rows to show a number."""

    count: int

    def __str__(self) -> str:
        return f"{COUNT_UP_TO:,}+" if self.count >= COUNT_UP_TO else f"{self.count:,}"

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass(frozen=True)
class Tile:
    """A question in short, with the best backed of its answers side by side."""

    question: Question
    tally: QuestionTally
    answers: list[Answer]

    @property
    def counts(self) -> str:
        return counted(self.tally.claims, self.tally.outlets, self.tally.origins)

    @property
    def shown(self) -> list[Answer]:
        return self.answers[:ANSWERS]

    @property
    def more(self) -> int:
        return max(len(self.answers) - ANSWERS, 0)


def context(user: User) -> dict[str, Any]:
    """Context of the dashboard for this person; what they may not see is left out."""
    shown: dict[str, Any] = {
        "may_submit": user.has_perm("claims.submit_article"),
        "may_open_question": user.has_perm("reviews.open_question"),
    }
    if user.has_perm("reviews.view_question"):
        shown |= _questions() | _review(user)
    if user.has_perm("claims.view_article"):
        shown["articles"] = list(
            Article.objects.select_related("outlet").defer("search").order_by("-created_at", "-id")[:ROWS]
        )
    if user.has_perm("claims.view_job"):
        shown["jobs"] = [
            (state, state.label, _capped(Job.objects.filter(state=state)))
            for state in (*Job.UNFINISHED, *Job.RETRYABLE, Job.State.DONE)
        ]
    if user.has_perm("reviews.view_matchingdue"):
        shown["to_match"] = _capped(MatchingDue.objects.all())
        shown["not_matched"] = _capped(MatchingDue.objects.standing_still())
    return shown


def _questions() -> dict[str, Any]:
    """Each question once, where it matters most; every part is read in the order of an index."""
    open_now = Question.objects.filter(state__in=EDITABLE).select_related("tally")
    contested = _first(
        open_now.filter(tally__isnull=False, resolution=Question.Resolution.CONTESTED), MOST_CONTESTED, TILES
    )
    waits = Q(state=Question.State.PROPOSED) | Q(tally__suggested__gt=0)
    to_review = _first(open_now.filter(waits, tally__isnull=False), MOST_CONTESTED, ROWS, but=contested)
    newest = _first(
        open_now.filter(tally__newest_at__isnull=False), NEWEST_CLAIMS, ROWS, but=(*contested, *to_review)
    )
    answers = answers_of((*contested, *to_review, *newest))

    def tiles(questions: Iterable[Question]) -> list[Tile]:
        return [Tile(question, tally_of(question), answers.get(question.pk, [])) for question in questions]

    return {
        "contested": tiles(contested),
        "to_review": tiles(to_review),
        "newest": tiles(newest),
        "gathering": _gathering(open_now),
    }


def _review(user: User) -> dict[str, Any]:
    """What waits for this person in review, what was decided lately, and how far reviewers agree."""
    may_see_verdicts = user.has_perm("reviews.view_verdict")
    decided = (
        Verdict.objects.current()
        .select_related("question")
        .prefetch_related("positions__position")
        .order_by("-pk")
    )
    return {
        "may_assess": user.has_perm("reviews.assess_question"),
        "may_adjudicate": user.has_perm("reviews.adjudicate_question"),
        "held": queue.held(user, rows=HELD),
        "adjudications": queue.to_adjudicate(user, rows=HELD),
        "decided": list(decided[:ROWS]) if may_see_verdicts else [],
        "agreement": one_line(by=user) if may_see_verdicts else "",
    }


def _first(
    questions: QuerySet[Question], order: tuple[str, ...], rows: int, *, but: Iterable[Question] = ()
) -> list[Question]:
    return list(questions.exclude(pk__in=[question.pk for question in but]).order_by(*order)[:rows])


def _gathering(open_now: QuerySet[Question]) -> list[Question]:
    """The newest questions people opened that nothing stands under yet."""
    opened = open_now.exclude(state=Question.State.PROPOSED).order_by("-opened_at", "-id")
    return [question for question in opened[:LOOKED_THROUGH] if not tally_of(question).claims][:ROWS]


def _capped(rows: QuerySet[Any]) -> Capped:
    return Capped(rows.order_by()[:COUNT_UP_TO].count())
