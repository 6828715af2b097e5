"""Which accounts are of people: all that the product did not make for itself.

How somebody comes in says nothing of that: with a password, by single sign-on, or with tokens alone.
"""

from typing import Final

from django.contrib.auth.models import User
from django.db.models import QuerySet

from claims.management.actor import SYSTEM_USER
from reviews.engine_user import USERNAME as ENGINE

SAMPLES: Final = "samples"  # in whose name the samples' questions are decided on
MACHINES: Final = frozenset({ENGINE, SYSTEM_USER, SAMPLES})


def name_of(username: str) -> str:
    """How a sentence names an account: by its user name, and the engine by what it is."""
    return "the engine" if username == ENGINE else username


def is_person(user: User) -> bool:
    return user.username not in MACHINES


def people_who_may(permission: str, *, include_superusers: bool = False) -> QuerySet[User]:
    """Every active person who has this permission, such as "reviews.assess_question"; each once."""
    may = User.objects.with_perm(
        permission,
        backend="django.contrib.auth.backends.ModelBackend",
        include_superusers=include_superusers,
    )
    return may.filter(is_active=True).exclude(username__in=MACHINES)
