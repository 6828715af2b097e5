"""What people decided outlives the engine that found the claims: nothing is lost, nothing decided anew."""

import pytest
from django.contrib.auth.models import User

from claims.extraction import ExtractedClaim
from claims.models import Revision
from reviews import operations
from reviews.basis import basis_of
from reviews.errors import Conflict
from reviews.models import AuditEvent, OriginClaim, Position, Question
from tests.factories import NOW, OriginClaimFactory, PlacementFactory, UserFactory, VerdictFactory
from tests.reviews.carrying_over.readings import DENIED, LATER, REWORDED, SHOT, claims_of, placed, shown
from tests.reviews.rows import decide

pytestmark = pytest.mark.django_db


# --- Placements ---------------------------------------------------------------------------------


def test_placement_of_a_kept_claim_stands_at_its_successor_as_the_person_made_it(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    first = placed(old, raqqa, ann)

    [new] = claims_of("2", revision, SHOT)

    assert shown(raqqa.placements.all()) == [
        (old.pk, "carried", "It says so.", "ann"),
        (new.pk, "confirmed", "It says so.", "ann"),
    ]
    carried = new.placements.get()
    assert (carried.carried_from, carried.placed_at) == (first, NOW)


@pytest.mark.parametrize("is_set_by_ann", [False, True])
def test_origin_of_a_kept_claim_is_that_of_its_successor(
    revision: Revision, raqqa: Position, ann: User, is_set_by_ann: bool
) -> None:
    [old] = claims_of("1", revision, SHOT)
    placed(old, raqqa, ann)
    origin = OriginClaimFactory(claim=old).origin
    if is_set_by_ann:
        operations.set_origin(claim_ids=[old.pk], origin_id=origin.pk, reason="So.", by=ann, now=NOW)
    PlacementFactory(position=raqqa, claim=OriginClaimFactory(origin=origin).claim)
    before = basis_of(raqqa.question)

    [new] = claims_of("2", revision, SHOT)

    carried = OriginClaim.objects.get(claim=new)
    said = (ann, "So.", NOW) if is_set_by_ann else (None, "", None)
    assert (carried.origin, (carried.set_by, carried.reason, carried.set_at)) == (origin, said)
    assert basis_of(raqqa.question) == before


def test_carrying_over_is_audited_as_the_engines_with_both_versions_as_the_reason(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    placed(claims_of("1", revision, SHOT)[0], raqqa, ann)

    claims_of("2", revision, SHOT)

    events = AuditEvent.objects.filter(action="carry_over").order_by("pk")
    assert list(events.values_list("actor", "reason", "table_name", "operation")) == [
        ("engine", "Engine fake 2 took the place of fake 1.", table, operation)
        for table, operation in (
            ("reviews_placement", "update"),
            ("reviews_placement", "insert"),
            ("reviews_question", "update"),
        )
    ]
    engine = User.objects.get(username="engine")
    assert (engine.is_active, engine.has_usable_password()) == (False, False)


def test_placement_of_a_reworded_claim_stands_and_its_successor_is_suggested(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    first = placed(old, raqqa, ann)

    [new] = claims_of("2", revision, REWORDED)

    assert shown(raqqa.placements.all()) == [
        (old.pk, "confirmed", "It says so.", "ann"),
        (new.pk, "suggested", f"It stood here with the words “{SHOT.statement}”", None),
    ]
    suggested = new.placements.get()
    assert (suggested.carried_from, suggested.suggested_by) == (first, "fake 2")


def test_confirming_the_new_wording_settles_the_older(revision: Revision, raqqa: Position, ann: User) -> None:
    [old] = claims_of("1", revision, SHOT)
    placed(old, raqqa, ann)
    [new] = claims_of("2", revision, REWORDED)
    bob = UserFactory(username="bob", roles=["reviewer"])

    operations.place_claim(claim_id=new.pk, position_id=raqqa.pk, by=bob, now=LATER)

    assert shown(raqqa.placements.all()) == [
        (old.pk, "carried", "It says so.", "ann"),
        (new.pk, "confirmed", "", "bob"),
    ]


def test_placing_the_new_wording_elsewhere_settles_the_older_too(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    placed(old, raqqa, ann)
    [new] = claims_of("2", revision, REWORDED)
    tabqa = raqqa.question.positions.get(number=2)

    operations.place_claim(claim_id=new.pk, position_id=tabqa.pk, by=ann, now=LATER)

    assert shown(raqqa.question.placements.all()) == [
        (old.pk, "carried", "It says so.", "ann"),
        (new.pk, "rejected", "Moved to “Near Tabqa”.", "ann"),
        (new.pk, "confirmed", "", "ann"),
    ]


def test_taking_out_the_new_wording_leaves_the_older_as_it_was(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    placed(old, raqqa, ann)
    [new] = claims_of("2", revision, REWORDED)

    operations.reject_placement(
        placement_id=new.placements.get().pk, reason="Something else.", by=ann, now=LATER
    )

    assert [row[:2] for row in shown(raqqa.placements.all())] == [
        (old.pk, "confirmed"),
        (new.pk, "rejected"),
    ]


def test_suggestion_goes_on_with_the_next_engines_and_back_to_what_the_person_decided(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    first = placed(old, raqqa, ann)
    claims_of("2", revision, REWORDED)
    claims_of("3", revision, REWORDED)

    [new] = claims_of("4", revision, SHOT)

    assert [row[1] for row in shown(raqqa.placements.all())] == [
        "confirmed",
        "carried",
        "carried",
        "suggested",
    ]
    assert new.placements.get().carried_from == first


def test_rejection_of_a_kept_claim_is_remembered(revision: Revision, raqqa: Position, ann: User) -> None:
    [old] = claims_of("1", revision, SHOT)
    placement = placed(old, raqqa, ann)
    operations.reject_placement(placement_id=placement.pk, reason="Another jet.", by=ann, now=NOW)

    [new] = claims_of("2", revision, SHOT)

    assert shown(raqqa.placements.all()) == [
        (old.pk, "carried", "Another jet.", "ann"),
        (new.pk, "rejected", "Another jet.", "ann"),
    ]


def test_rejection_of_a_reworded_claim_is_neither_lost_nor_carried(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    placement = placed(old, raqqa, ann)
    operations.reject_placement(placement_id=placement.pk, reason="Another jet.", by=ann, now=NOW)

    claims_of("2", revision, REWORDED)

    assert shown(raqqa.placements.all()) == [(old.pk, "rejected", "Another jet.", "ann")]


def test_suggestion_of_a_machine_is_not_carried_to_other_words(revision: Revision, raqqa: Position) -> None:
    [old] = claims_of("1", revision, SHOT)
    PlacementFactory(position=raqqa, claim=old, state="suggested", suggested_by="matching 1", placed_by=None)

    claims_of("2", revision, REWORDED)

    assert [row[:2] for row in shown(raqqa.placements.all())] == [(old.pk, "suggested")]


def test_engine_that_is_current_again_has_its_placements_back(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    placed(old, raqqa, ann)
    [new] = claims_of("2", revision, SHOT)

    claims_of("1", revision, SHOT)

    assert [row[:2] for row in shown(raqqa.placements.all())] == [
        (old.pk, "confirmed"),
        (new.pk, "carried"),
    ]


# --- Questions ----------------------------------------------------------------------------------


def test_question_that_can_be_changed_has_a_new_version(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    placed(claims_of("1", revision, SHOT)[0], raqqa, ann)
    seen = Question.objects.get().version

    [new] = claims_of("2", revision, SHOT)

    question = Question.objects.get()
    assert (question.version, question.state, question.round) == (seen + 1, Question.State.OPEN, 1)
    with pytest.raises(Conflict, match="changed the question meanwhile"):
        operations.reject_placement(
            placement_id=new.placements.get().pk, reason="No.", seen_version=seen, by=ann, now=LATER
        )


@pytest.mark.parametrize("next_claim", [SHOT, REWORDED, DENIED])
def test_decided_question_stays_decided(
    revision: Revision, raqqa: Position, ann: User, next_claim: ExtractedClaim
) -> None:
    placed(claims_of("1", revision, SHOT)[0], raqqa, ann)
    question = raqqa.question
    verdict = decide(question)
    before = Question.objects.values().get()

    claims_of("2", revision, next_claim)

    verdict.refresh_from_db()
    assert (Question.objects.values().get(), verdict.stale_at) == (before, None)
    assert question.placements.filter(state="confirmed").count() == 1


def test_switch_without_decisions_writes_no_event(revision: Revision) -> None:
    claims_of("1", revision, SHOT)
    VerdictFactory()
    of_reviews = AuditEvent.objects.filter(table_name__startswith="reviews_")
    before = of_reviews.count()

    claims_of("2", revision, SHOT)

    assert of_reviews.count() == before
