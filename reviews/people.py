"""Which accounts are of people: those who can sign in. The machine's own accounts never can."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.db.models import QuerySet


def can_sign_in(user: User) -> bool:
    return user.is_active and user.has_usable_password()


def people_who_may(permission: str, *, include_superusers: bool = False) -> QuerySet[User]:
    """Everybody who can sign in and has this permission, such as "reviews.assess_question"; each once."""
    may = User.objects.with_perm(
        permission,
        backend="django.contrib.auth.backends.ModelBackend",
        include_superusers=include_superusers,
    )
    return may.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
