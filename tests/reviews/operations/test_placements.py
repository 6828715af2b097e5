"""Claims under positions: placed, moved, confirmed, rejected, said not to be about the question."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from reviews import operations
from reviews.errors import Conflict, ReviewError
from reviews.models import Placement, Question
from reviews.operations import steps
from reviews.operations.placements import OFF_TOPIC
from tests.factories import NOW, ClaimFactory, PlacementFactory, PositionFactory, QuestionFactory
from tests.reviews.rows import actions, placed

pytestmark = pytest.mark.django_db
SUGGESTION = {"state": "suggested", "suggested_by": "matcher 1", "placed_by": None}


def test_place_claim_twice_records_one_event(reviewer: User, question: Question) -> None:
    claim, position = ClaimFactory(), question.positions.first()

    first = operations.place_claim(claim_id=claim.pk, position_id=position.pk, by=reviewer, now=NOW)
    again = operations.place_claim(claim_id=claim.pk, position_id=position.pk, by=reviewer, now=NOW)

    question.refresh_from_db()
    assert first == again
    assert question.version == 2
    assert actions(first) == [("reviewer", "place_claim", "insert")]


def test_place_claim_elsewhere_moves_it_and_remembers_the_rejection(
    reviewer: User, question: Question
) -> None:
    raqqa, tabqa = question.positions.all()
    claim = ClaimFactory()
    operations.place_claim(claim_id=claim.pk, position_id=raqqa.pk, by=reviewer, now=NOW)

    operations.place_claim(
        claim_id=claim.pk, position_id=tabqa.pk, reason="It says so.", by=reviewer, now=NOW
    )

    assert list(claim.placements.order_by("pk").values_list("position", "state", "reason")) == [
        (raqqa.pk, Placement.State.REJECTED, "Moved to “Near Tabqa”. It says so."),
        (tabqa.pk, Placement.State.CONFIRMED, "It says so."),
    ]


def test_place_claim_on_a_question_changed_meanwhile_is_a_conflict(
    reviewer: User, question: Question
) -> None:
    position = question.positions.first()
    operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="changed the question meanwhile"):
        operations.place_claim(
            claim_id=ClaimFactory().pk,
            position_id=position.pk,
            seen_version=question.version,
            by=reviewer,
            now=NOW,
        )

    assert not Placement.objects.exists()


def test_reject_placement_needs_a_reason_and_keeps_it(reviewer: User) -> None:
    placement = PlacementFactory()

    with pytest.raises(ReviewError, match="Say why"):
        operations.reject_placement(placement_id=placement.pk, reason=" ", by=reviewer, now=NOW)
    operations.reject_placement(placement_id=placement.pk, reason="Another jet.", by=reviewer, now=NOW)

    placement.refresh_from_db()
    assert (placement.state, placement.reason, placement.placed_by) == ("rejected", "Another jet.", reviewer)


def test_question_is_contested_while_two_of_its_answers_have_claims(
    reviewer: User, question: Question
) -> None:
    placed = [
        operations.place_claim(claim_id=ClaimFactory().pk, position_id=position.pk, by=reviewer, now=NOW)
        for position in question.positions.all()
    ]
    question.refresh_from_db()
    contested = question.resolution

    operations.reject_placement(placement_id=placed[0].pk, reason="Another jet.", by=reviewer, now=NOW)

    question.refresh_from_db()
    assert (contested, question.resolution) == (Question.Resolution.CONTESTED, Question.Resolution.OPEN)


def test_place_claim_under_a_proposed_question_opens_it(reviewer: User) -> None:
    position = PositionFactory(question=QuestionFactory(state="proposed"))

    operations.place_claim(claim_id=ClaimFactory().pk, position_id=position.pk, by=reviewer, now=NOW)

    position.question.refresh_from_db()
    assert (position.question.state, position.question.version) == (Question.State.OPEN, 2)


def test_claim_that_is_not_there_is_missed_however_the_claims_are_given(reviewer: User) -> None:
    there = ClaimFactory()

    with transaction.atomic():
        held = steps.hold_all(iter([there.pk, there.pk]), by=reviewer, now=NOW)
        with pytest.raises(ReviewError, match="no claim 999999"):
            steps.hold_all(iter([there.pk, 999999]), by=reviewer, now=NOW)

    assert held == {there.pk: there}


def test_place_claim_that_is_not_there_is_refused(reviewer: User, question: Question) -> None:
    with pytest.raises(ReviewError, match="no claim 999999"):
        operations.place_claim(
            claim_id=999999, position_id=question.positions.first().pk, by=reviewer, now=NOW
        )


def test_reject_placement_of_a_suggestion_needs_no_reason(reviewer: User, question: Question) -> None:
    placement = PlacementFactory(position=question.positions.first(), **SUGGESTION)

    operations.reject_placement(placement_id=placement.pk, by=reviewer, now=NOW)

    placement.refresh_from_db()
    assert (placement.state, placement.reason, placement.is_off_topic) == ("rejected", "", False)
    assert placement.placed_by == reviewer


def test_confirm_placements_takes_many_in_one_step(reviewer: User) -> None:
    question = QuestionFactory(state="proposed")
    first, second = (PositionFactory(question=question) for _ in range(2))
    one = PlacementFactory(position=first, reason="Equal numbers.", **SUGGESTION)
    two = PlacementFactory(position=second, **SUGGESTION)
    also = PlacementFactory(position=second, claim=one.claim, **SUGGESTION)

    operations.confirm_placements(placement_ids=[two.pk, one.pk], seen_version=1, by=reviewer, now=NOW)
    again = operations.confirm_placements(placement_ids=[one.pk], by=reviewer, now=NOW)

    question.refresh_from_db()
    also.refresh_from_db()
    assert [placement.state for placement in again] == ["confirmed"]
    assert (question.state, question.version) == (Question.State.OPEN, 2)
    assert placed(question) == {
        first.answer: {one.claim_id: "confirmed"},
        second.answer: {one.claim_id: "rejected", two.claim_id: "confirmed"},
    }
    assert also.reason == f"Moved to “{first}”. Equal numbers."
    assert question.changes.get().summary == f"confirmed 2 claims, the first of them claim {one.claim_id}"


def test_confirm_placements_of_two_questions_or_two_answers_is_refused(reviewer: User) -> None:
    one = PlacementFactory(**SUGGESTION)
    same = PlacementFactory(position=PositionFactory(question=one.question), claim=one.claim, **SUGGESTION)
    elsewhere = PlacementFactory(**SUGGESTION)

    for ids, says in (
        ([], "of one question"),
        ([one.pk, 999999], "of one question"),
        ([one.pk, elsewhere.pk], "of one question"),
        ([one.pk, same.pk], "under two of these positions"),
    ):
        with pytest.raises(ReviewError, match=says):
            operations.confirm_placements(placement_ids=ids, by=reviewer, now=NOW)

    assert not Placement.objects.filter(state="confirmed").exists()


def test_confirm_placements_rejected_meanwhile_is_a_conflict(reviewer: User) -> None:
    placement = PlacementFactory(**SUGGESTION)
    operations.reject_placement(placement_id=placement.pk, by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="does not stand under"):
        operations.confirm_placements(placement_ids=[placement.pk], by=reviewer, now=NOW)


def test_reject_claim_takes_it_out_everywhere_as_off_topic(reviewer: User, question: Question) -> None:
    raqqa, tabqa = question.positions.all()
    claim = PlacementFactory(position=raqqa).claim
    PlacementFactory(position=tabqa, claim=claim, **SUGGESTION)

    for _ in range(2):
        rejected = operations.reject_claim(question_id=question.pk, claim_id=claim.pk, by=reviewer, now=NOW)

    question.refresh_from_db()
    assert [(each.position, each.state, each.is_off_topic, each.reason) for each in rejected] == [
        (raqqa, "rejected", True, OFF_TOPIC),
        (tabqa, "rejected", True, OFF_TOPIC),
    ]
    assert question.version == 2


def test_reject_claim_that_never_stood_there_is_remembered_under_the_first_position(
    reviewer: User, question: Question
) -> None:
    claim = ClaimFactory()

    operations.reject_claim(
        question_id=question.pk, claim_id=claim.pk, reason="Another war.", by=reviewer, now=NOW
    )

    kept = question.placements.get()
    assert (kept.position.number, kept.state, kept.reason) == (1, "rejected", "Another war.")


def test_reject_claim_without_any_position_is_refused(reviewer: User) -> None:
    with pytest.raises(ReviewError, match="no position yet"):
        operations.reject_claim(
            question_id=QuestionFactory().pk, claim_id=ClaimFactory().pk, by=reviewer, now=NOW
        )


def test_place_claim_takes_back_that_it_is_off_topic(reviewer: User, question: Question) -> None:
    raqqa, tabqa = question.positions.all()
    claim = PlacementFactory(position=raqqa).claim
    PlacementFactory(position=tabqa, claim=claim, **SUGGESTION)
    operations.reject_claim(question_id=question.pk, claim_id=claim.pk, by=reviewer, now=NOW)

    operations.place_claim(claim_id=claim.pk, position_id=tabqa.pk, by=reviewer, now=NOW)

    assert placed(question) == {"Near Raqqa": {claim.pk: "rejected"}, "Near Tabqa": {claim.pk: "confirmed"}}
    assert not question.placements.filter(is_off_topic=True).exists()
