"""The pages of a review as people use them."""

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reviews import operations
from reviews.basis import basis_of
from reviews.models import AssessmentDraft, Assignment, Question
from tests.factories import UserFactory
from tests.reviews.rows import judged

QUEUE = "question_queue"


def url(name: str, *args: object) -> str:
    return reverse(f"admin:reviews_{name}", args=args)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def person(role: str, **known: Any) -> User:
    return UserFactory(is_staff=True, roles=[role], **known)


def typed(question: Question, judgement: str = "supported", **more: Any) -> dict[str, Any]:
    """The form of an assessment, filled in by who saw the question as it is and means what they say."""
    positions = list(question.positions.standing())
    each = {f"judgement_{position.pk}": judgement for position in positions}
    sure = {f"confidence_{position.pk}": "high" for position in positions}
    whole = {"judgement": judgement, "confidence": "high", "rationale": "Two offices counted."}
    whole |= {"contradiction_seen": "on"}
    seen = {"seen_basis": basis_of(question), "position": [position.pk for position in positions]}
    return seen | each | sure | whole | more


def evidence(**row: str) -> dict[str, list[str]]:
    names = ("claim", "url", "file", "note", "for")
    return {f"evidence_{name}": [row.get(name, "")] for name in names}


def take(question: Question, by: User) -> Assignment:
    return operations.take_question(question_id=question.pk, by=by, now=timezone.now())


def submit(question: Question, by: User, judgement: str = "supported") -> AssessmentDraft:
    take(question, by)
    content = judged(question, judgement)
    return operations.submit_assessment(question_id=question.pk, content=content, by=by, now=timezone.now())


def compare_page(question: Question, by: User) -> str:
    return browser(by).get(url("question_compare", question.pk)).content.decode()
