"""First reports behind claims, as they are stored; what a reviewer set stays and pulls nothing along."""

import pytest

from reviews import operations
from reviews.models import AuditEvent, Origin, OriginClaim, QuestionTally
from tests.factories import NOW, UserFactory
from tests.reviews.suggesting.conftest import Press

pytestmark = pytest.mark.django_db


def origins() -> dict[str, list[str]]:
    return {
        origin.name: sorted(origin.members.values_list("claim__revision__article__outlet__name", flat=True))
        for origin in Origin.objects.all()
    }


def test_claims_of_different_articles_share_an_origin_and_others_need_none(press: Press) -> None:
    press.publish("Courier", "killed in Alder: 12/wire")
    press.publish("Ledger", "killed in Alder: 12/wire")
    press.publish("Herald", "killed in Alder: 15")

    assert origins() == {"wire report": ["Courier", "Ledger"]}
    [origin] = Origin.objects.all()
    assert (origin.certainty, origin.reason, origin.found_by) == (
        "certain",
        "the same report",
        "matcher 1.0.0",
    )
    event = AuditEvent.objects.get(table_name="reviews_origin")
    assert (event.actor, event.action, event.reason) == ("engine", "find_origins", "matcher 1.0.0")


def test_article_with_two_reports_has_an_origin_for_each(press: Press) -> None:
    press.publish("Courier", "killed in Alder: 12/wire", "hurt in Alder: 3")

    assert list(origins().values()) == [["Courier"], ["Courier"]]


def test_origin_goes_with_its_last_claim(press: Press) -> None:
    press.publish("Courier", "killed in Alder: 12/wire")
    press.publish("Ledger", "killed in Alder: 12/wire")

    press.publish("Ledger", "killed in Alder: 12", version="10")

    assert origins() == {}
    assert QuestionTally.objects.get().origins == 2


def test_what_a_reviewer_set_stays_and_pulls_nothing_along(press: Press) -> None:
    ann = UserFactory(username="ann", roles=["lead"])
    for outlet in ("Courier", "Ledger", "Herald"):
        press.publish(outlet, "killed in Alder: 12/wire")
    claim = press.claim("Ledger", "killed in Alder: 12/wire")
    operations.set_origin(claim_ids=[claim.pk], name="Own count", reason="They told us.", by=ann, now=NOW)

    press.publish("Mirror", "killed in Alder: 12/wire")

    assert origins() == {"wire report": ["Courier", "Herald", "Mirror"], "Own count": ["Ledger"]}
    assert OriginClaim.objects.get(claim=claim).set_by == ann
    assert QuestionTally.objects.get().origins == 2


def test_origin_given_back_is_found_again(press: Press) -> None:
    ann = UserFactory(username="ann", roles=["lead"])
    for outlet in ("Courier", "Ledger"):
        press.publish(outlet, "killed in Alder: 12/wire")
    claim = press.claim("Ledger", "killed in Alder: 12/wire")
    operations.set_origin(claim_ids=[claim.pk], name="Own", reason="They told us.", by=ann, now=NOW)
    operations.clear_origin(claim_ids=[claim.pk], by=ann, now=NOW)

    press.match(press.articles["Ledger"])

    assert origins()["wire report"] == ["Courier", "Ledger"]


def test_confirmed_claim_goes_back_to_where_it_did_when_a_newer_engine_reads_otherwise(press: Press) -> None:
    for outlet in ("Courier", "Ledger"):
        press.publish(outlet, "killed in Alder: 12/wire")
    claim = press.claim("Ledger", "killed in Alder: 12/wire")
    origin = claim.origin_member.origin
    [placement] = claim.placements.all()
    operations.confirm_placements(placement_ids=[placement.pk], by=UserFactory(roles=["lead"]), now=NOW)

    press.publish("Ledger", "killed in Alder: 12", version="10")

    assert OriginClaim.objects.get(claim=claim).origin == origin
