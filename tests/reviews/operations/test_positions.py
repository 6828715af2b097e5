"""Answers to a question: added, worded, united, divided, and said to be compatible."""

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.errors import Conflict, ReviewError
from reviews.models import Compatibility, Position, Question
from tests.factories import NOW, ClaimFactory, PlacementFactory, PositionFactory, QuestionFactory
from tests.reviews.rows import decide, placed

pytestmark = pytest.mark.django_db
SUGGESTION = {"state": "suggested", "suggested_by": "matcher 1", "placed_by": None}


def test_add_position_twice_is_a_conflict_whatever_its_case(reviewer: User, question: Question) -> None:
    operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="already has the position"):
        operations.add_position(question_id=question.pk, answer="RESAFA ", by=reviewer, now=NOW)

    assert list(question.positions.values_list("answer", flat=True)) == ["Near Raqqa", "Near Tabqa", "Resafa"]


def test_reword_position_keeps_its_claims_and_refuses_an_answer_that_is_there(
    reviewer: User, question: Question
) -> None:
    raqqa = question.positions.get(number=1)
    claim = PlacementFactory(position=raqqa).claim

    with pytest.raises(Conflict, match="already has the position"):
        operations.reword_position(position_id=raqqa.pk, answer="near tabqa", by=reviewer, now=NOW)
    operations.reword_position(position_id=raqqa.pk, answer="NEAR RAQQA", by=reviewer, now=NOW)

    assert placed(question) == {"NEAR RAQQA": {claim.pk: "confirmed"}, "Near Tabqa": {}}


def test_reword_position_to_the_same_words_changes_nothing(reviewer: User, question: Question) -> None:
    raqqa = question.positions.get(number=1)

    operations.reword_position(position_id=raqqa.pk, answer=" Near Raqqa ", by=reviewer, now=NOW)

    question.refresh_from_db()
    assert question.version == 1


def test_merge_positions_moves_the_claims_and_keeps_the_row(reviewer: User, question: Question) -> None:
    raqqa, tabqa = question.positions.all()
    moves, here, there, rejected = (ClaimFactory() for _ in range(4))
    PlacementFactory(position=raqqa, claim=moves)
    PlacementFactory(position=raqqa, claim=here)
    PlacementFactory(position=tabqa, claim=here, state="rejected", reason="Moved to “Near Raqqa”.")
    PlacementFactory(position=raqqa, claim=there, **SUGGESTION)
    PlacementFactory(position=tabqa, claim=there)
    PlacementFactory(position=raqqa, claim=rejected, state="rejected")
    PlacementFactory(position=tabqa, claim=rejected, **SUGGESTION)

    stays = operations.merge_positions(position_id=raqqa.pk, into_id=tabqa.pk, by=reviewer, now=NOW)

    raqqa.refresh_from_db()
    assert (stays, raqqa.merged_into) == (tabqa, tabqa)
    assert placed(question) == {
        "Near Tabqa": {
            moves.pk: "confirmed",
            here.pk: "confirmed",
            there.pk: "confirmed",
            rejected.pk: "rejected",
        }
    }
    assert question.changes.get().summary == "merged “Near Raqqa” into “Near Tabqa”"


def test_merged_position_takes_no_claim_and_its_answer_may_be_given_again(
    reviewer: User, question: Question
) -> None:
    raqqa, tabqa = question.positions.all()
    operations.merge_positions(position_id=raqqa.pk, into_id=tabqa.pk, by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="was merged into “Near Tabqa”"):
        operations.place_claim(claim_id=ClaimFactory().pk, position_id=raqqa.pk, by=reviewer, now=NOW)
    again = operations.add_position(question_id=question.pk, answer="Near Raqqa", by=reviewer, now=NOW)

    assert again.number == 3
    assert decide(question).positions.count() == 2


def test_merge_positions_of_two_questions_or_with_itself_is_refused(
    reviewer: User, question: Question
) -> None:
    raqqa = question.positions.first()

    for into, says in ((PositionFactory(), "of one question"), (raqqa, "into itself")):
        with pytest.raises(ReviewError, match=says):
            operations.merge_positions(position_id=raqqa.pk, into_id=into.pk, by=reviewer, now=NOW)


