"""Assignments that come back by themselves: nobody works on them, or their holder may not any more."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from reviews import audit, notices
from reviews.basis import basis_of
from reviews.engine_user import engine_user
from reviews.models import AssessmentDraft, Assignment, Notification
from reviews.operations.assignments import Ending, end, lock, return_assignments


def end_lapsed(*, now: datetime) -> int:
    """Give back what nobody worked on in time, and return how many.

    So is what was submitted and is out of date, or a question would wait for ever for who never looks again.
    """
    return sum(
        _end_lapsed(pk, now=now)
        for assignments in (Assignment.objects.lapsed(), _perhaps_outdated())
        for pk in list(assignments.order_by("question_id", "pk").values_list("pk", flat=True))
    )


@transaction.atomic
def _end_lapsed(assignment_id: int, *, now: datetime) -> bool:
    assignment = lock(assignment_id)
    if assignment.ended_at is not None:
        return False
    is_lapsed = Assignment.objects.lapsed().filter(pk=assignment_id).exists()
    if not is_lapsed and not (
        _perhaps_outdated().filter(pk=assignment_id).exists() and _is_outdated(assignment)
    ):
        return False
    audit.because(by=engine_user(), action="end_lapsed", reason="its lease was over")
    end(assignment, Ending.LAPSED, by=engine_user(), now=now)
    text = f"You did not assess “{assignment.question}” in time; somebody else may take it."
    notices.tell([assignment.reviewer], Notification.Kind.WITHDRAWN, assignment.question, text, now=now)
    notices.tell_of_returns([assignment], now=now)
    return True


def return_from_former_assessors(*, now: datetime) -> int:
    """Give back what people hold who are deactivated or lost the role, and return how many.

    For whoever changed an account in a way that did not call `return_assignments` itself.
    """
    may = User.objects.with_perm(
        "reviews.assess_question", backend="django.contrib.auth.backends.ModelBackend"
    )
    holds = Assignment.objects.active().filter(reviewer=OuterRef("pk"))
    former = User.objects.filter(Exists(holds)).exclude(is_active=True, pk__in=may.values("pk"))
    return sum(
        return_assignments(
            person=person,
            ending=Ending.NO_ROLE if person.is_active else Ending.NO_ACCOUNT,
            reason="its holder assesses no more",
            by=engine_user(),
            now=now,
        )
        for person in former.order_by("pk")
    )


def _perhaps_outdated() -> QuerySet[Assignment]:
    """Idle ones submitted at an earlier version of their question; only some differ in what is judged."""
    return Assignment.objects.idle().filter(
        draft__submitted_at__isnull=False, draft__question_version__lt=F("question__version")
    )


def _is_outdated(assignment: Assignment) -> bool:
    draft = AssessmentDraft.objects.filter(assignment=assignment, submitted_at__isnull=False).first()
    return draft is not None and draft.basis != basis_of(assignment.question)
