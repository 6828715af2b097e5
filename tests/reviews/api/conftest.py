"""A question with two answers, and people with tokens."""

import pytest
from rest_framework.test import APIClient

from reviews.models import Question
from tests.factories import PositionFactory, QuestionFactory
from tests.reviews.api.steps import Api


@pytest.fixture
def question(db: None) -> Question:
    question = QuestionFactory()
    PositionFactory.create_batch(2, question=question)
    return question


@pytest.fixture
def ann(api: Api) -> APIClient:
    return api("reviewer")


@pytest.fixture
def ben(api: Api) -> APIClient:
    return api("reviewer")


@pytest.fixture
def lead(api: Api) -> APIClient:
    return api("lead")
