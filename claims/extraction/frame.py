"""What a claim says happened: verb, who, to whom, where, when, how many; empty where it is not plain."""

from dataclasses import replace
from datetime import date
from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.dates import find_moments
from claims.extraction.document import Document, Range
from claims.extraction.noun_phrases import Phrase, phrase_after, phrase_before
from claims.extraction.quantities import find_quantities
from claims.extraction.types import Frame, Moment, Quantity

_PLACE_PREPOSITIONS: Final = frozenset(
    {"in", "near", "at", "outside", "inside", "over", "above", "across", "around"}
)
_DISTANCES: Final = lexicon.word_set("km miles metres meters kilometres kilometers north south east west")
_OPENING_MARKS: Final = frozenset({"“", '"', "‘", "``", "''"})
_AHEAD: Final = frozenset({"will", "'ll", "shall"})
_CHAIN: Final = frozenset({words.AUXILIARY, words.MODAL, words.ADVERB})


def read_frame(
    document: Document, piece: tuple[Range, ...], *, published_at: date | None, denied: bool
) -> Frame:
    """Return the frame of one proposition, given as token ranges; `denied` when its speaker denies it."""
    verb = _main_verb(document, piece)
    quantities = tuple(
        q for span in _char_ranges(document, piece) for q in find_quantities(document.text, *span)
    )
    hedges = tuple(dict.fromkeys(word for word in _lower_words(document, piece) if word in lexicon.HEDGES))
    negated = denied != _is_negated(document, piece, verb)
    moment = _moment(document, piece, published_at)
    place = _place(document, piece, quantities)
    if verb is None:
        return Frame(place=place, time=moment, quantities=quantities, negated=negated, hedges=hedges)
    chain_start, at = verb
    agent, target = _participants(document, piece, chain_start, at)
    return Frame(
        predicate=document.tokens[at].lower,
        agent=agent,
        target=target,
        place=place,
        time=moment,
        quantities=quantities,
        negated=negated,
        hedges=hedges,
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
    first, last = piece[0]
    target = phrase_after(document, first, last, within=document.quotation_at[first])
    return replace(
        inner,
        predicate=document.tokens[cue[1] - 1].lower,
        agent=speaker,
        target=_phrase_text(document, target),
        negated=denied,
    )


def _lower_words(document: Document, piece: tuple[Range, ...]) -> list[str]:
    return [token.lower for first, last in piece for token in document.tokens[first:last]]


def _char_ranges(document: Document, piece: tuple[Range, ...]) -> list[tuple[int, int]]:
    return [(document.tokens[first].start, document.tokens[last - 1].end) for first, last in piece]


def _main_verb(document: Document, piece: tuple[Range, ...]) -> Range | None:
    """Return where the first verb group starts, and its last verb: "was carrying" -> carrying."""
    for first, last in piece:
        for start in range(first, last):
            if document.classes[start] not in words.CLAUSE_MAKING:
                continue
            if document.classes[start] == words.FINITE:
                return start, start
            at = start
            while at + 1 < last and document.classes[at + 1] in _CHAIN:
                at += 1
            while at + 1 < last and document.classes[at + 1] in {words.BARE, words.PARTICIPLE, words.ING}:
                at += 1
            while document.classes[at] == words.ADVERB:
                at -= 1
            return start, at
    return None


def _is_negated(document: Document, piece: tuple[Range, ...], verb: Range | None) -> bool:
    """Whether the main verb is negated, or its subject is "nobody"; "no" before an object counts too."""
    if verb is None:
        return False
    start, at = verb
    while any(first < start < last for first, last in piece) and document.classes[start - 1] == words.ADVERB:
        start -= 1
    return any(
        document.tokens[i].lower in lexicon.NEGATIONS
        for first, last in piece
        for i in range(first, last)
        if i <= at + 1 and (i >= start or _negates_subject(document, i))
    )


def _negates_subject(document: Document, at: int) -> bool:
    word = document.tokens[at].lower
    if word == "not":
        return document.classes[at + 1] != words.ADVERB
    return word in {"no", "nobody", "none", "neither", "nor"}


def _participants(document: Document, piece: tuple[Range, ...], start: int, at: int) -> tuple[str, str]:
    """Return the words for who does it and what it is done to; a pronoun names nobody."""
    first, last = next((part for part in piece if part[0] <= start < part[1]), piece[0])
    if start == first and len(piece) > 1:
        before = _text(document, *piece[0])
    else:
        if start > first and document.tokens[start - 1].lower in _OPENING_MARKS:
            start -= 1
        within = document.quotation_at[start - 1] if start > first else -1
        before = _phrase_text(document, phrase_before(document, first, start, within=within))
    is_passive = document.classes[at] == words.PARTICIPLE and any(
        document.tokens[i].lower in lexicon.BE for i in range(start, at)
    )
    within = document.quotation_at[at]
    if not is_passive:
        return before, _phrase_text(document, phrase_after(document, at + 1, last, within=within))
    by = next((i for i in range(at + 1, min(last, at + 5)) if document.tokens[i].lower == "by"), None)
    if by is None:
        return "", before
    return _phrase_text(document, phrase_after(document, by + 1, last, within=within)), before


def _phrase_text(document: Document, phrase: Phrase | None) -> str:
    if phrase is None or document.classes[phrase.first] in {words.PRONOUN, words.OBJECT}:
        return ""
    return _text(document, phrase.first, phrase.last)


def _text(document: Document, first: int, last: int) -> str:
    return document.span(first, last).of(document.text)


def _moment(document: Document, piece: tuple[Range, ...], published_at: date | None) -> Moment | None:
    ahead = any(word in _AHEAD for word in _lower_words(document, piece))
    for start, end in _char_ranges(document, piece):
        found = find_moments(document.text, start, end, published_at=published_at, ahead=ahead)
        if found:
            return found[0]
    return None


def _place(document: Document, piece: tuple[Range, ...], quantities: tuple[Quantity, ...]) -> str:
    """Return "near Tabqa" or "some 40km from Raqqa": a preposition of place before a name."""
    for first, last in piece:
        for at in range(first, last - 1):
            word = document.tokens[at].lower
            if (
                word == "from"
                and document.tokens[at - 1].lower in _DISTANCES
                and _names_place(document, at + 1, last)
            ):
                begin = next(
                    (q.span.start for q in quantities if q.span.end == document.tokens[at - 1].end), None
                )
                phrase = phrase_after(document, at + 1, last, within=document.quotation_at[at])
                if begin is not None and phrase is not None:
                    return document.text[begin : document.tokens[phrase.head_last - 1].end]
            if word in _PLACE_PREPOSITIONS and _names_place(document, at + 1, last):
                phrase = phrase_after(document, at + 1, last, within=document.quotation_at[at])
                if phrase is not None:
                    return _text(document, at, _before_and(document, phrase))
    return ""


def _before_and(document: Document, phrase: Phrase) -> int:
    """Return the end of the first of several joined nouns: a place is one place."""
    inside = range(phrase.first + 1, phrase.head_last)
    return next((at for at in inside if document.tokens[at].lower == "and"), phrase.head_last)


def _names_place(document: Document, at: int, last: int) -> bool:
    """Whether a name stands here that is no month or weekday."""
    while at < last and document.classes[at] in {words.DETERMINER, words.NOUN}:
        at += 1
    return (
        at < last
        and document.classes[at] == words.NAME
        and document.tokens[at].lower not in lexicon.TIME_WORDS
        and document.tokens[at].lower not in lexicon.MONTHS
    )
