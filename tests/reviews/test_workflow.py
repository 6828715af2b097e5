"""The table of states: in the operations, in the database, and in the document about reviews."""

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from reviews import audit, workflow
from reviews.errors import Conflict, NotAllowed
from reviews.models import (
    Assessment,
    AssessmentDraft,
    Assignment,
    AuditEvent,
    Change,
    Notification,
    Question,
    Verdict,
)
from reviews.workflow import State
from reviews.workflow_diagram import redrawn
from tests.factories import (
    NOW,
    AssessmentFactory,
    QuestionFactory,
    UserFactory,
    VerdictFactory,
)
from tests.reviews.courses import Course

pytestmark = pytest.mark.django_db

EDITABLE = (State.PROPOSED, State.OPEN, State.IN_REVIEW, State.REOPENED)
# As the design has it, and the undoing of what takes a question away.
MAY_FOLLOW = {
    (State.PROPOSED, State.OPEN, 0),
    (State.OPEN, State.IN_REVIEW, 0),
    (State.REOPENED, State.IN_REVIEW, 0),
    (State.IN_REVIEW, State.DECIDED, 0),
    (State.IN_REVIEW, State.ADJUDICATION, 0),
    (State.ADJUDICATION, State.DECIDED, 0),
    (State.DECIDED, State.REOPENED, 1),
    *((state, taken_away, 0) for state in EDITABLE for taken_away in (State.DISMISSED, State.MERGED)),
    (State.OPEN, State.PROPOSED, 0),
    *((taken_away, state, 0) for state in EDITABLE for taken_away in (State.DISMISSED, State.MERGED)),
}
STEPS: dict[str, tuple[Callable[[Course], object], dict[State, State]]] = {
    # Opening what is open changes nothing; nor does taking what one holds.
    "open": (Course.open, {State.PROPOSED: State.OPEN, State.OPEN: State.OPEN}),
    "take": (
        Course.take,
        dict.fromkeys((State.OPEN, State.REOPENED, State.IN_REVIEW), State.IN_REVIEW),
    ),
    "submit what agrees": (Course.agree, {State.IN_REVIEW: State.DECIDED, State.DECIDED: State.DECIDED}),
    "submit what differs": (
        Course.differ,
        {State.IN_REVIEW: State.ADJUDICATION, State.ADJUDICATION: State.ADJUDICATION},
    ),
    "adjudicate": (Course.adjudicate, {State.ADJUDICATION: State.DECIDED}),
    "reopen": (Course.reopen, {State.DECIDED: State.REOPENED}),
    "dismiss": (Course.dismiss, dict.fromkeys(EDITABLE, State.DISMISSED)),
    "merge": (Course.merge, dict.fromkeys(EDITABLE, State.MERGED)),
}


def _written() -> dict[str, list[Any]]:
    """All that a step on a question could write, as it is now."""
    tables = (Question, Assignment, AssessmentDraft, Assessment, Verdict, Change, Notification)
    return {
        **{model.__name__: list(model.objects.order_by("pk").values()) for model in tables},
        "events": list(AuditEvent.objects.order_by("pk").values_list("pk", flat=True)),
    }


@pytest.mark.parametrize(("state", "step"), list(product(State, STEPS)))
def test_step_ends_where_the_table_says_or_writes_nothing(state: State, step: str) -> None:
    take, ends_in = STEPS[step]
    course = Course(state)
    before = _written()

    if state in ends_in:
        take(course)
        assert course.state == ends_in[state]
        return
    with pytest.raises((Conflict, NotAllowed)), transaction.atomic():
        take(course)
    assert _written() == before


@pytest.mark.parametrize("state", EDITABLE)
@pytest.mark.parametrize("step", ["dismiss", "merge"])
def test_question_taken_away_comes_back_as_it_was(state: State, step: str) -> None:
    course = Course(state)
    rules = ("assessments_required", "adjudicator_sees")
    kept = ("state", "round", *rules, "merged_into", "state_reason")
    before = [Question.objects.filter(pk=course.pk).values(*kept).get(), list(Assignment.objects.values())]

    STEPS[step][0](course)
    assert not Assignment.objects.active().exists()
    course.undo("dismiss_question" if step == "dismiss" else "merge_questions")

    after = [Question.objects.filter(pk=course.pk).values(*kept).get(), list(Assignment.objects.values())]
    assert after == before


def test_opening_is_taken_back_until_the_review_begins() -> None:
    course = Course(State.PROPOSED)
    course.open()
    course.undo("open_proposed")
    assert course.state == State.PROPOSED

    course.open()
    course.take()
    with pytest.raises(Conflict):
        course.undo("open_proposed")
    assert course.state == State.IN_REVIEW


