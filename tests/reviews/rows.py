"""The rows of reviews as a test compares them: whole, but for what every step counts anew."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from reviews import operations
from reviews.errors import Conflict
from reviews.models import (
    AuditEvent,
    Compatibility,
    Judgement,
    Origin,
    OriginClaim,
    Placement,
    Position,
    Question,
    Verdict,
)
from tests.factories import NOW

State = Placement.State
DERIVED = ("version", "resolution")
UNDONE_BY_STEPS = (Question, Position, Compatibility, Placement, Origin, OriginClaim)


def all_rows() -> dict[str, list[dict[str, Any]]]:
    """Every row that a step can write, by table, in the order of ids."""
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in DERIVED}
            for row in model.objects.order_by("pk").values()
        ]
        for model in UNDONE_BY_STEPS
    }


def placed(question: Question) -> dict[str, dict[int, str]]:
    """The standing positions of a question in their order, each with its claims and their states."""
    rows = question.placements.order_by("claim_id").values_list("position_id", "claim_id", "state")
    return {
        position.answer: {claim: state for where, claim, state in rows if where == position.pk}
        for position in question.positions.standing().order_by("number")
    }


def actions(row: Any) -> list[tuple[str, str, str]]:
    """What the audit trail says of a row, oldest first: actor, action, operation."""
    events = AuditEvent.objects.filter(table_name=row._meta.db_table, row_id=row.pk).order_by("pk")
    return list(events.values_list("actor", "action", "operation"))


def decide(question: Question, *, by: User) -> Verdict:
    """Record that the evidence on a question conflicts, whatever the answer."""
    judgements = {position.pk: Judgement.CONFLICTING_EVIDENCE for position in question.positions.standing()}
    return operations.record_verdict(
        question_id=question.pk,
        judgement=Judgement.CONFLICTING_EVIDENCE,
        position_judgements=judgements,
        rationale="They differ.",
        by=by,
        now=NOW,
    )


def at_once(*steps: Callable[[], object]) -> list[str]:
    """How steps ended that were taken at the same time, each over a connection of its own."""
    together = Barrier(len(steps))

    def take(step: Callable[[], object]) -> str:
        together.wait()
        try:
            step()
        except Conflict as error:
            return f"refused: {error}"
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(len(steps)) as people:
        return list(people.map(take, steps))
