"""What people decided outlives the engine that found the claims: nothing is lost, nothing decided anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from claims.engine_runs import store_run
from claims.engines import Extraction
from claims.extraction import ExtractedClaim
from claims.models import Claim, HeldClaim, Revision
from reviews import operations
from reviews.basis import basis_of
from reviews.errors import Conflict
from reviews.models import AuditEvent, Notification, OriginClaim, Placement, Position, Question, SourcingMark
from reviews.operations import Marks
from tests.engines import FakeEngine, found
from tests.factories import (
    NOW,
    TEXT,
    OriginClaimFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    RevisionFactory,
    SourcingMarkFactory,
    UserFactory,
    VerdictFactory,
)
from tests.reviews.rows import decide

pytestmark = pytest.mark.django_db

SHOT = found("it had shot down a jet near Resafa", text=TEXT, speaker="The coalition")
REWORDED = found(
    "it had shot down a jet near Resafa", text=TEXT, says="The coalition shot a jet.", speaker="The coalition"
)
DENIED = found("The ministry denied it", text=TEXT)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def revision() -> Revision:
    return RevisionFactory()


@pytest.fixture
def ann() -> User:
    return UserFactory(username="ann", roles=["reviewer"])


@pytest.fixture
def raqqa() -> Position:
    """The first of two positions of a question."""
    question = QuestionFactory()
    first = PositionFactory(question=question, answer="Near Raqqa")
    PositionFactory(question=question, answer="Near Tabqa")
    return first


def claims_of(version: str, revision: Revision, *claims: ExtractedClaim) -> list[Claim]:
    """What an engine of that version finds, in the order given; its run becomes the current one."""
    extraction = Extraction(claims, made_by=FakeEngine(claims, version).identity)
    run = store_run(revision, extraction, requested_by=UserFactory(), now=LATER)
    stored = {claim.statement: claim for claim in run.claims.all()}
    return [stored[claim.statement] for claim in claims]


def placed(claim: Claim, position: Position, by: User) -> Placement:
    return operations.place_claim(
        claim_id=claim.pk, position_id=position.pk, reason="It says so.", by=by, now=NOW
    )


def shown(rows: Sequence[Placement]) -> list[tuple[int, str, str, str | None]]:
    return [
        (row.claim_id, row.state, row.reason, row.placed_by and row.placed_by.username)
        for row in sorted(rows, key=lambda row: row.pk)
    ]


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


# --- Marks --------------------------------------------------------------------------------------
def test_mark_of_a_kept_claim_is_repeated_as_the_person_made_it(revision: Revision, ann: User) -> None:
    [old] = claims_of("1", revision, SHOT)
    marks = Marks(
        identification="named",
        reliability="B",
        reliability_reason="Was there.",
        credibility="2",
        note="Spoke on the record.",
        evidence_links=["https://archive.example/1"],
        is_withheld=True,
    )
    first = operations.mark_sourcing(claim_id=old.pk, marks=marks, by=ann, now=NOW)

    [new] = claims_of("2", revision, SHOT)

    mark = new.sourcing_marks.get()
    assert (mark.code, mark.note, mark.marked_by, mark.marked_at, mark.carried_from) == (
        "B2",
        "Spoke on the record.",
        ann,
        NOW,
        first,
    )
    assert (mark.reliability_reason, mark.evidence_links, mark.is_withheld) == (
        "Was there.",
        ["https://archive.example/1"],
        True,
    )


def test_mark_of_a_reworded_claim_stays_with_the_words_it_was_made_on(revision: Revision) -> None:
    [old] = claims_of("1", revision, SHOT)
    mark = SourcingMarkFactory(claim=old)

    claims_of("2", revision, REWORDED)

    assert list(SourcingMark.objects.current()) == [mark]


def test_mark_that_stands_already_is_not_repeated(revision: Revision) -> None:
    [old] = claims_of("1", revision, SHOT)
    SourcingMarkFactory(claim=old)
    claims_of("2", revision, SHOT)

    claims_of("1", revision, SHOT)

    assert SourcingMark.objects.count() == 2
    assert old.sourcing_marks.count() == 1


def test_newer_mark_goes_back_with_the_engine_and_the_older_stays_readable(
    revision: Revision, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    SourcingMarkFactory(claim=old)
    [new] = claims_of("2", revision, SHOT)
    marks = Marks(
        identification="anonymous", reliability="D", reliability_reason="Never named.", credibility="4"
    )
    operations.mark_sourcing(claim_id=new.pk, marks=marks, by=ann, now=LATER)

    claims_of("1", revision, SHOT)

    assert [(mark.code, mark.superseded_at is None) for mark in old.sourcing_marks.order_by("pk")] == [
        ("F6", False),
        ("D4", True),
    ]


# --- Dropped claims -----------------------------------------------------------------------------
def test_dropped_claim_stays_on_the_screens_if_a_person_placed_it(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    old, _ = claims_of("1", revision, SHOT, DENIED)
    placed(old, raqqa, ann)

    claims_of("2", revision)

    assert list(Claim.objects.standing()) == [old]
    assert [row[:2] for row in shown(raqqa.placements.all())] == [(old.pk, "confirmed")]


def test_dropped_claim_stays_on_the_screens_if_a_person_marked_it(revision: Revision) -> None:
    old, _ = claims_of("1", revision, SHOT, DENIED)
    SourcingMarkFactory(claim=old)

    claims_of("2", revision)

    assert list(Claim.objects.standing()) == [old]


def test_claim_that_was_reworded_and_then_dropped_is_held_where_it_was_decided_on(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    placed(old, raqqa, ann)
    claims_of("2", revision, REWORDED)

    claims_of("3", revision)

    assert list(Claim.objects.standing()) == [old]


def test_claim_whose_decisions_were_carried_over_is_not_held(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    placed(old, raqqa, ann)
    [middle] = claims_of("2", revision, SHOT)

    claims_of("3", revision)

    assert list(HeldClaim.objects.values_list("claim", flat=True)) == [middle.pk]


def test_deciding_on_a_dropped_claim_brings_it_back_to_the_screens(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    claims_of("2", revision)

    placed(old, raqqa, ann)

    assert list(Claim.objects.standing()) == [old]


# --- Deciding on claims that gave way -----------------------------------------------------------
def test_claim_that_another_took_the_place_of_is_not_decided_on(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    [new] = claims_of("2", revision, REWORDED)
    refusal = rf"“The coalition shot a jet\.” \(claim {new.pk}\) took the place of this claim"

    with pytest.raises(Conflict, match=refusal):
        placed(old, raqqa, ann)
    with pytest.raises(Conflict, match=refusal):
        operations.mark_sourcing(claim_id=old.pk, marks=Marks(identification="named"), by=ann, now=LATER)

    assert not Placement.objects.exists()
    assert not SourcingMark.objects.exists()


def test_placement_that_was_carried_over_is_not_taken_out(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    [old] = claims_of("1", revision, SHOT)
    first = placed(old, raqqa, ann)
    claims_of("2", revision, SHOT)

    with pytest.raises(Conflict, match="stands there instead"):
        operations.reject_placement(placement_id=first.pk, reason="No.", by=ann, now=LATER)


# --- Reviews under way --------------------------------------------------------------------------
def test_kept_claims_leave_what_was_sealed_as_it_is(revision: Revision, raqqa: Position, ann: User) -> None:
    [old] = claims_of("1", revision, SHOT)
    placed(old, raqqa, ann)
    SourcingMarkFactory(claim=old)
    operations.take_question(question_id=raqqa.question_id, by=UserFactory(roles=["reviewer"]), now=NOW)
    before = basis_of(raqqa.question)

    [new] = claims_of("2", revision, SHOT)

    assert new.placements.get().state == "confirmed"
    assert basis_of(raqqa.question) == before
    assert not Notification.objects.exists()


def test_who_assesses_is_told_where_kept_claims_are_of_another_kind(
    revision: Revision, raqqa: Position, ann: User
) -> None:
    placed(claims_of("1", revision, SHOT)[0], raqqa, ann)
    reviewer = UserFactory(roles=["reviewer"])
    operations.take_question(question_id=raqqa.question_id, by=reviewer, now=NOW)

    [new] = claims_of("2", revision, replace(SHOT, kind="direct" if SHOT.kind != "direct" else "indirect"))

    assert new.placements.get().state == "confirmed"
    assert list(Notification.objects.values_list("person", "kind")) == [(reviewer.pk, "changed")]