def _may_go(question: Question, state: State, rounds: int) -> bool:
    """Whether the database lets a question go to a state, `rounds` rounds on."""
    into = question.split_from_id if state == State.MERGED else None
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            audit.because(by=question.opened_by, action="in SQL")
            cursor.execute(
                "UPDATE reviews_question SET state = %s, round = %s, merged_into_id = %s WHERE id = %s",
                [state, question.round + rounds, into, question.pk],
            )
            transaction.set_rollback(True)
    except IntegrityError as error:
        if "a question does not go from" not in str(error):
            raise
        return False
    return True


def _every_move() -> Iterator[tuple[State, State, int]]:
    into = QuestionFactory()
    for state in State:
        question = QuestionFactory(
            state=state,
            round=2,
            assessments_required=1,
            adjudicator_sees="unnamed",
            split_from=into,
            merged_into=into if state == State.MERGED else None,
            state_reason="So.",
        )
        for number in (2, 3):  # so that nothing but the table is in the way of a decision
            VerdictFactory(question=question, round=number)
            AssessmentFactory(question=question, round=number)
        for target, rounds in product(State, (-1, 0, 1, 2)):
            if (target, rounds) != (state, 0) and _may_go(question, target, rounds):
                yield state, target, rounds


def test_database_lets_a_question_go_only_where_the_table_says() -> None:
    assert set(_every_move()) == MAY_FOLLOW


def test_table_of_states_is_that_of_the_design() -> None:
    moves = {(before, after, int(begins)) for before, after, begins in workflow.transitions()}

    assert moves == MAY_FOLLOW
    assert {State.PROPOSED, State.OPEN} == workflow.FIRST
    assert set(EDITABLE) == workflow.EDITABLE


def _begin(**values: Any) -> None:
    by = UserFactory()
    with transaction.atomic():
        audit.because(by=by, action="insert")
        Question.objects.create(wording="Where?", slot="where", opened_by=by, opened_at=NOW, **values)


@pytest.mark.parametrize("state", [state for state in State if state not in workflow.FIRST])
def test_question_does_not_begin_in_a_later_state(state: State) -> None:
    into = QuestionFactory() if state == State.MERGED else None

    with pytest.raises(IntegrityError, match=f"a question does not begin as {state}"):
        _begin(state=state, assessments_required=1, state_reason="So.", merged_into=into)


def test_question_does_not_begin_in_a_later_round() -> None:
    with pytest.raises(IntegrityError, match="a question does not begin as open"):
        _begin(round=2)


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.ADJUDICATION])
@pytest.mark.parametrize(
    ("assessments", "verdicts"),
    [
        ([2, 2], []),
        ([2], [{"round": 2}]),
        ([2, 1], [{"round": 2}]),
        ([2, 2], [{"round": 1}]),
        ([2, 2], [{"round": 2, "stale_at": NOW, "stale_reason": "So."}]),
    ],
    ids=[
        "no verdict",
        "one assessment",
        "of an earlier round",
        "verdict of an earlier round",
        "stale verdict",
    ],
)
def test_question_is_not_decided_without_its_assessments_and_verdict(
    state: State, assessments: list[int], verdicts: list[dict[str, Any]]
) -> None:
    question = QuestionFactory(state=state, round=2)
    for number in assessments:
        AssessmentFactory(question=question, round=number)
    for verdict in verdicts:
        VerdictFactory(question=question, **verdict)

    with pytest.raises(IntegrityError, match="without its assessments and verdict"):
        _may_go(question, State.DECIDED, 0)


def test_diagram_in_the_document_is_drawn_from_the_table() -> None:
    document = settings.BASE_DIR / "docs" / "review.md"
    written = document.read_text("utf-8")

    assert written == redrawn(written), "out of date: run `manage.py draw_workflow`"
    assert "    in_review --> adjudication : last assessment, they differ\n" in written
    assert "| decided | reopen | reopened, next round | lead, or new evidence |\n" in written


def test_draw_workflow_replaces_what_was_drawn(tmp_path: Path) -> None:
    document = tmp_path / "review.md"
    document.write_text(redrawn((settings.BASE_DIR / "docs" / "review.md").read_text("utf-8")))
    document.write_text(document.read_text().replace("in_review --> adjudication", "in_review --> nowhere"))

    call_command("draw_workflow", document, verbosity=0)

    assert document.read_text() == (settings.BASE_DIR / "docs" / "review.md").read_text("utf-8")


@pytest.mark.parametrize("text", ["No marks here.", None])
def test_draw_workflow_says_where_there_is_no_place_to_draw(tmp_path: Path, text: str | None) -> None:
    document = tmp_path / "review.md"
    if text is not None:
        document.write_text(text)

    with pytest.raises(CommandError, match="review"):
        call_command("draw_workflow", document)
