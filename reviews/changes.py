"""Steps on questions as people look back on them: named, listed, and taken back while untouched.

Every step begins a Change, to which the audit trail then ties each row it writes. What a step wrote is
taken back from those events, row by row, so that no step needs an inverse of its own.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, QuerySet
from psycopg import sql
from psycopg.types.json import Jsonb

from reviews import audit
from reviews.errors import Conflict
from reviews.models import (
    Assignment,
    AuditEvent,
    Change,
    Compatibility,
    Origin,
    OriginClaim,
    Placement,
    Position,
    Question,
    QuestionTally,
)

UNDOABLE = frozenset(
    {
        "add_position",
        "clear_origin",
        "confirm_placements",
        "dismiss_question",
        "merge_positions",
        "merge_questions",
        "open_proposed",
        "place_claim",
        "reject_claim",
        "reject_placement",
        "remove_position",
        "reword_position",
        "reword_question",
        "say_compatible",
        "say_competing",
        "set_origin",
        "split_position",
        "split_question",
    }
)
SUMMARY_CHARACTERS = 300
_TABLES: Mapping[str, type[Model]] = {
    model._meta.db_table: model
    for model in (Question, Position, Compatibility, Placement, Origin, OriginClaim, Assignment)
}
# Counted anew, or raised by every step: they say nothing of whether a row is as a step left it.
_DERIVED: Mapping[str, frozenset[str]] = {Question._meta.db_table: frozenset({"version", "resolution"})}
# Where an answer went took its words along: they are not taken back without it.
_MUST_STAND: Mapping[str, frozenset[str]] = {Position._meta.db_table: frozenset({"merged_into_id"})}
TOUCHED = "What this step wrote was changed by a later one. Take that one back first, or change it by hand."

RowKey = tuple[str, int]
Columns = Mapping[str, Any]


@dataclass(frozen=True)
class Write:
    """One event of a step: the row, and the columns that differ before and after it or must stand after it.

    `old` is None for an insert, `new` for a delete.
    """

    table: str
    pk: int
    old: Columns | None
    new: Columns | None

    @property
    def row(self) -> RowKey:
        return self.table, self.pk


def begin(
    *, question: Question, action: str, summary: str, reason: str = "", by: User, now: datetime
) -> Change:
    """Name the step that the rest of this transaction takes; `summary` reads "placed claim 12 under “56”"."""
    change = note(question=question, action=action, summary=summary, reason=reason, by=by, now=now)
    audit.because(by=by, action=action, reason=reason, change_id=change.pk)
    return change


def note(
    *, question: Question, action: str, summary: str, reason: str = "", by: User, now: datetime
) -> Change:
    """List a step with the question; for those that are not taken back, as verdicts and marks."""
    if len(summary) > SUMMARY_CHARACTERS:
        summary = summary[: SUMMARY_CHARACTERS - 1] + "…"
    return Change.objects.create(
        question=question, action=action, summary=summary, reason=reason, made_by=by, made_at=now
    )


def latest(question: Question) -> QuerySet[Change]:
    """The steps taken on a question, the last one first, with who took them and who took them back."""
    return Change.objects.filter(question=question).select_related("made_by", "undone_by").order_by("-pk")


def may_be_undone(change: Change) -> bool:
    """Whether a step can be taken back as things are now; whether a person may is for policies to say."""
    return change.pk in undoable([change])


def undoable(changes: Iterable[Change]) -> set[int]:
    """The ids of those steps that could be taken back now; a few queries, however many steps are asked of."""
    asked = [change.pk for change in changes if change.action in UNDOABLE and change.undone_at is None]
    writes: dict[int, list[Write]] = {pk: [] for pk in asked}
    for event in AuditEvent.objects.filter(change_id__in=asked).order_by("pk"):
        if event.change_id is not None:
            writes[event.change_id] += _write(event)
    rows = _rows({write.row for each in writes.values() for write in each})
    return {pk for pk, each in writes.items() if each and _is_as_left(each, rows)}


def writes_of(change: Change) -> list[Write]:
    """What a step wrote, in order, without what is counted anew after every step."""
    events = AuditEvent.objects.filter(change_id=change.pk).order_by("pk")
    return [write for event in events for write in _write(event)]


def take_back(writes: Sequence[Write]) -> None:
    """Write the inverse of what a step wrote, the last write first.

    The questions it concerns are locked, and the audit trail has an actor. Raises Conflict, with nothing
    written, where a row is not as the step left it, or where something later stands on one.
    """
    if not _is_as_left(writes, _rows({write.row for write in writes}, lock=True)):
        raise Conflict(TOUCHED)
    try:
        with transaction.atomic():
            for write in reversed(writes):
                _invert(write)
            _check_references()
    except IntegrityError as error:
        raise Conflict(TOUCHED) from error


def _write(event: AuditEvent) -> list[Write]:
    """An event as a write, or none where it changed nothing but what is derived.

    What a step wrote outside reviews stays: a claim that it had held for the screens stays held.
    """
    if not event.table_name.startswith("reviews_"):
        return []
    if event.table_name not in _TABLES:
        raise LookupError(f"A step wrote to {event.table_name}, which nobody can take back.")
    derived = _DERIVED.get(event.table_name, frozenset())
    old, new = event.old, event.new
    if old is not None and new is not None:
        differing = {name for name in new if old.get(name) != new[name]} - derived
        if not differing:
            return []
        names = differing | _MUST_STAND.get(event.table_name, frozenset())
        old, new = ({name: row.get(name) for name in names} for row in (old, new))
    return [Write(table=event.table_name, pk=event.row_id, old=old, new=new)]


def _is_as_left(writes: Iterable[Write], rows: Mapping[RowKey, Columns]) -> bool:
    """Whether each row is as the writes left it, in the columns that they set."""
    left: dict[RowKey, dict[str, Any] | None] = {}
    for write in writes:
        if write.new is None:
            left[write.row] = None
        else:
            left[write.row] = {**(left.get(write.row) or {}), **write.new}
    for row, expected in left.items():
        now = rows.get(row)
        if expected is None or now is None:
            if expected is not None or now is not None:
                return False
            continue
        derived = _DERIVED.get(row[0], frozenset())
        if any(now.get(name) != value for name, value in expected.items() if name not in derived):
            return False
    return True


def _rows(keys: Iterable[RowKey], *, lock: bool = False) -> dict[RowKey, Columns]:
    """The rows as the audit trail would write them down now; those that are gone are left out."""
    by_table: dict[str, set[int]] = {}
    for table, pk in keys:
        by_table.setdefault(table, set()).add(pk)
    found: dict[RowKey, Columns] = {}
    with connection.cursor() as cursor:
        for table in sorted(by_table):
            query = sql.SQL("SELECT id, to_jsonb(t) FROM {table} t WHERE id = ANY(%s) ORDER BY id{lock}")
            locking = sql.SQL(" FOR NO KEY UPDATE" if lock else "")
            cursor.execute(query.format(table=sql.Identifier(table), lock=locking), [sorted(by_table[table])])
            found |= {(table, pk): json.loads(columns) for pk, columns in cursor.fetchall()}
    return found


def _invert(write: Write) -> None:
    table = sql.Identifier(write.table)
    if write.old is None:
        _let_go(write)
        _execute(sql.SQL("DELETE FROM {table} WHERE id = %s").format(table=table), [write.pk])
        return
    known = {field.column for field in _TABLES[write.table]._meta.concrete_fields}
    names = [sql.Identifier(name) for name in write.old if name in known]
    values = {"table": table, "columns": sql.SQL(", ").join(names)}
    if write.new is None:
        query = sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)"
        )
        _execute(query.format(**values), [Jsonb(dict(write.old))])
        return
    query = sql.SQL(
        "UPDATE {table} SET ({columns}) ="
        " (SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)) WHERE id = %s"
    )
    _execute(query.format(**values), [Jsonb(dict(write.old)), write.pk])


def _check_references() -> None:
    """Have foreign keys checked now, for they are deferred and would refuse the commit.

    Not every deferred trigger with them: the one that chains audit events would then hold up the commits
    of everybody else for the rest of this transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint"
            " WHERE contype = 'f' AND condeferred AND connamespace = 'public'::regnamespace"
        )
        names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())
        cursor.execute(sql.SQL("SET CONSTRAINTS {} IMMEDIATE").format(names))
        cursor.execute(sql.SQL("SET CONSTRAINTS {} DEFERRED").format(names))


def _let_go(write: Write) -> None:
    """Move what hangs on a question that was split off to the one it came from, before it goes."""
    if write.table != Question._meta.db_table:
        return
    QuestionTally.objects.filter(question=write.pk).delete()
    came_from = Question.objects.values_list("split_from_id", flat=True).get(pk=write.pk)
    Change.objects.filter(question=write.pk, undone_at__isnull=False).update(question=came_from)


def _execute(query: sql.Composed, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
