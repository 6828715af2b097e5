"""What is done on the compare screen by pointer, in dialogs, by two people, and after the back button."""

import itertools
import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from reviews import operations
from reviews.models import Compatibility, Placement, Position, Question
from tests.browser.conftest import SignIn, focused, overflows, serious
from tests.browser.disputes import SUGGESTED, Dispute, ferry_dispute, report
from tests.factories import NOW, PlacementFactory, PositionFactory, QuestionFactory, UserFactory

State = Placement.State
LONG = "Undersecretary of the Directorate for the Coordination of Inter-Agency-" + "Deconfliction" * 6
CUT_OFF_ONE_STEP = """() => {
  const real = window.fetch;
  window.fetch = (url, options) => {
    if (options.method !== "POST") return real(url, options);
    window.fetch = real;
    return Promise.reject(new TypeError("cut off"));
  };
}"""
ARABIC = "قالت وزارة الدفاع إن ستة وخمسين شخصا قتلوا."


@pytest.fixture
def dispute(transactional_db: None) -> Dispute:
    return ferry_dispute()


@pytest.fixture
def ana() -> User:
    return UserFactory(username="ana", is_staff=True, roles=["reviewer"])


@pytest.fixture
def layla() -> User:
    return UserFactory(username="layla", is_staff=True, roles=["reviewer"])


def open_screen(page: Page, question: Question, query: str = "") -> None:
    page.goto(question.get_absolute_url() + query)
    page.wait_for_selector("#compare[data-ready]")


def told(page: Page, words: str) -> None:
    expect(page.locator("#told-text")).to_contain_text(words)


def card(page: Page, dispute: Dispute, name: str) -> Locator:
    return page.locator(f"#claim-{dispute.claims[name].pk}")


def column(page: Page, number: int) -> Locator:
    return page.locator(f".cc-column[data-number='{number}']")


def answers(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(".cc-column h2").all_inner_texts()]


