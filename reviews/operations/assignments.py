"""Who reviews what: assigned by a lead, taken next, given back, and withdrawn; see lapses.py as well.

What these look at, and what they answer, is the same whether an assigned reviewer has submitted or not.
"""

from collections.abc import Iterable, Sequence
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
from reviews.rules import Rules, rules_of

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
    """Take one particular question for review; taking what one holds changes nothing.

    Raises what `assign_question` does, and NotAllowed for who gave it back in this round, or had it taken
    away: a lead may still assign them.
    """
    question = steps.lock(question_id)
    policies.check_may_take(by, question)
    return _assign(question, by, by=by, now=now)


def take_next(*, project_id: int | None = None, by: User, now: datetime) -> Assignment | None:
    """Take the question that has waited longest for a reviewer; None when none is left for this person.

    Two people who ask at once get two questions, for locked ones are skipped; where all that are left are
    locked one waits for them, as whoever is at work on them may leave a slot.
    """
    policies.check_may_assess(by)
    skip_locked = True
    while True:
        with transaction.atomic():
            waiting = waiting_for(by)
            if project_id is not None:
                waiting = waiting.filter(project=project_id)
            question = waiting.select_for_update(skip_locked=skip_locked, no_key=True, of=("self",)).first()
            if question is None and not skip_locked:
                return None
            if question is None:
                skip_locked = False
            elif waiting_for(by).filter(pk=question.pk).exists():  # it may have filled up before the lock
                return _assign(question, by, by=by, now=now)
            else:
                transaction.set_rollback(True)  # lets go of it, also within another transaction


