"""Somebody with a password."""

import pytest
from django.contrib.auth.models import User

from tests.config.two_factor_cases.browsing import PASSWORD
from tests.factories import UserFactory


@pytest.fixture
def vera() -> User:
    user = UserFactory(username="vera", is_staff=True, roles=["reviewer"])
    user.set_password(PASSWORD)
    user.save()
    return user
