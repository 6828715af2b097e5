"""Who is given a question to assess, and who takes one."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from reviews import operations
from reviews.errors import Conflict, NotAllowed, ReviewError
from reviews.models import Assignment, AuditEvent, Change, Judgement, Question
from reviews.operations import Marks
from reviews.people import people_who_may
from reviews.workflow import State
from tests.factories import (
    NOW,
    ClaimFactory,
    PlacementFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.courses import Course
from tests.reviews.operations.holding import Ending, take, told
from tests.reviews.rows import judged

pytestmark = pytest.mark.django_db


def test_first_assignment_begins_the_review_and_fixes_how_many_it_takes(
    question: Question, reviewer: User, lead: User
) -> None:
    assignment = operations.assign_question(question_id=question.pk, reviewer=reviewer, by=lead, now=NOW)

    question.refresh_from_db()
    assert (question.state, question.assessments_required) == (State.IN_REVIEW, 2)
    assert (assignment.slot, assignment.assigned_by, assignment.lease_until) == (
        1,
        lead,
        NOW + timedelta(hours=72),
    )
    assert told(reviewer) == [f"You are asked to assess “{question}”"]
    assert list(Change.objects.values_list("action", "made_by__username")) == [("begin_review", "engine")]


@pytest.mark.parametrize(("project", "asked", "required"), [(3, None, 3), (3, 1, 1), (None, 3, 3)])
def test_number_of_assessments_is_asked_for_or_that_of_the_project(
    reviewer: User, project: int | None, asked: int | None, required: int
) -> None:
    rules = ProjectFactory(assessments_required=project, lease_hours=1) if project else None
    question = PositionFactory(question=QuestionFactory(project=rules, assessments_asked=asked)).question

    assignment = take(question, reviewer)

    assert assignment.question.assessments_required == required
    assert assignment.lease_until - NOW == timedelta(hours=1 if project else 72)


@pytest.mark.parametrize("number", [1, 3])
def test_number_asked_for_in_a_round_is_that_of_the_next(number: int, lead: User) -> None:
    course = Course(State.IN_REVIEW)
    operations.set_review_rules(
        question_id=course.pk, project=None, assessments=number, reason="So.", by=lead, now=NOW
    )
    assert course.question.assessments_required == 2

    course.agree()
    course.reopen()
    take(course.question, course.people.assessors[0])

    assert course.question.assessments_required == number


@pytest.mark.parametrize("name", ["engine", "ingest", "samples"])
def test_accounts_of_the_machine_are_neither_offered_nor_assigned(
    name: str, question: Question, reviewer: User, lead: User
) -> None:
    robot, _ = User.objects.update_or_create(username=name, defaults={"is_active": True})
    robot.groups.add(Group.objects.get(name="reviewer"))

    with pytest.raises(NotAllowed, match=f"{name} is an account of the machine"):
        operations.assign_question(question_id=question.pk, reviewer=robot, by=lead, now=NOW)
    with pytest.raises(NotAllowed, match=f"{name} is an account of the machine"):
        operations.take_next(by=robot, now=NOW)

    assert set(people_who_may("reviews.assess_question")) == {reviewer, lead}


def test_person_without_a_password_is_offered_assigned_takes_and_submits(
    question: Question, lead: User
) -> None:
    """As who signs in at a single sign-on, or works with tokens alone."""
    person = UserFactory(roles=["reviewer"], password=make_password(None))
    other = PositionFactory().question

    assigned = operations.assign_question(question_id=question.pk, reviewer=person, by=lead, now=NOW)
    taken = operations.take_next(by=person, now=NOW)
    sealed = operations.submit_assessment(
        question_id=question.pk, content=judged(question), by=person, now=NOW
    )

    assert set(people_who_may("reviews.assess_question")) == {person, lead}
    assert taken is not None
    assert (taken.question, sealed.assignment) == (other, assigned)


def test_assigning_twice_changes_nothing(question: Question, reviewer: User, lead: User) -> None:
    first = operations.assign_question(question_id=question.pk, reviewer=reviewer, by=lead, now=NOW)
    events = AuditEvent.objects.count()

    again = operations.assign_question(question_id=question.pk, reviewer=reviewer, by=lead, now=NOW)

    assert (again, AuditEvent.objects.count()) == (first, events)


@pytest.mark.parametrize("has_submitted", [False, True])
def test_full_question_says_the_same_whether_anybody_submitted(has_submitted: bool, lead: User) -> None:
    course = Course(State.IN_REVIEW)
    if has_submitted:
        course.submit(course.people.assessors[0], Judgement.SUPPORTED)
    another = UserFactory(roles=["reviewer"])

    with pytest.raises(Conflict, match=r"^All its reviewers are found already\.$"):
        operations.assign_question(question_id=course.pk, reviewer=another, by=lead, now=NOW)


def test_question_without_answers_is_not_assigned(reviewer: User) -> None:
    question = QuestionFactory()

    with pytest.raises(ReviewError, match="Add the positions first"):
        take(question, reviewer)

    assert operations.take_next(by=reviewer, now=NOW) is None


@pytest.mark.parametrize(
    "who",
    [
        lambda question: question.opened_by,
        lambda question: question.positions.first().added_by,
        lambda question: UserFactory(roles=["viewer"]),
        lambda question: UserFactory(roles=["reviewer"], is_active=False),
    ],
    ids=["opened it", "answered it", "viewer", "deactivated"],
)
def test_assign_question_to_who_may_not_assess_is_refused(question: Question, lead: User, who: Any) -> None:
    person = who(question)
    if not person.groups.exists():
        person.groups.set(lead.groups.all())

    with pytest.raises(NotAllowed):
        operations.assign_question(question_id=question.pk, reviewer=person, by=lead, now=NOW)

    assert not Assignment.objects.exists()


@pytest.mark.parametrize("step", ["reword_question", "reword_position"])
def test_who_reworded_does_not_assess_until_it_is_taken_back(
    question: Question, reviewer: User, step: str
) -> None:
    if step == "reword_question":
        operations.reword_question(
            question_id=question.pk, wording="Where exactly?", event="", by=reviewer, now=NOW
        )
    else:
        operations.reword_position(
            position_id=question.positions.first().pk, answer="Resafa", by=reviewer, now=NOW
        )
    assert operations.take_next(by=reviewer, now=NOW) is None
    with pytest.raises(NotAllowed, match="Nobody assesses what they wrote"):
        take(question, reviewer)

    operations.undo_change(change_id=Change.objects.get(action=step).pk, by=reviewer, now=NOW)

    assert operations.take_next(by=reviewer, now=NOW) is not None


def test_who_is_assessing_words_nothing(question: Question, reviewer: User) -> None:
    claim = ClaimFactory()
    first = question.positions.first()
    PlacementFactory(position=first, claim=claim)
    take(question, reviewer)
    given: dict[str, Any] = {"by": reviewer, "now": NOW}

    for step in (
        lambda: operations.add_position(question_id=question.pk, answer="Resafa", **given),
        lambda: operations.reword_position(position_id=first.pk, answer="Resafa", **given),
        lambda: operations.reword_question(question_id=question.pk, wording="Where?", event="", **given),
        lambda: operations.split_position(
            position_id=first.pk, answer="Resafa", claim_ids=[claim.pk], **given
        ),
    ):
        with pytest.raises(NotAllowed, match="its wording and answers are for others"):
            step()

    operations.mark_sourcing(claim_id=claim.pk, marks=Marks(identification="named"), **given)
    assert question.positions.count() == 2


def test_take_next_gives_the_question_that_waited_longest(reviewer: User) -> None:
    late, early = (
        PositionFactory(question=QuestionFactory(opened_at=NOW + timedelta(days=day))).question
        for day in (1, 0)
    )

    got = [operations.take_next(by=reviewer, now=NOW) for _ in range(3)]

    assert [assignment and assignment.question for assignment in got] == [early, late, None]


def test_take_next_is_of_one_project_where_one_is_named(reviewer: User) -> None:
    PositionFactory()
    within = PositionFactory(question=QuestionFactory(project=ProjectFactory())).question

    got = [operations.take_next(project_id=within.project_id, by=reviewer, now=NOW) for _ in range(2)]

    assert [assignment and assignment.question for assignment in got] == [within, None]


@pytest.mark.parametrize("ending", [Ending.RELEASED, Ending.WITHDRAWN])
def test_take_next_does_not_offer_again_what_was_given_back(ending: str, reviewer: User, lead: User) -> None:
    first, second = PositionFactory().question, PositionFactory().question
    held = take(first, reviewer)
    if ending == Ending.RELEASED:
        operations.release_assignment(assignment_id=held.pk, by=reviewer, now=NOW)
    else:
        operations.withdraw_assignment(assignment_id=held.pk, reason="Ill.", by=lead, now=NOW)

    with pytest.raises(NotAllowed, match="A lead can assign it to you again"):
        take(first, reviewer)
    assert operations.take_next(by=reviewer, now=NOW).question == second
    assert operations.take_next(by=lead, now=NOW).question == first


def test_lead_assigns_again_what_was_given_back(question: Question, reviewer: User, lead: User) -> None:
    given_back = take(question, reviewer)
    operations.release_assignment(assignment_id=given_back.pk, by=reviewer, now=NOW)

    again = operations.assign_question(question_id=question.pk, reviewer=reviewer, by=lead, now=NOW)

    assert take(question, reviewer) == again


def test_what_was_given_back_is_taken_again_in_the_next_round() -> None:
    course = Course(State.IN_REVIEW)
    first, second = course.people.assessors
    operations.release_assignment(assignment_id=Assignment.objects.get(reviewer=first).pk, by=first, now=NOW)
    third = UserFactory(roles=["reviewer"])
    take(course.question, third)
    for person in (second, third):
        course.submit(person, Judgement.SUPPORTED)
    course.reopen()

    assert take(course.question, first).round == 2
