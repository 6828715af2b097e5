"""Every page a person can reach: nothing the Content Security Policy refuses, nothing axe calls serious."""

import itertools

import pytest
from django.contrib import admin as site
from django.contrib.auth.models import User
from django.urls import reverse
from knox.models import AuthToken
from playwright.sync_api import Locator, expect

from reviews.models import Question, SourcingMark
from tests.browser.conftest import SignIn, overflows, serious
from tests.factories import (
    JobFactory,
    OutletFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    SourcingMarkFactory,
    UserFactory,
    VerdictFactory,
)

LONG = "Undersecretary of the Directorate for the Coordination of Inter-Agency-" + "Deconfliction" * 6


@pytest.fixture
def placement() -> object:
    """A question with everything on it, under names that do not fit."""
    question = QuestionFactory(wording=f"Did the {LONG} say so?", event=LONG)
    placement = PlacementFactory(
        position=PositionFactory(question=question, answer=LONG),
        claim__speaker__name=LONG,
        claim__statement=LONG,
    )
    PositionFactory(question=question, answer="No")
    SourcingMarkFactory(claim=placement.claim, status=SourcingMark.Status.RETRACTED, note=LONG)
    return placement


def every_page(placement: object, jobs: list[object]) -> list[str]:
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in site.site._registry
    ]
    question, claim = placement.question, placement.claim
    decided = QuestionFactory(state=Question.State.DECIDED)
    VerdictFactory(question=decided, rationale=LONG)
    return [
        "/admin/",
        *lists,
        *(f"{where}?q=nothing" for where in lists if "claims" in where),
        reverse("admin:claims_article_add"),
        reverse("admin:reviews_question_add"),
        reverse("admin:knox_authtoken_add"),
        reverse("admin:auth_user_change", args=[question.opened_by_id]),
        claim.revision.article.get_absolute_url(),
        claim.get_absolute_url(),
        question.get_absolute_url(),
        f"{question.get_absolute_url()}?do=mark_sourcing&on={claim.pk}",
        f"{question.get_absolute_url()}?find=jet",
        decided.get_absolute_url(),
        reverse("admin:reviews_question_choose", args=[claim.pk]),
        *(job.get_absolute_url() for job in jobs),
        "/admin/password_change/",
        "/api/v1/docs/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_obeys_the_policy(
    placement: object, admin: User, sign_in: SignIn, scheme: str
) -> None:
    OutletFactory(name=LONG)
    jobs = [JobFactory(**{state: True}) for state in ("done", "duplicate", "failed", "quarantined")]
    page = sign_in(admin, scheme=scheme)

    found = {}
    for where in every_page(placement, jobs):
        answer = page.goto(where)
        assert answer is not None
        assert answer.status == 200, where
        found[where] = serious(page)

    assert {where: violations for where, violations in found.items() if violations} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_description_of_the_api_opens_at_what_is_linked(admin: User, sign_in: SignIn, scheme: str) -> None:
    page = sign_in(admin, scheme=scheme)

    page.goto("/api/v1/docs/#claims_list")
    operation = page.locator("details:has(> #claims_list)")
    expect(operation.get_by_role("table")).to_be_visible()
    operation.locator(".api-answers a").first.click()

    expect(page.locator("details > :target")).to_be_visible()
    assert (serious(page), overflows(page)) == ([], False)


@pytest.mark.parametrize("width", [400, 800])
def test_our_own_pages_fit_narrow_windows(
    placement: object, admin: User, sign_in: SignIn, width: int
) -> None:
    page = sign_in(admin, width=width)
    question, claim = placement.question, placement.claim

    wide = []
    for where in (
        "/admin/",
        reverse("admin:claims_article_add"),
        reverse("admin:reviews_question_add"),
        claim.revision.article.get_absolute_url(),
        claim.get_absolute_url(),
        f"{question.get_absolute_url()}?do=mark_sourcing&on={claim.pk}&find=jet",
        JobFactory(failed=True).get_absolute_url(),
    ):
        page.goto(where)
        if overflows(page):
            wide.append(where)

    assert wide == []


@pytest.mark.parametrize("width", [400, 768, 1000, 1024, 1280])
def test_header_leaves_the_window_to_the_page(admin: User, sign_in: SignIn, width: int) -> None:
    page = sign_in(admin, width=width)

    page.goto("/admin/")

    box = page.locator("#header").bounding_box()
    assert box is not None
    assert box["height"] < (160 if width < 768 else 100)


def test_long_hash_of_a_token_is_on_no_page(admin: User, sign_in: SignIn) -> None:
    token, _ = AuthToken.objects.create(admin)
    page = sign_in(admin, width=1000)

    shown = []
    for route, arguments in (
        ("changelist", []),
        ("change", [token.pk]),
        ("delete", [token.pk]),
    ):
        page.goto(reverse(f"admin:knox_authtoken_{route}", args=arguments))
        words = page.locator("#container").inner_text()
        shown.append((token.token_key in words, token.digest[:20] in words, serious(page), overflows(page)))
    page.get_by_role("button", name="Delete it").click()

    assert shown == [(True, False, [], False)] * 3
    assert page.locator(".messagelist").inner_text() == "The API token was deleted."
    assert not AuthToken.objects.exists()


def test_job_list_shows_every_state_whole_on_a_phone(admin: User, sign_in: SignIn) -> None:
    for state in ("done", "duplicate", "failed", "quarantined"):
        JobFactory(**{state: True}, given={"title": LONG})
    JobFactory()
    page = sign_in(admin, width=360)

    page.goto(reverse("admin:claims_job_changelist"))

    badges = page.locator("#result_list .cc-badge")
    edges = [box["x"] + box["width"] for box in map(Locator.bounding_box, badges.all()) if box]
    list_edge = page.locator("#changelist .results").bounding_box()
    assert list_edge is not None
    assert len(edges) == 5
    assert max(edges) <= list_edge["x"] + list_edge["width"]


def test_buttons_of_the_dashboard_have_their_words_in_the_middle(admin: User, sign_in: SignIn) -> None:
    page = sign_in(admin, width=1280)

    page.goto("/admin/")

    above_less_below = page.locator(".cc-first-steps .button").evaluate_all(
        """buttons => buttons.map(button => {
            const box = button.getBoundingClientRect(), range = document.createRange();
            range.selectNodeContents(button);
            const words = range.getBoundingClientRect();
            return Math.abs((words.top - box.top) - (box.bottom - words.bottom));
        })"""
    )
    assert len(above_less_below) == 3
    assert max(above_less_below) <= 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_of_a_missing_address_is_accessible(admin: User, sign_in: SignIn, scheme: str) -> None:
    page = sign_in(admin, scheme=scheme, width=400)

    answer = page.goto("/nowhere/")

    assert answer is not None
    assert answer.status == 404
    assert serious(page) == []
    assert not overflows(page)


def test_sign_in_page_is_accessible(sign_in: SignIn) -> None:
    for scheme in ("light", "dark"):
        page = sign_in(UserFactory(), scheme=scheme)  # not of the staff, so the page asks to sign in
        page.goto("/admin/login/")
        assert serious(page) == []


def test_compare_screen_with_three_hundred_claims_is_usable(admin: User, sign_in: SignIn) -> None:
    question = QuestionFactory()
    for _, position in itertools.product(range(38), [PositionFactory(question=question) for _ in range(8)]):
        PlacementFactory(position=position)
    page = sign_in(admin)

    page.goto(question.get_absolute_url())
    page.keyboard.press("j")

    assert page.locator(".cc-claim-card").count() == 304
    assert not overflows(page)
