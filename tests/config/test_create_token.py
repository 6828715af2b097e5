from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def create_token(*arguments: str) -> str:
    printed = StringIO()
    call_command("create_token", *arguments, stdout=printed, stderr=StringIO())
    return printed.getvalue().strip()


def test_create_token_prints_one_that_opens_the_api_and_keeps_its_hash(client: APIClient) -> None:
    user = UserFactory(roles=["viewer"])

    token = create_token(user.username, "--days", "7")

    stored = AuthToken.objects.get()
    assert (token.startswith("cct_"), token in (stored.digest, stored.token_key)) == (True, False)
    assert stored.user == user
    assert abs(stored.expiry - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    assert client.get("/api/v1/claims/", headers={"authorization": f"Token {token}"}).status_code == 200


def test_create_token_is_good_for_90_days_unless_told() -> None:
    create_token(UserFactory().username)

    assert abs(AuthToken.objects.get().expiry - timezone.now() - timedelta(days=90)) < timedelta(minutes=1)


@pytest.mark.parametrize("days", ["0", "-1", "3651", "99999999999999"])
def test_create_token_refuses_days_out_of_range(days: str) -> None:
    with pytest.raises(CommandError, match="Give from 1 to 3650 days"):
        create_token(UserFactory().username, f"--days={days}")


def test_create_token_refuses_a_user_who_is_not_there_or_not_active() -> None:
    with pytest.raises(CommandError, match="There is no user “ann”"):
        create_token("ann")
    with pytest.raises(CommandError, match="is deactivated"):
        create_token(UserFactory(is_active=False).username)
    assert not AuthToken.objects.exists()
