"""The page of a speaker: everything they claimed, at every width, also when there is a lot of it."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from claims.models import Claim
from reviews.models import Judgement, Question
from tests.browser.conftest import SignIn, overflows, serious
from tests.factories import (
    ArticleFactory,
    ClaimFactory,
    OutletFactory,
    PlacementFactory,
    PositionFactory,
    PositionVerdictFactory,
    QuestionFactory,
    RevisionFactory,
    SourcingMarkFactory,
    SpeakerFactory,
    VerdictFactory,
)

LONG = "Undersecretary of the Directorate for the Coordination of Inter-Agency-" + "Deconfliction" * 6


@pytest.fixture
def claims() -> list[Claim]:
    """300 claims of one speaker, some under questions of every kind, under names that do not fit."""
    speaker = SpeakerFactory(name=f"{LONG} Roe")
    for name in ("Jane Roe", f"{LONG} Roe, acting"):
        SpeakerFactory(name=name)
    revisions = [
        RevisionFactory(article=ArticleFactory(outlet=OutletFactory(name=name), title=LONG))
        for name in ("Harbour Wire", LONG, "Daily")
    ]
    made = [ClaimFactory(speaker=speaker, revision=revisions[n % 3]) for n in range(300)]
    asked = QuestionFactory(wording=f"Did the {LONG} say so?", state=Question.State.DECIDED)
    position = PositionFactory(question=asked, answer=LONG)
    PositionVerdictFactory(
        verdict=VerdictFactory(question=asked), position=position, judgement=Judgement.REFUTED
    )
    for claim in made[-3:]:
        PlacementFactory(position=position, claim=claim)
        SourcingMarkFactory(claim=claim)
    suggested = {"state": "suggested", "suggested_by": "matcher 1.0.0", "placed_by": None}
    PlacementFactory(claim=made[-1], **suggested)
    PlacementFactory(claim=made[-2], state="rejected", reason=LONG)
    return made


def test_speaker_page_is_accessible_and_fits(claims: list[Claim], admin: User, sign_in: SignIn) -> None:
    for width, scheme in ((390, "light"), (1280, "dark"), (1920, "light")):
        page = sign_in(admin, width=width, scheme=scheme)

        page.goto(claims[0].speaker.get_absolute_url())

        assert page.locator(".cc-speaker-page article").count() == 25
        assert serious(page) == []
        assert not overflows(page), width


def test_speaker_page_leads_on_narrows_and_leads_back(
    claims: list[Claim], admin: User, sign_in: SignIn
) -> None:
    page = sign_in(admin, width=1280)
    page.goto(claims[0].speaker.get_absolute_url())

    page.get_by_role("link", name="Decided", exact=True).click()
    expect(page.locator(".cc-speaker-page article")).to_have_count(3)
    page.get_by_role("link", name="All", exact=True).click()
    page.get_by_role("link", name="Older claims").click()
    expect(page.locator(f"#claim-{claims[-26].pk}")).to_be_visible()
    page.get_by_role("link", name="Newest").click()
    expect(page.locator(f"#claim-{claims[-1].pk}")).to_be_visible()
