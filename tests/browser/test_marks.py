"""Marks on sourcing: the dialog and the page of a speaker, by keyboard, at every width."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from reviews.models import Placement, SourcingMark, SpeakerReliability
from tests.browser.conftest import SignIn, overflows, serious
from tests.factories import (
    NOW,
    PlacementFactory,
    SourcingMarkFactory,
    SpeakerReliabilityFactory,
)

LONG = "It was borne out by the register of the harbour-" + "authority" * 12


@pytest.fixture
def placement() -> Placement:
    """Of a claim that was marked twice, by a speaker of whom much was said."""
    placement = PlacementFactory()
    speaker = placement.claim.speaker
    SpeakerReliabilityFactory(speaker=speaker, reliability="C", reason=LONG, superseded_at=NOW)
    SpeakerReliabilityFactory(speaker=speaker, reliability="B", reason=LONG)
    SpeakerReliabilityFactory(speaker=speaker, reliability="D", since=date(2018, 1, 1), reason="Wrong since.")
    SourcingMarkFactory(claim=placement.claim, note=LONG, superseded_at=NOW)
    SourcingMarkFactory(
        claim=placement.claim,
        reliability="A",
        reliability_reason=LONG,
        evidence_links=[f"https://archive.example/{LONG.replace(' ', '-')}"],
        is_withheld=True,
    )
    return placement


def test_mark_dialog_is_accessible_and_fits(placement: Placement, admin: User, sign_in: SignIn) -> None:
    asked = f"?do=mark_sourcing&on={placement.claim_id}"
    for width, scheme in ((390, "light"), (1280, "dark")):
        page = sign_in(admin, width=width, scheme=scheme)

        page.goto(placement.question.get_absolute_url() + asked)
        for details in ("What the codes mean", "Marks so far (2)"):
            page.get_by_text(details).click()

        assert serious(page) == []
        assert not overflows(page), width


def test_mark_dialog_that_does_not_fit_keeps_its_buttons_in_sight(
    placement: Placement, admin: User, sign_in: SignIn
) -> None:
    page = sign_in(admin)
    page.goto(placement.question.get_absolute_url())
    page.locator("#compare[data-ready]").wait_for()

    page.keyboard.press("j")
    page.keyboard.press("m")
    for details in ("What the codes mean", "Marks so far (2)"):
        page.get_by_text(details).click()

    dialog, save = page.locator("#dialog"), page.get_by_role("button", name="Save marks")
    assert dialog.evaluate("dialog => dialog.scrollHeight > dialog.clientHeight")
    expect(save).to_be_in_viewport(ratio=1)
    label, box = (
        place.bounding_box()
        for place in (page.get_by_text("Withhold the claim"), page.get_by_label("Withhold"))
    )
    assert label is not None
    assert box is not None
    assert abs(label["y"] - box["y"]) < label["height"]
    assert box["x"] < label["x"]


def test_mark_by_keyboard_starts_from_what_is_usual_and_says_why_it_differs(
    admin: User, sign_in: SignIn
) -> None:
    placement = PlacementFactory()
    SpeakerReliabilityFactory(speaker=placement.claim.speaker, reliability="B")
    page = sign_in(admin)
    page.goto(placement.question.get_absolute_url())

    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.get_by_label("Reliability of the speaker")).to_have_value("B")
    page.get_by_label("Identification").select_option("named")
    page.get_by_label("Reliability of the speaker").select_option("D")
    page.get_by_role("button", name="Save marks").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Say why it is D here.")).to_be_visible()
    page.get_by_label("Why not B, if it is another").fill("It was not there.")
    page.get_by_role("button", name="Save marks").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#claim-{placement.claim_id}").get_by_text("D6", exact=True)).to_be_visible()

    assert SourcingMark.objects.get().reliability_reason == "It was not there."


def test_speaker_page_takes_a_reliability_without_script(
    placement: Placement, admin: User, sign_in: SignIn
) -> None:
    for width, scheme in ((390, "light"), (1280, "dark")):
        page = sign_in(admin, width=width, scheme=scheme)
        page.goto(placement.claim.speaker.get_absolute_url())
        page.get_by_text("Say how reliable they usually are").click()
        assert serious(page) == []
        assert not overflows(page), width

    page = sign_in(admin, script=False)
    page.goto(placement.claim.speaker.get_absolute_url())
    page.get_by_text("Say how reliable they usually are").click()
    page.get_by_label("Reliability:").select_option("E")
    page.get_by_label("Since").fill("2019-01-01")
    page.get_by_label("What it rests on").fill("It made up three reports.")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("E - unreliable").first).to_be_visible()
    assert SpeakerReliability.objects.filter(reliability="E", set_by=admin).count() == 1
