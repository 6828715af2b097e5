import pytest
from django.contrib.auth.models import User

from reviews.models import Question
from tests.factories import PositionFactory, QuestionFactory, UserFactory


@pytest.fixture
def reviewer(db: None) -> User:
    return UserFactory(username="reviewer", roles=["reviewer"])


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(username="lead", roles=["lead"])


@pytest.fixture
def question(db: None) -> Question:
    """A question with the positions 1 and 2 and no claim."""
    question = QuestionFactory()
    PositionFactory(question=question, answer="Near Raqqa")
    PositionFactory(question=question, answer="Near Tabqa")
    return question
