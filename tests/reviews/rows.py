"""The rows of reviews as a test compares them: whole, but for what every step counts anew."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from reviews import audit, operations
from reviews.assessing import AssessmentContent, PositionJudgement
from reviews.errors import Conflict
from reviews.models import (
    AuditEvent,
    Compatibility,
    Confidence,
    Judgement,
    Origin,
    OriginClaim,
    Placement,
    Position,
    Question,
    Verdict,
)
from tests.factories import NOW, UserFactory

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


def judged(question: Question, judgement: str = Judgement.CONFLICTING_EVIDENCE) -> AssessmentContent:
    """An assessment that judges the question and each of its positions alike."""
    said = PositionJudgement(judgement, Confidence.MODERATE)
    return AssessmentContent(
        judgement=judgement,
        confidence=Confidence.MODERATE,
        rationale="They differ.",
        positions={position.pk: said for position in question.positions.standing()},
    )


def decide(
    question: Question, *, by: User | None = None, content: AssessmentContent | None = None
) -> Verdict:
    """Have one reviewer decide, that the evidence conflicts whatever the answer, if nothing else is said."""
    by = by or UserFactory(roles=["reviewer"])
    with transaction.atomic():
        audit.because(by=by, action="ask_for_one_assessment")
        Question.objects.filter(pk=question.pk).update(assessments_asked=1)
    operations.take_question(question_id=question.pk, by=by, now=NOW)
    operations.submit_assessment(question_id=question.pk, content=content or judged(question), by=by, now=NOW)
    question.refresh_from_db()
    return question.verdicts.get(round=question.round)


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
