"""Whom a comment can mention: people who may see questions."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from reviews.people import people_who_may

SUGGESTED = 8


def readers() -> QuerySet[User]:
    """Active people who may see questions; each once."""
    return people_who_may("reviews.view_question", include_superusers=True)


def named(names: Collection[str]) -> list[User]:
    """Those of the readers who have one of these user names, in the order of their names."""
    return list(readers().filter(username__in=names).order_by("username")) if names else []


def beginning_with(typed: str) -> list[User]:
    """A few readers whose user name, or one of whose other names, begins with what was typed."""
    begins = (
        Q(username__istartswith=typed) | Q(first_name__istartswith=typed) | Q(last_name__istartswith=typed)
    )
    return list(readers().filter(begins).order_by("username")[:SUGGESTED])
