"""Steps that questions list, held against the trail; and that nobody else changes them."""

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from reviews import operations
from reviews.models import AuditEvent, Change, Comment, Question
from reviews.models.questions import WORDING_STEPS
from reviews.trail import Finding
from reviews.trail.steps import check_steps
from tests.factories import NOW, PositionFactory, QuestionFactory, UserFactory
from tests.reviews.audit.bases import as_superuser, look, pending_is_chained

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return UserFactory(username="ana", roles=["lead"])


@pytest.fixture
def reworded(ana: User) -> Change:
    """A step of Ana's, by which she is an author of the question."""
    question: Question = QuestionFactory()
    wording = "Who shot it down?"
    operations.reword_question(question_id=question.pk, wording=wording, event="", by=ana, now=NOW)
    return Change.objects.get(question=question)


def test_steps_and_their_undoing_raise_no_alarm(ana: User, reworded: Change) -> None:
    operations.undo_change(change_id=reworded.pk, by=ana, now=NOW)

    assert look().findings.first == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE reviews_change SET made_by_id = {other}", "another actor, action or reason"),
        ("UPDATE reviews_change SET action = 'place_claim'", "another actor, action or reason"),
        ("UPDATE reviews_change SET reason = 'Another.'", "another actor, action or reason"),
        ("DELETE FROM reviews_change", "none"),
    ],
)
def test_steps_that_are_others_than_the_trail_has_are_told_of(
    reworded: Change, statement: str, found: str
) -> None:
    event = AuditEvent.objects.filter(change_id=reworded.pk).earliest("pk")
    other = UserFactory()

    with as_superuser() as cursor:
        cursor.execute(statement.format(other=other.pk))
        told = list(check_steps())

    where = f"reviews_change {reworded.pk}"
    assert told == [Finding("steps", where, f"the step that event {event.pk} is of", found)]


def test_steps_that_were_made_up_are_told_of(reworded: Change) -> None:
    other = UserFactory()

    with as_superuser() as cursor:
        cursor.execute(
            "INSERT INTO reviews_change (question_id, action, summary, reason, made_by_id, made_at)"
            " SELECT question_id, action, summary, reason, %s, made_at FROM reviews_change RETURNING id",
            [other.pk],
        )
        (made_up,) = cursor.fetchone()
        told = list(check_steps())

    assert told == [Finding("steps", f"reviews_change {made_up}", "an event of its question", "none")]


def test_rewording_that_is_listed_elsewhere_is_told_of(ana: User, reworded: Change) -> None:
    other: Question = QuestionFactory()
    position = PositionFactory(question=reworded.question)
    operations.reword_position(position_id=position.pk, answer="Another.", by=ana, now=NOW)
    moved = Change.objects.filter(action__in=WORDING_STEPS).order_by("pk")

    with as_superuser() as cursor:
        cursor.execute("UPDATE reviews_change SET question_id = %s", [other.pk])
        told = list(check_steps())

    assert told == [
        Finding("steps", f"reviews_change {change.pk}", "an event of its question", "none")
        for change in moved
    ]


def test_rewording_of_a_question_that_went_again_raises_no_alarm(ana: User) -> None:
    """Taken back with the split that made the question, it is listed where that was split from."""
    question: Question = QuestionFactory()
    positions = PositionFactory.create_batch(2, question=question)
    split = operations.split_question(
        question_id=question.pk,
        position_ids=[positions[0].pk],
        wording="Who?",
        slot="who",
        event="",
        reason="It asks two things.",
        by=ana,
        now=NOW,
    )
    operations.reword_question(question_id=split.pk, wording="Who was it?", event="", by=ana, now=NOW)
    for action in ("reword_question", "split_question"):
        operations.undo_change(change_id=Change.objects.get(action=action).pk, by=ana, now=NOW)

    assert Change.objects.get(action="reword_question").question == question
    assert look().findings.first == []


def test_undoing_that_never_was_is_told_of(ana: User, reworded: Change) -> None:
    with as_superuser() as cursor:
        cursor.execute("UPDATE reviews_change SET undone_by_id = %s, undone_at = now()", [ana.pk])
        told = list(check_steps())

    where = f"reviews_change {reworded.pk}"
    assert told == [Finding("steps", where, "an event of its being taken back", "none")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_change SET made_by_id = {other}",
        "UPDATE reviews_change SET action = 'place_claim', undone_by_id = {other}, undone_at = now()",
        "UPDATE reviews_change SET question_id = {question}",
        "DELETE FROM reviews_change",
        "TRUNCATE reviews_change",
    ],
)
@pytest.mark.parametrize("is_undone", [False, True])
def test_step_is_only_undone(ana: User, reworded: Change, statement: str, is_undone: bool) -> None:
    other, question = UserFactory(), QuestionFactory()
    if is_undone:
        operations.undo_change(change_id=reworded.pk, by=ana, now=NOW)
    pending_is_chained()

    with (
        pytest.raises(DatabaseError, match=r"Cannot \w+"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(other=other.pk, question=question.pk))


def test_step_is_undone_once(ana: User, reworded: Change) -> None:
    operations.undo_change(change_id=reworded.pk, by=ana, now=NOW)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Change.objects.update(undone_by=None, undone_at=None)


@pytest.mark.parametrize("statement", ["DELETE FROM reviews_comment", "TRUNCATE reviews_comment CASCADE"])
def test_comments_stay(ana: User, statement: str) -> None:
    question: Question = QuestionFactory()
    comment: Comment = operations.write_comment(question_id=question.pk, text="Which jet?", by=ana, now=NOW)
    pending_is_chained()

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Comment.objects.get() == comment
