"""The screens of review in windows of every width: accessible, and with room for what stands there."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from reviews import operations
from tests.browser.conftest import SignIn, overflows, serious
from tests.browser.disputes import Dispute
from tests.browser.review.acting import LONG, ready, submit, take
from tests.factories import PlacementFactory, PositionFactory, QuestionFactory
from tests.reviews.rows import judged


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
