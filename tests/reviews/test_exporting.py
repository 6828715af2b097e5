"""What exports leave out: claims that a reviewer withholds, in whatever words."""

import pytest

from claims.models import Claim, ClaimSuccession
from reviews.exporting import claims_for_export
from reviews.models import Placement
from tests.factories import (
    NOW,
    ClaimFactory,
    ClaimSuccessionFactory,
    EngineSwitchFactory,
    PlacementFactory,
    SourcingMarkFactory,
)

pytestmark = pytest.mark.django_db


def exported() -> set[int]:
    return set(claims_for_export(Claim.objects.all()).values_list("pk", flat=True))


def reworded(old: Claim) -> Claim:
    new = ClaimFactory(revision=old.revision, engine_run=old.engine_run)
    kind = ClaimSuccession.Kind.REWORDED
    ClaimSuccessionFactory(switch=EngineSwitchFactory(), kind=kind, old_claim=old, new_claim=new)
    return new


def test_claims_for_export_leave_out_what_is_withheld() -> None:
    marked, unmarked = ClaimFactory(), ClaimFactory()
    SourcingMarkFactory(claim=marked)
    SourcingMarkFactory(is_withheld=True)

    assert exported() == {marked.pk, unmarked.pk}


def test_claims_for_export_have_what_is_withheld_no_longer() -> None:
    claim = ClaimFactory()
    SourcingMarkFactory(claim=claim, is_withheld=True, superseded_at=NOW)
    SourcingMarkFactory(claim=claim)

    assert exported() == {claim.pk}


def test_claims_for_export_leave_out_new_words_for_what_is_withheld() -> None:
    withheld = ClaimFactory()
    SourcingMarkFactory(claim=withheld, is_withheld=True)
    reworded(reworded(withheld))

    assert exported() == set()


def test_claims_for_export_have_new_words_that_somebody_marked() -> None:
    withheld = ClaimFactory()
    SourcingMarkFactory(claim=withheld, is_withheld=True)
    new = reworded(withheld)
    SourcingMarkFactory(claim=new)

    assert exported() == {new.pk}


def test_placements_for_export_leave_out_those_of_withheld_claims() -> None:
    shown, withheld = PlacementFactory(), PlacementFactory()
    SourcingMarkFactory(claim=withheld.claim, is_withheld=True)

    assert list(Placement.objects.for_export()) == [shown]
