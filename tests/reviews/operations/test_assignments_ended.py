"""Assignments given back, withdrawn, put aside and lapsed, and who is told of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviews import operations, queue
from reviews.errors import Conflict, NotAllowed
from reviews.models import Assignment, AuditEvent, Judgement, Notification, Question
from reviews.operations import Marks
from reviews.tasks import look_after_assignments
from reviews.workflow import State
from tests.factories import (
    NOW,
    AssessmentDraftFactory,
    AssignmentFactory,
    NotificationSettingsFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.courses import Course
from tests.reviews.operations.holding import Ending, submit, take, told
from tests.reviews.rows import judged

pytestmark = pytest.mark.django_db


def test_release_assignment_frees_its_slot(question: Question, reviewer: User, lead: User) -> None:
    held = take(question, reviewer)
    take(question, lead)

    operations.release_assignment(assignment_id=held.pk, by=reviewer, now=NOW)

    assert take(question, UserFactory(roles=["reviewer"])).slot == held.slot
    with pytest.raises(NotAllowed, match="not assigned to you"):
        submit(question, reviewer)


def test_release_assignment_is_for_its_holder_before_they_submit(
    question: Question, reviewer: User, lead: User
) -> None:
    held = take(question, reviewer)
    with pytest.raises(NotAllowed, match="Only who holds"):
        operations.release_assignment(assignment_id=held.pk, by=lead, now=NOW)
    submit(question, reviewer)

    with pytest.raises(Conflict, match="cannot be given back"):
        operations.release_assignment(assignment_id=held.pk, by=reviewer, now=NOW)


@pytest.mark.parametrize("has_submitted", [False, True])
def test_withdraw_assignment_looks_the_same_whatever_its_holder_did(
    question: Question, reviewer: User, lead: User, has_submitted: bool
) -> None:
    held = take(question, reviewer)
    if has_submitted:
        submit(question, reviewer)

    ended = operations.withdraw_assignment(assignment_id=held.pk, reason=" Ill. ", by=lead, now=NOW)
    again = operations.withdraw_assignment(assignment_id=held.pk, reason="Ill.", by=lead, now=NOW)

    assert (ended.ending, ended.ended_by, again) == (Ending.WITHDRAWN, lead, ended)
    assert told(reviewer) == [f"Your assignment of “{question}” was withdrawn: Ill."]
    updates = AuditEvent.objects.filter(operation="update").exclude(actor="factory").order_by("pk")
    assert list(updates.values_list("action", flat=True)) == ["begin_review", "withdraw_assignment"]


def test_withdrawn_assessment_does_not_count(lead: User) -> None:
    course = Course(State.IN_REVIEW)
    first, second = course.people.assessors
    course.submit(first, Judgement.REFUTED)
    held = Assignment.objects.get(reviewer=first)
    operations.withdraw_assignment(assignment_id=held.pk, reason="Ill.", by=lead, now=NOW)
    course.submit(second, Judgement.SUPPORTED)
    assert course.state == State.IN_REVIEW

    third = UserFactory(roles=["reviewer"])
    take(course.question, third)
    course.submit(third, Judgement.SUPPORTED)

    assert course.state == State.DECIDED
    assert set(course.question.assessments.values_list("reviewer", flat=True)) == {second.pk, third.pk}


@pytest.mark.parametrize(
    ("step", "undo", "says"),
    [
        (
            Course.dismiss,
            "dismiss_question",
            "“Where was it?”, which you were to assess, was dismissed: Idle.",
        ),
        (
            Course.merge,
            "merge_questions",
            "“Where was it?”, which you were to assess, is one with “Where did it fall?” now: One.",
        ),
    ],
    ids=["dismissed", "merged"],
)
def test_question_taken_away_puts_its_review_aside_until_that_is_undone(
    step: Any, undo: str, says: str
) -> None:
    course = Course(State.IN_REVIEW)
    first, second = course.people.assessors
    course.submit(first, Judgement.SUPPORTED)

    step(course)
    assert set(course.question.assignments.values_list("ending", flat=True)) == {Ending.CLOSED}
    assert told(first) == told(second) == [says]
    with pytest.raises(NotAllowed):
        course.submit(second, Judgement.SUPPORTED)

    course.undo(undo)
    assert set(told(first)) == {says, "“Where was it?” is back: you are asked to assess it after all"}
    course.submit(second, Judgement.SUPPORTED)
    assert course.state == State.DECIDED
    assert course.question.assessments.count() == 2


def test_merger_that_makes_an_assessor_an_author_withdraws_the_question_from_them(reviewer: User) -> None:
    course = Course(State.IN_REVIEW)
    assessor, other = course.people.assessors
    theirs = operations.open_question(
        wording="Where did it fall?", slot="where", answers=["Resafa"], by=assessor, now=NOW
    )

    operations.merge_questions(question_id=theirs.pk, into_id=course.pk, reason="One.", by=reviewer, now=NOW)

    endings = dict(course.question.assignments.values_list("reviewer", "ending"))
    assert endings == {assessor.pk: Ending.AUTHOR, other.pk: ""}
    assert any("one of its answers is yours now" in text for text in told(assessor))


def test_split_keeps_the_review_where_it_is() -> None:
    course = Course(State.IN_REVIEW)
    leaving = course.question.positions.first()

    created = operations.split_question(
        question_id=course.pk,
        position_ids=[leaving.pk],
        wording="Where did it fall?",
        slot="where",
        event="",
        reason="Two.",
        by=course.people.author,
        now=NOW,
    )

    assert (course.state, course.question.assignments.active().count()) == (State.IN_REVIEW, 2)
    assert (created.state, created.assignments.count()) == (State.OPEN, 0)


def lapsing(**draft: Any) -> Assignment:
    """An assignment whose lease was over long ago, with a draft."""
    question = PositionFactory(question=QuestionFactory(state="in_review")).question
    assignment = AssignmentFactory(question=question)
    if draft:
        AssessmentDraftFactory(assignment=assignment, **draft)
    return assignment


def test_end_lapsed_gives_back_what_nobody_worked_on() -> None:
    idle, at_work = lapsing(), lapsing(saved_at=timezone.now())
    begun_long_ago = lapsing(saved_at=NOW)
    held = AssignmentFactory(lease_until=timezone.now() + timedelta(hours=1))
    submitted = lapsing()
    submit(submitted.question, submitted.reviewer)

    assert operations.end_lapsed(now=NOW) == 2

    lapsed = Assignment.objects.filter(ending=Ending.LAPSED)
    assert set(lapsed) == {idle, begun_long_ago}
    assert set(Assignment.objects.active()) == {at_work, held, submitted}
    assert told(idle.reviewer) == [
        f"You did not assess “{idle.question}” in time; somebody else may take it."
    ]
    events = AuditEvent.objects.filter(table_name="reviews_assignment", row_id=idle.pk, operation="update")
    assert list(events.values_list("actor", "action", "reason")) == [
        ("engine", "end_lapsed", "its lease was over")
    ]


def test_end_lapsed_gives_back_what_was_submitted_on_an_earlier_version(question: Question) -> None:
    placement = PlacementFactory(position=question.positions.first())
    first, second = UserFactory.create_batch(2, roles=["reviewer"])
    for person in (first, second):
        take(question, person)
    submit(question, first)
    operations.mark_sourcing(
        claim_id=placement.claim_id, marks=Marks(identification="named"), by=second, now=NOW
    )

    assert operations.end_lapsed(now=NOW) == 2

    assert set(question.assignments.values_list("ending", flat=True)) == {Ending.LAPSED}


def test_end_lapsed_leaves_what_was_submitted_and_still_holds(question: Question, reviewer: User) -> None:
    take(question, reviewer)
    submit(question, reviewer)
    operations.say_compatible(  # raises the version, and is no part of what is judged
        first_id=question.positions.first().pk,
        second_id=question.positions.last().pk,
        reason="Both can be.",
        by=UserFactory(roles=["reviewer"]),
        now=NOW,
    )

    assert operations.end_lapsed(now=NOW) == 0


@pytest.mark.parametrize("leave", [Ending.NO_ACCOUNT, Ending.NO_ROLE])
@pytest.mark.parametrize("has_submitted", [False, True])
def test_assignments_of_who_assesses_no_more_go_back(
    question: Question, reviewer: User, leave: str, has_submitted: bool
) -> None:
    staying = UserFactory(roles=["reviewer"])
    held = take(question, reviewer)
    kept = take(question, staying)
    if has_submitted:
        submit(question, reviewer)
    if leave == Ending.NO_ACCOUNT:
        User.objects.filter(pk=reviewer.pk).update(is_active=False)
    else:
        reviewer.groups.clear()

    look_after_assignments()

    held.refresh_from_db()
    assert (held.ending, held.ended_by.get_username()) == (leave, "engine")
    assert question.assignments.filter(pk=kept.pk).get().ending in ("", Ending.LAPSED)


def _release(held: Assignment, by: User) -> str:
    operations.release_assignment(assignment_id=held.pk, by=held.reviewer, now=NOW)
    return "reviewer gave it back"


def _lapse(held: Assignment, by: User) -> str:
    operations.end_lapsed(now=NOW)
    return "reviewer did not assess it in time"


def _close(held: Assignment, by: User) -> str:
    operations.return_assignments(
        person=held.reviewer, ending=Ending.NO_ACCOUNT, reason="Left.", by=by, now=NOW
    )
    return "the account of reviewer was closed"


def _unseat(held: Assignment, by: User) -> str:
    held.reviewer.groups.clear()
    operations.return_from_former_assessors(now=NOW)
    return "reviewer may not assess any more"


def _come_to_be_author(held: Assignment, by: User) -> str:
    theirs = operations.open_question(
        wording="Where did it fall?", slot="where", answers=["Resafa"], by=held.reviewer, now=NOW
    )
    operations.merge_questions(question_id=theirs.pk, into_id=held.question_id, reason="One.", by=by, now=NOW)
    return "one of its answers is reviewer’s now"


@pytest.mark.parametrize("come_back", [_release, _lapse, _close, _unseat, _come_to_be_author])
def test_leads_are_told_when_an_assignment_comes_back(
    question: Question, reviewer: User, lead: User, come_back: Any
) -> None:
    why = come_back(take(question, reviewer), lead)

    told_of_it = Notification.objects.filter(kind=Notification.Kind.RETURNED)
    assert [(notice.person, notice.text) for notice in told_of_it] == [
        (lead, f"“{question}” waits for a reviewer again: {why}")
    ]


def test_leads_are_not_told_of_what_a_lead_withdrew(question: Question, reviewer: User, lead: User) -> None:
    held = take(question, reviewer)

    operations.withdraw_assignment(assignment_id=held.pk, reason="Ill.", by=lead, now=NOW)

    assert told(lead) == []


@pytest.mark.parametrize("has_submitted", [False, True])
def test_lead_reads_the_same_of_a_closed_account_whatever_its_holder_did(
    question: Question, reviewer: User, lead: User, has_submitted: bool
) -> None:
    held = take(question, reviewer)
    if has_submitted:
        submit(question, reviewer)

    why = _close(held, lead)

    assert told(lead) == [f"“{question}” waits for a reviewer again: {why}"]


def test_held_until_is_the_lease_begun_anew_with_every_save(question: Question, reviewer: User) -> None:
    held = take(question, reviewer)
    [before] = queue.held(reviewer)
    saved = NOW + timedelta(hours=5)
    AssessmentDraftFactory(assignment=held, saved_at=saved)

    [after] = queue.held(reviewer)

    assert before.assignment.held_until == held.lease_until == NOW + timedelta(hours=72)
    assert after.assignment.held_until == saved + timedelta(hours=72)


def test_return_assignments_gives_back_all_of_one_person(reviewer: User, lead: User) -> None:
    for _ in range(3):
        take(PositionFactory().question, reviewer)
    other = take(PositionFactory().question, lead)

    returned = operations.return_assignments(
        person=reviewer, ending=Ending.NO_ACCOUNT, reason="Left.", by=lead, now=NOW
    )

    assert returned == 3

    assert list(Assignment.objects.active()) == [other]


def test_return_assignments_costs_as_many_queries_for_three_as_for_one(lead: User) -> None:
    UserFactory(roles=["lead"])
    queries = list[int]()
    for number in (1, 3):
        leaving = UserFactory(roles=["reviewer"])
        for _ in range(number):
            take(PositionFactory().question, leaving)
        with CaptureQueriesContext(connection) as asked:
            operations.return_assignments(
                person=leaving, ending=Ending.NO_ACCOUNT, reason="Left.", by=lead, now=NOW
            )
        queries.append(len(asked))

    assert queries[0] == queries[1]
    assert len(told(lead)) == 4


def test_lead_who_muted_returns_or_gave_their_own_back_is_not_told(question: Question, lead: User) -> None:
    muted, other = UserFactory.create_batch(2, roles=["lead"])
    NotificationSettingsFactory(person=muted, muted=[Notification.Kind.RETURNED])

    _release(take(question, lead), lead)

    assert [len(told(person)) for person in (lead, muted, other)] == [0, 0, 1]


def test_lost_role_refuses_what_a_form_was_open_for(question: Question, reviewer: User) -> None:
    take(question, reviewer)
    reviewer.groups.clear()
    by = User.objects.get(pk=reviewer.pk)

    for step in (
        lambda: submit(question, by),
        lambda: operations.save_draft(question_id=question.pk, content=judged(question), by=by, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            step()
