"""Assignments that come back by themselves: nobody works on them, or their holder may not any more."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from reviews import audit, notices
from reviews.basis import bases_of, basis_of
from reviews.engine_user import engine_user
from reviews.models import AssessmentDraft, Assignment, Notification, Question
from reviews.operations.assignments import Ending, end, lock, return_assignments

_QUESTIONS_AT_ONCE: Final = 100


def end_lapsed(*, now: datetime) -> int:
    """Give back what nobody worked on in time, and return how many.

    So is what was submitted and is out of date, or a question would wait for ever for who never looks again.
    """
    lapsed = Assignment.objects.lapsed().order_by("question_id", "pk").values_list("pk", flat=True)
    return sum(_end_lapsed(pk, now=now) for pk in chain(list(lapsed), _outdated()))


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


def _outdated() -> Iterator[int]:
    """Those of them that do differ, by a look that locks nothing: most of them go on being held."""
    sealed_of: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = _perhaps_outdated().order_by("question_id", "pk")
    for question_id, pk, judged in rows.values_list("question_id", "pk", "draft__basis"):
        sealed_of[question_id].append((pk, judged))
    questions = iter(sealed_of)
    while batch := list(islice(questions, _QUESTIONS_AT_ONCE)):
        for question_id, basis in bases_of(Question.objects.filter(pk__in=batch)).items():
            yield from (pk for pk, judged in sealed_of[question_id] if judged != basis)


def _is_outdated(assignment: Assignment) -> bool:
    draft = AssessmentDraft.objects.filter(assignment=assignment, submitted_at__isnull=False).first()
    return draft is not None and draft.basis != basis_of(assignment.question)
