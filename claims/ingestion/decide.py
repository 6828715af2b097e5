"""Known articles and what was just read -> new, changed, same or duplicate. Pure.

The address is what an article is known by, so a known address decides first. Only a document
without a known address is compared by its words, and only within its outlet: the same words in
another outlet are a wire copy, which is an article of its own and shares an origin later.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

TEXT_HASH_VERSION = 1
"""Raised whenever `canonical_text` changes, since old hashes then no longer compare."""


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Known:
    """An article that is stored, and the `text_sha256` of what it said when last seen."""

    article_id: int
    text_sha256: str


@dataclass(frozen=True)
class Decision:
    """What to do with a document; `article_id` is the article it belongs to or repeats."""

    outcome: Outcome
    article_id: int | None = None


def decide(*, same_url: Known | None, same_text: Known | None, text_sha256: str) -> Decision:
    """Say what a document is, given the article at its address and the one with its words.

    `same_text` must be of the same outlet, and have `text_sha256` among its texts. A change back to
    words that the article had before is a change as well.

    >>> decide(same_url=None, same_text=None, text_sha256="a").outcome
    <Outcome.NEW: 'new'>
    """
    if same_url is not None:
        same = text_sha256 == same_url.text_sha256
        return Decision(Outcome.SAME if same else Outcome.CHANGED, same_url.article_id)
    if same_text is not None:
        return Decision(Outcome.DUPLICATE, same_text.article_id)
    return Decision(Outcome.NEW)


def text_sha256(text: str) -> str:
    """Return the hash (64 hex digits) that tells whether two texts are the same words."""
    return hashlib.sha256(canonical_text(text).encode("utf-8", "surrogatepass")).hexdigest()


def canonical_text(text: str) -> str:
    """Return `text` as it is compared, not as it is stored.

    Version 1: Unicode NFC; each run of white space, no-break spaces included, is one space;
    lines have none at their ends, and empty lines are left out. Case, punctuation and quotation
    marks count: a corrected comma is a new revision.

    >>> canonical_text(" Rents   rose.\\r\\n\\r\\nWages fell. ")
    'Rents rose.\\nWages fell.'
    """
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(line for line in lines if line)
