"""What a claim says happened: verb, who, to whom, where, when, how many; empty where it is not plain."""

import re
from bisect import bisect_left
from dataclasses import replace
from datetime import date
from typing import Final

from claims.extraction import lexicon
from claims.extraction.context.dates import find_moments
from claims.extraction.frames.participants import phrase, read_event
from claims.extraction.frames.predicate_families import family_of
from claims.extraction.frames.quantities import MEASURES, NUMBER_WORDS, find_quantities
from claims.extraction.frames.verbs import read_verbs
from claims.extraction.parse.document import Document, Range
from claims.extraction.propositions.view import verb_lemma
from claims.extraction.types import Frame, Moment, Quantity, Span

_PLACE_PREPOSITIONS: Final = frozenset(
    {"in", "near", "at", "outside", "inside", "over", "above", "across", "around", "off", "along"}
)
_DISTANCES: Final = lexicon.word_set("km miles metres meters kilometres kilometers north south east west")
_DIGIT: Final = re.compile(r"\d")
_AHEAD: Final = frozenset({"will", "'ll", "shall", "would", "due"})
_CALENDAR: Final = lexicon.TIME_WORDS | frozenset(lexicon.MONTHS)


def read_frame(
    document: Document, piece: tuple[Range, ...], *, published_at: date | None, denied: bool
) -> Frame:
    """Return the frame of one proposition, given as token ranges; `denied` when its speaker denies it."""
    words = frozenset(at for first, last in piece for at in range(first, last))
    quantities = _quantities(document, piece, words)
    hedges = tuple(
        dict.fromkeys(document.tokens[at].lower for at in sorted(words) if _is_hedge(document, at))
    )
    moment = _moment(document, piece, published_at)
    place = _place(document, sorted(words), quantities)
    verbs = read_verbs(document, words)
    event = read_event(document, words, verbs)
    return Frame(
        predicate=event.predicate,
        family=family_of(event.predicate, by_itself=not event.target),
        agent=event.agent,
        target=event.target,
        place=place,
        time=moment,
        quantities=quantities,
        negated=denied != (verbs is not None and verbs.negated),
        hedges=hedges,
        modality="" if verbs is None else verbs.modality,
    )


def speech_frame(
    document: Document,
    piece: tuple[Range, ...],
    cue: Range,
    speaker: str,
    *,
    published_at: date | None,
    denied: bool,
) -> Frame:
    """Return the frame of "Roe condemned the raid": the saying itself is what is claimed."""
    inner = read_frame(document, piece, published_at=published_at, denied=False)
    words = frozenset(at for first, last in piece for at in range(first, last))
    top = next((at for at in sorted(words) if document.tokens[at].head not in words), piece[0][0])
    predicate = verb_lemma(document.tokens[cue[1] - 1])
    return replace(
        inner,
        predicate=predicate,
        family=family_of(predicate),
        agent=speaker,
        target=phrase(document, words, top),
        negated=denied,
        modality="happened",
    )


def _quantities(document: Document, piece: tuple[Range, ...], words: frozenset[int]) -> tuple[Quantity, ...]:
    if not any(
        document.tokens[at].lower in NUMBER_WORDS or _DIGIT.search(document.tokens[at].lower) for at in words
    ):
        return ()
    return tuple(
        _counted(document, words, quantity)
        for span in _char_ranges(document, piece)
        for quantity in find_quantities(document.text, *span)
    )


def _counted(document: Document, words: frozenset[int], quantity: Quantity) -> Quantity:
    """Return the quantity with the thing counted as its unit: "20 Danish soldiers" are soldiers.

    A verb that happens to follow is no unit ("nearly a million fled").
    """
    if quantity.unit in MEASURES:
        return quantity
    tokens = document.tokens
    first = bisect_left(tokens, quantity.span.start, key=lambda token: token.start)
    last = bisect_left(tokens, quantity.span.end, key=lambda token: token.start)
    for at in range(first, last):
        noun = tokens[at].head
        if tokens[at].relation == "nummod" and noun in words and noun > at and tokens[noun].pos == "NOUN":
            end = max(quantity.span.end, tokens[noun].end)
            return replace(quantity, unit=tokens[noun].lower, span=Span(quantity.span.start, end))
    if quantity.unit and last - first > 1 and tokens[last - 1].pos in {"VERB", "AUX"}:
        return replace(quantity, unit="", span=Span(quantity.span.start, tokens[last - 2].end))
    return quantity


def _is_hedge(document: Document, at: int) -> bool:
    """Whether a word makes less of what is claimed; "May" the month does not."""
    token = document.tokens[at]
    return token.lower in lexicon.HEDGES and (token.tag == "MD" or token.lower not in lexicon.MODALS)


def _lower_words(document: Document, piece: tuple[Range, ...]) -> list[str]:
    return [token.lower for first, last in piece for token in document.tokens[first:last]]


def _char_ranges(document: Document, piece: tuple[Range, ...]) -> list[tuple[int, int]]:
    return [(document.tokens[first].start, document.tokens[last - 1].end) for first, last in piece]


def _moment(document: Document, piece: tuple[Range, ...], published_at: date | None) -> Moment | None:
    ahead = any(word in _AHEAD for word in _lower_words(document, piece))
    for start, end in _char_ranges(document, piece):
        found = find_moments(document.text, start, end, published_at=published_at, ahead=ahead)
        if found:
            return found[0]
    return None


def _place(document: Document, words: list[int], quantities: tuple[Quantity, ...]) -> str:
    """Return "near Tabqa" or "some 40km from Raqqa": a preposition of place before a name."""
    for at in words:
        token = document.tokens[at]
        if token.relation != "case" or not _names_place(document, at, token.head):
            continue
        end = document.tokens[_name_end(document, token.head)].end
        before = document.tokens[at - 1] if at else None
        if before is not None and token.lower in {"from", "of"} and before.lower in _DISTANCES:
            begin = next((q.span.start for q in quantities if q.span.end == before.end), None)
            if begin is not None:
                return document.text[begin:end]
        if token.lower in _PLACE_PREPOSITIONS:
            return document.text[token.start : end]
    return ""


def _names_place(document: Document, preposition: int, head: int) -> bool:
    """Whether a name stands between a preposition and the end of its noun that is no month or weekday."""
    return any(
        document.tokens[at].pos == "PROPN" and document.tokens[at].lower not in _CALENDAR
        for at in range(preposition + 1, head + 1)
    )


def _name_end(document: Document, head: int) -> int:
    """Return the last token of a name: "New York City", without what is joined to it."""
    last = head
    while (
        last + 1 < len(document.tokens)
        and document.tokens[last + 1].relation in {"flat", "goeswith"}
        and document.tokens[last + 1].head == head
    ):
        last += 1
    return last
