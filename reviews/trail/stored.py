"""Reading the trail out of the database: streamed, in the order of the chain."""

from collections.abc import Iterator
from typing import Any, Final, LiteralString

from django.db import connection
from psycopg import sql

from reviews.trail.chain import Event, Link

_ROWS_AT_ONCE: Final = 500
_LINKS: Final = """
    SELECT l.position, l.event_id, l.previous_hash, l.salt::text, l.commitment, l.hash,
           e.id, e.at, e.actor_id, e.actor, e.action, e.reason, e.request_id, e.change_id,
           e.table_name, e.row_id, e.operation, e.old::text, e.new::text
      FROM reviews_auditlink l LEFT JOIN reviews_auditevent e ON e.id = l.event_id
     WHERE l.position > %s ORDER BY l.position
"""
_LINK_COLUMNS: Final = 6


def streamed(
    query: LiteralString | sql.Composed, values: list[Any] | None = None, *, at_once: int = _ROWS_AT_ONCE
) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, a few at a time, as one transaction sees them."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values or [])
        while rows := cursor.fetchmany(at_once):
            yield from rows


def links(after: int = 0) -> Iterator[Link]:
    """The links behind a position, with their events."""
    for row in streamed(_LINKS, [after]):
        event = None if row[_LINK_COLUMNS] is None else Event(*row[_LINK_COLUMNS:])
        position, event_id, previous_hash, salt, commitment, own, *_ = row
        yield Link(position, event_id, previous_hash, salt, commitment, own, event)


def unlinked() -> Iterator[tuple[int, str]]:
    """Ids and table names of events that stand in no link."""
    yield from streamed(
        "SELECT e.id, e.table_name FROM reviews_auditevent e"
        " WHERE NOT EXISTS (SELECT FROM reviews_auditlink l WHERE l.event_id = e.id) ORDER BY e.id"
    )


def link_count(after: int = 0) -> int:
    """How many links there are behind a position."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reviews_auditlink WHERE position > %s", [after])
        return int(cursor.fetchone()[0])
