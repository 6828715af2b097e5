"""Marks go with the claims they were made on; claims that people decided on do not go at all."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from claims.models import Claim, HeldClaim, Revision
from reviews import operations
from reviews.basis import basis_of
from reviews.errors import Conflict
from reviews.models import Notification, Placement, Position, SourcingMark
from reviews.operations import Marks
from tests.factories import NOW, SourcingMarkFactory, UserFactory
from tests.reviews.carrying_over.readings import DENIED, LATER, REWORDED, SHOT, claims_of, placed, shown

pytestmark = pytest.mark.django_db


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
