"""The audit trail and the histories in a real browser: readable, narrow and wide, light and dark."""

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from playwright.sync_api import Page

from reviews import audit, operations
from reviews.models import Question
from tests.browser.conftest import SignIn, overflows, serious
from tests.factories import NOW, PlacementFactory, PositionFactory, QuestionFactory, UserFactory

LONG = "Undersecretary of the Directorate for the Coordination of Inter-Agency-" + "Deconfliction" * 6
TEXT = "They differ on who fired, and on where the jet was at that time. " * 20
TRAIL = "/admin/reviews/auditevent/"


def reword(question: Question, wording: str, *, by: User, reason: str) -> None:
    with transaction.atomic():
        audit.because(by=by, action="reword_question", reason=reason)
        Question.objects.filter(pk=question.pk).update(wording=wording)


@pytest.fixture
def question(admin: User) -> Question:
    """A question with a history under names that do not fit."""
    lead = UserFactory(username="a-lead-with-a-long-name" + "e" * 60, roles=["lead"])
    wording = "Who, in the view of those who were there, downed the jet?"
    question = QuestionFactory(wording=wording, event=LONG)
    for answer in (LONG, "The coalition"):
        PlacementFactory(
            position=PositionFactory(question=question, answer=answer),
            claim__statement=f"{answer}: {TEXT}"[:500],
        )
    reword(question, "Who, in the view of those who were near, downed the jet?", by=lead, reason=TEXT)
    reword(question, f"Did {LONG} say so?", by=lead, reason=LONG * 3)
    operations.set_speaker_reliability(
        speaker_id=PlacementFactory().claim.speaker_id,
        reliability="B",
        since=NOW.date(),
        reason="Borne out by what came later.",
        by=lead,
        now=NOW,
    )
    return question


def pages_of(question: Question) -> list[str]:
    event = question.positions.get(answer=LONG).pk
    return [
        TRAIL,
        f"{TRAIL}?action=reword_question",
        f"{TRAIL}?action=nothing+of+that+name",
        f"{TRAIL}?actor=nobody+of+that+name",
        f"{TRAIL}?table=reviews_position&row={event}",
        f"/admin/reviews/question/{question.pk}/history/",
        f"/admin/auth/user/{question.opened_by_id}/history/",
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (1400, "dark"), (400, "light")])
def test_trail_is_accessible_and_fits(
    question: Question, admin: User, sign_in: SignIn, width: int, scheme: str
) -> None:
    page = sign_in(admin, width=width, scheme=scheme)

    found = {}
    for where in pages_of(question):
        page.goto(where)
        closed = page.locator(".cc-trail details:not([open]) > summary:visible")
        for _ in range(3):
            if closed.count():
                closed.first.click()
        found[where] = (serious(page), overflows(page))

    assert found == dict.fromkeys(found, ([], False))


def test_step_leads_to_its_event_and_to_all_by_the_same_person(
    question: Question, admin: User, sign_in: SignIn
) -> None:
    page = sign_in(admin)
    page.goto(f"/admin/reviews/question/{question.pk}/history/")

    page.locator("select#action").select_option("reword_question")
    page.get_by_role("button", name="Show").click()
    assert _headings(page) == ["Reword question", "Reword question"]

    page.locator(".cc-trail-number").first.click()
    assert page.locator(".cc-facts").inner_text().count("reviews_question") == 1

    page.locator(".cc-trail-who a").first.click()
    assert "Set speaker reliability" in _headings(page)


def test_filter_is_used_by_keyboard(question: Question, admin: User, sign_in: SignIn) -> None:
    page = sign_in(admin)
    page.goto(TRAIL)

    page.locator(".cc-trail-filters summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("nobody of that name")
    page.keyboard.press("Enter")

    assert page.locator(".cc-empty").inner_text().startswith("Nothing matches.")


def _headings(page: Page) -> list[str]:
    return page.locator(".cc-trail-what h2").all_inner_texts()
