"""A text, a question about it, and somebody who decides."""

import pytest
from django.contrib.auth.models import User

from claims.models import Revision
from reviews.models import Position
from tests.factories import PositionFactory, QuestionFactory, RevisionFactory, UserFactory


@pytest.fixture
def revision() -> Revision:
    return RevisionFactory()


@pytest.fixture
def ann() -> User:
    return UserFactory(username="ann", roles=["reviewer"])


@pytest.fixture
def raqqa() -> Position:
    """The first of two positions of a question."""
    question = QuestionFactory()
    first = PositionFactory(question=question, answer="Near Raqqa")
    PositionFactory(question=question, answer="Near Tabqa")
    return first
