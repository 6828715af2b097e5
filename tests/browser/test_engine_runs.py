"""What a newer engine changed, as people see it: beside the article, on its own page, and while comparing."""

import itertools

from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from claims.engine_runs import store_run
from claims.engines import Extraction
from claims.models import Claim, Job, Revision
from reviews.models import Question
from tests.browser.conftest import SignIn, focused, overflows, serious
from tests.engines import FakeEngine, found
from tests.factories import (
    NOW,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    RevisionFactory,
    SourcingMarkFactory,
    UserFactory,
)

TEXT = (
    "The coalition said on Sunday that it had shot down a jet near Resafa after it bombed fighters. "
    "The ministry in the capital denied that the jet had come close to any of the fighters.\n\n"
    "“We saw two parachutes over the river,” a farmer told reporters. The pilot is missing since Sunday."
)
SHOT, DENIED, SAW, MISSING = (
    found(words, text=TEXT, speaker=speaker)
    for words, speaker in (
        ("it had shot down a jet near Resafa", "The coalition"),
        ("the jet had come close to any of the fighters", "The ministry"),
        ("We saw two parachutes over the river", "a farmer"),
        ("The pilot is missing", ""),
    )
)
REWORDED = found(
    "it had shot down a jet near Resafa after it bombed fighters",
    text=TEXT,
    says="The coalition had shot down a jet near Resafa on Sunday.",
    speaker="The coalition",
)
OTHER_SPEAKER = found("We saw two parachutes over the river", text=TEXT, speaker="A farmer by the river")


def read_twice() -> tuple[Revision, Question]:
    """A text that two engines read, and a question with a claim that was reworded and one dropped."""
    revision = RevisionFactory(text=TEXT, title="A jet is down")
    question = QuestionFactory(wording="Who shot down the jet near Resafa?", slot="who")
    position = PositionFactory(question=question, answer="The coalition")
    PositionFactory(question=question, answer="Nobody")
    runs = []
    for version, claims in (
        ("0.4.1", [SHOT, DENIED, SAW, MISSING]),
        ("0.5.0", [REWORDED, OTHER_SPEAKER, MISSING, found("a farmer told reporters", text=TEXT)]),
    ):
        extraction = Extraction(claims, made_by=FakeEngine(claims, version).identity)
        runs.append(store_run(revision, extraction, requested_by=UserFactory(username=version), now=NOW))
        if version == "0.4.1":
            ann = UserFactory(username="ann")
            for claim in (SHOT, DENIED):
                stored = runs[0].claims.get(statement=claim.statement)
                PlacementFactory(position=position, claim=stored, placed_by=ann)
                SourcingMarkFactory(claim=stored, marked_by=ann, reliability="B", credibility="2")
    return revision, question


def runs_page(revision: Revision) -> str:
    return reverse("admin:claims_article_engine_runs", args=[revision.article_id])


def test_what_an_engine_changed_is_readable_on_every_screen(admin: User, sign_in: SignIn) -> None:
    revision, question = read_twice()
    old = Claim.objects.get(statement=SHOT.statement)
    found_wrong = {}

    for width, scheme in itertools.product((400, 1000, 1800), ("light", "dark")):
        page = sign_in(admin, width=width, scheme=scheme)
        for where in (
            runs_page(revision),
            revision.article.get_absolute_url(),
            question.get_absolute_url(),
            old.get_absolute_url(),
        ):
            page.goto(where)
            found_wrong[where, width, scheme] = (serious(page), overflows(page))

    assert {where: wrong for where, wrong in found_wrong.items() if wrong != ([], False)} == {}


def test_keyboard_leads_from_the_article_to_what_changed_and_on_to_a_claim(
    admin: User, sign_in: SignIn
) -> None:
    revision, _ = read_twice()
    page = sign_in(admin)
    page.goto(revision.article.get_absolute_url())

    press_until(page, "Tab", text="Engine fake 0.4.1 → 0.5.0: 1 kept, 2 reworded, 1 dropped, 1 added")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Engine fake 0.4.1 → 0.5.0")).to_be_visible()
    press_until(page, "Tab", text="1 kept: the same words by the same speaker")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="The pilot is missing.").first).to_be_visible()
    expect(page.locator("del", has_text="a farmer")).to_be_visible()


def press_until(page: Page, key: str, *, text: str) -> None:
    """Press a key until what has the focus says that."""
    for _ in range(80):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.innerText").strip() == text:
            return
    raise AssertionError(f"{key} does not lead to “{text}”; the focus is on {focused(page)!r}.")


def test_reviewer_confirms_the_new_words_of_a_claim_that_was_placed(sign_in: SignIn) -> None:
    _, question = read_twice()
    page = sign_in(UserFactory(is_staff=True, roles=["reviewer"]))
    page.goto(question.get_absolute_url())
    badge = page.locator(".cc-badge", has_text="suggested")
    waiting = page.locator(".cc-claim-card", has=badge)
    expect(waiting).to_contain_text("ann placed here what an earlier engine read as")
    expect(waiting).to_contain_text("it was marked B2 by ann")
    expect(page.locator(".cc-claim-card", has_text="The newer engine does not find it.")).to_be_visible()

    waiting.get_by_role("button", name="Confirm").click()

    expect(page.locator("#told-text")).to_contain_text("Confirmed under")
    placed = question.placements.filter(state="confirmed").order_by("pk")
    assert list(placed.values_list("claim__statement", flat=True)) == [DENIED.statement, REWORDED.statement]
    expect(page.locator(".cc-claim-card")).to_have_count(2)


def test_button_has_the_engine_run_again_and_shows_the_job(sign_in: SignIn) -> None:
    revision, _ = read_twice()
    page = sign_in(UserFactory(is_staff=True, roles=["lead"]))
    page.goto(revision.article.get_absolute_url())

    page.get_by_role("button", name="Run the engine again").click()

    expect(page.get_by_role("list", name="Stages")).to_contain_text("Waiting for a worker")
    assert page.url.endswith(Job.objects.get().get_absolute_url())
