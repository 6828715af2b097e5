"""The steps of a discussion as a test takes them, and what people get to see of it."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client

from reviews import discussion, notices, operations
from reviews.models import Comment, Judgement, Question
from tests.factories import NOW
from tests.reviews.rows import judged

LATER = NOW + timedelta(hours=1)
Write = Callable[..., Comment]


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def seen(question: Question, person: User) -> list[str]:
    return [comment.text for comment in discussion.visible_comments(question, person)]


def told(person: User) -> list[tuple[str, str]]:
    return [(notice.kind, notice.text) for notice in notices.inbox(person)]


def begin_review(question: Question, *reviewers: User) -> None:
    for reviewer in reviewers:
        operations.take_question(question_id=question.pk, by=reviewer, now=NOW)
    question.refresh_from_db()


def submit(question: Question, by: User, judgement: str = Judgement.SUPPORTED) -> None:
    content = judged(question, judgement)
    operations.submit_assessment(question_id=question.pk, content=content, by=by, now=LATER)
    question.refresh_from_db()
