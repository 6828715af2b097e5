"""What reviewers do in a browser, and in another one meanwhile."""

from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page

from reviews import operations
from reviews.assessing import AssessmentContent
from reviews.models import Question

LONG = "Undersecretary of the Directorate for the Coordination of Inter-Agency-" + "Deconfliction" * 6


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
