"""What others did with a question while somebody looked at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from reviews.models import AuditEvent, Change, Question
from reviews.people import name_of

LIMIT = 20
# What is not listed as a step of its own, in words; other actions are named as they are.
_ACTIONS = {
    "carry_over": "carried it over to a newer engine",
    "mark_sourcing": "marked the sourcing of a claim",
    "begin_review": "began its review",
    "differ": "completed the assessments, which differ",
    "decide": "decided it",
    "reopen_question": "opened it again",
}


@dataclass(frozen=True)
class News:
    """One step of somebody's, for showing: "layla placed claim 12 under “56”"."""

    by: str
    what: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.by} {self.what}"


def news(question: Question, *, since: int, told: User) -> list[News]:
    """What raised the question's version past `since`, in the order it was done; the latest twenty.

    Whoever is `told` of it reads "you" for their own steps, which they took in another window.
    """
    events = AuditEvent.objects.filter(
        table_name=Question._meta.db_table, row_id=question.pk, new__version__gt=since
    ).order_by("-pk")[:LIMIT]
    raised = [event for event in events if _version(event.old) != _version(event.new)]
    summaries = dict(
        Change.objects.filter(pk__in=[event.change_id for event in raised if event.change_id]).values_list(
            "pk", "summary"
        )
    )
    return [
        News(
            by="you" if event.actor_id == told.pk else name_of(event.actor),
            what=summaries.get(event.change_id or 0) or _in_words(event),
            at=event.at,
        )
        for event in reversed(raised)
    ]


def _version(image: dict[str, Any] | None) -> int | None:
    return image["version"] if image else None


def _in_words(event: AuditEvent) -> str:
    if event.action.startswith("undo"):
        return "took a step back"
    return _ACTIONS.get(event.action, event.action.replace("_", " "))
