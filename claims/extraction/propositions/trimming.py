"""Tokens without what only links them to their surroundings: "and that", commas, a lone quotation mark."""

from typing import Final

from claims.extraction.parse.document import Document, Range

_OUTER_MARKS: Final = frozenset(",;:.!?…-–—")
_VERBS: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})


def trim(document: Document, first: int, last: int) -> Range | None:
    """Drop a leading "that" or "and", marks at both ends, and quotation marks whose partner goes too."""
    changed = True
    while changed and first < last:
        changed = False
        head, tail = document.tokens[first].lower, document.tokens[last - 1].lower
        if _OUTER_MARKS.issuperset(head) or (last - first > 2 and _is_linking(document, first)):
            first, changed = first + 1, True
            continue
        if document.tokens[last - 1].tag == "CC" or (
            _OUTER_MARKS.issuperset(tail) and not _is_initial(document, last - 1)
        ):
            last, changed = last - 1, True
        elif _is_opening_mark(document, first) and not _closes_before(document, first, last - 1):
            first, changed = first + 1, True
        elif _is_closing_mark(document, last - 1) and not _opens_after(document, first + 1, last - 1):
            last, changed = last - 1, True
    return (first, last) if first < last else None


def _is_linking(document: Document, at: int) -> bool:
    """Whether the word only links: "and", or a "that" which is not the subject itself ("That was wrong")."""
    token = document.tokens[at]
    if token.tag == "CC":
        return token.lower not in {"nor", "neither", "either", "both"}
    return token.lower == "that" and token.tag in {"IN", "WDT"} and document.tokens[at + 1].tag not in _VERBS


def _is_initial(document: Document, at: int) -> bool:
    """Whether the full stop belongs to an abbreviation at the end: "at 3 p.m."."""
    return document.tokens[at].lower == "." and at > 0 and len(document.tokens[at - 1].lower) == 1


def _is_opening_mark(document: Document, at: int) -> bool:
    number = document.quotation_at[at]
    return number >= 0 and document.quotations[number].span.start == document.tokens[at].start


def _is_closing_mark(document: Document, at: int) -> bool:
    number = document.quotation_at[at]
    return (
        number >= 0
        and document.quotations[number].closed
        and document.quotations[number].span.end == document.tokens[at].end
        and not document.tokens[at].lower[0].isalnum()
    )


def _closes_before(document: Document, first: int, last: int) -> bool:
    """Whether the quotation opened at `first` closes before the last token: then its marks stay."""
    quotation = document.quotations[document.quotation_at[first]]
    return quotation.closed and quotation.span.end <= document.tokens[last].start


def _opens_after(document: Document, first: int, last: int) -> bool:
    """Whether the quotation closed at `last` opens at or after `first`: then its marks stay."""
    quotation = document.quotations[document.quotation_at[last]]
    return first <= last and quotation.span.start >= document.tokens[first].start
