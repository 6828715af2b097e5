"""The warning beside the choices, as soon as answers are Supported that cannot both be true."""

from django.utils import timezone
from playwright.sync_api import Page, expect

from reviews import operations
from tests.browser.conftest import SignIn
from tests.browser.disputes import ferry_dispute
from tests.factories import UserFactory


def support(page: Page, number: int, judgement: str = "supported") -> None:
    page.locator(f'[data-judged][data-number="{number}"] input[value="{judgement}"]').check()


def test_warning_comes_and_goes_with_the_choices(sign_in: SignIn) -> None:
    question = ferry_dispute().question
    reviewer = UserFactory(is_staff=True, roles=["reviewer"])
    operations.take_question(question_id=question.pk, by=reviewer, now=timezone.now())
    page = sign_in(reviewer)
    page.goto(question.get_absolute_url())
    page.locator("#compare[data-ready]").wait_for()
    warning = page.locator("[data-contradiction]")

    support(page, 1)
    expect(warning).to_be_hidden()
    support(page, 2)
    expect(warning).to_contain_text("Answers 1, 2 are Supported and cannot all be true")
    expect(warning.get_by_role("checkbox")).to_be_hidden()
    support(page, 2, "refuted")
    expect(warning).to_be_hidden()
