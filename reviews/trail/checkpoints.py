"""Signed checkpoints: what the chain was at a moment, in a file that is to be kept elsewhere.

Each line is a JSON object; its Ed25519 signature is of the other keys, as `_signed` writes them.
"""

import base64
import binascii
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True)
class Checkpoint:
    """The end of the chain at `at`, and how many events there were of each table up to it."""

    position: int
    hash: str
    tables: Mapping[str, int]
    at: str
    public_key: str
    signature: str = ""

    def signed(self, key: Ed25519PrivateKey) -> Self:
        return type(self)(**{**asdict(self), "signature": _text(key.sign(self._signed()))})

    def is_signed_by(self, public_key: str) -> bool:
        """Whether the signature is of this, by the key: 32 bytes in base64."""
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
            key.verify(base64.b64decode(self.signature, validate=True), self._signed())
        except (InvalidSignature, ValueError, binascii.Error):
            return False
        return self.public_key == public_key

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "events": sum(self.tables.values())}

    def _signed(self) -> bytes:
        content = {name: value for name, value in self.to_json().items() if name != "signature"}
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


@dataclass(frozen=True)
class Unreadable:
    """A line of the file that is no checkpoint."""

    line: int


def new_key() -> str:
    """A private key for AUDIT_SIGNING_KEY: 32 random bytes in base64."""
    return _text(Ed25519PrivateKey.generate().private_bytes_raw())


def read_key(written: str) -> Ed25519PrivateKey:
    """Raises ValueError for what is not 32 bytes in base64."""
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(written, validate=True))


def public_key_of(key: Ed25519PrivateKey) -> str:
    return _text(key.public_key().public_bytes_raw())


def make(
    *, position: int, hash: str, tables: Mapping[str, int], now: datetime, key: Ed25519PrivateKey
) -> Checkpoint:
    unsigned = Checkpoint(
        position=position,
        hash=hash,
        tables=dict(sorted(tables.items())),
        at=now.isoformat(timespec="seconds"),
        public_key=public_key_of(key),
    )
    return unsigned.signed(key)


def append(file: Path, checkpoint: Checkpoint) -> None:
    """Add a line, and have it on the disk before returning."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="ascii") as lines:
        lines.write(json.dumps(checkpoint.to_json(), sort_keys=True) + "\n")
        lines.flush()
        os.fsync(lines.fileno())


def read(file: Path) -> Iterator[Checkpoint | Unreadable]:
    """What the file holds, in its order; nothing where there is none."""
    if not file.exists():
        return
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            given = json.loads(line)
            events = given.pop("events")
            checkpoint = Checkpoint(**given)
            if sum(checkpoint.tables.values()) != events or not isinstance(checkpoint.position, int):
                yield Unreadable(number)
                continue
        except (ValueError, TypeError, KeyError, AttributeError):
            yield Unreadable(number)
            continue
        yield checkpoint


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
