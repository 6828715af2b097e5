"""Every key of the compare screen, in one sitting of a reviewer."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from reviews import operations
from reviews.models import Change, OriginClaim, Placement, SourcingMark
from tests.browser.conftest import SignIn, focused
from tests.browser.disputes import Dispute, ferry_dispute
from tests.factories import NOW, UserFactory

State = Placement.State


@pytest.fixture
def dispute(transactional_db: None) -> Dispute:
    return ferry_dispute()


@pytest.fixture
def ana() -> User:
    return UserFactory(username="ana", is_staff=True, roles=["reviewer"])


def open_screen(page: Page, dispute: Dispute, query: str = "") -> None:
    page.goto(dispute.question.get_absolute_url() + query)
    page.wait_for_selector("#compare[data-ready]")


def card_id(dispute: Dispute, name: str) -> str:
    return f"claim-{dispute.claims[name].pk}"


def go_to(page: Page, dispute: Dispute, name: str) -> None:
    page.locator(f"#{card_id(dispute, name)}").focus()


def told(page: Page, words: str) -> None:
    expect(page.locator("#told-text")).to_contain_text(words)


def standing(dispute: Dispute, name: str) -> list[tuple[str, str]]:
    rows = Placement.objects.filter(claim=dispute.claims[name]).order_by("pk")
    return [(row.position.answer, row.state) for row in rows.select_related("position")]


def test_keys_walk_cards_and_columns(dispute: Dispute, ana: User, sign_in: SignIn) -> None:
    page = sign_in(ana)
    open_screen(page, dispute)

    walked = []
    for key in ("j", "j", "k", "k", "j", "l", "ArrowRight", "h", "v"):
        page.keyboard.press(key)
        walked.append(focused(page))

    names = ("wire", "copy", "wire", "early", "wire", "union", "early", "union")
    assert walked == [*(card_id(dispute, name) for name in names), "verdict"]


def test_claims_are_confirmed_rejected_moved_and_undone_by_key(
    dispute: Dispute, ana: User, sign_in: SignIn
) -> None:
    page = sign_in(ana)
    open_screen(page, dispute)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))

    go_to(page, dispute, "copy")
    page.keyboard.press("c")
    told(page, "Confirmed under 1: 56 people. Undo: u")
    assert standing(dispute, "copy") == [("56 people", State.CONFIRMED)]
    assert focused(page) == card_id(dispute, "copy")
    expect(page.locator(f"#{card_id(dispute, 'copy')} .cc-state")).to_have_text("✓ confirmed")

    go_to(page, dispute, "guard")
    page.keyboard.press("x")
    told(page, "No longer under 1: 56 people")
    assert standing(dispute, "guard") == [("56 people", State.REJECTED)]
    assert focused(page) == card_id(dispute, "copy")  # the last one left in that column

    page.keyboard.press("u")
    told(page, "Taken back")
    assert standing(dispute, "guard") == [("56 people", State.SUGGESTED)]

    go_to(page, dispute, "hospital")
    page.keyboard.press("1")
    told(page, "Placed under 1: 56 people. Undo: u")
    assert standing(dispute, "hospital") == [
        ("at least 85 people", State.REJECTED),
        ("56 people", State.CONFIRMED),
    ]
    assert focused(page) == card_id(dispute, "union")
    expect(page.locator(".cc-column").first.locator(".cc-claim-card")).to_have_count(4)

    go_to(page, dispute, "early")
    page.keyboard.press("n")
    told(page, "Not about this question")
    assert Placement.objects.get(claim=dispute.claims["early"]).is_off_topic
    expect(page.locator(".cc-column").nth(2)).to_contain_text("No claim stands here yet.")

    page.keyboard.press("u")
    told(page, "Taken back: said claim")
    page.keyboard.press("u")
    told(page, "Taken back: placed claim")
    assert standing(dispute, "early") == [("dozens of people", State.SUGGESTED)]
    assert standing(dispute, "hospital") == [("at least 85 people", State.SUGGESTED)]
    assert loads == []  # the page was never loaded anew


def test_keys_pressed_fast_are_taken_one_after_the_other(
    dispute: Dispute, ana: User, sign_in: SignIn
) -> None:
    page = sign_in(ana)
    open_screen(page, dispute)

    for name in ("copy", "guard", "hospital"):
        go_to(page, dispute, name)
        page.keyboard.press("c")

    expect(page.locator(".cc-claim-card.is-confirmed")).to_have_count(5)
    assert Change.objects.filter(made_by=ana).count() == 3


def test_mark_and_origin_are_set_in_dialogs(dispute: Dispute, ana: User, sign_in: SignIn) -> None:
    page = sign_in(ana)
    open_screen(page, dispute)

    go_to(page, dispute, "guard")
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="Mark the sourcing")
    dialog.get_by_label("Identification").select_option("described")
    dialog.get_by_label("Reliability of the speaker").select_option("C")
    dialog.get_by_role("button", name="Save marks").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Say why it is C here.")
    dialog.get_by_label("Why not F").fill("Its counts were borne out before.")
    dialog.get_by_role("button", name="Save marks").click()
    told(page, "Marked C6.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert SourcingMark.objects.get(claim=dispute.claims["guard"]).marked_by == ana
    assert focused(page) == card_id(dispute, "guard")

    page.keyboard.press("o")
    dialog = page.get_by_role("dialog", name="Where the report comes from")
    dialog.get_by_label("Harbour Wire").check()
    dialog.get_by_role("button", name="Set the origin").click()
    expect(dialog).to_be_visible()  # the browser asks for the reason
    dialog.get_by_label("Reason").fill("The officer read it from the wire.")
    dialog.get_by_role("button", name="Set the origin").click()
    told(page, "The origin is set.")
    assert OriginClaim.objects.get(claim=dispute.claims["guard"]).set_by == ana
    expect(page.locator(".cc-column").first).to_contain_text("3 claims, 3 outlets, 1 origin")
    expect(page.locator(f"#{card_id(dispute, 'guard')}")).to_contain_text("same origin as 2 others")

    go_to(page, dispute, "wire")
    page.keyboard.press("x")
    dialog = page.get_by_role("dialog", name="Take the claim out")
    dialog.get_by_label("Reason").fill("Another ferry.")
    dialog.get_by_role("button", name="Take out").click()
    told(page, "No longer under 1")
    assert Placement.objects.get(claim=dispute.claims["wire"]).reason == "Another ferry."


def test_pane_filters_timeline_and_help_open_and_close_by_key(
    dispute: Dispute, ana: User, sign_in: SignIn
) -> None:
    page = sign_in(ana)
    open_screen(page, dispute)
    pane = page.get_by_role("complementary", name="Article")

    expect(pane).to_be_hidden()
    page.keyboard.press("r")
    expect(pane).to_contain_text("Choose a claim")
    go_to(page, dispute, "union")
    expect(pane.locator("mark.is-current").first).to_be_in_viewport()
    assert "".join(pane.locator("mark.is-current").all_inner_texts()) == dispute.claims["union"].content
    expect(pane).to_contain_text("Northern Ledger")
    page.keyboard.press("r")
    expect(pane).to_be_hidden()
    page.keyboard.press("r")
    expect(pane.locator("mark.is-current").first).to_be_visible()

    page.keyboard.press("f")
    page.get_by_label("Outlet").select_option(label="Ostwick Courier (2)")
    expect(page.locator("#filter-said")).to_have_text("2 of 6 claims shown, 4 hidden")
    assert "only-outlet=Ostwick+Courier" in page.url
    expect(page.locator(".cc-claim-card:visible")).to_have_count(2)
    page.reload()
    expect(page.locator("#filter-said")).to_have_text("2 of 6 claims shown, 4 hidden")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".cc-claim-card:visible")).to_have_count(6)
    assert "only-" not in page.url

    page.locator("body").press("t")
    assert focused(page) == "timeline-title"
    page.get_by_role(
        "link", name=re.compile("ferry workers' union, Northern Ledger, 4 May 2024")
    ).first.focus()
    page.keyboard.press("Enter")
    assert focused(page) == card_id(dispute, "union")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Not about this question")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_viewer_may_look_and_is_told_that_keys_do_nothing(dispute: Dispute, sign_in: SignIn) -> None:
    page = sign_in(UserFactory(is_staff=True, roles=["viewer"]))
    open_screen(page, dispute)

    for key in ("c", "x", "n", "m", "o", "1", "u"):
        go_to(page, dispute, "guard")
        page.keyboard.press(key)

    told(page, "There is no step of yours")
    assert page.locator("#content button[type=submit], #content [data-dialog]").count() == 0
    assert not Change.objects.exists()


def test_step_against_a_newer_version_waits_says_who_was_faster_and_is_repeated_by_one_key(
    dispute: Dispute, ana: User, sign_in: SignIn
) -> None:
    layla = UserFactory(username="layla", is_staff=True, roles=["reviewer"])
    page = sign_in(ana)
    open_screen(page, dispute)
    operations.place_claim(
        claim_id=dispute.claims["guard"].pk, position_id=dispute.positions[1].pk, by=layla, now=NOW
    )

    go_to(page, dispute, "hospital")
    page.keyboard.press("c")

    told(
        page, f"layla placed claim {dispute.claims['guard'].pk} under “at least 85 people”. Your step waits."
    )
    assert standing(dispute, "hospital") == [("at least 85 people", State.SUGGESTED)]
    expect(page.locator(".cc-column").nth(1).locator(".cc-claim-card")).to_have_count(3)
    assert focused(page) == card_id(dispute, "hospital")

    page.keyboard.press(".")
    told(page, "Confirmed under 2: at least 85 people.")
    assert standing(dispute, "hospital") == [("at least 85 people", State.CONFIRMED)]
