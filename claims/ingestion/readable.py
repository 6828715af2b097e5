"""Bytes -> text and metadata, in a child process that can be killed.

`Reader` is the door for workers: no HTML parser is safe on hostile input by itself, so documents
are read in a child with limited memory (`readable_child`) that is killed when its time is over.
`read_document` is what the child runs; it is pure, and slow on input made to be slow.
"""

from __future__ import annotations

import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from claims.errors import Unreadable
from claims.ingestion import prose
from claims.ingestion.address import choose_address
from claims.ingestion.charsets import decode
from claims.ingestion.markup_limits import check_markup
from claims.ingestion.page import NOTHING_GIVEN, Given, ReadablePage
from claims.ingestion.pasted import read_pasted
from claims.ingestion.published import check_published_at

__all__ = [
    "Given",
    "ReadablePage",
    "Reader",
    "ReaderNotStarted",
    "check_document",
    "check_published_at",
    "read_document",
]

PLAIN = "text/plain"
HTML = "text/html"
MAX_DOCUMENT_BYTES = 5 * 1024 * 1024
MAX_TEXT_CHARACTERS = 500_000  # a long book chapter; claims are not looked for in whole books
MAX_SHOWN_CHARACTERS = 2 * MAX_TEXT_CHARACTERS  # of a page: the article and all that stands around it
READ_TIMEOUT_SECONDS = 10.0
START_TIMEOUT_SECONDS = 60.0
DOCUMENTS_PER_CHILD = 1_000

_PROJECT = Path(__file__).resolve().parents[2]
_LENGTH = struct.Struct(">I")
_PIPE_BYTES = 64 * 1024


def read_document(
    raw: bytes,
    *,
    media_type: str,
    now: datetime,
    charset: str | None = None,
    url: str = "",
    given: Given = NOTHING_GIVEN,
) -> ReadablePage:
    """Return the article in `raw`. Raises Unreadable, saying why there is none.

    `media_type` is text/plain or text/html, parameters allowed; `url` is where it was published.
    """
    # Here, since it brings the parsers, which have no business in a worker or web process.
    from claims.ingestion.webpage import read_webpage

    kind, text = _look_at(raw, media_type=media_type, charset=charset)
    if kind == HTML:
        page = read_webpage(text, now=now, url=url, given=given)
    else:
        page = replace(read_pasted(text, now=now, given=given), canonical_url=choose_address("", url=url))
    if not prose.holds_prose(page.text):
        raise _no_text()
    if len(page.text) > MAX_TEXT_CHARACTERS:
        raise _too_long(len(page.text), MAX_TEXT_CHARACTERS)
    return page


def check_document(raw: bytes, *, media_type: str, charset: str | None = None) -> None:
    """Raise Unreadable for a document that need not be read to know that it cannot be.

    For the doors, so that whoever submits is told at once: takes time linear in the document's
    size and no parser. What passes can still be Unreadable when it is read.
    """
    _look_at(raw, media_type=media_type, charset=charset)


def _look_at(raw: bytes, *, media_type: str, charset: str | None) -> tuple[str, str]:
    """Return whether a document is PLAIN or HTML, and its characters. Raises Unreadable."""
    kind, declared = _split_media_type(media_type)
    if kind not in (PLAIN, HTML, "application/xhtml+xml"):
        raise Unreadable(
            "unknown_type",
            f"Documents of type {kind[:80] or 'unknown'} cannot be read: give plain text or HTML.",
        )
    check_size(raw)
    text = decode(raw, charset=charset or declared, is_html=kind != PLAIN)
    if not text.strip():
        raise Unreadable("empty", "This document is empty: there is only white space in it.")
    is_source = text.lstrip()[:15].lower().startswith(("<!doctype html", "<html"))  # of a page, as saved
    is_html = kind != PLAIN or is_source
    shown = " ".join(check_markup(text)) if is_html else text
    if len(shown) > MAX_SHOWN_CHARACTERS:
        raise _too_long(len(shown), MAX_SHOWN_CHARACTERS)
    if len(prose.words_of(shown)) < prose.FEWEST_WORDS:
        raise _no_text()
    return (HTML if is_html else PLAIN), text


def check_size(raw: bytes, *, limit: int = MAX_DOCUMENT_BYTES) -> None:
    """Raise Unreadable for a document that need not be looked at: empty, or too large."""
    if not raw:
        raise Unreadable("empty", "This document is empty.")
    if len(raw) > limit:
        raise Unreadable(
            "too_large",
            f"This document has {len(raw) / 1024**2:.1f} MB; {limit / 1024**2:.0f} MB are allowed."
            " Give the article alone.",
        )


