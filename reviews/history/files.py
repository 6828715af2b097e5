"""The trail as files: a line an event, streamed, so that it may be as long as it is."""

from collections.abc import Iterable, Iterator
from typing import Any

from reviews import lines
from reviews.history.tables import without_secrets
from reviews.models import AuditEvent

COLUMNS = (
    *("id", "at", "actor_id", "actor", "action", "reason", "table", "row", "operation"),
    *("change", "request", "position", "hash", "old", "new"),
)


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
    return lines.ndjson(map(record, events))


def comma_separated(events: Iterable[AuditEvent]) -> Iterator[str]:
    """With a head line; images as JSON in their cells."""
    return lines.comma_separated(COLUMNS, map(record, events))
