"""The page of agreement: at every width, light and dark, and by keyboard."""

import random
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from reviews.models import Judgement
from tests.browser.conftest import SignIn, overflows, serious
from tests.factories import (
    NOW,
    AssessedPositionFactory,
    AssessmentFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    UserFactory,
    VerdictFactory,
)

PAGE = "/admin/reviews/question/agreement/"
LONG = "Investigation-into-the-sinking-of-the-harbour-ferry-" * 2


@pytest.fixture
def decided() -> None:
    """60 questions of three projects over five months, judged by two or three of five reviewers."""
    chance = random.Random(1960)
    people = [UserFactory(username=name) for name in ("ann", "ben", "cem", "dee", "reviewer-" + "x" * 60)]
    projects = [None, ProjectFactory(name="Ferry"), ProjectFactory(name=LONG[:100])]
    for number in range(60):
        question = QuestionFactory(state="decided", project=projects[number % 3])
        position = PositionFactory(question=question)
        usual = chance.choice(Judgement.values)
        for reviewer in chance.sample(people, chance.choice((2, 2, 3))):
            said = usual if chance.random() < 0.8 else chance.choice(Judgement.values)
            assessment = AssessmentFactory(question=question, reviewer=reviewer, judgement=usual)
            AssessedPositionFactory(assessment=assessment, position=position, judgement=said)
        at = NOW - timedelta(days=30 * (number % 5))
        VerdictFactory(question=question, manner="agreed", as_of=at, decided_at=at)


def test_agreement_page_is_accessible_and_fits(decided: None, admin: User, sign_in: SignIn) -> None:
    for width, scheme in ((390, "light"), (1280, "dark"), (1920, "light")):
        page = sign_in(admin, width=width, scheme=scheme)

        page.goto(PAGE)

        assert serious(page) == []
        assert not overflows(page), width


def test_agreement_page_leads_to_a_pair_and_back_by_keyboard(
    decided: None, admin: User, sign_in: SignIn
) -> None:
    page = sign_in(admin)
    page.goto(PAGE)

    page.get_by_role("link", name="ann and ben").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rows: ann. Columns: ben.")).to_be_visible()
    page.get_by_label("Decided from").fill("2017-06-01")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    months = page.get_by_role("region", name="Month by month")
    expect(months.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="All reviewers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="By pair")).to_be_visible()
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Download as CSV").click()
    assert downloaded.value.suggested_filename == "agreement.csv"
