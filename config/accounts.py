"""The first account, for whoever has just started Crossclaim."""

import secrets

from django.contrib.auth.models import Group, User
from django.db import transaction

from config import roles

FIRST_ADMIN = "admin"


@transaction.atomic
def create_admin(username: str = FIRST_ADMIN) -> str | None:
    """Make a superuser with every role; return its password, or None if the name is taken.

    The password is random and only its hash is kept: whoever calls shows it, once.
    """
    user, created = User.objects.get_or_create(
        username=username, defaults={"is_staff": True, "is_superuser": True}
    )
    if not created:
        return None
    user.groups.set(Group.objects.filter(name__in=roles.PERMISSIONS))
    return give_new_password(user)


def give_new_password(user: User) -> str:
    """Replace the user's password by a random one of 20 characters, and return it."""
    password = secrets.token_urlsafe(15)
    user.set_password(password)
    user.save(update_fields=["password"])
    return password
