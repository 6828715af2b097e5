"""What reading a document gives, and what a submitter may say about it beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Given:
    """What the submitter says about a document; where not empty, it wins over the document."""

    title: str = ""
    byline: str = ""
    outlet: str = ""
    published_at: datetime | None = None


NOTHING_GIVEN = Given()


@dataclass(frozen=True)
class ReadablePage:
    """The article in a document.

    `text` is what the offsets of claims count: the published code points, but for control
    characters and for white space at line ends. Paragraphs are parted by one empty line, so that a
    single line end only stands inside a paragraph that was published in fixed-width lines.
    `credit` is the agency whose report this is a copy of, `canonical_url` is http(s) or empty.
    The short fields have at most 300 characters, unless given.
    `published_at` is aware, in UTC; when the document names no zone it is read as UTC and
    `zone_assumed` is true. `published_text` keeps the words, also when they make no sense.
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