def look_for_news(page: Page) -> None:
    """What the page does every few seconds by itself, now."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_buttons_do_what_the_keys_do(dispute: Dispute, ana: User, sign_in: SignIn) -> None:
    page = sign_in(ana)
    open_screen(page, dispute.question)

    card(page, dispute, "copy").get_by_role("button", name="Confirm").click()
    told(page, "Confirmed under 1: 56 people.")
    card(page, dispute, "hospital").get_by_role("button", name="Reject").click()
    told(page, "No longer under 2")
    early = card(page, dispute, "early")
    early.get_by_text("More").click()
    early.get_by_role("link", name="Place under …").click()
    page.get_by_role("dialog").get_by_label("56 people").check()
    page.get_by_role("dialog").get_by_role("button", name="Place", exact=True).click()
    told(page, "Placed under 1: 56 people.")
    expect(column(page, 1).locator(".cc-claim-card")).to_have_count(4)
    guard = card(page, dispute, "guard")
    guard.get_by_text("More").click()
    guard.get_by_role("button", name="Not about this question").click()
    told(page, "Not about this question")
    page.get_by_text("History").click()
    page.get_by_role("button", name=re.compile("^Undo ?: said claim")).click()
    told(page, "Taken back: said claim")
    column(page, 1).get_by_text("Change").click()
    column(page, 1).get_by_role("button", name="Confirm all 1").click()
    told(page, "1 claim confirmed under 1: 56 people.")

    confirmed = Placement.objects.filter(state=State.CONFIRMED).values_list("claim", flat=True)
    names = {name for name, claim in dispute.claims.items() if claim.pk in set(confirmed)}
    assert names == {"wire", "copy", "guard", "union", "early"}


def test_card_is_dragged_to_another_column(dispute: Dispute, ana: User, sign_in: SignIn) -> None:
    page = sign_in(ana, width=1900)
    open_screen(page, dispute.question)

    card(page, dispute, "hospital").locator(".cc-grip").drag_to(column(page, 3).locator(".cc-cards"))

    told(page, "Placed under 3: dozens of people. Undo: u")
    expect(column(page, 3).locator(f"#claim-{dispute.claims['hospital'].pk}.is-confirmed")).to_be_visible()
    assert focused(page) == f"claim-{dispute.claims['hospital'].pk}"
    page.keyboard.press("u")
    told(page, "Taken back")
    expect(column(page, 2).locator(".cc-claim-card")).to_have_count(2)


def test_question_is_reworded_in_a_dialog(dispute: Dispute, ana: User, sign_in: SignIn) -> None:
    page = sign_in(ana)
    open_screen(page, dispute.question)
    dialog = page.get_by_role("dialog")

    page.get_by_role("link", name="Reword …").first.click()
    dialog.get_by_label("Question").fill("How many died at Ostwick")
    dialog.get_by_role("button", name="Reword").click()
    expect(dialog.get_by_role("alert")).to_contain_text("A question ends in a question mark.")
    expect(dialog.get_by_label("Question")).to_have_value("How many died at Ostwick")
    dialog.get_by_label("Question").fill("How many died at Ostwick?")
    dialog.get_by_role("button", name="Reword").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How many died at Ostwick?")


def test_positions_are_changed_in_dialogs(dispute: Dispute, ana: User, sign_in: SignIn) -> None:
    page = sign_in(ana)
    open_screen(page, dispute.question)
    dialog = page.get_by_role("dialog")

    def change(number: int, what: str) -> None:
        column(page, number).get_by_text("Change", exact=False).first.click()
        column(page, number).get_by_role("link", name=what).click()

    change(3, "Both can be true …")
    dialog.get_by_label("56 people").check()
    dialog.get_by_label("Why both can be true").fill("56 is dozens.")
    dialog.get_by_role("button", name="Both can be true").click()
    expect(column(page, 3)).to_contain_text("can be true together with “56 people”")
    change(3, "They compete …")
    dialog.get_by_label("56 people").check()
    dialog.get_by_role("button", name="They compete").click()
    expect(column(page, 3)).not_to_contain_text("can be true together")
    assert not Compatibility.objects.exists()

    change(1, "Split …")
    dialog.get_by_label("The new answer").fill("about 56 people")
    dialog.get_by_label(re.compile("coast guard officer")).check()
    dialog.get_by_role("button", name="Split").click()
    expect(page.locator(".cc-column")).to_have_count(4)
    change(4, "Reword …")
    dialog.get_by_label("Answer").fill("some 56 people")
    dialog.get_by_role("button", name="Reword").click()
    expect(column(page, 4)).to_contain_text("some 56 people")
    change(4, "Merge …")
    dialog.get_by_label("56 people", exact=True).check()
    dialog.get_by_role("button", name="Merge").click()
    expect(page.locator(".cc-column")).to_have_count(3)
    expect(column(page, 1).locator(".cc-claim-card")).to_have_count(3)

    page.get_by_label("Another answer").fill("nobody")
    page.get_by_role("button", name="Add the position").click()
    expect(column(page, 4)).to_contain_text("No claim stands here yet.")
    column(page, 4).get_by_text("Change").click()
    column(page, 4).get_by_role("button", name="Remove").click()
    told(page, "Removed the position “nobody”.")
    assert [re.sub(r"^\d+ ", "", answer) for answer in answers(page)] == [
        "56 people",
        "at least 85 people",
        "dozens of people",
    ]
    assert Position.objects.filter(merged_into__isnull=True).count() == 3


def test_question_is_split_merged_and_dismissed(dispute: Dispute, ana: User, sign_in: SignIn) -> None:
    page = sign_in(ana)
    other = QuestionFactory(wording="How many were killed at Ostwick?", event=dispute.question.event)
    open_screen(page, dispute.question)
    dialog = page.get_by_role("dialog")

    page.get_by_role("link", name="Split …").first.click()
    dialog.get_by_label("dozens of people").check()
    dialog.get_by_label("The new question").fill("How many were feared dead at first?")
    dialog.get_by_label("Reason").fill("Another time.")
    dialog.get_by_role("button", name="Split").click()
    expect(page.locator(".cc-column")).to_have_count(2)
    page.get_by_role("link", name="How many were feared dead at first?").click()
    page.wait_for_selector("#compare[data-ready]")
    expect(page.locator(".cc-column")).to_have_count(1)
    page.get_by_role("link", name="Dismiss …").click()
    dialog.get_by_label("Reason").fill("Nobody doubts it.")
    dialog.get_by_role("button", name="Dismiss").click()
    expect(page.locator("#live-head")).to_contain_text("Dismissed: Nobody doubts it.")
    page.keyboard.press("u")
    expect(page.locator("#live-head")).not_to_contain_text("Dismissed:")

    open_screen(page, dispute.question)
    page.get_by_role("link", name="Merge …").first.click()
    dialog.get_by_label("Into which question").fill(
        page.url.replace(f"/{dispute.question.pk}/", f"/{other.pk}/")
    )
    dialog.get_by_label("Reason").fill("The same question.")
    dialog.get_by_role("button", name="Merge").click()
    page.wait_for_url(f"**{other.get_absolute_url()}")
    expect(page.locator(".messagelist")).to_contain_text(
        "The question is merged; this is the one that stays."
    )
    expect(page.locator(".cc-column")).to_have_count(2)
    page.goto(dispute.question.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text(other.wording)
    expect(page.locator(".messagelist")).to_contain_text("was merged into this question: The same question.")


def test_proposed_question_is_opened_by_its_first_confirmed_claim(ana: User, sign_in: SignIn) -> None:
    dispute = ferry_dispute(state="proposed")
    page = sign_in(ana)
    open_screen(page, dispute.question)

    expect(page.get_by_role("button", name="Open the question")).to_be_visible()
    card(page, dispute, "copy").focus()
    page.keyboard.press("c")

    expect(page.get_by_role("button", name="Open the question")).to_have_count(0)
    expect(page.locator(".cc-question-line")).to_contain_text("Open")
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Open the question")).to_be_visible()
    page.get_by_role("button", name="Open the question").click()
    told(page, "The question is open.")


def test_claims_are_found_and_placed_without_leaving_the_page(
    dispute: Dispute, ana: User, sign_in: SignIn
) -> None:
    report("Night Desk", "A fisherman saw 56 coffins.", speaker="fisherman", number="56")
    page = sign_in(ana)
    open_screen(page, dispute.question)

    page.get_by_label("Words in the claim").fill("coffins")
    page.keyboard.press("Enter")
    told(page, "1 claim found.")
    page.locator("#found .cc-claim-card").focus()
    page.keyboard.press("1")
    told(page, "Placed under 1: 56 people.")
    expect(page.locator("#found .cc-claim-card")).to_have_count(0)
    expect(column(page, 1).locator(".cc-claim-card")).to_have_count(4)
    assert "find=coffins" in page.url
    page.get_by_label("Words in the claim").fill("zeppelin")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("No claim with “zeppelin” is left to place.")


def test_what_somebody_else_did_is_told_and_leaves_focus_and_typed_words_alone(
    dispute: Dispute, ana: User, layla: User, sign_in: SignIn
) -> None:
    operations.take_question(question_id=dispute.question.pk, by=ana, now=timezone.now())
    page = sign_in(ana)
    open_screen(page, dispute.question)
    first = page.get_by_role("group", name="1 56 people").get_by_role("radio", name="Supported")
    first.check()
    page.get_by_label("Rationale").fill("Written for an hour.")
    operations.place_claim(
        claim_id=dispute.claims["copy"].pk, position_id=dispute.positions[1].pk, by=layla, now=NOW
    )

    look_for_news(page)

    told(page, f"layla placed claim {dispute.claims['copy'].pk} under “at least 85 people”.")
    expect(column(page, 2).locator(".cc-claim-card")).to_have_count(3)
    expect(page.get_by_label("Rationale")).to_have_value("Written for an hour.")
    expect(page.get_by_label("Rationale")).to_be_focused()
    expect(first).to_be_checked()
    expect(page.locator("[data-outdated]")).to_be_visible()  # what is judged is another thing now


def test_dialog_keeps_what_was_typed_when_somebody_was_faster(
    dispute: Dispute, ana: User, layla: User, sign_in: SignIn
) -> None:
    page = sign_in(ana)
    open_screen(page, dispute.question)
    card(page, dispute, "wire").focus()
    page.keyboard.press("x")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Another ferry.")
    operations.reword_position(position_id=dispute.positions[2].pk, answer="scores", by=layla, now=NOW)

    dialog.get_by_role("button", name="Take out").click()

    expect(dialog.get_by_role("alert")).to_contain_text("layla reworded “dozens of people” to “scores”")
    expect(dialog.get_by_label("Reason")).to_have_value("Another ferry.")
    dialog.get_by_role("button", name="Take out").click()
    told(page, "No longer under 1")
    assert Placement.objects.get(claim=dispute.claims["wire"]).reason == "Another ferry."


def test_page_is_brought_up_to_date_after_the_back_button(
    dispute: Dispute, ana: User, layla: User, sign_in: SignIn
) -> None:
    page = sign_in(ana)
    open_screen(page, dispute.question)
    page.goto(reverse("admin:reviews_question_changelist"))
    operations.reword_position(position_id=dispute.positions[2].pk, answer="scores", by=layla, now=NOW)

    page.go_back()

    expect(column(page, 3)).to_contain_text("scores")
    card(page, dispute, "copy").focus()
    page.keyboard.press("c")
    told(page, "Confirmed under 1: 56 people.")


def test_server_that_cannot_be_reached_loses_no_step(dispute: Dispute, ana: User, sign_in: SignIn) -> None:
    page = sign_in(ana)
    open_screen(page, dispute.question)
    page.evaluate(CUT_OFF_ONE_STEP)

    card(page, dispute, "copy").get_by_role("button", name="Confirm").click()

    told(page, "The server could not be reached.")
    page.keyboard.press(".")
    told(page, "Confirmed under 1: 56 people.")


def test_every_width_and_scheme_is_accessible_with_names_that_do_not_fit(ana: User, sign_in: SignIn) -> None:
    dispute = ferry_dispute(wording=f"Did the {LONG} say so?", state="proposed")
    arabic = report(LONG, ARABIC, speaker=LONG)
    PlacementFactory(position=dispute.positions[2], claim=arabic, reason=LONG, **SUGGESTED)
    for _ in range(5):
        PositionFactory(question=dispute.question, answer=f"{LONG} {_}")
    found = {}

    for width, scheme in itertools.product((390, 1280, 1920), ("light", "dark")):
        page = sign_in(ana, width=width, scheme=scheme)
        open_screen(page, dispute.question, "?timeline=1")
        card(page, dispute, "wire").focus()
        if width < 1600:
            page.keyboard.press("r")
        expect(page.locator("#pane mark.is-current").first).to_be_visible()
        page.keyboard.press("f")
        found[width, scheme, "page"] = (serious(page), overflows(page))
        card(page, dispute, "wire").focus()
        page.keyboard.press("m")
        expect(page.get_by_role("dialog")).to_be_visible()
        found[width, scheme, "dialog"] = (serious(page), overflows(page))

    assert set(map(repr, found.values())) == {"([], False)"}, found


def test_page_works_without_script(dispute: Dispute, ana: User, sign_in: SignIn) -> None:
    page = sign_in(ana, script=False)
    page.goto(dispute.question.get_absolute_url())

    card(page, dispute, "copy").get_by_role("button", name="Confirm").click()
    expect(page.locator(".messagelist")).to_contain_text("Confirmed under 1: 56 people.")
    card(page, dispute, "guard").get_by_role("link", name="Mark …").click()
    page.get_by_label("Identification").select_option("described")
    page.get_by_role("button", name="Save marks").click()
    expect(page.locator(".messagelist")).to_contain_text("Marked F6.")
    page.get_by_role("heading", name="Timeline").click()
    page.get_by_role("link", name="Show the claims along time").click()
    expect(page.locator("#timeline svg").first).to_be_visible()
