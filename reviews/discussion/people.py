"""Whom a comment can mention: people who are active and may see questions."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

SUGGESTED = 8


def readers() -> QuerySet[User]:
    """Active people who may see questions; each once."""
    able = User.objects.with_perm(
        "reviews.view_question", backend="django.contrib.auth.backends.ModelBackend", include_superusers=True
    )
    return able.filter(is_active=True)


def named(names: Collection[str]) -> list[User]:
    """Those of the readers who have one of these user names, in the order of their names."""
    return list(readers().filter(username__in=names).order_by("username")) if names else []


def beginning_with(typed: str) -> list[User]:
    """A few readers whose user name, or one of whose other names, begins with what was typed."""
    begins = (
        Q(username__istartswith=typed) | Q(first_name__istartswith=typed) | Q(last_name__istartswith=typed)
    )
    return list(readers().filter(begins).order_by("username")[:SUGGESTED])
