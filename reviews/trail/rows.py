"""Whether each protected row is as the trail last wrote it down, and each row the trail knows is there."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import pgtrigger
from psycopg import sql

from reviews.audit.migrating import WRITTEN_ANEW
from reviews.audit.triggers import WritesDown
from reviews.trail.findings import Finding
from reviews.trail.stored import streamed

# What each event says of each row: its image, or of rows that were written down together their digests.
_WRITTEN: Final = """
    SELECT {event_key} AS key, id, operation, action, old, new::text AS image, false AS is_digest
      FROM reviews_auditevent
     WHERE table_name = {table_name} AND {since} AND (operation IN ('insert', 'update', 'delete')
           OR operation = 'base' AND new -> 'rows' IS NULL)
    UNION ALL
    SELECT ({bulk_key}), e.id, e.operation, e.action, NULL, digest.value, true
      FROM reviews_auditevent e, LATERAL jsonb_each_text(CASE
           jsonb_typeof(e.new -> 'rows') WHEN 'object' THEN e.new -> 'rows' ELSE '{{}}' END) digest
     WHERE e.table_name = {table_name} AND e.operation IN ('bulk', 'base')
       AND digest.key ~ '^[0-9]{{1,18}}$' AND {since}
"""
_LAST: Final = """
    WITH written AS (
        SELECT DISTINCT ON (key) key, id, operation, image, is_digest FROM ({written}) AS each
         ORDER BY key, id DESC
    ), live AS (
        SELECT {live_key} AS key, {image}::text AS image, ({settled}) AS settled FROM {table} t
    )
    SELECT coalesce(written.key, live.key) AS at, written.id, written.operation, written.image,
           written.is_digest, live.key IS NOT NULL, live.image, live.settled
      FROM written {join} JOIN live ON live.key = written.key ORDER BY at
"""
# A column that came or went between two events is in one of the images only, and says nothing; nor does one
# whose values a migration made another kind of. What was found when the trail began may be anything; found
# later, by a migration, a row is one that is there by the trail, and as the event before had left it.
_BROKEN: Final = """
    WITH each AS (
        SELECT key, id, operation, action, old, image, is_digest, lag(id) OVER of_row AS last_id,
               lag(operation) OVER of_row AS last_operation, lag(image) OVER of_row AS last_image,
               lag(is_digest) OVER of_row AS last_is_digest
          FROM ({written}) AS written WINDOW of_row AS (PARTITION BY key ORDER BY id)
    )
    SELECT key, id, last_id FROM each
     WHERE CASE
        WHEN action = 'baseline' AND id < {began} THEN last_operation = 'delete'
        WHEN last_id IS NULL THEN operation IN ('update', 'delete', 'base') AND {from_start}
        WHEN operation IN ('insert', 'bulk') THEN last_operation <> 'delete'
        WHEN last_operation = 'delete' THEN true
        WHEN operation = 'base' AND (is_digest OR last_is_digest) THEN action <> {anew}
        WHEN operation = 'base' THEN
            EXISTS (SELECT FROM jsonb_each(image::jsonb) AS found
                      JOIN jsonb_each(last_image::jsonb) AS made USING (key)
                     WHERE found.value <> made.value
                       AND jsonb_typeof(found.value) = jsonb_typeof(made.value))
        WHEN last_is_digest THEN encode(sha256(convert_to(old::text, 'UTF8')), 'hex') <> last_image
        ELSE EXISTS (SELECT FROM jsonb_each(old) AS found JOIN jsonb_each(last_image::jsonb) AS made
                      USING (key) WHERE found.value <> made.value)
     END ORDER BY id
"""
# The first event behind those that the trail began with; the first that says so is one of them.
_BEGAN: Final = """
    coalesce((SELECT min(id) FROM reviews_auditevent WHERE action <> 'baseline' AND id > (
        SELECT min(id) FROM reviews_auditevent WHERE action = 'baseline')), 9223372036854775807)
