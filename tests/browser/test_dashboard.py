"""The dashboard: contested questions as tiles with a picture of the balance, at every width."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from reviews.models import Question
from tests.browser.conftest import SignIn, overflows, serious
from tests.factories import (
    JobFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.tallied import recounted

LONG = "Undersecretary of the Directorate for the Coordination of Inter-Agency-" + "Deconfliction" * 6
SUGGESTED = {"state": "suggested", "suggested_by": "matcher 1.0.0", "placed_by": None}


def ask(wording: str, answers: dict[str, int], **given: object) -> Question:
    question = QuestionFactory(wording=wording, **given)
    for answer, count in answers.items():
        position = PositionFactory(question=question, answer=answer)
        for n in range(count):
            PlacementFactory(position=position, **({} if n else SUGGESTED))
    return recounted(question)


@pytest.fixture
def stories() -> list[Question]:
    """Questions of every kind, the most contested first, some under names that do not fit."""
    fire = "Fire at the grain harbour, 3 May 2021"
    return [
        ask("How many people died in the fire at the harbour?", {"56": 4, "at least 85": 3}, event=fire),
        ask(
            "Who lit the fire at the harbour?",
            {"Dockers on strike": 2, "Nobody: a short circuit in the cold store": 5, LONG: 2, "A rival": 1},
            event=fire,
        ),
        ask(f"Where was the {LONG}?", {LONG: 1, "Elsewhere": 2}, event=LONG),
        ask("When did the fire at the harbour begin?", {"At 4 a.m.": 1}, state=Question.State.PROPOSED),
        ask("How many were hurt?", {"12": 2, "30": 2}, is_evolving=True, event=fire),
        ask(f"Why was the {LONG} there?", {}),
        ask("Whom did the police question?", {"Two dockers": 1}, state=Question.State.DECIDED),
    ]


def test_dashboard_is_accessible_and_fits(stories: list[Question], admin: User, sign_in: SignIn) -> None:
    JobFactory(failed=True)
    for width, scheme in ((390, "dark"), (1280, "light"), (1920, "dark")):
        page = sign_in(admin, width=width, scheme=scheme)

        page.goto("/admin/")

        assert page.locator(".cc-tile").count() == 3
        assert serious(page) == []
        assert not overflows(page), width


def test_bars_are_as_long_as_what_stands_behind_the_answers(
    stories: list[Question], admin: User, sign_in: SignIn
) -> None:
    page = sign_in(admin, width=1280)

    page.goto("/admin/")

    tile = page.locator(".cc-tile").filter(has_text="How many people died")
    lengths = tile.locator(".is-origins").evaluate_all(
        """bars => bars.map(bar => {
            const [own, all] = [bar, bar.ownerSVGElement].map(each => each.getBoundingClientRect().width);
            return own / all;
        })"""
    )
    assert [round(length, 2) for length in lengths] == [1, 0.75]


def test_dashboard_leads_from_a_tile_to_its_question_and_to_the_lists(
    stories: list[Question], admin: User, sign_in: SignIn
) -> None:
    page = sign_in(admin, width=1280)

    page.goto("/admin/")
    page.get_by_role("link", name="All contested questions").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(3)
    page.goto("/admin/")
    page.get_by_role("link", name=stories[0].wording).click()
    page.wait_for_url(f"**{stories[0].get_absolute_url()}")


def test_empty_dashboard_is_accessible_and_fits(sign_in: SignIn) -> None:
    page = sign_in(UserFactory(is_staff=True, roles=["reviewer"]), width=390)

    page.goto("/admin/")

    assert page.get_by_text("No answers compete yet.").is_visible()
    assert serious(page) == []
    assert not overflows(page)
