"""Who reviews what: assigned by a lead, taken next, given back, withdrawn, and lapsed.

What these look at, and what they answer, is the same whether an assigned reviewer has submitted or not.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from reviews import audit, changes, notices, policies, workflow
from reviews.engine_user import engine_user
from reviews.errors import Conflict, ReviewError
from reviews.models import Assignment, Notification, Position, Question
from reviews.operations import steps
from reviews.rules import rules_of

Ending = Assignment.Ending


@transaction.atomic
def assign_question(
    *, question_id: int, reviewer: User, seen_version: int | None = None, by: User, now: datetime
) -> Assignment:
    """Give one of a question's assessments to a reviewer; its review begins with the first one.

    Assigning somebody who holds it already changes nothing. Raises Conflict where all slots are taken, and
    NotAllowed where this person may not assess it: for want of a role, or as its author.
    """
    question = steps.lock(question_id)
    policies.check_may_assign(by)
    steps.check_version(question, seen_version)
    policies.check_may_be_assigned(reviewer, question)
    return _assign(question, reviewer, by=by, now=now)


@transaction.atomic
def take_question(*, question_id: int, by: User, now: datetime) -> Assignment:
    """Take one particular question for review."""
    question = steps.lock(question_id)
    policies.check_may_be_assigned(by, question)
    return _assign(question, by, by=by, now=now)


def take_next(*, project_id: int | None = None, by: User, now: datetime) -> Assignment | None:
    """Take the question that has waited longest for a reviewer; None when none is left for this person.

    Two people who ask at once get two questions, for locked ones are skipped.
    """
    policies.check_may_assess(by)
    while True:
        with transaction.atomic():
            waiting = waiting_for(by)
            if project_id is not None:
                waiting = waiting.filter(project=project_id)
            question = waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
            if question is None:
                return None
            if waiting_for(by).filter(pk=question.pk).exists():  # it may have filled up before the lock
                return _assign(question, by, by=by, now=now)


def waiting_for(by: User) -> QuerySet[Question]:
    """The questions this person can take, those that have waited longest first."""
    active = Assignment.objects.active().filter(question=OuterRef("pk"), round=OuterRef("round"))
    held = active.order_by().values("question").annotate(n=Count("pk")).values("n")
    wrote = Position.objects.standing().filter(question=OuterRef("pk"), added_by=by)
    return (
        Question.objects.filter(Q(state__in=workflow.REVIEWABLE) | Q(state=workflow.State.IN_REVIEW))
        .exclude(opened_by=by)
        .filter(~Exists(wrote), ~Exists(active.filter(reviewer=by)))
        .filter(Exists(Position.objects.standing().filter(question=OuterRef("pk"))))
        .alias(held=Coalesce(held, 0))
        .filter(Q(state__in=workflow.REVIEWABLE) | Q(held__lt=F("assessments_required")))
        .order_by("opened_at", "pk")
    )


def _assign(question: Question, reviewer: User, *, by: User, now: datetime) -> Assignment:
    if question.state != workflow.State.IN_REVIEW:
        steps.check_step(question, workflow.BEGIN_REVIEW)
    if not question.positions.standing().exists():
        raise ReviewError("Add the positions first; there is nothing to judge yet.")
    active = Assignment.objects.active().filter(question=question, round=question.round)
    held = active.filter(reviewer=reviewer).first()
    if held is not None:
        return held
    rules = rules_of(question)
    required = question.assessments_required if _is_in_review(question) else rules.assessments
    taken = set(active.values_list("slot", flat=True))
    free = [slot for slot in range(1, (required or rules.assessments) + 1) if slot not in taken]
    if not free:
        raise Conflict("All its reviewers are found already.")
    audit.because(by=by, action="take_question" if by == reviewer else "assign_question")
    if not _is_in_review(question):
        question.assessments_required = required
        question.state = workflow.BEGIN_REVIEW.after
        question.save(update_fields=["state", "assessments_required"])
        changes.note(question=question, action="begin_review", summary="began its review", by=by, now=now)
    assignment = Assignment.objects.create(
        question=question,
        round=question.round,
        slot=free[0],
        reviewer=reviewer,
        assigned_by=by,
        assigned_at=now,
        lease_until=now + rules.lease,
    )
    if by != reviewer:
        notices.tell(
            [reviewer], Notification.Kind.ASSIGNED, question, f"You are asked to assess “{question}”", now=now
        )
    return assignment


def _is_in_review(question: Question) -> bool:
    return question.state == workflow.State.IN_REVIEW


@transaction.atomic
def release_assignment(*, assignment_id: int, by: User, now: datetime) -> Assignment:
    """Give back what one holds oneself; the draft is put away. Raises Conflict once it is submitted."""
    assignment = _lock(assignment_id)
    policies.check_is_holder(by, assignment)
    if assignment.ended_at is not None:
        return assignment
    draft = getattr(assignment, "draft", None)
    if draft is not None and draft.submitted_at is not None:
        raise Conflict("You have submitted your assessment; it cannot be given back.")
    audit.because(by=by, action="release_assignment")
    return _end(assignment, Ending.RELEASED, by=by, now=now)


@transaction.atomic
def withdraw_assignment(*, assignment_id: int, reason: str, by: User, now: datetime) -> Assignment:
    """Take an assignment away as a lead; whatever its holder wrote, submitted or not, no longer counts."""
    assignment = _lock(assignment_id)
    policies.check_may_assign(by)
    reason = steps.check_reason(reason, "Say why the assignment is withdrawn.")
    if assignment.ended_at is not None:
        return assignment
    audit.because(by=by, action="withdraw_assignment", reason=reason)
    notices.tell(
        [assignment.reviewer],
        Notification.Kind.WITHDRAWN,
        assignment.question,
        f"Your assignment of “{assignment.question}” was withdrawn: {reason}",
        now=now,
    )
    return _end(assignment, Ending.WITHDRAWN, by=by, now=now)


def end_lapsed(*, now: datetime) -> int:
    """Give back what nobody worked on in time, and return how many; beat calls this."""
    lapsed = Assignment.objects.lapsed().order_by("question_id", "pk")
    return sum(_end_lapsed(pk, now=now) for pk in list(lapsed.values_list("pk", flat=True)[:200]))


@transaction.atomic
def _end_lapsed(assignment_id: int, *, now: datetime) -> bool:
    assignment = _lock(assignment_id)
    if not Assignment.objects.lapsed().filter(pk=assignment_id).exists():
        return False
    audit.because(by=engine_user(), action="end_lapsed", reason="its lease was over")
    _end(assignment, Ending.LAPSED, by=engine_user(), now=now)
    notices.tell(
        [assignment.reviewer],
        Notification.Kind.WITHDRAWN,
        assignment.question,
        f"You did not assess “{assignment.question}” in time; somebody else may take it.",
        now=now,
    )
    return True


def close_round(question: Question, *, by: User, now: datetime) -> None:
    """End the assignments of a locked question whose round is over; the audit trail has an actor."""
    for assignment in Assignment.objects.active().filter(question=question).order_by("pk"):
        _end(assignment, Ending.CLOSED, by=by, now=now)


def _lock(assignment_id: int) -> Assignment:
    """The assignment under the lock of its question. Raises ReviewError if there is none."""
    question_id = Assignment.objects.filter(pk=assignment_id).values_list("question_id", flat=True).first()
    if question_id is None:
        raise ReviewError(f"There is no assignment {assignment_id}.")
    steps.lock(question_id)
    return Assignment.objects.select_related("question", "reviewer").get(pk=assignment_id)


def _end(assignment: Assignment, ending: Ending, *, by: User, now: datetime) -> Assignment:
    assignment.ended_at, assignment.ended_by, assignment.ending = now, by, ending
    assignment.save(update_fields=["ended_at", "ended_by", "ending"])
    return assignment
