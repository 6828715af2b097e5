import itertools
import os
import re

from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from claims.models import Claim
from reviews.models import Placement, Question, SourcingMark, Verdict
from tests.browser.conftest import ROOT, SignIn, overflows, serious
from tests.factories import ClaimFactory, PlacementFactory, PositionFactory, QuestionFactory, UserFactory

PICTURES = ROOT / "docs" / "images"


def compare_url(question: Question, query: str = "") -> str:
    return reverse("admin:reviews_question_compare", args=[question.pk]) + query


def cards(page: Page, position: str) -> list[str]:
    """Who speaks on the cards under a position, from top to bottom."""
    column = page.get_by_role("region", name=re.compile(re.escape(position)))
    return [" ".join(name.split()) for name in column.locator(".cc-speaker").all_inner_texts()]


def test_sample_dispute_is_readable_on_every_screen(samples: None, admin: User, sign_in: SignIn) -> None:
    question = Question.objects.get(
        state=Question.State.OPEN, event__startswith="Explosion in Beirut", wording__contains="killed"
    )
    shown = question.placements.filter(state__in=(Placement.State.CONFIRMED, Placement.State.SUGGESTED))
    found = {}

    for width, scheme in itertools.product((400, 1000, 1700), ("light", "dark")):
        page = sign_in(admin, width=width, scheme=scheme)
        page.goto(compare_url(question))
        expect(page.get_by_role("heading", level=1)).to_have_text(question.wording)
        expect(page.locator("#live-columns .cc-claim-card")).to_have_count(shown.count())
        found[width, scheme] = (serious(page), overflows(page))
        if width == 1700 and os.environ.get("TAKE_PICTURES"):
            take_picture(page, scheme)

    assert shown.count() >= 6
    assert set(map(repr, found.values())) == {"([], False)"}, found
    answers = [" ".join(text.split()).split(maxsplit=1)[1] for text in heads(page)]
    assert answers == list(question.positions.standing().values_list("answer", flat=True))
    assert "one origin" not in page.locator(".cc-counts").inner_text()
    expect(page.locator("#live-columns")).to_contain_text("same origin as")  # wire copies count once


def heads(page: Page) -> list[str]:
    return page.locator(".cc-column h2").all_inner_texts()


def take_picture(page: Page, scheme: str) -> None:
    """With the first claim chosen, its article beside the columns."""
    page.wait_for_selector("#compare[data-ready]")
    page.keyboard.press("j")
    expect(page.locator("#pane mark.is-current").first).to_be_visible()
    page.screenshot(path=PICTURES / ("compare.png" if scheme == "light" else "compare-dark.png"))


def test_question_is_opened_filled_marked_and_decided(sign_in: SignIn) -> None:
    """The whole way of a question: one reviewer opens it, two others decide it."""
    reviewer = UserFactory(username="ana", is_staff=True, roles=["reviewer"])
    near = ClaimFactory(statement="The jet bombed near the SDF.", speaker__name="US military")
    far = ClaimFactory(statement="The jet was 40 km from the SDF.", speaker__name="Russian ministry")
    page = sign_in(reviewer)

    page.goto(reverse("admin:reviews_question_add"))
    page.get_by_role("textbox", name="Question").fill("Where was the jet relative to the SDF?")
    page.get_by_label("Asks for").select_option("where")
    page.get_by_label("Positions").fill("Near the SDF\n\n 40 km away ")
    page.get_by_role("button", name="Open the question").click()
    for claim, key in ((near, "1"), (far, "2")):
        page.get_by_label("Words in the claim").fill("jet SDF")
        page.get_by_role("button", name="Find", exact=True).click()
        page.locator(f"#claim-{claim.pk}").focus()
        page.keyboard.press(key)
        expect(page.locator("#told-text")).to_contain_text(f"Placed under {key}: ")

    assert cards(page, "Near the SDF") == ["US military ✓ confirmed"]
    assert cards(page, "40 km away") == ["Russian ministry ✓ confirmed"]

    page.locator(f"#claim-{near.pk}").focus()
    page.keyboard.press("m")
    page.get_by_label("Identification").select_option("organisation")
    page.get_by_label("Reliability of the speaker").select_option("B")
    page.get_by_label("Why not F").fill("Its counts were borne out before.")
    page.get_by_label("Note").fill("Spokesman on the record.")
    page.get_by_role("button", name="Save marks").click()

    expect(page.locator("#told-text")).to_have_text("Marked B6.")
    assert cards(page, "Near the SDF") == ["US military ✓ confirmed B6"]
    assert SourcingMark.objects.get(claim=near).marked_by == reviewer

    for person in UserFactory.create_batch(2, is_staff=True, roles=["reviewer"]):
        assess(sign_in(person), Question.objects.get())
    verdict = Verdict.objects.get()
    assert (verdict.manner, verdict.judgement) == (Verdict.Manner.AGREED, "supported")
    page.reload()
    expect(page.locator("#verdict")).to_contain_text("Geolocated video of the impact.")
    expect(page.get_by_role("button", name="Find", exact=True)).to_have_count(0)


def assess(page: Page, question: Question) -> None:
    """The first answer is right, the second one is not."""
    page.goto(compare_url(question))
    page.get_by_role("button", name="Assess this question").click()
    for group, judgement in (("1 Near", "Supported"), ("2 40 km", "Refuted"), ("whole", "Supported")):
        fields = page.get_by_role("group", name=group)
        fields.get_by_role("radio", name=judgement).check()
        fields.get_by_role("radio", name="high").check()
    page.get_by_label("Rationale").fill("Geolocated video of the impact.")
    page.get_by_role("button", name="Submit and seal").click()
    expect(page.locator("#told-text")).to_contain_text("Your assessment is submitted")


def test_question_mark_shows_the_keys(sign_in: SignIn) -> None:
    page = sign_in(UserFactory(is_staff=True, roles=["viewer"]))
    page.goto(compare_url(PlacementFactory().question))

    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Mark the sourcing of this claim")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_viewer_sees_the_dispute_and_no_step(sign_in: SignIn) -> None:
    placement = PlacementFactory()
    page = sign_in(UserFactory(is_staff=True, roles=["viewer"]))

    page.goto(compare_url(placement.question))

    expect(page.locator(".cc-claim-card")).to_have_count(1)
    assert page.locator("#content form:visible, #content button[type=submit]").count() == 0


def test_hostile_words_are_shown_and_not_run(sign_in: SignIn) -> None:
    attack = '<script>document.title="run"</script><img src=x onerror="document.title=1">\u202egnp.exe'
    claim: Claim = ClaimFactory(statement=attack, speaker__name=attack)
    question = QuestionFactory(wording=f"{attack}?", event=attack)
    PlacementFactory(position=PositionFactory(question=question, answer=attack), claim=claim)
    page = sign_in(UserFactory(is_staff=True, roles=["lead"]))

    page.goto(compare_url(question, f"?do=mark_sourcing&on={claim.pk}"))

    assert "run" not in page.title().replace(attack, "")
    assert page.locator("img[src=x]").count() == 0
    expect(page.locator(".cc-column h2")).to_contain_text('<script>document.title="run"</script>')
