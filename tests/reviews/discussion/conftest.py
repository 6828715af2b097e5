"""A question with two answers, and people to talk about it."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.models import Comment, Question
from tests.factories import PositionFactory, QuestionFactory, UserFactory
from tests.reviews.discussion.talking import LATER, Write


@pytest.fixture
def question() -> Question:
    question = QuestionFactory()
    PositionFactory.create_batch(2, question=question)
    return question


@pytest.fixture
def ann() -> User:
    return UserFactory(username="ann", roles=["reviewer"], is_staff=True)


@pytest.fixture
def bob() -> User:
    return UserFactory(username="bob", roles=["reviewer"], is_staff=True)


@pytest.fixture
def lead() -> User:
    return UserFactory(username="lena.lead", roles=["lead"], is_staff=True)


@pytest.fixture
def write(question: Question) -> Write:
    moments = (LATER + timedelta(milliseconds=number) for number in count())

    def write(by: User, text: str = "Which map is meant?", **more: Any) -> Comment:
        given = {"now": next(moments), **more}
        return operations.write_comment(question_id=question.pk, text=text, by=by, **given)

    return write