"""
_ALL: Final = "true"
_SINCE: Final = "id IN (SELECT event_id FROM reviews_auditlink WHERE position > {})"
_ALWAYS: Final = "true"  # what `settled` is where every row is


@dataclass(frozen=True)
class Protected:
    """A table whose rows are written down, and how."""

    table: str
    trigger: WritesDown


def protected_tables() -> list[Protected]:
    """In the order of their names; each once, though two triggers may write to the trail for it."""
    found: dict[str, WritesDown] = {}
    for model, trigger in pgtrigger.registered():
        if isinstance(trigger, WritesDown):
            found[model._meta.db_table] = trigger
    return [Protected(table, trigger) for table, trigger in sorted(found.items())]


def check_rows(protected: Protected, *, since: int | None = None) -> Iterator[Finding]:
    """What differs; with `since` only rows that are written down behind that position of the chain."""
    yield from _check_steps(protected, since)
    for key, event, operation, image, is_digest, stands, live, settled in streamed(
        _query(_LAST, protected, since)
    ):
        where = f"{protected.table} {key}"
        if event is None:
            yield Finding("rows", where, "no such row, for the trail knows of none", "one")
        elif operation == "delete":
            if stands:
                yield Finding("rows", where, f"no such row, by event {event}", "one")
        elif not stands:
            yield Finding("rows", where, f"the row that event {event} wrote down", "none")
        elif settled:
            found = _digest_difference(image, live) if is_digest else _difference(image, live)
            if found:
                yield Finding("rows", where, f"what event {event} wrote down", found)


def _check_steps(protected: Protected, since: int | None) -> Iterator[Finding]:
    """What a row was when it was written is what the event before had made of it."""
    if protected.trigger.settled != _ALWAYS:
        return  # it changes between two events
    for key, event, last in streamed(_query(_BROKEN, protected, since)):
        wanted = f"what event {last} had made of it" if last else "an event that put it in"
        yield Finding("rows", f"{protected.table} {key} before event {event}", wanted, "something else")


def _query(query: LiteralString, protected: Protected, since: int | None) -> sql.Composed:
    trigger = protected.trigger
    is_number = trigger.has_numbers
    key = sql.Identifier(trigger.key)
    image = sql.SQL(trigger.image("t"))
    text_key = sql.SQL('((coalesce({}) ->> {}) COLLATE "C")')
    written = sql.SQL(_WRITTEN).format(
        table_name=sql.Literal(protected.table),
        event_key=sql.SQL("row_id")
        if is_number
        else text_key.format(sql.SQL("new, old"), sql.Literal(trigger.key)),
        bulk_key=sql.SQL("digest.key::bigint" if is_number else "digest.key"),
        since=sql.SQL(_ALL) if since is None else sql.SQL(_SINCE).format(sql.Literal(since)),
    )
    return sql.SQL(query).format(
        written=written,
        table=sql.Identifier(protected.table),
        live_key=sql.SQL("t.{}::bigint").format(key)
        if is_number
        else text_key.format(image, sql.Literal(trigger.key)),
        image=image,
        settled=sql.SQL(trigger.settled),
        from_start=sql.Literal(since is None),
        anew=sql.Literal(WRITTEN_ANEW),
        began=sql.SQL(_BEGAN),
        join=sql.SQL("FULL" if since is None else "LEFT"),
    )


def _digest_difference(digest: str | None, live: str) -> str:
    return "" if digest == hashlib.sha256(live.encode()).hexdigest() else "a row with another digest"


def _difference(image: str | None, live: str) -> str:
    """Which columns differ, without what they hold: a report may go where the data may not. "" if none do."""
    if image == live:
        return ""
    before: Any = json.loads(image or "{}")
    after: dict[str, Any] = json.loads(live)
    if not isinstance(before, dict):
        return "another row"
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return f"another {', '.join(names) or 'text of the same values'}"
