from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import UserFactory


@pytest.fixture
def sign_in(db: None) -> Callable[..., Client]:
    """`sign_in("lead")` is the browser of someone of the staff in that role, `sign_in()` of one in none.

    Its `user` is who signed in.
    """

    def browser(*roles: str, is_staff: bool = True) -> Client:
        client = Client()
        client.user = UserFactory(is_staff=is_staff, roles=list(roles))
        client.force_login(client.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser
