"""Where quotation marks open and close: one pass over each paragraph, no backtracking."""

import re
from dataclasses import dataclass
from typing import Final

from claims.extraction.types import Span

_MARK: Final = re.compile("''|``|[\"“”„«»'‘’]")
_DOUBLE_OPEN: Final = "“„«"
_REOPENS: Final = '“"'
_DOUBLE_CLOSE: Final = "”»"


@dataclass(frozen=True, slots=True)
class Quotation:
    """`span` has the marks, `inner` has not; an unclosed quotation runs on into the next paragraph."""

    span: Span
    inner: Span
    closed: bool


def find_quotations(text: str, paragraphs: list[Span]) -> list[Quotation]:
    """Return the outermost quotations of `text`, in reading order; none crosses a paragraph.

    A quotation that is opened and not closed is one only when it opens its paragraph, or the next
    paragraph opens with a mark again: that is how quotations of several paragraphs are set. Any other lone
    mark is an apostrophe, inches or a slip.
    """
    return [
        found
        for number, paragraph in enumerate(paragraphs)
        for found in _in_paragraph(
            text, paragraph, runs_on=_reopens(text, paragraphs[number + 1 : number + 2])
        )
    ]


def _reopens(text: str, following: list[Span]) -> bool:
    return any(text[paragraph.start] in _REOPENS for paragraph in following)


def _in_paragraph(text: str, paragraph: Span, *, runs_on: bool) -> list[Quotation]:
    found: list[Quotation] = []
    opened_at, opener = -1, ""
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        at, mark = match.start(), match.group()
        if opened_at < 0:
            if _opens(text, at, mark, paragraph):
                opened_at, opener = at, mark
        elif mark == opener == '"' and _can_only_open(text, at, paragraph):
            # A quotation of several paragraphs that were run together: each opens, only the last closes.
            _note(found, text, Span(opened_at, at), len(opener), 0, closed=False)
            opened_at = at
        elif _closes(text, at, mark, opener, paragraph):
            _note(found, text, Span(opened_at, match.end()), len(opener), len(mark), closed=True)
            opened_at = -1
    if (opened_at == paragraph.start or (opened_at > 0 and runs_on)) and opener not in {"'", "‘"}:
        _note(found, text, Span(opened_at, paragraph.end), len(opener), 0, closed=False)
    return found


def _opens(text: str, at: int, mark: str, paragraph: Span) -> bool:
    before = text[at - 1] if at > paragraph.start else " "
    end = at + len(mark)
    after = text[end] if end < paragraph.end else " "
    if mark in _DOUBLE_OPEN or mark in {"``", "''"}:
        return True
    if mark == '"':
        return not before.isdigit() and not before.isalpha()
    if mark in {"'", "‘"}:
        return not before.isalnum() and before not in ".,!?" and after.isalnum()
    return False


def _can_only_open(text: str, at: int, paragraph: Span) -> bool:
    """Whether the end of a sentence and a blank stand before a straight mark, and a capital behind it."""
    return (
        at - 2 >= paragraph.start
        and text[at - 1].isspace()
        and text[at - 2] in ".!?"
        and text[at + 1 : at + 2].isupper()
    )


def _closes(text: str, at: int, mark: str, opener: str, paragraph: Span) -> bool:
    if opener == '"':
        return mark == '"'
    if opener in {"``", "''"}:
        return mark == "''"
    if opener in _DOUBLE_OPEN:
        return mark in _DOUBLE_CLOSE or mark == '"'
    before = text[at - 1]
    after = text[at + 1] if at + 1 < paragraph.end else " "
    return (
        mark in {"'", "’"}
        and not before.isspace()
        and not after.isalnum()
        and (before != "s" or after in ",.")
    )


def _note(found: list[Quotation], text: str, span: Span, left: int, right: int, *, closed: bool) -> None:
    start, end = span.start + left, span.end - right
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        found.append(Quotation(span, Span(start, end), closed))