def test_split_position_confirms_its_claims_at_the_new_one(reviewer: User, question: Question) -> None:
    raqqa = question.positions.first()
    stays, confirmed, suggested = (
        PlacementFactory(position=raqqa).claim,
        PlacementFactory(position=raqqa).claim,
        PlacementFactory(position=raqqa, **SUGGESTION).claim,
    )

    created = operations.split_position(
        position_id=raqqa.pk,
        answer="In Raqqa",
        claim_ids=[confirmed.pk, suggested.pk],
        by=reviewer,
        now=NOW,
    )

    assert (created.number, created.added_by) == (3, reviewer)
    assert placed(question) == {
        "Near Raqqa": {stays.pk: "confirmed", confirmed.pk: "rejected", suggested.pk: "rejected"},
        "Near Tabqa": {},
        "In Raqqa": {confirmed.pk: "confirmed", suggested.pk: "confirmed"},
    }


def test_split_position_needs_claims_that_stand_there(reviewer: User, question: Question) -> None:
    raqqa, tabqa = question.positions.all()
    elsewhere = PlacementFactory(position=tabqa).claim

    for claims in ([], [elsewhere.pk]):
        with pytest.raises(ReviewError, match="Choose claims that stand under"):
            operations.split_position(
                position_id=raqqa.pk, answer="In Raqqa", claim_ids=claims, by=reviewer, now=NOW
            )

    assert question.positions.count() == 2


def test_remove_position_takes_an_empty_one_with_what_it_was_compatible_with(
    reviewer: User, question: Question
) -> None:
    raqqa, tabqa = question.positions.all()
    operations.say_compatible(first_id=tabqa.pk, second_id=raqqa.pk, reason="Between.", by=reviewer, now=NOW)

    operations.remove_position(position_id=raqqa.pk, by=reviewer, now=NOW)

    assert list(question.positions.all()) == [tabqa]
    assert not Compatibility.objects.exists()


@pytest.mark.parametrize(
    ("state", "says"),
    [("confirmed", "Claims stand"), ("suggested", "Claims stand"), ("rejected", "is remembered")],
)
def test_remove_position_with_claims_is_a_conflict(
    reviewer: User, question: Question, state: str, says: str
) -> None:
    raqqa = question.positions.first()
    PlacementFactory(position=raqqa, state=state, suggested_by="matcher 1")

    with pytest.raises(Conflict, match=says):
        operations.remove_position(position_id=raqqa.pk, by=reviewer, now=NOW)


def test_remove_position_that_others_lead_to_or_a_verdict_judged_is_a_conflict(
    reviewer: User, lead: User, question: Question
) -> None:
    raqqa, tabqa = question.positions.all()
    operations.merge_positions(position_id=raqqa.pk, into_id=tabqa.pk, by=reviewer, now=NOW)
    judged = PositionFactory()
    decide(judged.question, by=reviewer)
    operations.reopen_question(question_id=judged.question_id, reason="New.", by=lead, now=NOW)

    for position in (tabqa, judged):
        with pytest.raises(Conflict, match="points to it"):
            operations.remove_position(position_id=position.pk, by=reviewer, now=NOW)

    assert Position.objects.count() == 3


def test_compatible_positions_are_not_contested_until_said_to_compete(
    reviewer: User, question: Question
) -> None:
    raqqa, tabqa = question.positions.all()
    for position in (raqqa, tabqa):
        operations.place_claim(claim_id=ClaimFactory().pk, position_id=position.pk, by=reviewer, now=NOW)
    resolutions = []

    def look() -> None:
        question.refresh_from_db()
        resolutions.append(question.resolution)

    look()
    for _ in range(2):
        said = operations.say_compatible(
            first_id=tabqa.pk, second_id=raqqa.pk, reason="Between them.", by=reviewer, now=NOW
        )
    look()
    for _ in range(2):
        operations.say_competing(first_id=tabqa.pk, second_id=raqqa.pk, by=reviewer, now=NOW)
    look()

    assert (said.first, said.second, said.said_by) == (raqqa, tabqa, reviewer)
    assert resolutions == ["contested", "open", "contested"]
    assert question.changes.filter(action__startswith="say_").count() == 2


def test_say_compatible_needs_two_positions_of_one_question_and_a_reason(
    reviewer: User, question: Question
) -> None:
    raqqa, tabqa = question.positions.all()
    elsewhere = PositionFactory(question=QuestionFactory())

    for second, reason, says in (
        (raqqa, "Because.", "Choose two"),
        (elsewhere, "Because.", "of one question"),
        (tabqa, " ", "Say why"),
    ):
        with pytest.raises(ReviewError, match=says):
            operations.say_compatible(
                first_id=raqqa.pk, second_id=second.pk, reason=reason, by=reviewer, now=NOW
            )
