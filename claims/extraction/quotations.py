"""Where quotation marks open and close: one pass over each paragraph, no backtracking."""

from dataclasses import dataclass
from typing import Final

from claims.extraction.types import Span

_DOUBLE_OPEN: Final = "“„«"
_DOUBLE_CLOSE: Final = "”»"


@dataclass(frozen=True, slots=True)
class Quotation:
    """`span` has the marks, `inner` has not; an unclosed quotation runs on into the next paragraph."""

    span: Span
    inner: Span
    closed: bool


def find_quotations(text: str, paragraphs: list[Span]) -> list[Quotation]:
    """Return the outermost quotations of `text`, in reading order; none crosses a paragraph.

    A quotation that is opened and not closed is one only when it opens its paragraph: that is how
    quotations of several paragraphs are set. Any other lone mark is an apostrophe, inches or a slip.
    """
    return [found for paragraph in paragraphs for found in _in_paragraph(text, paragraph)]


def _in_paragraph(text: str, paragraph: Span) -> list[Quotation]:
    found: list[Quotation] = []
    opened_at, opener, width = -1, "", 1
    at = paragraph.start
    while at < paragraph.end:
        step = 2 if text.startswith(("''", "``"), at) and at + 2 <= paragraph.end else 1
        mark = text[at : at + step]
        if opened_at < 0:
            if _opens(text, at, step, paragraph):
                opened_at, opener, width = at, mark, step
        elif _closes(text, at, step, opener, paragraph):
            _note(found, text, Span(opened_at, at + step), width, step, closed=True)
            opened_at = -1
        at += step
    if opened_at == paragraph.start and opener not in {"'", "‘"}:
        _note(found, text, Span(opened_at, paragraph.end), width, 0, closed=False)
    return found


def _opens(text: str, at: int, step: int, paragraph: Span) -> bool:
    mark = text[at : at + step]
    before = text[at - 1] if at > paragraph.start else " "
    after = text[at + step] if at + step < paragraph.end else " "
    if mark in _DOUBLE_OPEN or mark in {"``", "''"}:
        return True
    if mark == '"':
        return not before.isdigit() and not before.isalpha()
    if mark in {"'", "‘"}:
        return not before.isalnum() and before not in ".,!?" and after.isalnum()
    return False


def _closes(text: str, at: int, step: int, opener: str, paragraph: Span) -> bool:
    mark = text[at : at + step]
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
