"""Who judges a question neither changes what is judged, nor decides where they judged already."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User

from reviews import operations, policies, queue
from reviews.errors import Conflict, NotAllowed
from reviews.models import Assignment, Change, Judgement, Notification, Position, Question
from reviews.workflow import State
from tests.factories import NOW, PositionFactory, UserFactory
from tests.reviews.courses import Course, People
from tests.reviews.rows import judged

Step = Callable[..., Any]


def steps_on(question: Question) -> dict[str, Step]:
    """Every step that changes the wording or the answers of a question of two positions."""
    first, second = question.positions.standing().order_by("number")
    pair = {"first_id": first.pk, "second_id": second.pk}
    split = {"wording": "Who?", "slot": "who", "event": "", "reason": "Another point."}
    other = operations.open_question(
        wording="Where?", slot="where", by=UserFactory(roles=["reviewer"]), now=NOW
    )
    return {
        "merge_positions": partial(operations.merge_positions, position_id=first.pk, into_id=second.pk),
        "remove_position": partial(operations.remove_position, position_id=first.pk),
        "say_compatible": partial(operations.say_compatible, **pair, reason="Both can be."),
        "say_competing": partial(operations.say_competing, **pair),
        "dismiss_question": partial(operations.dismiss_question, question_id=question.pk, reason="Old."),
        "merge_questions": partial(
            operations.merge_questions, question_id=question.pk, into_id=other.pk, reason="One."
        ),
        "merge_questions_into": partial(
            operations.merge_questions, question_id=other.pk, into_id=question.pk, reason="One."
        ),
        "split_question": partial(
            operations.split_question, question_id=question.pk, position_ids=[first.pk], **split
        ),
    }


@pytest.mark.parametrize(
    "name",
    [
        *("merge_positions", "remove_position", "say_compatible", "say_competing", "dismiss_question"),
        *("merge_questions", "merge_questions_into", "split_question"),
    ],
)
def test_who_assesses_leaves_what_is_judged_as_it_is(question: Question, reviewer: User, name: str) -> None:
    operations.take_question(question_id=question.pk, by=reviewer, now=NOW)
    step = steps_on(question)[name]

    with pytest.raises(NotAllowed, match="You are assessing this question"):
        step(by=reviewer, now=NOW)

    step(by=UserFactory(roles=["reviewer"]), now=NOW)


def test_who_assesses_takes_back_no_step_on_the_answers(question: Question, lead: User) -> None:
    operations.add_position(
        question_id=question.pk, answer="A third", by=UserFactory(roles=["lead"]), now=NOW
    )
    change = Change.objects.get(action="add_position")
    operations.take_question(question_id=question.pk, by=lead, now=NOW)

    with pytest.raises(NotAllowed, match="You are assessing this question"):
        operations.undo_change(change_id=change.pk, by=lead, now=NOW)

    operations.undo_change(change_id=change.pk, by=UserFactory(roles=["lead"]), now=NOW)


def test_who_sealed_and_gave_back_does_not_adjudicate(question: Question, lead: User) -> None:
    held = operations.take_question(question_id=question.pk, by=lead, now=NOW)
    operations.submit_assessment(question_id=question.pk, content=judged(question), by=lead, now=NOW)
    operations.add_position(
        question_id=question.pk, answer="A third", by=UserFactory(roles=["reviewer"]), now=NOW
    )
    operations.reconsider_assessment(question_id=question.pk, by=lead, now=NOW)
    operations.release_assignment(assignment_id=held.pk, by=lead, now=NOW)
    for judgement in (Judgement.SUPPORTED, Judgement.REFUTED):
        other = UserFactory(roles=["reviewer"])
        operations.take_question(question_id=question.pk, by=other, now=NOW)
        content = judged(question, judgement)
        operations.submit_assessment(question_id=question.pk, content=content, by=other, now=NOW)

    assert queue.to_adjudicate(lead) == []
    assert not Notification.objects.filter(person=lead, kind=Notification.Kind.ADJUDICATION).exists()
    with pytest.raises(NotAllowed, match="You assessed this question"):
        operations.adjudicate_question(question_id=question.pk, content=judged(question), by=lead, now=NOW)


def test_who_reworded_is_not_asked_to_adjudicate(lead: User) -> None:
    course = Course(State.OPEN, People(lead=lead))
    other = UserFactory(roles=["lead"])
    operations.reword_question(question_id=course.pk, wording="Where now?", event="", by=lead, now=NOW)
    course.take()
    course.differ()

    assert (queue.to_adjudicate(lead), queue.to_adjudicate(other)) == ([], [course.question])
    told = Notification.objects.filter(kind=Notification.Kind.ADJUDICATION)
    assert list(told.values_list("person", flat=True)) == [other.pk]


def reworded(question: Question, *, by: User) -> Position:
    """The first answer of a question, as this person worded it."""
    position = question.positions.order_by("number")[0]
    return operations.reword_position(position_id=position.pk, answer="In the desert", by=by, now=NOW)


def split_off(position: Position) -> Question:
    """A question of its own for the answer, opened by somebody else."""
    return operations.split_question(
        question_id=position.question_id,
        position_ids=[position.pk],
        wording="Where did it fall?",
        slot="where",
        event="",
        reason="Another point.",
        by=UserFactory(roles=["reviewer"]),
        now=NOW,
    )


def merged(question: Question) -> Question:
    """A question of somebody else that this one was merged into."""
    by = UserFactory(roles=["reviewer"])
    into = operations.open_question(wording="Where?", slot="where", answers=["Resafa"], by=by, now=NOW)
    return operations.merge_questions(question_id=question.pk, into_id=into.pk, reason="One.", by=by, now=NOW)


def test_who_reworded_an_answer_does_not_judge_it_where_it_was_split_off_to(
    question: Question, reviewer: User
) -> None:
    left = split_off(reworded(question, by=reviewer))

    assert left not in operations.waiting_for(reviewer)
    with pytest.raises(NotAllowed, match="Nobody assesses what they wrote"):
        operations.take_question(question_id=left.pk, by=reviewer, now=NOW)


def test_who_reworded_an_answer_does_not_judge_it_where_it_was_merged_into(
    question: Question, reviewer: User
) -> None:
    there = merged(split_off(reworded(question, by=reviewer)))

    with pytest.raises(NotAllowed, match="Nobody assesses what they wrote"):
        operations.take_question(question_id=there.pk, by=reviewer, now=NOW)


def test_who_wrote_a_question_is_told_from_both_sides(question: Question, reviewer: User) -> None:
    adder, rewriter, bystander = (UserFactory(roles=["reviewer"]) for _ in range(3))
    PositionFactory(question=question, added_by=adder)
    operations.reword_question(question_id=question.pk, wording="Where now?", event="", by=rewriter, now=NOW)
    left = split_off(reworded(question, by=reviewer))

    authors = {question.opened_by, left.opened_by, reviewer, adder, rewriter}
    people = User.objects.filter(pk__in=[person.pk for person in (*authors, bystander)])
    for asked, expected in ((question, authors - {left.opened_by}), (left, {left.opened_by, reviewer})):
        assert set(people.filter(asked.written_by())) == expected
        assert {person for person in people if policies.is_author(person, asked)} == expected


def test_who_reworded_another_answer_judges_what_was_split_off(question: Question, reviewer: User) -> None:
    reworded(question, by=reviewer)

    left = split_off(question.positions.get(number=2))

    assert operations.take_question(question_id=left.pk, by=reviewer, now=NOW).question == left


@pytest.mark.django_db
def test_merger_that_brings_an_answer_an_assessor_reworded_withdraws_the_question_from_them() -> None:
    course = Course(State.IN_REVIEW)
    assessor, other = course.people.assessors
    brought = Course(State.OPEN)
    reworded(brought.question, by=assessor)

    operations.merge_questions(
        question_id=brought.pk, into_id=course.pk, reason="One.", by=course.people.author, now=NOW
    )

    endings = dict(course.question.assignments.values_list("reviewer", "ending"))
    assert endings == {assessor.pk: Assignment.Ending.AUTHOR, other.pk: ""}


def test_rewording_of_an_answer_that_left_is_taken_back_only_after_it_came_back(
    question: Question, reviewer: User, lead: User
) -> None:
    left = split_off(reworded(question, by=reviewer))
    rewording, split = (Change.objects.get(action=each) for each in ("reword_position", "split_question"))

    with pytest.raises(Conflict, match="changed by a later one"):
        operations.undo_change(change_id=rewording.pk, by=reviewer, now=NOW)
    assert left not in operations.waiting_for(reviewer)

    for change in (split, rewording):
        operations.undo_change(change_id=change.pk, by=lead, now=NOW)
    assert question in operations.waiting_for(reviewer)


def test_assessment_of_who_may_assess_no_more_does_not_end_the_round(
    question: Question, reviewer: User
) -> None:
    other = UserFactory(roles=["reviewer"])
    for person in (reviewer, other):
        operations.take_question(question_id=question.pk, by=person, now=NOW)
    content = judged(question)
    operations.submit_assessment(question_id=question.pk, content=content, by=reviewer, now=NOW)
    User.objects.filter(pk=reviewer.pk).update(is_active=False)

    operations.submit_assessment(question_id=question.pk, content=content, by=other, now=NOW)

    question.refresh_from_db()
    assert question.state == Question.State.IN_REVIEW
