"""From a pasted text to a decided question, with a real worker behind."""

import re

from django.urls import reverse
from playwright.sync_api import Page, expect

from claims.models import Job
from reviews.models import Question
from tests.browser.conftest import SignIn
from tests.factories import UserFactory
from tests.processes import RealWorker

PASTE = """
Menu Home World Sport Sign in Subscribe
12 Mar, 2024 09:15

Dam gates opened early, engineers say

Dam gates opened early, engineers say

Engineers at the Orlo dam said on Tuesday that the gates were opened two hours before the flood wave arrived.

The regional water authority denied that the gates were opened early. According to the authority, the wave
reached the dam at noon.

“We heard the siren at six in the morning,” the mayor of Orlo, Petra Lind, told reporters.

Podcasts
0:00
27:33
"""


def test_paste_becomes_claims_and_a_decided_question(
    celery_worker_process: RealWorker, sign_in: SignIn
) -> None:
    reviewer = UserFactory(username="ana", is_staff=True, roles=["reviewer"])
    page = sign_in(reviewer)

    page.goto(reverse("admin:claims_article_add"))
    page.get_by_label("Paste the text").fill(PASTE)
    page.get_by_label("Outlet").fill("Orlo Courier")
    page.get_by_role("button", name="Find its claims").click()
    page.get_by_role("link", name=re.compile(r"\d+ claims")).click(timeout=90_000)

    expect(page.get_by_role("heading", level=1)).to_have_text("Dam gates opened early, engineers say")
    text = page.locator(".cc-text p").first.inner_text()
    assert text.startswith("Engineers at the Orlo dam")
    expect(page.locator(".cc-text")).not_to_contain_text("Podcasts")
    job = Job.objects.get()
    assert (job.state, job.attempts, f"{job.revision.published_at:%Y-%m-%d %H:%M}") == (
        "done",
        1,
        "2024-03-12 09:15",
    )

    card = page.locator(".cc-claims article", has_text="gates were opened two hours before").first
    card.get_by_role("link", name="Place under a question").click()
    page.get_by_role("link", name="Open a new question with it").click()
    page.get_by_role("textbox", name="Question").fill("When were the gates opened?")
    page.get_by_label("Asks for").select_option("when")
    page.get_by_label("Positions").fill("Two hours before the wave\nNot early")
    page.get_by_role("button", name="Open the question").click()
    page.get_by_role("button", name=re.compile("Two hours before")).click()
    expect(page.get_by_role("region", name=re.compile("Two hours before"))).to_contain_text("Engineers")
    question = Question.objects.get(wording="When were the gates opened?")
    for other in UserFactory.create_batch(2, is_staff=True, roles=["reviewer"]):  # not who opened it
        assess(sign_in(other))

    page.reload()
    expect(page.locator("#verdict")).to_contain_text("Only the parties themselves have spoken.")
    question.refresh_from_db()
    assert question.state == Question.State.DECIDED


def assess(page: Page) -> None:
    page.goto(reverse("admin:reviews_question_queue"))
    page.get_by_role("button", name="Take the next question").click()
    for group in ("1 Two hours before the wave", "2 Not early", "The question as a whole"):
        fields = page.get_by_role("group", name=group)
        fields.get_by_role("radio", name="Not enough evidence").check()
        fields.get_by_role("radio", name="moderate").check()
    page.get_by_label("Rationale").fill("Only the parties themselves have spoken.")
    page.get_by_role("button", name="Submit and seal").click()
    expect(page.locator("#told-text")).to_contain_text("Your assessment is submitted")


def test_failed_job_says_why_and_is_tried_again(celery_worker_process: RealWorker, sign_in: SignIn) -> None:
    manager = UserFactory(is_staff=True, roles=["ingest manager"])
    page = sign_in(manager)
    page.goto(reverse("admin:claims_article_add"))
    page.get_by_label("… or upload a file").set_input_files(
        # Passes the door, which only scans; no article is left once the furniture is gone.
        {"name": "page.html", "mimeType": "text/html", "buffer": MENU_ONLY}
    )
    page.get_by_role("button", name="Find its claims").click()

    page.get_by_role("button", name="Try it again").click(timeout=90_000)

    expect(page.get_by_role("button", name="Try it again")).to_be_visible(timeout=90_000)
    job = Job.objects.get()
    assert (job.state, job.reason_code, job.retried_by) == ("failed", "no_text", manager)


MENU_ONLY = b"""<!doctype html><title>Menu</title><body><nav>
<p>Sign up to our newsletter today.</p><a href="/">Home</a> <a href="/w">World</a></nav></body>"""
