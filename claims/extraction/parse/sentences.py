"""Text -> paragraphs and sentences. A line break ends a paragraph; a sentence never crosses one."""

import re
from itertools import pairwise
from typing import Final

from sentencex import get_sentence_boundaries

from claims.extraction.parse.quotations import find_quotations
from claims.extraction.parse.run_on import find_run_ons
from claims.extraction.types import Span

_LINE: Final = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ABBREVIATED: Final = re.compile(
    r"(?:^|[\s(\"“‘])(?:[A-Z]|[ap]\.m|Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Sen|Rep|Gov|Rev|Hon|St|No|vs|Adm|"
    r"Brig|Cmdr|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|approx|cf|al|Inc|Ltd|Co|Corp)\.$"
)
_MAY_END: Final = re.compile(r"(?:[ap]\.m|Inc|Ltd|Co|Corp|al|[A-Z])\.$")
_AFTER_NOTE: Final = re.compile(r"[.!?][\"”’']?\s?\[\d{1,3}\] (?=[A-Z\"“])|[.!?][\"”] (?=[A-Z\"“])")
_ASIDE: Final = re.compile(r"(?:^|(?<=[^.][.!?] ))\([^()]*[.!?…]\) (?=[A-Z\"“])")
_CREDIT: Final = re.compile(r" (?=(?:Image|Photo|Photograph|Picture|Credit): \S)")
_ENDS_OF_ASIDES: Final = (_AFTER_NOTE, _ASIDE, _CREDIT)
_INSIDE_QUOTE: Final = re.compile(r"[a-z0-9)\]][.!?…] (?=[A-Z“‘\[])")
_OUTSIDE_QUOTE: Final = re.compile(r"[a-z0-9)\]](?:[.!?]\"?|\"[.!?]) (?=[A-Z\"])")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_OPENING: Final = '"“'
_LOOKBACK: Final = 16
_WINDOW: Final = 2000


def encodable(text: str) -> str:
    """Return text of the same length without the halves of characters that broken encoders leave.

    Neither sentencex nor spaCy reads a lone surrogate; they see a replacement character in its place.
    """
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def find_paragraphs(text: str) -> list[Span]:
    """Return the lines of `text` that hold something, without the blanks around them."""
    return [span for line in _LINE.finditer(text) if (span := _trimmed(text, line.start(), line.end()))]


def sentences_of(text: str, paragraph: Span) -> list[Span]:
    """Return the sentences of one paragraph of `text` in order, without the blanks around them."""
    line = paragraph.of(text)
    ends = _boundaries(line)
    asides = {found.end() for mark in _ENDS_OF_ASIDES for found in mark.finditer(line)}
    kept = {0, *_kept(line, ends), *asides} - {len(line)}
    kept = _outside_quotations(line, kept)
    cuts = sorted({*kept, *find_run_ons(line, sorted(kept)), len(line)})
    pieces = [
        (start, end)
        for whole_start, whole_end in pairwise(cuts)
        for start, end in _split_quotations(line, whole_start, whole_end)
    ]
    found = (_trimmed(text, paragraph.start + start, paragraph.start + end) for start, end in pieces)
    return [span for span in found if span is not None]


def _boundaries(line: str) -> list[int]:
    """Return the ends sentencex finds; in windows, for its work grows with the square of open quotes."""
    ends: list[int] = []
    line = encodable(line)
    start = 0
    while start < len(line):
        window = line[start : start + _WINDOW]
        found = [start + boundary["end_index"] for boundary in get_sentence_boundaries("en", window)]
        if start + len(window) == len(line):
            return ends + found
        # The last end is that of the window; what it cuts off is read again with what follows.
        ends += found[:-1]
        start = found[-2] if len(found) > 1 else start + len(window)
    return ends


def _kept(line: str, ends: list[int]) -> list[int]:
    """Drop the ends that stand after an initial, a title or a time of day in mid-sentence."""
    kept = []
    for end in ends:
        before = line[max(0, end - _LOOKBACK) : end].rstrip()
        after = line[end : end + 1]
        if _ABBREVIATED.search(before) and not (_MAY_END.search(before) and _starts_sentence(line, end)):
            continue
        if after.islower() and before.endswith((".", "…")):
            continue
        if line.startswith(("”", '" ', "’ "), end):
            continue
        kept.append(end)
    return kept


def _outside_quotations(line: str, starts: set[int]) -> set[int]:
    """Return where sentences start in a line with a quotation mark too few or too many.

    From such a mark on, sentencex takes what is said for what is not, and finds no end inside.
    """
    if line.count('"') % 2 == 0:
        return starts
    quotations = find_quotations(line, [Span(0, len(line))])
    inside = [(found.inner.start, found.inner.end) for found in quotations]
    missed = {
        found.end()
        for found in _OUTSIDE_QUOTE.finditer(line)
        if not _ABBREVIATED.search(line[max(0, found.start() - _LOOKBACK) : found.start() + 2])
        and not any(start <= found.start() < end for start, end in inside)
    }
    return (starts | missed) - {start for start, _ in inside}


def _starts_sentence(line: str, at: int) -> bool:
    word = line[at : at + 12].split(" ", 1)[0].strip("\"“‘'(").lower()
    return word in {
        "the", "a", "an", "he", "she", "it", "they", "we", "i", "in", "on", "at", "this", "that", "these",
        "but", "and", "according", "there", "after", "when", "while", "however", "its", "his", "her", "their",
    }  # fmt: skip


def _split_quotations(line: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split inside the quotations of a sentence: several sentences said in one breath.

    A quotation that is not closed in the sentence is split only when it opens it.
    """
    cuts = [start]
    at = start
    while (opened := _next_opening(line, at, end)) >= 0:
        close = line.find("”" if line[opened] == "“" else '"', opened + 1, end)
        if close < 0 and line[start:opened].strip():
            break
        close = end if close < 0 else close
        for found in _INSIDE_QUOTE.finditer(line, opened + 1, close):
            before = line[max(start, found.end() - _LOOKBACK) : found.end()].rstrip()
            if not _ABBREVIATED.search(before):
                cuts.append(found.end())
        at = close + 1
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _next_opening(line: str, start: int, end: int) -> int:
    found = (at for mark in _OPENING if (at := line.find(mark, start, end)) >= 0)
    return min(found, default=-1)


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None
