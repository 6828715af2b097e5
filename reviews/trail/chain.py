"""The chain of hashes over audit events, on plain values: the format of docs/audit.md, in Python."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from reviews.audit.triggers import GENESIS
from reviews.trail.findings import Finding

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Event:
    """An audit event as it is stored; `old` and `new` are the text of their JSON."""

    id: int
    at: datetime
    actor_id: int
    actor: str
    action: str
    reason: str
    request_id: str
    change_id: int | None
    table_name: str
    row_id: int
    operation: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        row = f" {self.row_id}" if self.row_id else ""
        when = f"on {self.at:%Y-%m-%d at %H:%M:%S} UTC"
        return f"event {self.id}, {self.operation} of {self.table_name}{row} by {self.actor} {when}"


@dataclass(frozen=True)
class Link:
    """A link of the chain as it is stored, with its event, None where that is gone."""

    position: int
    event_id: int
    previous_hash: str
    salt: str
    commitment: str
    hash: str
    event: Event | None

    def __str__(self) -> str:
        return f"link {self.position} ({self.event or f'event {self.event_id}'})"


@dataclass(frozen=True)
class End:
    """The last link that was looked at."""

    position: int = 0
    hash: str = GENESIS
    event: Event | None = None

    def __str__(self) -> str:
        if not self.position:
            return "the beginning"
        return f"link {self.position}" + (f" ({self.event})" if self.event else "")


def framed_sha256(parts: Iterable[str | None]) -> str:
    """SHA-256, in hex, of parts that cannot run into each other.

    Each is its length in bytes of UTF-8, a colon, itself and a comma; a minus is one that is missing.
    """
    whole = hashlib.sha256()
    for part in parts:
        if part is None:
            whole.update(b"-")
            continue
        written = part.encode()
        whole.update(b"%d:%b," % (len(written), written))
    return whole.hexdigest()


def commitment_of(event: Event, salt: str) -> str:
    """What the chain holds in the place of what an event says, so that it can be erased one day."""
    return framed_sha256((salt, event.reason, event.old, event.new))


def hash_of(position: int, previous_hash: str, event: Event, commitment: str) -> str:
    microseconds = (event.at - _EPOCH) // timedelta(microseconds=1)
    change = None if event.change_id is None else str(event.change_id)
    return framed_sha256(
        (
            *(previous_hash, str(position), str(event.id), str(microseconds), str(event.actor_id)),
            *(event.actor, event.action, event.table_name, str(event.row_id), event.operation, change),
            *(event.request_id, commitment),
        )
    )


def check_link(link: Link, after: End) -> Finding | None:
    """The first thing that is wrong with a link that follows another, if anything is."""

    def wrong(what: str, expected: str, found: str) -> Finding:
        return Finding("chain", f"{what} of {link}", expected, found, link.position)

    if link.position != after.position + 1:
        first, last = after.position + 1, link.position - 1
        which = f"link {first}" if first == last else f"links {first} to {last}"
        what = "one, with its event" if first == last else "as many, with their events"
        return Finding("chain", f"{which}, between {after} and {link}", what, "none", first)
    if link.previous_hash != after.hash:
        return wrong("previous hash", after.hash, link.previous_hash)
    if link.event is None:
        return wrong("event", f"event {link.event_id}", "none")
    commitment = commitment_of(link.event, link.salt)
    if commitment != link.commitment:
        return wrong("content", f"one with the commitment {link.commitment}", commitment)
    own = hash_of(link.position, link.previous_hash, link.event, commitment)
    if own != link.hash:
        return wrong("hash", own, link.hash)
    return None
