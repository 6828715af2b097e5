from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def sign_in(db: None) -> "Callable[..., Client]":
    """`sign_in("lead")` is the browser of someone of the staff in that role, `sign_in()` of one in none.

    Its `user` is who signed in.
    """
    # Reason for importing here: Django's models cannot be loaded before it is set up.
    from django.test import Client

    from tests.factories import UserFactory

    def browser(*roles: str, is_staff: bool = True) -> Client:
        client = Client()
        client.user = UserFactory(is_staff=is_staff, roles=list(roles))
        client.force_login(client.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser
