import io

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from config import roles
from config.accounts import create_admin
from config.management.commands.create_admin import Command

pytestmark = pytest.mark.django_db


def test_create_admin_makes_a_superuser_with_every_role() -> None:
    password = create_admin("ada")

    user = User.objects.get(username="ada")
    assert (user.is_staff, user.is_superuser, user.check_password(password or "")) == (True, True, True)
    assert set(user.groups.values_list("name", flat=True)) == set(roles.PERMISSIONS)


def test_create_admin_twice_leaves_the_first_password() -> None:
    password = create_admin("ada")

    again = create_admin("ada")

    assert again is None
    assert User.objects.get(username="ada").check_password(password or "")


def test_passwords_differ_and_are_long() -> None:
    one, other = create_admin("ada"), create_admin("grace")

    assert one != other
    assert one is not None
    assert len(one) == 20


def _printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command(Command(), *arguments, stdout=out)
    return out.getvalue()


def test_create_admin_command_resets_a_password_only_on_request() -> None:
    first = _printed("--username", "ada")

    with pytest.raises(CommandError, match="--reset gives it a new password"):
        _printed("--username", "ada")
    second = _printed("--username", "ada", "--reset")

    assert first.startswith("User ada, password ")
    assert second != first
    assert User.objects.get(username="ada").check_password(second.split()[-1])
    assert not User.objects.get(username="ada").check_password(first.split()[-1])