def _split_media_type(media_type: str) -> tuple[str, str | None]:
    kind, *parameters = (part.strip() for part in media_type.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return kind.lower(), value.strip().strip("\"'")
    return kind.lower(), None


def _too_long(characters: int, limit: int) -> Unreadable:
    return Unreadable(
        "too_large",
        f"This text has {characters:,} characters; {limit:,} are allowed. Give one article at a time.",
    )


def _no_text() -> Unreadable:
    return Unreadable(
        "no_text",
        "There is no article in this document: not one sentence was found. If the page builds itself"
        " by script, copy the text from your browser and paste it.",
    )


class ReaderNotStarted(RuntimeError):
    """The child process does not start: a fault of the installation, not of any document."""


class Reader:
    """Reads documents in one long-lived child process, replaced whenever it dies or hangs.

    The child starts with the first document and after a fork anew, so a Reader may be made before
    workers are forked. Threads take turns. Close it, or use it as a context manager.
    """

    def __init__(self, *, documents_per_child: int = DOCUMENTS_PER_CHILD) -> None:
        self._documents_per_child = documents_per_child
        self._documents = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._turn = threading.Lock()

    def read(
        self,
        raw: bytes,
        *,
        media_type: str,
        now: datetime,
        charset: str | None = None,
        url: str = "",
        given: Given = NOTHING_GIVEN,
        timeout_seconds: float = READ_TIMEOUT_SECONDS,
    ) -> ReadablePage:
        """As `read_document`; also Unreadable with timed_out or reader_died, usable again after it.

        Raises ReaderNotStarted when there can be no child at all.
        """
        check_size(raw)
        request = {
            "media_type": media_type,
            "now": now.isoformat(),
            "charset": charset,
            "url": url,
            "given": asdict(given)
            | {"published_at": given.published_at.isoformat() if given.published_at else None},
            "timeout_seconds": timeout_seconds,
        }
        with self._turn:
            child = self._ready_child()
            deadline = time.monotonic() + timeout_seconds
            try:
                answer = _converse(child, _frame(json.dumps(request).encode()) + _frame(raw), deadline)
            except TimeoutError:
                self._end_child()
                raise Unreadable(
                    "timed_out",
                    f"Reading this document took longer than {timeout_seconds:g} seconds, so it was stopped."
                    " Paste the text of the article instead.",
                ) from None
            except EOFError:
                self._end_child()
                raise Unreadable(
                    "reader_died",
                    "This document broke the program that reads documents. Paste the article's text instead.",
                ) from None
            self._documents += 1
            if self._documents >= self._documents_per_child:
                self._end_child()
        return page_from_json(answer)

    def close(self) -> None:
        """End the child, if any; the next `read` starts another."""
        with self._turn:
            self._end_child()

    @property
    def child_pid(self) -> int | None:
        """The process that reads now, None before the first document and after one that broke it."""
        return self._child.pid if self._child is not None else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ready_child(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():  # forked: the child and its pipes belong to the parent
            self._child, self._owner = None, os.getpid()
        if self._child is not None and self._child.poll() is not None:
            self._end_child()
        if self._child is None:
            self._child, self._documents = _start_child(), 0
            try:
                _converse(self._child, b"", time.monotonic() + START_TIMEOUT_SECONDS)
            except (TimeoutError, EOFError) as error:
                self._end_child()
                raise ReaderNotStarted("The document reader does not start; its log says why.") from error
        return self._child

    def _end_child(self) -> None:
        if self._child is None:
            return
        self._child.kill()  # nothing in it is worth a farewell
        self._child.wait()
        for pipe in _pipes(self._child):
            pipe.close()
        self._child = None


def _start_child() -> subprocess.Popen[bytes]:
    """Start a child that knows our modules and nothing of our environment, which holds secrets."""
    path = os.pathsep.join([str(_PROJECT), *filter(None, sys.path)])
    child = subprocess.Popen(
        [sys.executable, "-m", "claims.ingestion.readable_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        cwd=_PROJECT,
        env={"PYTHONPATH": path, "PYTHONUTF8": "1"},
        start_new_session=True,  # Ctrl-C is for the worker, which then lets go of the child
    )
    for pipe in _pipes(child):
        os.set_blocking(pipe.fileno(), False)
    return child


def _pipes(child: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None:
        raise TypeError("A reader's child has both pipes.")
    return child.stdin, child.stdout


def _frame(payload: bytes) -> bytes:
    return _LENGTH.pack(len(payload)) + payload


def _converse(child: subprocess.Popen[bytes], message: bytes, deadline: float) -> bytes:
    """Send `message` and return the payload of the one frame that comes back.

    Raises TimeoutError at `deadline` (monotonic clock), EOFError when the child ends before it answers.
    """
    to_child, from_child = _pipes(child)
    unsent, received = memoryview(message), bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(from_child, selectors.EVENT_READ)
        if unsent:
            selector.register(to_child, selectors.EVENT_WRITE)
        while len(received) < _LENGTH.size or len(received) < _LENGTH.size + _LENGTH.unpack_from(received)[0]:
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            for key, _ in ready:
                if key.fileobj is from_child:
                    piece = os.read(from_child.fileno(), _PIPE_BYTES)
                    if not piece:
                        raise EOFError
                    received += piece
                    continue
                try:
                    unsent = unsent[os.write(to_child.fileno(), unsent[:_PIPE_BYTES]) :]
                except BrokenPipeError:
                    raise EOFError from None
                if not unsent:
                    selector.unregister(to_child)
    return bytes(received[_LENGTH.size :])


def page_to_json(result: ReadablePage | Unreadable) -> bytes:
    """Return what the child answers; `page_from_json` is the other end."""
    if isinstance(result, Unreadable):
        return json.dumps({"code": result.code, "message": str(result)}).encode()
    published_at = result.published_at.isoformat() if result.published_at else None
    return json.dumps(asdict(result) | {"published_at": published_at}).encode()


def page_from_json(answer: bytes) -> ReadablePage:
    """Return the page in a child's answer, or raise the Unreadable that is in it."""
    fields: dict[str, Any] = json.loads(answer)
    if "code" in fields:
        raise Unreadable(fields["code"], fields["message"])
    return ReadablePage(**fields | {"published_at": _moment(fields["published_at"])})


def given_from_json(fields: dict[str, Any]) -> Given:
    return Given(**fields | {"published_at": _moment(fields["published_at"])})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
