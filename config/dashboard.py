"""What the dashboard shows: what to do next, contested questions, how ingestion is doing."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from claims.models import Article, Job
from reviews.models import Question
from reviews.workflow import EDITABLE

ROWS = 8
COUNT_UP_TO = 1000


@dataclass(frozen=True)
class Capped:
    """A count that stops at COUNT_UP_TO, for nobody counts a million rows to show a number."""

    count: int

    def __str__(self) -> str:
        return f"{COUNT_UP_TO:,}+" if self.count >= COUNT_UP_TO else f"{self.count:,}"

    def __bool__(self) -> bool:
        return self.count > 0


def context(user: User) -> dict[str, Any]:
    """Context of the dashboard for this person; what they may not see is left out."""
    shown: dict[str, Any] = {
        "may_submit": user.has_perm("claims.submit_article"),
        "may_open_question": user.has_perm("reviews.open_question"),
    }
    if user.has_perm("reviews.view_question"):
        questions = list(
            Question.objects.filter(state__in=EDITABLE).with_counts().order_by("-opened_at", "-id")[:ROWS]
        )
        shown["contested"] = [question for question in questions if question.answered_count > 1]
        shown["gathering"] = [question for question in questions if question.answered_count <= 1]
        shown["decided"] = list(
            Question.objects.filter(state=Question.State.DECIDED).order_by("-opened_at", "-id")[:ROWS]
        )
    if user.has_perm("claims.view_article"):
        shown["articles"] = list(
            Article.objects.select_related("outlet").defer("search").order_by("-created_at", "-id")[:ROWS]
        )
    if user.has_perm("claims.view_job"):
        shown["jobs"] = [
            (state, state.label, _capped(state))
            for state in (*Job.UNFINISHED, *Job.RETRYABLE, Job.State.DONE)
        ]
    return shown


def _capped(state: Job.State) -> Capped:
    return Capped(Job.objects.filter(state=state).order_by()[:COUNT_UP_TO].count())
