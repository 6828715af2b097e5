"""Who commands act as."""

from django.contrib.auth.models import Group, User
from django.core.management.base import CommandError

SYSTEM_USER, SYSTEM_GROUP = "ingest", "ingest manager"


def person(username: str | None) -> User:
    """The user of that name, or who stands for commands. Raises CommandError."""
    if username is None:
        return _system_user()
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise CommandError(f"There is no user {username!r}.") from None


def _system_user() -> User:
    """Who stands for commands: may do what an ingest manager may, and cannot sign in anywhere."""
    user, created = User.objects.get_or_create(username=SYSTEM_USER, defaults={"is_staff": False})
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        user.groups.add(Group.objects.get(name=SYSTEM_GROUP))
    return user
