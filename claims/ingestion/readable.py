"""Bytes -> text and metadata, in a child process that can be killed.

`Reader` is the door for workers: no HTML parser is safe on hostile input by itself, so documents
are parsed in a child with a memory limit that is killed when its time is over. `read_document` is
what the child runs; it is pure, and slow or endless on input made to be so.
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
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from claims.errors import Unreadable

MAX_DOCUMENT_BYTES = 5 * 1024 * 1024
MAX_TEXT_CHARACTERS = 500_000
READ_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Given:
    """What the submitter says about a document; where not empty, it wins over the document."""

    title: str = ""
    byline: str = ""
    outlet: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True)
class ReadablePage:
    """The article in a document.

    `text` is what the offsets of claims count: the published code points, with line ends as \\n,
    one blank line between paragraphs, no white space at line ends, and no control characters.
    `credit` is the agency whose report this is a copy of, `canonical_url` is http(s) or empty.
    `published_at` is aware; when the document names no zone it is read as UTC and `zone_assumed`
    is true. `published_text` keeps the words it was read from, also when they make no sense.
    """

    text: str
    title: str = ""
    byline: str = ""
    credit: str = ""
    outlet: str = ""
    canonical_url: str = ""
    published_at: datetime | None = None
    published_text: str = ""
    zone_assumed: bool = False
    language: str = ""


def read_document(
    raw: bytes,
    *,
    media_type: str,
    now: datetime,
    charset: str | None = None,
    url: str = "",
    given: Given = Given(),
) -> ReadablePage:
    """Return the article in `raw`. Raises Unreadable, saying why there is none.

    `media_type` is text/plain or text/html, parameters allowed; `url` is where it was published.
    """
    raise NotImplementedError


class Reader:
    """Reads documents in one long-lived child process, replaced whenever it dies or hangs."""

    def read(
        self,
        raw: bytes,
        *,
        media_type: str,
        now: datetime,
        charset: str | None = None,
        url: str = "",
        given: Given = Given(),
        timeout_seconds: float = READ_TIMEOUT_SECONDS,
    ) -> ReadablePage:
        """As `read_document`; also Unreadable with timed_out or reader_died. Usable again after."""
        raise NotImplementedError

    def close(self) -> None:
        """End the child, if any; the next `read` starts another."""
        raise NotImplementedError
