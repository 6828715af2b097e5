"""A page of the trail, from where the one before ended; a deep page costs what the first one does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import connection
from django.db.models import Q, QuerySet
from psycopg import sql

from claims import keyset
from reviews.history.events import BY_NUMBER
from reviews.models import AuditEvent

PAGE = 100
EXPORTED_AT_ONCE = 1000
OLDEST_FIRST = ("id",)


@dataclass(frozen=True)
class Page:
    """Some events, and the number of the last one if more follow."""

    events: Sequence[AuditEvent]
    next: int | None


def page(
    events: QuerySet[AuditEvent], *, order: tuple[str, ...], after: int | None = None, limit: int = PAGE
) -> Page:
    """The events that follow the one with the number `after`, in this order; the first ones without it."""
    rows = list(_beyond(events, order, after).order_by(*order)[: limit + 1])
    shown = rows[:limit]
    return Page(shown, next=shown[-1].pk if len(rows) > limit else None)


def all_of(events: QuerySet[AuditEvent], *, order: tuple[str, ...]) -> Iterator[AuditEvent]:
    """Every event, some at a time."""
    return keyset.all_of(events, order, at_once=EXPORTED_AT_ONCE)


def _beyond(events: QuerySet[AuditEvent], order: tuple[str, ...], after: int | None) -> QuerySet[AuditEvent]:
    if after is None:
        return events
    if order == OLDEST_FIRST:
        return events.filter(pk__gt=after)
    if order == BY_NUMBER:
        return events.filter(pk__lt=after)
    # By time, then.
    at = AuditEvent.objects.filter(pk=after).values_list("at", flat=True).first()
    if at is None:
        return events.none()
    # The first condition is the index's; the second takes out those of the same instant that were shown.
    return events.filter(Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=after)))


def known_values(column: Literal["action", "table_name"]) -> list[str]:
    """The different actions or tables of the trail: one look into the index for each."""
    query = sql.SQL("""
        WITH RECURSIVE found AS (
            (SELECT {column} AS value FROM reviews_auditevent ORDER BY {column} LIMIT 1)
            UNION ALL
            SELECT (SELECT {column} FROM reviews_auditevent
                WHERE {column} > found.value ORDER BY {column} LIMIT 1)
            FROM found WHERE found.value IS NOT NULL
        )
        SELECT value FROM found WHERE value IS NOT NULL
    """)
    with connection.cursor() as cursor:
        cursor.execute(query.format(column=sql.Identifier(column)))
        return [value for (value,) in cursor.fetchall()]
