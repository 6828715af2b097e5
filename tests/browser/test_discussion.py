"""Discussing a question and reading one's notices, by keyboard, at every width, also when there is a lot."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from reviews import operations
from reviews.models import Comment, Notification, Question
from tests.browser.conftest import SignIn, focused, overflows, serious
from tests.factories import (
    NOW,
    CommentFactory,
    NotificationFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)

LONG = "Deconfliction" * 12
HOSTILE = f"<script>alert(1)</script> \u202egnp.exe https://a.example/{LONG}?a=1&b=2 & {LONG}"


@pytest.fixture
def question(db: None) -> Question:
    question = QuestionFactory(wording="How many people died at the ferry landing?")
    PositionFactory(question=question, answer="56")
    return question


@pytest.fixture
def ann() -> User:
    return UserFactory(username="ann", is_staff=True, roles=["reviewer"])


@pytest.fixture
def bob() -> User:
    return UserFactory(username="bob", first_name="Robert", is_staff=True, roles=["reviewer"])


def open_discussion(page: Page, question: Question) -> None:
    page.goto(question.get_absolute_url())
    expect(page.locator("#discussion")).to_be_visible()
    page.wait_for_load_state("networkidle")


def test_discussion_by_keyboard_alone(question: Question, ann: User, bob: User, sign_in: SignIn) -> None:
    CommentFactory(question=question, written_by=bob, text="Which list is meant?")
    page = sign_in(ann)
    open_discussion(page, question)

    page.keyboard.press("d")
    assert focused(page) == "comment-text"
    page.keyboard.type("The hospital's, @rob")
    expect(page.get_by_role("option", name="bob Robert")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#comment-text")).to_have_value("The hospital's, @bob ")
    page.keyboard.type("has it.")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".cc-comment-text")).to_have_text(
        ["Which list is meant?", "The hospital's, @bob has it."]
    )
    expect(page.locator(".cc-mention")).to_have_text("@bob")
    expect(page.locator("#discussion-said")).to_have_text("Your comment stands.")
    assert focused(page) == "comment-text"
    assert list(Notification.objects.values_list("person__username", "kind")) == [("bob", "mentioned")]


def test_answer_and_withdrawal(question: Question, ann: User, bob: User, sign_in: SignIn) -> None:
    first = CommentFactory(question=question, written_by=bob, text="Which list is meant?")
    page = sign_in(ann)
    open_discussion(page, question)

    page.get_by_role("link", name="Answer bob").click()
    expect(page.locator("[data-answered]")).to_contain_text("In answer to bob")
    page.locator("#comment-text").fill("The hospital's.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".cc-comment")).to_have_count(2)
    answer = Comment.objects.get(reply_to=first)
    page.locator(f"#comment-{answer.pk}").get_by_role("button", name="Withdraw").click()

    expect(page.locator(f"#comment-{answer.pk}")).to_contain_text("Withdrawn by its author")
    expect(page.locator("#discussion-said")).to_have_text("Withdrawn.")


def test_discussion_works_without_a_script(question: Question, ann: User, bob: User, sign_in: SignIn) -> None:
    CommentFactory(question=question, written_by=bob, text="Which list is meant?")
    page = sign_in(ann, script=False)
    page.goto(question.get_absolute_url())

    page.get_by_role("link", name="Answer bob").click()
    page.locator("#comment-text").fill("The hospital's.")
    page.get_by_role("button", name="Comment", exact=True).click()

    expect(page.locator(".cc-comment").last).to_contain_text("In answer to bob: Which list is meant?")
    assert page.url.endswith(Comment.objects.get(written_by=ann).get_absolute_url())


def test_comment_written_blind_says_so_and_is_not_shown_to_the_other(
    question: Question, ann: User, bob: User, sign_in: SignIn
) -> None:
    for reviewer in (ann, bob):
        operations.take_question(question_id=question.pk, by=reviewer, now=NOW)
    page = sign_in(ann)
    open_discussion(page, question)
    page.locator("#comment-text").fill("I would say 56.")
    page.locator("#comment-text").press("Control+Enter")
    expect(page.locator(".cc-comment")).to_contain_text("only you see this until the decision")

    other = sign_in(bob)
    open_discussion(other, question)

    expect(other.locator(".cc-comment")).to_have_count(0)
    assert "I would say 56." not in other.content()


def test_refused_comment_stays_typed(question: Question, ann: User, sign_in: SignIn) -> None:
    page = sign_in(ann)
    open_discussion(page, question)
    ann.groups.clear()

    page.locator("#comment-text").fill("Too late")
    page.locator("#comment-text").press("Control+Enter")

    expect(page.locator("#discussion-said")).to_have_class("cc-told-here is-bad")
    expect(page.locator("#comment-text")).to_have_value("Too late")
    assert not Comment.objects.exists()


def test_hundred_comments_are_accessible_and_fit(question: Question, ann: User, sign_in: SignIn) -> None:
    authors = [ann, UserFactory(username=LONG[:150]), UserFactory(username="cy")]
    first = None
    for number in range(100):
        first = CommentFactory(
            question=question,
            written_by=authors[number % 3],
            written_at=NOW + timedelta(minutes=number),
            text=HOSTILE if number % 10 == 9 else f"Remark {number}.\nIt has a second line.",
            reply_to=first if number % 4 == 3 else None,
            withdrawn_at=NOW if number % 7 == 6 else None,
        )
    for width, scheme in ((400, "light"), (1280, "dark")):
        page = sign_in(ann, width=width, scheme=scheme)
        open_discussion(page, question)

        assert page.locator(".cc-comment").count() == 20
        assert serious(page) == []
        assert not overflows(page), width
    page.get_by_role("link", name="Earlier comments").click()
    expect(page.locator(".cc-comment").first).to_contain_text("Remark 60.")
    assert focused(page) == "discussion-title"
    page.get_by_role("link", name="Newest comments").click()
    expect(page.locator(".cc-comment").last).to_contain_text("gnp.exe")


def test_inbox_is_accessible_fits_and_is_read(ann: User, question: Question, sign_in: SignIn) -> None:
    comment = CommentFactory(question=question, text=HOSTILE)
    for number in range(40):
        about = {"comment": comment, "kind": "mentioned"} if number % 3 == 0 else {}
        NotificationFactory(
            person=ann,
            question=question,
            text=f"{number} {LONG[:150]} mentioned you on “{question}”",
            at=NOW + timedelta(minutes=number),
            **about,
        )
    for width, scheme, address in ((400, "light", ""), (1280, "dark", ""), (400, "dark", "settings/")):
        page = sign_in(ann, width=width, scheme=scheme)
        page.goto(f"/admin/reviews/notification/{address}")

        assert serious(page) == []
        assert not overflows(page), width

    page.goto("/admin/")
    expect(page.locator(".cc-inbox")).to_contain_text("20+")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.get_by_role("button", name="Mark as read").first.click()
    expect(page.locator(".is-unread")).to_have_count(29)
    page.get_by_role("button", name="Mark these and all older as read").click()
    expect(page.locator(".is-unread")).to_have_count(0)
    expect(page.locator(".cc-unread")).to_have_count(0)


def test_following_a_notice_marks_it_read(ann: User, question: Question, sign_in: SignIn) -> None:
    notice = NotificationFactory(person=ann, question=question, text="Look here")
    page = sign_in(ann)
    page.goto("/admin/reviews/notification/")
    page.wait_for_load_state("networkidle")

    with page.expect_request("**/notification/read/"):
        page.get_by_role("link", name="Look here").click()
    page.wait_for_url(f"**{question.get_absolute_url()}")

    expect(page.locator(".cc-unread")).to_have_count(0)
    notice.refresh_from_db()
    assert notice.read_at is not None
