"""Who reviews, and what: two reviewers, a lead, and a dispute over a toll."""

import pytest
from django.contrib.auth.models import User

from tests.browser.disputes import Dispute, ferry_dispute
from tests.factories import UserFactory


@pytest.fixture
def dispute() -> Dispute:
    return ferry_dispute()


@pytest.fixture
def reviewers() -> list[User]:
    return [UserFactory(username=name, is_staff=True, roles=["reviewer"]) for name in ("ana", "ben")]


@pytest.fixture
def lead() -> User:
    return UserFactory(username="lea", is_staff=True, roles=["lead"])
