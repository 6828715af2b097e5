"""Taking a checkpoint, and which checkpoints are to be believed, by the settings of this installation."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from reviews.errors import ReviewError
from reviews.trail import checkpoints
from reviews.trail.chain import End
from reviews.trail.checkpoints import Checkpoint
from reviews.trail.findings import Finding


class Broken(ReviewError):
    """The chain is no longer what an earlier checkpoint says; nothing is signed until somebody looked."""


@dataclass(frozen=True)
class Believed:
    """The checkpoints whose signatures hold, in the order of their file, and what is wrong with others.

    `by_known_key` is False where nobody has said which keys to believe, and the first in the file had to do.
    """

    checkpoints: list[Checkpoint]
    findings: list[Finding]
    by_known_key: bool


def take(*, now: datetime) -> Checkpoint | None:
    """Sign what the chain is now and add it to the file; None where nothing came since the last one.

    Raises Broken where the last checkpoint is not of this chain, and ReviewError where there is no key.
    """
    if not settings.AUDIT_SIGNING_KEY:
        raise ReviewError("There is no key to sign with: set AUDIT_SIGNING_KEY.")
    key = checkpoints.read_key(settings.AUDIT_SIGNING_KEY)
    last = believed().checkpoints[-1:]
    before = End(last[0].position, last[0].hash) if last else End()
    end = _end()
    if before.position and _hash_at(before.position) != before.hash:
        raise Broken(
            f"Link {before.position} of the audit trail is not the one that was signed at {last[0].at}."
            " Run verify_audit."
        )
    if end.position == before.position:
        return None
    tables = Counter(last[0].tables if last else {}) + _count_by_table(before.position, end.position)
    checkpoint = checkpoints.make(position=end.position, hash=end.hash, tables=tables, now=now, key=key)
    checkpoints.append(settings.AUDIT_CHECKPOINT_FILE, checkpoint)
    return checkpoint


def believed(public_keys: Collection[str] = ()) -> Believed:
    """What the file of checkpoints says, by our own key, those of the settings and these."""
    known = {*public_keys, *settings.AUDIT_PUBLIC_KEYS, *_own_key()}
    kept: list[Checkpoint] = []
    findings: list[Finding] = []
    for number, read in enumerate(checkpoints.read(settings.AUDIT_CHECKPOINT_FILE), 1):
        where = f"line {number} of {settings.AUDIT_CHECKPOINT_FILE.name}"
        if isinstance(read, checkpoints.Unreadable):
            findings.append(Finding("checkpoints", where, "a checkpoint", "something else"))
        elif not any(read.is_signed_by(key) for key in known or {_first_key(kept, read)}):
            findings.append(Finding("checkpoints", where, "the signature of a known key", "none"))
        else:
            kept.append(read)
    return Believed(kept, findings, by_known_key=bool(known))


def _first_key(kept: list[Checkpoint], otherwise: Checkpoint) -> str:
    return (kept[0] if kept else otherwise).public_key


def _own_key() -> Iterator[str]:
    if settings.AUDIT_SIGNING_KEY:
        yield checkpoints.public_key_of(checkpoints.read_key(settings.AUDIT_SIGNING_KEY))


def _end() -> End:
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, hash FROM reviews_auditlink ORDER BY position DESC LIMIT 1")
        last = cursor.fetchone()
    return End(*last) if last else End()


def _hash_at(position: int) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM reviews_auditlink WHERE position = %s", [position])
        found = cursor.fetchone()
    return found[0] if found else None


def _count_by_table(after: int, until: int) -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.table_name, count(*)"
            " FROM reviews_auditlink l JOIN reviews_auditevent e ON e.id = l.event_id"
            " WHERE l.position > %s AND l.position <= %s GROUP BY e.table_name",
            [after, until],
        )
        return Counter(dict(cursor.fetchall()))