def waiting_for(by: User) -> QuerySet[Question]:
    """The questions this person can take, those that have waited longest first.

    What they gave back, or a lead took from them, is not offered again in that round.
    """
    of_round = Assignment.objects.filter(question=OuterRef("pk"), round=OuterRef("round"))
    active = of_round.active()
    held = active.order_by().values("question").annotate(n=Count("pk")).values("n")
    not_again = Q(ended_at__isnull=True) | Q(ending__in=policies.NOT_TAKEN_AGAIN)
    return (
        Question.objects.filter(Q(state__in=workflow.REVIEWABLE) | Q(state=workflow.State.IN_REVIEW))
        .not_written_by(by)
        .filter(~Exists(of_round.filter(not_again, reviewer=by)))
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
    if not _is_in_review(question):
        _begin_review(question, rules, now=now)
    audit.because(by=by, action="take_question" if by == reviewer else "assign_question")
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


def _begin_review(question: Question, rules: Rules, *, now: datetime) -> None:
    """In the machine's name, for all can read it, and who assesses is for leads to know."""
    audit.because(by=engine_user(), action="begin_review")
    question.state = workflow.BEGIN_REVIEW.after
    question.assessments_required, question.adjudicator_sees = rules.assessments, rules.adjudicator_sees
    question.save(update_fields=["state", "assessments_required", "adjudicator_sees"])
    changes.note(
        question=question, action="begin_review", summary="began its review", by=engine_user(), now=now
    )


def _is_in_review(question: Question) -> bool:
    return question.state == workflow.State.IN_REVIEW


@transaction.atomic
def release_assignment(*, assignment_id: int, by: User, now: datetime) -> Assignment:
    """Give back what one holds oneself; the draft is put away. Raises Conflict once it is submitted."""
    assignment = lock(assignment_id)
    policies.check_is_holder(by, assignment)
    if assignment.ended_at is not None:
        return assignment
    draft = getattr(assignment, "draft", None)
    if draft is not None and draft.submitted_at is not None:
        raise Conflict("You have submitted your assessment; it cannot be given back.")
    audit.because(by=by, action="release_assignment")
    end(assignment, Ending.RELEASED, by=by, now=now)
    notices.tell_of_returns([assignment], now=now)
    return assignment


@transaction.atomic
def withdraw_assignment(*, assignment_id: int, reason: str, by: User, now: datetime) -> Assignment:
    """Take an assignment away as a lead; whatever its holder wrote, submitted or not, no longer counts."""
    assignment = lock(assignment_id)
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
    return end(assignment, Ending.WITHDRAWN, by=by, now=now)


@transaction.atomic
def return_assignments(*, person: User, ending: Ending, reason: str, by: User, now: datetime) -> int:
    """Give back all that somebody holds who assesses no more, and return how many; a door asks who may.

    `ending` says why they do not. Also what they submitted while its round is blind, or their leaving would
    tell whether they had.
    """
    held = Assignment.objects.active().filter(reviewer=person)
    locked = steps.lock_all(held.values_list("question_id", flat=True))
    assignments = list(held.filter(question__in=locked).select_related("question", "reviewer").order_by("pk"))
    if assignments:
        audit.because(by=by, action="return_assignment", reason=reason)
        end_all(assignments, ending, by=by, now=now)
        notices.tell_of_returns(assignments, now=now)
    return len(assignments)


def close_round(question: Question, *, by: User, now: datetime) -> list[User]:
    """End the assignments of a locked question whose round is over, and return who held them.

    The audit trail has an actor.
    """
    held = list(_active(question))
    end_all(held, Ending.CLOSED, by=by, now=now)
    return [assignment.reviewer for assignment in held]


def put_aside(question: Question, why: str, *, by: User, now: datetime) -> None:
    """Close the review of a locked question that was taken away, and tell who was at it.

    In the name of the step that takes it away: when that one is undone, the assignments are active again and
    count as before with what was written, sealed or not.
    """
    text = f"“{question}”, which you were to assess, {why}"
    notices.tell(close_round(question, by=by, now=now), Notification.Kind.WITHDRAWN, question, text, now=now)


def tell_it_is_back(question: Question, *, now: datetime) -> None:
    """Tell who was assessing a question that it is back, for the step that took it away was undone."""
    text = f"“{question}” is back: you are asked to assess it after all"
    people = [assignment.reviewer for assignment in _active(question)]
    notices.tell(people, Notification.Kind.ASSIGNED, question, text, now=now)


def end_of_authors(questions: Iterable[Question], *, by: User, now: datetime) -> None:
    """Withdraw locked questions from whoever came to be an author of them, and tell them why."""
    why = "one of its answers is yours now, and nobody assesses what they wrote"
    came_back = list[Assignment]()
    for question in questions:
        for assignment in _active(question):
            if policies.is_author(assignment.reviewer, question):
                audit.because(by=by, action="withdraw_assignment", reason=why)
                end(assignment, Ending.AUTHOR, by=by, now=now)
                text = f"Your assignment of “{question}” was withdrawn: {why}"
                notices.tell([assignment.reviewer], Notification.Kind.WITHDRAWN, question, text, now=now)
                came_back.append(assignment)
    notices.tell_of_returns(came_back, now=now)


def _active(question: Question) -> QuerySet[Assignment]:
    active = Assignment.objects.active().filter(question=question)
    return active.select_related("question", "reviewer").order_by("pk")


def lock(assignment_id: int) -> Assignment:
    """The assignment, locked under the lock of its question. Raises ReviewError if there is none.

    Both, for saving a draft locks the assignment alone.
    """
    question_id = Assignment.objects.filter(pk=assignment_id).values_list("question_id", flat=True).first()
    if question_id is None:
        raise ReviewError(f"There is no assignment {assignment_id}.")
    steps.lock(question_id)
    locked = Assignment.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("question", "reviewer").get(pk=assignment_id)


def end(assignment: Assignment, ending: Ending, *, by: User, now: datetime) -> Assignment:
    end_all([assignment], ending, by=by, now=now)
    return assignment


def end_all(assignments: Sequence[Assignment], ending: Ending, *, by: User, now: datetime) -> None:
    for assignment in assignments:
        assignment.ended_at, assignment.ended_by, assignment.ending = now, by, ending
    Assignment.objects.bulk_update(assignments, ["ended_at", "ended_by", "ending"])
