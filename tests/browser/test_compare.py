import itertools
import os
import re

from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from claims.models import Claim
from reviews.models import Placement, Question, SourcingMark, Verdict
from tests.browser.conftest import ROOT, SignIn, focused, overflows, serious
from tests.factories import ClaimFactory, PlacementFactory, PositionFactory, QuestionFactory, UserFactory

PICTURE = ROOT / "docs" / "images" / "compare.png"


def compare_url(question: Question, query: str = "") -> str:
    return reverse("admin:reviews_question_compare", args=[question.pk]) + query


def cards(page: Page, position: str) -> list[str]:
    """Who speaks on the cards under a position, from top to bottom."""
    column = page.get_by_role("region", name=re.compile(re.escape(position)))
    return [" ".join(name.split()) for name in column.locator(".cc-speaker").all_inner_texts()]


def test_sample_dispute_is_readable_on_every_screen(samples: None, admin: User, sign_in: SignIn) -> None:
    question = Question.objects.get(wording__startswith="Where was the Su-22")
    confirmed = question.placements.filter(state=Placement.State.CONFIRMED).count()
    found = {}

    for width, scheme in itertools.product((400, 1000, 1800), ("light", "dark")):
        page = sign_in(admin, width=width, scheme=scheme)
        page.goto(compare_url(question))
        expect(page.get_by_role("heading", level=1)).to_have_text(question.wording)
        expect(page.locator(".cc-claim-card")).to_have_count(confirmed)
        found[width, scheme] = (serious(page), overflows(page))
        if (width, scheme) == (1800, "light") and os.environ.get("TAKE_PICTURES"):
            page.set_viewport_size({"width": 1400, "height": 900})
            page.screenshot(path=PICTURE)

    assert confirmed >= 6
    assert set(map(repr, found.values())) == {"([], False)"}, found
    answers = [answer.split(maxsplit=1)[1] for answer in page.locator(".cc-column h2").all_inner_texts()]
    assert answers == list(question.positions.values_list("answer", flat=True))


def test_question_is_opened_filled_marked_and_decided(sign_in: SignIn) -> None:
    """The whole of a reviewer's way, as a reviewer takes it."""
    reviewer = UserFactory(username="ana", is_staff=True, roles=["reviewer"])
    near = ClaimFactory(statement="The jet bombed near the SDF.", speaker__name="US military")
    far = ClaimFactory(statement="The jet was 40 km from the SDF.", speaker__name="Russian ministry")
    page = sign_in(reviewer)

    page.goto(reverse("admin:reviews_question_add"))
    page.get_by_label("Question").fill("Where was the jet relative to the SDF?")
    page.get_by_label("Asks for").select_option("where")
    page.get_by_label("Positions").fill("Near the SDF\n\n 40 km away ")
    page.get_by_role("button", name="Open the question").click()
    for claim, key in ((near, "1"), (far, "2")):
        page.get_by_label("Words in the claim").fill("jet SDF")
        page.get_by_role("button", name="Find", exact=True).click()
        page.locator(f"#claim-{claim.pk}").focus()
        page.keyboard.press(key)
        expect(page.get_by_text("The claim is placed.")).to_be_visible()

    assert cards(page, "Near the SDF") == ["US military"]
    assert cards(page, "40 km away") == ["Russian ministry"]

    page.locator(f"#claim-{near.pk}").focus()
    page.keyboard.press("m")
    page.get_by_label("Identification").select_option("organisation")
    page.get_by_label("Reliability of the speaker").select_option("B")
    page.get_by_label("Note").fill("Spokesman on the record.")
    page.get_by_role("button", name="Save marks").click()

    assert cards(page, "Near the SDF") == ["US military B6"]
    assert SourcingMark.objects.get(claim=near).marked_by == reviewer

    page.get_by_label("1. Near the SDF").select_option("supported")
    page.get_by_label("2. 40 km away").select_option("refuted")
    page.get_by_label("The question as a whole").select_option("supported")
    page.get_by_label("Rationale").fill("Geolocated video of the impact.")
    page.get_by_role("button", name="Record the verdict").click()

    expect(page.get_by_text("The verdict is recorded.")).to_be_visible()
    verdict = Verdict.objects.get()
    assert (verdict.decided_by, verdict.rationale) == (reviewer, "Geolocated video of the impact.")
    expect(page.get_by_role("button", name="Find", exact=True)).to_have_count(0)


def test_step_on_a_page_grown_old_is_refused_and_keeps_what_was_typed(sign_in: SignIn) -> None:
    reviewer = UserFactory(is_staff=True, roles=["reviewer"])
    placement = PlacementFactory()
    page, other = sign_in(reviewer), sign_in(reviewer)
    for each in (page, other):
        each.goto(compare_url(placement.question))
    other.get_by_label("Another answer").fill("Somewhere else")
    other.get_by_role("button", name="Add the position").click()

    page.get_by_label(re.compile("^1. ")).select_option("supported")
    page.get_by_label("The question as a whole").select_option("supported")
    page.get_by_label("Rationale").fill("Written for an hour.")
    page.get_by_role("button", name="Record the verdict").click()

    expect(page.get_by_role("alert")).to_contain_text("Somebody changed this question")
    expect(page.get_by_label("Rationale")).to_have_value("Written for an hour.")
    assert not Verdict.objects.exists()
    page.get_by_label(re.compile("^2. ")).select_option("refuted")
    page.get_by_role("button", name="Record the verdict").click()
    expect(page.get_by_text("The verdict is recorded.")).to_be_visible()


def test_keys_walk_the_cards_and_reach_the_verdict(sign_in: SignIn) -> None:
    reviewer = UserFactory(is_staff=True, roles=["reviewer"])
    question = QuestionFactory()
    claims = [PlacementFactory(position=PositionFactory(question=question)).claim for _ in range(3)]
    page = sign_in(reviewer)
    page.goto(compare_url(question))

    walked = []
    for key in ("j", "j", "j", "j", "k", "v"):
        page.keyboard.press(key)
        walked.append(focused(page))

    one, two, three = (f"claim-{claim.pk}" for claim in claims)
    assert walked == [one, two, three, one, three, "verdict"]


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
    assert page.locator("#content-main form, #content form").count() == 0


def test_hostile_words_are_shown_and_not_run(sign_in: SignIn) -> None:
    attack = '<script>document.title="run"</script><img src=x onerror="document.title=1">\u202egnp.exe'
    claim: Claim = ClaimFactory(statement=attack, speaker__name=attack)
    question = QuestionFactory(wording=f"{attack}?", event=attack)
    PlacementFactory(position=PositionFactory(question=question, answer=attack), claim=claim)
    page = sign_in(UserFactory(is_staff=True, roles=["lead"]))

    page.goto(compare_url(question, f"?mark={claim.pk}"))

    assert "run" not in page.title().replace(attack, "")
    assert page.locator("img[src=x]").count() == 0
    expect(page.locator(".cc-column h2")).to_contain_text('<script>document.title="run"</script>')
