"""Reviewing in a browser: by keyboard alone, blind to each other, and without losing what one typed."""

import re
from dataclasses import replace
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Frame, Page, Request, expect

from reviews import operations
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.models import AssessmentDraft, Question, Verdict
from tests.browser.conftest import SignIn, overflows, serious
from tests.browser.disputes import Dispute, ferry_dispute
from tests.factories import (
    EvidenceFileFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.rows import judged

LONG = "Undersecretary of the Directorate for the Coordination of Inter-Agency-" + "Deconfliction" * 6


@pytest.fixture
def dispute() -> Dispute:
    return ferry_dispute()


@pytest.fixture
def reviewers() -> list[User]:
    return [UserFactory(username=name, is_staff=True, roles=["reviewer"]) for name in ("ana", "ben")]


@pytest.fixture
def lead() -> User:
    return UserFactory(username="lea", is_staff=True, roles=["lead"])


def ready(page: Page) -> None:
    page.locator("#compare[data-ready]").wait_for()


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def take(question: Question, by: User) -> None:
    operations.take_question(question_id=question.pk, by=by, now=timezone.now())


def submit(question: Question, by: User, content: AssessmentContent) -> None:
    take(question, by)
    operations.submit_assessment(question_id=question.pk, content=content, by=by, now=timezone.now())


def choose(page: Page, position: str, judgement: str, confidence: str = "moderate") -> None:
    group = page.get_by_role("group", name=position)
    group.get_by_role("radio", name=judgement).check()
    group.get_by_role("radio", name=confidence).check()


def test_next_in_queue_to_submitted_assessment_by_keyboard_alone(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    page = sign_in(reviewers[0])
    page.goto(reverse("admin:reviews_question_queue"))

    page.keyboard.press("n")
    ready(page)
    expect(page.get_by_role("radio", name="Supported").first).to_be_focused()
    press(page, "Escape j e a 1 3 2 2 3 1 1 3")
    page.keyboard.type("The harbour office counted them.")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Your assessment is sealed")).to_be_visible()
    expect(page.get_by_role("button", name="Take the next question")).to_be_focused()
    draft = AssessmentDraft.objects.get()
    content = AssessmentContent.from_json(draft.content)
    said = [(each.judgement, each.confidence) for each in content.positions.values()]
    assert said == [("supported", "high"), ("refuted", "moderate"), ("not_enough_evidence", "low")]
    assert (content.judgement, content.confidence) == ("supported", "high")
    assert content.rationale == "The harbour office counted them."
    assert content.evidence == (EvidenceItem(claim_id=dispute.claims["wire"].pk),)
    expect(page.locator("#assessing")).to_contain_text(f"sha256:{draft.digest}")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Nothing waits for you now")


def test_next_question_takes_digits_at_once_and_tells_every_key(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    page = sign_in(reviewers[0])
    page.goto(reverse("admin:reviews_question_queue"))
    page.keyboard.press("n")
    ready(page)
    expect(page.get_by_role("radio", name="Supported").first).to_be_focused()

    press(page, "1 3 2")

    first, second = (page.get_by_role("group", name=name) for name in ("1 56 people", "2 at least 85 people"))
    expect(first.get_by_role("radio", name="Supported")).to_be_checked()
    expect(first.get_by_role("radio", name="high")).to_be_checked()
    expect(second.get_by_role("radio", name="Refuted")).to_be_checked()
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name="Keyboard").locator("dl > div")
    keys = {"".join(each.locator("kbd").all_inner_texts()) for each in told.all()}
    assert keys >= {"jk", "hl", "19", *"cxaenmourftvdN.?", "14", "CtrlEnter", "Esc"}


def test_choices_of_an_adjudication_stand_right_of_what_was_said(
    dispute: Dispute, reviewers: list[User], lead: User, sign_in: SignIn
) -> None:
    for reviewer, judgement in zip(reviewers, ("supported", "refuted"), strict=True):
        submit(dispute.question, reviewer, judged(dispute.question, judgement))
    page = sign_in(lead, width=1280)

    page.goto(dispute.question.get_absolute_url())

    groups = page.locator("#assess [data-judged]")
    expect(groups).to_have_count(4)
    edges = groups.evaluate_all(
        """groups => groups.map(group => [
            group.querySelector(".cc-others").getBoundingClientRect().right,
            group.querySelector(".cc-choices").getBoundingClientRect().left,
        ])"""
    )
    assert [said for said, chosen in edges if said > chosen] == []


FADES = """columns => ["--cc-before", "--cc-after"].map(
    name => Math.round(parseFloat(getComputedStyle(columns).getPropertyValue(name)) / 32)
)"""


def test_columns_that_do_not_fit_fade_out_where_there_is_more(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    for number in range(4, 8):
        PositionFactory(question=dispute.question, number=number, answer=f"{number} people")
    page = sign_in(reviewers[0], width=1280)

    page.goto(dispute.question.get_absolute_url())
    ready(page)
    columns = page.locator("#live-columns")
    at_start = columns.evaluate(FADES)
    columns.evaluate("columns => columns.scrollTo({ left: 1e6, behavior: 'instant' })")

    assert at_start == [0, 1]
    page.wait_for_function(f"({FADES})(document.getElementById('live-columns')).join() === '1,0'")


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


def test_two_browsers_see_nothing_of_each_other_until_both_have_submitted(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    ana, ben = reviewers
    take(dispute.question, ana)
    take(dispute.question, ben)
    hers, his = sign_in(ana), sign_in(ben)
    his.goto(dispute.question.get_absolute_url())
    ready(his)
    before = shown(his)
    hers.goto(dispute.question.get_absolute_url())
    ready(hers)
    press(hers, "a 1 3 2 2 2 2 1 3")
    hers.keyboard.type("What only Ana writes.")
    hers.keyboard.press("Control+Enter")
    expect(hers.get_by_role("heading", name="Your assessment is sealed")).to_be_visible()

    his.reload()
    ready(his)

    assert shown(his) == before
    press(his, "a 1 3 2 2 2 2 1 3")
    his.keyboard.type("What only Ben writes.")
    his.keyboard.press("Control+Enter")
    verdict = his.locator("#verdict")
    expect(verdict).to_contain_text("What only Ana writes.")
    expect(verdict.locator("thead")).to_have_text("AnswerVerdictben youana")
    assert dispute.question.verdicts.get().manner == Verdict.Manner.AGREED


def shown(page: Page) -> str:
    """What a person can see of the page, but for what each visit has of its own."""
    return page.locator("#compare").inner_text()


def test_question_that_changed_meanwhile_is_to_be_looked_at_again(
    dispute: Dispute, reviewers: list[User], sign_in: SignIn
) -> None:
    ana, ben = reviewers
    take(dispute.question, ana)
    page = sign_in(ana)
    page.goto(dispute.question.get_absolute_url())
    ready(page)
    press(page, "a 1 3 2 2 2 2 1 3")
    page.keyboard.type("Before the change.")
    suggested = dispute.question.placements.filter(state="suggested").first()
    operations.confirm_placements(placement_ids=[suggested.pk], by=ben, now=timezone.now())

    page.keyboard.press("Control+Enter")

    expect(page.locator("[data-outdated]")).to_be_visible()
    expect(page.get_by_label("Rationale")).to_have_value("Before the change.")
    page.get_by_role("button", name="I have looked again").click()
    expect(page.get_by_role("button", name=re.compile("Submit and seal"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your assessment is sealed")).to_be_visible()
    another = dispute.question.placements.filter(state="suggested").first()
    operations.confirm_placements(placement_ids=[another.pk], by=ben, now=timezone.now())
    page.reload()
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_label("Rationale")).to_have_value("Before the change.")


def test_own_step_needs_no_second_look(dispute: Dispute, reviewers: list[User], sign_in: SignIn) -> None:
    take(dispute.question, reviewers[0])
    page = sign_in(reviewers[0])
    page.goto(dispute.question.get_absolute_url())
    ready(page)
    press(page, "a 1 3 2 2 2 2 1 3")
    page.keyboard.type("I confirmed one myself.")
    press(page, "Escape j j c")
    expect(page.locator("#told-text")).to_contain_text("Confirmed")

    press(page, "a")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Your assessment is sealed")).to_be_visible()


def test_adjudication_shows_the_sealed_assessments_without_names(
    dispute: Dispute, reviewers: list[User], lead: User, sign_in: SignIn
) -> None:
    for reviewer, judgement in zip(reviewers, ("supported", "refuted"), strict=True):
        submit(dispute.question, reviewer, judged(dispute.question, judgement))
    page = sign_in(lead)
    page.goto(reverse("admin:reviews_question_queue"))
    page.get_by_role("link", name=dispute.question.wording).first.click()
    ready(page)

    expect(page.locator("#discussion")).to_contain_text("only its author sees")
    panel = page.locator("#assessing")
    expect(panel.get_by_role("heading", name="Assessment A")).to_be_visible()
    expect(panel).not_to_contain_text("ana")
    assert panel.locator(".is-differing").count() == 4
    press(page, "a 1 2 2 1")
    page.keyboard.type("The later lists agree.")
    page.get_by_label("As of").fill("2024-05-04 09:00")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#told-text")).to_contain_text("The question is decided")
    expect(page.locator("#verdict thead")).to_have_text("AnswerVerdictanaben")
    expect(page.locator("#discussion")).not_to_contain_text("only its author sees")
    verdict = dispute.question.verdicts.get()
    assert (verdict.decided_by, verdict.rationale, f"{verdict.as_of:%Y-%m-%d %H:%M}") == (
        lead,
        "The later lists agree.",
        "2024-05-04 09:00",
    )


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


def test_queue_on_a_phone_has_every_column_and_the_bulk_box_in_sight(
    dispute: Dispute, reviewers: list[User], lead: User, sign_in: SignIn
) -> None:
    take(dispute.question, reviewers[0])
    page = sign_in(lead, width=400)

    page.goto(reverse("admin:reviews_question_queue"))

    shown = page.locator(".cc-queue-rows tbody :is(th, td), .cc-many :is(select, input, button)")
    edges = shown.evaluate_all("all => all.map(each => each.getBoundingClientRect().right)")
    assert len(edges) == 10
    assert [edge for edge in edges if edge > 400] == []


@pytest.mark.parametrize(("width", "scheme"), [(400, "light"), (1000, "dark"), (1700, "light")])
def test_screens_of_review_are_accessible_and_fit(
    dispute: Dispute, reviewers: list[User], lead: User, sign_in: SignIn, width: int, scheme: str
) -> None:
    """With eight answers and names that do not fit; in review, in adjudication, and decided."""
    crowded = QuestionFactory(wording=f"Did the {LONG} say so?", event=LONG)
    for answer in (LONG, *map(str, range(7))):
        PlacementFactory(position=PositionFactory(question=crowded, answer=answer))
    for reviewer in reviewers:
        take(crowded, reviewer)
    for reviewer, judgement in zip(reviewers, ("supported", "refuted"), strict=True):
        submit(dispute.question, reviewer, judged(dispute.question, judgement))
    page, found = sign_in(reviewers[0], width=width, scheme=scheme), {}

    def look(page: Page, where: str) -> None:
        page.goto(where)
        found[where, page] = (serious(page), overflows(page))

    look(page, crowded.get_absolute_url())
    look(page, reverse("admin:reviews_question_queue"))
    theirs = sign_in(lead, width=width, scheme=scheme)
    look(theirs, dispute.question.get_absolute_url())
    look(theirs, reverse("admin:reviews_question_queue"))
    operations.adjudicate_question(
        question_id=dispute.question.pk, content=judged(dispute.question), by=lead, now=timezone.now()
    )
    look(page, dispute.question.get_absolute_url())

    assert [problem for problem in found.values() if problem != ([], False)] == []


CRAMPED = """() => {
  const form = document.getElementById("assess");
  const apart = (one, other) => one.right <= other.left || other.right <= one.left ||
    one.bottom <= other.top || other.bottom <= one.top;
  const bad = [];
  for (const group of form.querySelectorAll("[data-judged]")) {
    const outer = group.getBoundingClientRect();
    const boxes = [...group.querySelectorAll("legend, .cc-others, .cc-choices label")].map((element) => ({
      said: element.textContent.trim(), isChoice: element.matches(".cc-choices:not(.is-confidence) label"),
      box: element.getBoundingClientRect(), isCut: element.scrollWidth > element.clientWidth + 1,
    }));
    for (const [at, { said, isChoice, box, isCut }] of boxes.entries()) {
      if (isCut || (isChoice && box.width < 100)) bad.push(`${said} is ${box.width} wide`);
      if (box.left < outer.left || box.right > outer.right + 1) bad.push(`${said} stands out`);
      for (const other of boxes.slice(at + 1)) {
        if (!apart(box, other.box)) bad.push(`${said} on ${other.said}`);
      }
    }
  }
  return bad;
}"""


def cramped(page: Page) -> dict[int, list[str]]:
    """By width of the window, the choices of the form that have no room; widths without any are left out."""
    found = {}
    for width in (400, 1000, 1280, 1700):
        page.set_viewport_size({"width": width, "height": 900})
        found[width] = page.evaluate(CRAMPED)
    return {width: bad for width, bad in found.items() if bad}


def test_choices_have_room_in_windows_of_every_width(
    dispute: Dispute, reviewers: list[User], lead: User, sign_in: SignIn
) -> None:
    PositionFactory(question=dispute.question, answer=LONG)
    for reviewer in reviewers:
        take(dispute.question, reviewer)
    page, theirs = sign_in(reviewers[0]), sign_in(lead)
    page.goto(dispute.question.get_absolute_url())
    ready(page)
    assessing = cramped(page)

    for reviewer, judgement in zip(reviewers, ("supported", "refuted"), strict=True):
        operations.submit_assessment(
            question_id=dispute.question.pk,
            content=judged(dispute.question, judgement),
            by=reviewer,
            now=timezone.now(),
        )
    theirs.goto(dispute.question.get_absolute_url())
    ready(theirs)

    assert (assessing, cramped(theirs)) == ({}, {})
