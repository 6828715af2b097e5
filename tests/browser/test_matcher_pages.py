"""What the matcher did, as people see it: what a new version changed, and what stands still."""

import pytest
from django.contrib.auth.models import User

from reviews.models import MatchingDue, Question
from tests.browser.conftest import SignIn, overflows, serious
from tests.factories import (
    MatchingDueFactory,
    QuestionFactory,
    RematchedQuestionFactory,
    RematchFactory,
)

LONG = "How many people were wounded in the explosion at the Unabridgedlynamedharbourwarehouse in Alder?"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_matcher_pages_are_readable(admin: User, sign_in: SignIn, width: int, scheme: str) -> None:
    made = RematchFactory(started_by=admin, articles=1234)
    RematchedQuestionFactory(rematch=made, question=QuestionFactory(wording=LONG), suggested=7)
    RematchedQuestionFactory(rematch=made, is_proposed=True, suggested=3)
    dismissed = QuestionFactory(state=Question.State.DISMISSED, state_reason="Nothing to compare.")
    RematchedQuestionFactory(rematch=made, question=dismissed, is_taken_back=True, withdrawn=2)
    MatchingDueFactory()
    MatchingDueFactory(attempts=3, last_error="ArithmeticError: no day has 25 hours")
    page = sign_in(admin, width=width, scheme=scheme)

    for address in (f"rematch/{made.pk}/change/", "rematch/", "matchingdue/"):
        page.goto(f"/admin/reviews/{address}")
        assert serious(page) == [], address
        assert not overflows(page), address

    page.get_by_label("Select all objects on this page for an action").check()
    page.get_by_label("Action:").select_option("offer_again")
    page.get_by_role("button", name="Go", exact=True).click()
    page.get_by_text("offered to workers again").wait_for()
    assert not MatchingDue.objects.standing_still().exists()
