"""The box in the header: reached by a key from anywhere, what it finds gone through by arrows."""

import pytest
from django.contrib.auth.models import User

from tests.browser.conftest import SignIn, focused, overflows, serious
from tests.factories import ClaimFactory, QuestionFactory, SpeakerFactory

LONG = "Undersecretary of the Directorate for the Coordination of Inter-Agency-" + "Deconfliction" * 6


@pytest.fixture
def found() -> None:
    QuestionFactory(wording="Who lit the fire at the harbour?", event=LONG)
    for n in range(7):
        ClaimFactory(
            statement=f"The harbour burned {n} hours. {LONG}",
            speaker=SpeakerFactory(name=f"Harbour {LONG} {n}"),
            revision__article__title=f"{LONG} at the harbour <b>{n}</b>",
        )


def test_search_goes_by_keys_alone(found: None, admin: User, sign_in: SignIn) -> None:
    page = sign_in(admin)
    page.goto("/admin/claims/claim/")

    page.keyboard.press("s")
    assert focused(page) == "searchbar"
    page.locator("#content h1").click()
    page.keyboard.press("/")
    assert focused(page) == "search-everything"
    page.keyboard.type("harbour")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/search/?q=harbour")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "search-everything"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/compare/")


def test_search_is_accessible_and_fits(found: None, admin: User, sign_in: SignIn) -> None:
    for width, scheme in ((390, "light"), (1280, "dark"), (1920, "light")):
        page = sign_in(admin, width=width, scheme=scheme)
        for words, hits in (("harbour", 16), ("zeppelin", 0), ("", 0)):
            page.goto(f"/admin/search/?q={words}")

            assert page.locator(".cc-hit").count() == hits
            assert serious(page) == []
            assert not overflows(page), width
        head = page.locator("#header").bounding_box()
        assert head is not None
        assert head["height"] < 130  # the box takes a line of its own at most
