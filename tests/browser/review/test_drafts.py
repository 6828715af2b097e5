"""What was typed in a review survives reloads, other tabs and the end of the browser."""

import re
from dataclasses import replace
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Frame, Page, Request, expect

from reviews import operations
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.models import AssessmentDraft
from tests.browser.conftest import SignIn
from tests.browser.disputes import Dispute
from tests.browser.review.acting import choose, press, ready, submit, take
from tests.factories import EvidenceFileFactory
from tests.reviews.rows import judged


def test_draft_survives_the_end_of_the_browser(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    take(dispute.question, reviewers[0])
    page = sign_in(reviewers[0])
    page.goto(dispute.question.get_absolute_url())
    ready(page)
    choose(page, "1 56 people", "Supported")
    page.get_by_label("Rationale").fill("Two offices counted the same.")
    page.get_by_role("textbox", name="Link").fill("https://archive.example/list")
    with page.expect_response("**/draft/"):
        page.get_by_label("Rationale").focus()
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"saved \d\d:\d\d"))
    page.context.close()

    again = sign_in(reviewers[0])
    again.goto(dispute.question.get_absolute_url())

    expect(
        again.get_by_role("group", name="1 56 people").get_by_role("radio", name="Supported")
    ).to_be_checked()
    expect(again.get_by_label("Rationale")).to_have_value("Two offices counted the same.")
    expect(again.get_by_role("textbox", name="Link").first).to_have_value("https://archive.example/list")


def draft_of(reviewer: User) -> AssessmentContent:
    return AssessmentContent.from_json(AssessmentDraft.objects.get(assignment__reviewer=reviewer).content)


def test_second_tab_is_told_that_the_first_one_saved(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    take(dispute.question, reviewers[0])
    first, second = sign_in(reviewers[0]), sign_in(reviewers[0])
    for page in (first, second):
        page.goto(dispute.question.get_absolute_url())
        ready(page)
    first.get_by_label("Rationale").fill("Written first.")
    expect(first.locator("[data-saved]")).to_have_text(re.compile("saved"))

    second.get_by_label("Rationale").fill("Written second.")
    second.get_by_role("button", name="Keep what is here").click()

    expect(second.locator("[data-saved]")).to_have_text(re.compile(r"^saved"))
    assert draft_of(reviewers[0]).rationale == "Written second."


@pytest.mark.parametrize("is_adjudicated", [False, True])
def test_reload_while_typing_loses_nothing_and_accuses_no_other_tab(
    dispute: Dispute, reviewers: list[User], lead: User, sign_in: SignIn, is_adjudicated: bool
) -> None:
    """The page's last save arrives when the next page was shown already: here it is held back until then."""
    if is_adjudicated:
        for reviewer, judgement in zip(reviewers, ("supported", "refuted"), strict=True):
            submit(dispute.question, reviewer, judged(dispute.question, judgement))
    else:
        take(dispute.question, reviewers[0])
    page = sign_in(lead if is_adjudicated else reviewers[0])
    page.goto(dispute.question.get_absolute_url())
    ready(page)
    held, is_again = list[Request](), list[Frame]()
    page.on("framenavigated", lambda frame: is_again.append(frame))
    page.route("**/*draft/", lambda route: route.continue_() if is_again else held.append(route.request))

    page.get_by_role("group", name="1 56 people").get_by_role("radio", name="Supported").check()
    page.get_by_label("Rationale").fill("Counted by two offices.")
    page.reload()
    ready(page)

    expect(page.get_by_label("Rationale")).to_have_value("Counted by two offices.")
    group = page.get_by_role("group", name="1 56 people")
    expect(group.get_by_role("radio", name="Supported")).to_be_checked()
    page.get_by_label("Rationale").press_sequentially(" And a third.")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"saved \d\d:\d\d"))
    for late in held:
        send_late(page, late)
    page.get_by_label("Rationale").press_sequentially(" And a fourth.")
    with page.expect_response("**/*draft/") as answer:
        page.get_by_label("Rationale").blur()
    assert answer.value.status == HTTPStatus.OK
    expect(page.locator("#assess [data-problem]")).to_be_hidden()


def test_what_was_typed_before_a_reload_is_offered_beside_what_another_tab_saved(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    take(dispute.question, reviewers[0])
    page = sign_in(reviewers[0])
    page.goto(dispute.question.get_absolute_url())
    ready(page)
    is_again = list[Frame]()
    page.on("framenavigated", lambda frame: is_again.append(frame))
    page.route("**/draft/", lambda route: route.continue_() if is_again else None)
    page.get_by_label("Rationale").fill("Typed here.")
    operations.save_draft(
        question_id=dispute.question.pk,
        content=AssessmentContent(rationale="Saved elsewhere."),
        by=reviewers[0],
        now=timezone.now(),
    )

    page.reload()

    expect(page.get_by_label("Rationale")).to_have_value("Saved elsewhere.")
    page.get_by_role("button", name="Put back what I typed here").click()
    expect(page.get_by_label("Rationale")).to_have_value("Typed here.")
    assert draft_of(reviewers[0]).rationale == "Typed here."


def send_late(page: Page, late: Request) -> None:
    told = {name: late.headers[name] for name in ("content-type", "x-csrftoken", "accept")}
    page.request.post(late.url, headers=told | {"Referer": page.url}, data=late.post_data_buffer or b"")


def test_adjudication_survives_a_reload_with_a_file_that_an_assessment_cites(
    dispute: Dispute, reviewers: list[User], lead: User, sign_in: SignIn
) -> None:
    file = EvidenceFileFactory(uploaded_by=reviewers[0], name="list.txt")
    cited = (EvidenceItem(file_sha256=file.sha256),)
    submit(dispute.question, reviewers[0], replace(judged(dispute.question, "supported"), evidence=cited))
    submit(dispute.question, reviewers[1], judged(dispute.question, "refuted"))
    page = sign_in(lead)
    page.goto(dispute.question.get_absolute_url())
    ready(page)
    with page.expect_response("**/adjudication-draft/"):
        page.get_by_role("button", name="Cite list.txt").click()
    page.get_by_label("As of").fill("2024-05-04 09:00")
    with page.expect_response("**/adjudication-draft/"):
        page.get_by_label("Rationale").focus()
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"saved \d\d:\d\d"))

    page.reload()
    ready(page)

    expect(page.get_by_label("As of")).to_have_value("2024-05-04 09:00")
    expect(page.locator("#evidence").get_by_role("link", name="list.txt")).to_be_visible()
    press(page, "a 1 2 2 1")
    page.keyboard.type("The list.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#told-text")).to_contain_text("The question is decided")
    assert dispute.question.verdicts.get().evidence.get().file == file
