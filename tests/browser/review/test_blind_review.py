"""Reviewing in a browser: by keyboard alone, and blind to each other."""

import re

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from reviews import operations
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.models import AssessmentDraft, Verdict
from tests.browser.conftest import SignIn
from tests.browser.disputes import Dispute
from tests.browser.review.acting import press, ready, submit, take
from tests.reviews.rows import judged


def test_next_in_queue_to_submitted_assessment_by_keyboard_alone(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    page = sign_in(reviewers[0])
    page.goto(reverse("admin:reviews_question_queue"))

    page.keyboard.press("n")
    ready(page)
    expect(page.get_by_role("radio", name="Supported").first).to_be_focused()
    press(page, "Escape j e a 1 3 2 2 3 1 1 3")
    page.keyboard.type("The harbour office counted them.")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Your assessment is sealed")).to_be_visible()
    expect(page.get_by_role("button", name="Take the next question")).to_be_focused()
    draft = AssessmentDraft.objects.get()
    content = AssessmentContent.from_json(draft.content)
    said = [(each.judgement, each.confidence) for each in content.positions.values()]
    assert said == [("supported", "high"), ("refuted", "moderate"), ("not_enough_evidence", "low")]
    assert (content.judgement, content.confidence) == ("supported", "high")
    assert content.rationale == "The harbour office counted them."
    assert content.evidence == (EvidenceItem(claim_id=dispute.claims["wire"].pk),)
    expect(page.locator("#assessing")).to_contain_text(f"sha256:{draft.digest}")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Nothing waits for you now")


def test_next_question_takes_digits_at_once_and_tells_every_key(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    page = sign_in(reviewers[0])
    page.goto(reverse("admin:reviews_question_queue"))
    page.keyboard.press("n")
    ready(page)
    expect(page.get_by_role("radio", name="Supported").first).to_be_focused()

    press(page, "1 3 2")

    first, second = (page.get_by_role("group", name=name) for name in ("1 56 people", "2 at least 85 people"))
    expect(first.get_by_role("radio", name="Supported")).to_be_checked()
    expect(first.get_by_role("radio", name="high")).to_be_checked()
    expect(second.get_by_role("radio", name="Refuted")).to_be_checked()
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name="Keyboard").locator("dl > div")
    keys = {"".join(each.locator("kbd").all_inner_texts()) for each in told.all()}
    assert keys >= {"jk", "hl", "19", *"cxaenmourftvdN.?", "14", "CtrlEnter", "Esc"}


def test_two_browsers_see_nothing_of_each_other_until_both_have_submitted(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    ana, ben = reviewers
    take(dispute.question, ana)
    take(dispute.question, ben)
    hers, his = sign_in(ana), sign_in(ben)
    his.goto(dispute.question.get_absolute_url())
    ready(his)
    before = shown(his)
    hers.goto(dispute.question.get_absolute_url())
    ready(hers)
    press(hers, "a 1 3 2 2 2 2 1 3")
    hers.keyboard.type("What only Ana writes.")
    hers.keyboard.press("Control+Enter")
    expect(hers.get_by_role("heading", name="Your assessment is sealed")).to_be_visible()

    his.reload()
    ready(his)

    assert shown(his) == before
    press(his, "a 1 3 2 2 2 2 1 3")
    his.keyboard.type("What only Ben writes.")
    his.keyboard.press("Control+Enter")
    verdict = his.locator("#verdict")
    expect(verdict).to_contain_text("What only Ana writes.")
    expect(verdict.locator("thead")).to_have_text("AnswerVerdictben youana")
    assert dispute.question.verdicts.get().manner == Verdict.Manner.AGREED


def shown(page: Page) -> str:
    """What a person can see of the page, but for what each visit has of its own."""
    return page.locator("#compare").inner_text()


def test_question_that_changed_meanwhile_is_to_be_looked_at_again(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    ana, ben = reviewers
    take(dispute.question, ana)
    page = sign_in(ana)
    page.goto(dispute.question.get_absolute_url())
    ready(page)
    press(page, "a 1 3 2 2 2 2 1 3")
    page.keyboard.type("Before the change.")
    suggested = dispute.question.placements.filter(state="suggested").first()
    operations.confirm_placements(placement_ids=[suggested.pk], by=ben, now=timezone.now())

    page.keyboard.press("Control+Enter")

    expect(page.locator("[data-outdated]")).to_be_visible()
    expect(page.get_by_label("Rationale")).to_have_value("Before the change.")
    page.get_by_role("button", name="I have looked again").click()
    expect(page.get_by_role("button", name=re.compile("Submit and seal"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your assessment is sealed")).to_be_visible()
    another = dispute.question.placements.filter(state="suggested").first()
    operations.confirm_placements(placement_ids=[another.pk], by=ben, now=timezone.now())
    page.reload()
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_label("Rationale")).to_have_value("Before the change.")


def test_own_step_needs_no_second_look(dispute: Dispute, reviewers: list[User], sign_in: SignIn) -> None:
    take(dispute.question, reviewers[0])
    page = sign_in(reviewers[0])
    page.goto(dispute.question.get_absolute_url())
    ready(page)
    press(page, "a 1 3 2 2 2 2 1 3")
    page.keyboard.type("I confirmed one myself.")
    press(page, "Escape j j c")
    expect(page.locator("#told-text")).to_contain_text("Confirmed")

    press(page, "a")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Your assessment is sealed")).to_be_visible()


def test_adjudication_shows_the_sealed_assessments_without_names(
    dispute: Dispute, reviewers: list[User], lead: User, sign_in: SignIn
) -> None:
    for reviewer, judgement in zip(reviewers, ("supported", "refuted"), strict=True):
        submit(dispute.question, reviewer, judged(dispute.question, judgement))
    page = sign_in(lead)
    page.goto(reverse("admin:reviews_question_queue"))
    page.get_by_role("link", name=dispute.question.wording).first.click()
    ready(page)

    expect(page.locator("#discussion")).to_contain_text("only its author sees")
    panel = page.locator("#assessing")
    expect(panel.get_by_role("heading", name="Assessment A")).to_be_visible()
    expect(panel).not_to_contain_text("ana")
    assert panel.locator(".is-differing").count() == 4
    press(page, "a 1 2 2 1")
    page.keyboard.type("The later lists agree.")
    page.get_by_label("As of").fill("2024-05-04 09:00")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#told-text")).to_contain_text("The question is decided")
    expect(page.locator("#verdict thead")).to_have_text("AnswerVerdictanaben")
    expect(page.locator("#discussion")).not_to_contain_text("only its author sees")
    verdict = dispute.question.verdicts.get()
    assert (verdict.decided_by, verdict.rationale, f"{verdict.as_of:%Y-%m-%d %H:%M}") == (
        lead,
        "The later lists agree.",
        "2024-05-04 09:00",
    )
