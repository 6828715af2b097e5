"""Accounts as operations: the first one, and what ends with somebody's access."""

import secrets
from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import transaction
from knox.models import AuthToken

from config import roles
from reviews import audit, operations, policies
from reviews.engine_user import engine_user
from reviews.models import Assignment

Ending = Assignment.Ending
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


@transaction.atomic
def end_access(user: User, *, by: User, now: datetime) -> None:
    """End the sessions and tokens of somebody who was deactivated, and give back what they were to assess.

    Neither opens anything from their deactivation on; gone, they do not open it again should the account
    be active once more.
    """
    audit.because(by=by, action="end_access", reason=f"{user} was deactivated")
    AuthToken.objects.filter(user=user).delete()
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
    operations.return_assignments(
        person=user, ending=Ending.NO_ACCOUNT, reason="The account was deactivated.", by=by, now=now
    )


def return_what_they_may_not_hold(user: User, *, by: User, now: datetime) -> None:
    """Give back the assignments of somebody who has no role for them any more."""
    fresh = User.objects.get(pk=user.pk)  # whose permissions were not asked for before the change
    if not policies.allows(policies.check_may_assess, fresh):
        operations.return_assignments(
            person=fresh, ending=Ending.NO_ROLE, reason="The role was taken away.", by=by, now=now
        )


@transaction.atomic
def end_access_of_the_deactivated() -> int:
    """Delete the tokens of all who were deactivated by another way than the page, and return how many."""
    audit.because(by=engine_user(), action="end_access", reason="the account is deactivated")
    tokens = AuthToken.objects.filter(user__is_active=False)
    count = int(tokens.count())
    tokens.delete()
    return count
