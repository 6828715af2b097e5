"""The trail as files: a line an event, streamed, so that it may be as long as it is."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reviews.history.tables import without_secrets
from reviews.models import AuditEvent

COLUMNS = (
    *("id", "at", "actor_id", "actor", "action", "reason", "table", "row", "operation"),
    *("change", "request", "position", "hash", "old", "new"),
)
# A spreadsheet would take what begins with these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def record(event: AuditEvent) -> dict[str, Any]:
    """An event for programs, by COLUMNS; its place in the chain and its hash, and no secret."""
    link = getattr(event, "link", None)
    return {
        "id": event.pk,
        "at": event.at.isoformat(),
        "actor_id": event.actor_id,
        "actor": event.actor,
        "action": event.action,
        "reason": event.reason,
        "table": event.table_name,
        "row": event.row_id,
        "operation": event.operation,
        "change": event.change_id,
        "request": event.request_id,
        "position": link.position if link else None,
        "hash": link.hash if link else None,
        "old": without_secrets(event.table_name, event.old),
        "new": without_secrets(event.table_name, event.new),
    }


def ndjson(events: Iterable[AuditEvent]) -> Iterator[str]:
    for event in events:
        yield json.dumps(record(event), ensure_ascii=False) + "\n"


def comma_separated(events: Iterable[AuditEvent]) -> Iterator[str]:
    """With a head line; images as JSON in their cells."""
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for event in events:
        yield writer.writerow([_cell(value) for value in record(event).values()])


def _cell(value: Any) -> Any:
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


class _Echo:
    """A file for csv.writer that gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line
