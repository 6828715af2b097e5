"""The child process of `readable.Reader`: one document after another, until its parent is gone.

Frames of a 4-byte length and a payload: a JSON request, then the document; JSON back. The child
has limits of its own, for when its parent dies while a parser is stuck: memory, and
processor time for each document. It opens no network and starts no program.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import select
import struct
import sys
from datetime import datetime
from typing import Any, BinaryIO

import trafilatura.meta

from claims.errors import Unreadable
from claims.ingestion import charsets, pasted, readable, webpage  # noqa: F401 - loaded before the first document

MEMORY_BYTES = 1024**3
CPU_GRACE_SECONDS = 5
DOCUMENTS_PER_CLEANING = 50
PARENT_CHECK_SECONDS = 5.0

_LENGTH = struct.Struct(">I")
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "ftplib.",
    "urllib.",
)


def forbid_network_and_programs() -> None:
    """Make any connection and any new process raise PermissionError, for good, in this process."""

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"A document reader may not do this: {event}")

    sys.addaudithook(refuse)


def limit_memory() -> None:
    """Cap the address space, where the system can: elsewhere only the clock limits a document."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def limit_processor_time(seconds: float) -> None:
    """Have the system end this process after so much more processor time than it has used by now."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def answer_one(requests: BinaryIO, answers: BinaryIO) -> bool:
    """Read one document and answer; False when there are no more."""
    request = _read_frame(requests)
    if request is None:
        return False
    raw = _read_frame(requests)
    if raw is None:
        return False
    asked: dict[str, Any] = json.loads(request)
    limit_processor_time(asked["timeout_seconds"] + CPU_GRACE_SECONDS)
    result: readable.ReadablePage | Unreadable
    try:
        result = readable.read_document(
            raw,
            media_type=asked["media_type"],
            now=datetime.fromisoformat(asked["now"]),
            charset=asked["charset"],
            url=asked["url"],
            given=readable.given_from_json(asked["given"]),
        )
    except Unreadable as unreadable:
        result = unreadable
    _write_frame(answers, readable.page_to_json(result))
    return True


def main() -> None:
    logging.disable(logging.CRITICAL)  # the libraries log each odd document; the answer says it
    parent = os.getppid()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed goes where it cannot be taken for an answer
    limit_memory()
    forbid_network_and_programs()
    _write_frame(answers, b"{}")  # ready
    documents = 0
    with os.fdopen(0, "rb", buffering=0) as requests:
        while os.getppid() == parent:  # the pipe may be held open by another child of a dead parent
            if not select.select([requests], [], [], PARENT_CHECK_SECONDS)[0]:
                continue
            if not answer_one(requests, answers):
                return
            documents += 1
            if documents % DOCUMENTS_PER_CLEANING == 0:
                trafilatura.meta.reset_caches()


def _read_frame(stream: BinaryIO) -> bytes | None:
    length = _read_exactly(stream, _LENGTH.size)
    return None if length is None else _read_exactly(stream, _LENGTH.unpack(length)[0])


def _read_exactly(stream: BinaryIO, size: int) -> bytes | None:
    """Return `size` bytes of an unbuffered stream, None when it ends before."""
    received = bytearray()
    while len(received) < size:
        piece = stream.read(size - len(received))
        if not piece:
            return None
        received += piece
    return bytes(received)


def _write_frame(stream: BinaryIO, payload: bytes) -> None:
    stream.write(_LENGTH.pack(len(payload)) + payload)
    stream.flush()


if __name__ == "__main__":
    main()
