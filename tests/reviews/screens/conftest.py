"""A question with two answers, two reviewers and a lead."""

import pytest
from django.contrib.auth.models import User

from reviews.models import Question
from tests.factories import PlacementFactory, PositionFactory, QuestionFactory
from tests.reviews.screens.acting import person


@pytest.fixture
def question() -> Question:
    question = QuestionFactory()
    for answer in ("56", "85"):
        PlacementFactory(position=PositionFactory(question=question, answer=answer))
    return question


@pytest.fixture
def ana() -> User:
    return person("reviewer", username="ana")


@pytest.fixture
def ben() -> User:
    return person("reviewer", username="ben")


@pytest.fixture
def lea() -> User:
    return person("lead", username="lea")
