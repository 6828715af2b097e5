"""Steps are listed, and taken back as a whole while nothing they wrote has changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.models import HeldClaim
from reviews import changes, operations
from reviews.errors import Conflict, NotAllowed
from reviews.models import AuditEvent, Change, Placement, Question, QuestionTally
from reviews.operations import Marks
from tests.factories import (
    NOW,
    ChangeFactory,
    ClaimFactory,
    EngineRunFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.rows import all_rows, decide

State = Placement.State


@pytest.fixture
def ann(db: None) -> User:
    return UserFactory(username="ann", roles=["reviewer"])


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(username="lea", roles=["lead"])


@pytest.fixture
def question(db: None) -> Question:
    """Three positions; under the first stands a confirmed claim, under the second a suggested one."""
    question = QuestionFactory()
    first, second, _ = (PositionFactory(question=question, answer=answer) for answer in ("12", "56", "90"))
    PlacementFactory(position=first)
    PlacementFactory(position=second, state="suggested", suggested_by="matcher 1", placed_by=None)
    return question


@pytest.fixture
def other(db: None) -> Question:
    question = QuestionFactory(wording="How many died?")
    for answer in ("56", "hundreds"):
        PlacementFactory(position=PositionFactory(question=question, answer=answer))
    return question


Step = Callable[[Question, Question, User], object]


def _placement(question: Question, state: str) -> Placement:
    return question.placements.get(state=state)


STEPS: dict[str, Step] = {
    "add_position": lambda q, o, by: operations.add_position(
        question_id=q.pk, answer="dozens", by=by, now=NOW
    ),
    "reword_position": lambda q, o, by: operations.reword_position(
        position_id=q.positions.get(number=1).pk, answer="twelve", by=by, now=NOW
    ),
    "merge_positions": lambda q, o, by: operations.merge_positions(
        position_id=q.positions.get(number=1).pk, into_id=q.positions.get(number=2).pk, by=by, now=NOW
    ),
    "split_position": lambda q, o, by: operations.split_position(
        position_id=q.positions.get(number=1).pk,
        answer="thirteen",
        claim_ids=[_placement(q, "confirmed").claim_id],
        by=by,
        now=NOW,
    ),
    "remove_position": lambda q, o, by: operations.remove_position(
        position_id=q.positions.get(number=3).pk, by=by, now=NOW
    ),
    "say_compatible": lambda q, o, by: operations.say_compatible(
        first_id=q.positions.get(number=2).pk,
        second_id=q.positions.get(number=1).pk,
        reason="At different hours.",
        by=by,
        now=NOW,
    ),
    "place_claim": lambda q, o, by: operations.place_claim(
        claim_id=_placement(q, "confirmed").claim_id,
        position_id=q.positions.get(number=2).pk,
        by=by,
        now=NOW,
    ),
    "confirm_placements": lambda q, o, by: operations.confirm_placements(
        placement_ids=[_placement(q, "suggested").pk], by=by, now=NOW
    ),
    "reject_placement": lambda q, o, by: operations.reject_placement(
        placement_id=_placement(q, "suggested").pk, by=by, now=NOW
    ),
    "reject_claim": lambda q, o, by: operations.reject_claim(
        question_id=q.pk, claim_id=_placement(q, "confirmed").claim_id, by=by, now=NOW
    ),
    "reword_question": lambda q, o, by: operations.reword_question(
        question_id=q.pk, wording="How many were killed?", event="The raid", by=by, now=NOW
    ),
    "dismiss_question": lambda q, o, by: operations.dismiss_question(
        question_id=q.pk, reason="Nobody asks.", by=by, now=NOW
    ),
    "merge_questions": lambda q, o, by: operations.merge_questions(
        question_id=o.pk, into_id=q.pk, reason="The same.", by=by, now=NOW
    ),
    "split_question": lambda q, o, by: operations.split_question(
        question_id=q.pk,
        position_ids=[q.positions.get(number=1).pk],
        wording="How many were hurt?",
        slot="how many",
        event="",
        reason="The hurt are not the dead.",
        by=by,
        now=NOW,
    ),
    "set_origin": lambda q, o, by: operations.set_origin(
        claim_ids=list(q.placements.values_list("claim_id", flat=True)),
        name="Harbour Wire",
        reason="Both carry its credit.",
        by=by,
        now=NOW,
    ),
}


@pytest.mark.parametrize("name", STEPS)
def test_undo_brings_back_every_row_a_step_wrote(
    name: str, question: Question, other: Question, ann: User
) -> None:
    before = all_rows()

    STEPS[name](question, other, ann)
    written = all_rows()
    change = Change.objects.get()
    operations.undo_change(change_id=change.pk, by=ann, now=NOW)

    change.refresh_from_db()
    assert written != before
    assert all_rows() == before
    assert (change.action, change.undone_by, change.undone_at) == (name, ann, NOW)


@pytest.mark.parametrize(
    ("name", "prepare"),
    [
        ("say_competing", "say_compatible"),
        ("clear_origin", "set_origin"),
        ("open_proposed", None),
    ],
)
def test_undo_brings_back_what_was_taken_away(
    name: str, prepare: str | None, question: Question, other: Question, ann: User
) -> None:
    one, two, _ = question.positions.all()
    claims = list(question.placements.values_list("claim_id", flat=True))
    proposed = QuestionFactory(state="proposed")
    if prepare is not None:
        STEPS[prepare](question, other, ann)
    before = all_rows()
    steps: dict[str, Callable[[], object]] = {
        "say_competing": lambda: operations.say_competing(first_id=one.pk, second_id=two.pk, by=ann, now=NOW),
        "clear_origin": lambda: operations.clear_origin(claim_ids=claims, by=ann, now=NOW),
        "open_proposed": lambda: operations.open_proposed(question_id=proposed.pk, by=ann, now=NOW),
    }

    steps[name]()
    written = all_rows()
    operations.undo_change(change_id=Change.objects.latest("pk").pk, by=ann, now=NOW)

    assert written != before
    assert all_rows() == before


def test_undo_is_audited_counts_anew_and_raises_the_version(question: Question, ann: User) -> None:
    STEPS["confirm_placements"](question, question, ann)
    change = Change.objects.get()

    operations.undo_change(change_id=change.pk, seen_version=2, by=ann, now=NOW)

    question.refresh_from_db()
    placement = _placement(question, "suggested")
    events = AuditEvent.objects.filter(table_name="reviews_placement", row_id=placement.pk).order_by("pk")
    assert list(events.values_list("action", "change_id"))[1:] == [
        ("confirm_placements", change.pk),
        ("undo_confirm_placements", None),
    ]
    assert question.version == 3
    assert (question.tally.claims, question.tally.suggested) == (2, 1)


def test_undo_twice_is_a_conflict(question: Question, ann: User) -> None:
    STEPS["add_position"](question, question, ann)
    change = Change.objects.get()
    operations.undo_change(change_id=change.pk, by=ann, now=NOW)

    with pytest.raises(Conflict, match="already"):
        operations.undo_change(change_id=change.pk, by=ann, now=NOW)


def test_undo_leaves_a_claim_held_that_the_step_had_held(question: Question, ann: User) -> None:
    current = ClaimFactory()
    dropped = ClaimFactory(
        revision=current.revision,
        engine_run=EngineRunFactory(revision=current.revision, engine_version="0.1.0"),
    )
    position = question.positions.get(number=3)
    operations.place_claim(claim_id=dropped.pk, position_id=position.pk, by=ann, now=NOW)

    operations.undo_change(change_id=Change.objects.get().pk, by=ann, now=NOW)

    assert not Placement.objects.filter(claim=dropped).exists()
    assert HeldClaim.objects.filter(claim=dropped).exists()


def test_undo_on_a_stale_version_is_a_conflict(question: Question, ann: User) -> None:
    STEPS["add_position"](question, question, ann)

    with pytest.raises(Conflict, match="changed the question meanwhile"):
        operations.undo_change(change_id=Change.objects.get().pk, seen_version=1, by=ann, now=NOW)


def test_undo_of_what_a_later_step_changed_is_a_conflict_until_that_is_undone(
    question: Question, ann: User
) -> None:
    STEPS["reword_position"](question, question, ann)
    first = Change.objects.get()
    operations.reword_position(
        position_id=question.positions.get(number=1).pk, answer="a dozen", by=ann, now=NOW
    )
    second = Change.objects.latest("pk")
    offered = changes.undoable([first, second])

    with pytest.raises(Conflict, match="changed by a later one"):
        operations.undo_change(change_id=first.pk, by=ann, now=NOW)
    operations.undo_change(change_id=second.pk, by=ann, now=NOW)
    operations.undo_change(change_id=first.pk, by=ann, now=NOW)

    assert offered == {second.pk}
    assert question.positions.get(number=1).answer == "12"


def test_undo_leaves_later_steps_on_other_columns_as_they_are(question: Question, ann: User) -> None:
    STEPS["reword_question"](question, question, ann)
    reworded = Change.objects.get()
    STEPS["add_position"](question, question, ann)
    wording = Question.objects.values_list("wording", flat=True)

    operations.undo_change(change_id=reworded.pk, by=ann, now=NOW)

    assert wording.get(pk=question.pk) == question.wording
    assert [position.answer for position in question.positions.all()] == ["12", "56", "90", "dozens"]


def test_undo_of_a_row_that_others_came_to_hang_on_is_a_conflict(question: Question, ann: User) -> None:
    STEPS["add_position"](question, question, ann)
    change = Change.objects.get()
    PlacementFactory(position=question.positions.get(answer="dozens"))
    before = all_rows()

    with pytest.raises(Conflict, match="changed by a later one"):
        operations.undo_change(change_id=change.pk, by=ann, now=NOW)

    assert all_rows() == before


def test_undo_of_a_placement_that_an_upgrade_handed_on_is_a_conflict(question: Question, ann: User) -> None:
    STEPS["place_claim"](question, question, ann)
    moved = question.placements.get(state="confirmed")
    PlacementFactory(
        position=moved.position,
        state="suggested",
        suggested_by="engine 2",
        placed_by=None,
        carried_from=moved,
    )

    with pytest.raises(Conflict, match="changed by a later one"):
        operations.undo_change(change_id=Change.objects.get().pk, by=ann, now=NOW)


def test_undo_on_a_question_decided_since_is_a_conflict(question: Question, ann: User) -> None:
    STEPS["place_claim"](question, question, ann)
    decide(question)

    with pytest.raises(Conflict, match="decided"):
        operations.undo_change(change_id=Change.objects.get(action="place_claim").pk, by=ann, now=NOW)


@pytest.mark.parametrize("action", ["open_question", "decide", "mark_sourcing"])
def test_steps_that_are_not_taken_back_say_so(action: str, ann: User) -> None:
    question = operations.open_question(wording="How many?", slot="how many", answers=["12"], by=ann, now=NOW)
    claim = ClaimFactory()
    operations.place_claim(claim_id=claim.pk, position_id=question.positions.get().pk, by=ann, now=NOW)
    operations.mark_sourcing(claim_id=claim.pk, marks=Marks(identification="named"), by=ann, now=NOW)
    decide(question)
    change = Change.objects.get(action=action)
    ann = UserFactory(roles=["lead"])

    with pytest.raises(Conflict, match="cannot be taken back"):
        operations.undo_change(change_id=change.pk, by=ann, now=NOW)

    assert not changes.may_be_undone(change)


def test_what_the_matcher_did_is_not_taken_back(question: Question, lead: User) -> None:
    change = ChangeFactory(question=question, action="suggest")

    with pytest.raises(Conflict, match="cannot be taken back"):
        operations.undo_change(change_id=change.pk, by=lead, now=NOW)


def test_undo_of_others_steps_is_for_leads(question: Question, ann: User, lead: User) -> None:
    STEPS["add_position"](question, question, ann)
    change = Change.objects.get()

    with pytest.raises(NotAllowed, match="take back what others did"):
        operations.undo_change(change_id=change.pk, by=UserFactory(roles=["reviewer"]), now=NOW)
    operations.undo_change(change_id=change.pk, by=lead, now=NOW)

    change.refresh_from_db()
    assert change.undone_by == lead


def test_undo_by_who_may_review_no_more_is_refused(question: Question, ann: User) -> None:
    STEPS["add_position"](question, question, ann)
    ann.groups.clear()

    with pytest.raises(NotAllowed, match="take steps back"):
        operations.undo_change(change_id=Change.objects.get().pk, by=User.objects.get(pk=ann.pk), now=NOW)


def test_undo_of_a_split_moves_what_is_told_of_the_new_question(question: Question, ann: User) -> None:
    split = STEPS["split_question"](question, question, ann)
    assert isinstance(split, Question)
    operations.reword_question(question_id=split.pk, wording="How many hurt?", event="", by=ann, now=NOW)
    reworded = Change.objects.latest("pk")
    operations.undo_change(change_id=reworded.pk, by=ann, now=NOW)

    operations.undo_change(change_id=Change.objects.get(action="split_question").pk, by=ann, now=NOW)

    reworded.refresh_from_db()
    assert reworded.question == question
    assert not QuestionTally.objects.filter(question=split.pk).exists()


def test_undo_of_a_split_is_a_conflict_once_the_new_question_is_worked_on(
    question: Question, ann: User
) -> None:
    split = STEPS["split_question"](question, question, ann)
    assert isinstance(split, Question)
    operations.add_position(question_id=split.pk, answer="none", by=ann, now=NOW)

    with pytest.raises(Conflict):
        operations.undo_change(change_id=Change.objects.get(action="split_question").pk, by=ann, now=NOW)


def test_latest_lists_the_steps_of_a_question_newest_first(
    question: Question, other: Question, ann: User, django_assert_num_queries: Any
) -> None:
    STEPS["add_position"](question, other, ann)
    STEPS["merge_questions"](question, other, ann)
    STEPS["confirm_placements"](question, other, ann)

    with django_assert_num_queries(1):
        told = [(change.made_by.username, change.summary) for change in changes.latest(question)]

    claim = question.placements.get(suggested_by="matcher 1").claim_id
    assert told == [
        ("ann", f"confirmed claim {claim} under “56”"),
        ("ann", f"merged question {other.pk} “How many died?” into this one"),
        ("ann", "added “dozens”"),
    ]


def test_undoable_takes_as_many_queries_for_one_step_as_for_three(
    question: Question, other: Question, ann: User, django_assert_num_queries: Any
) -> None:
    STEPS["confirm_placements"](question, other, ann)
    one = list(Change.objects.all())
    with django_assert_num_queries(2):
        assert changes.undoable(one) == {one[0].pk}
    for number in range(2):
        operations.place_claim(
            claim_id=ClaimFactory().pk,
            position_id=question.positions.get(number=3).pk,
            reason=f"{number}",
            by=ann,
            now=NOW,
        )
    three = list(Change.objects.all())

    with django_assert_num_queries(2):
        assert changes.undoable(three) == {change.pk for change in three}
