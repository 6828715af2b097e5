"""Who says what: the attributions of a whole text, quotations that run on over sentences included."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from claims.extraction.attribution import cue_words
from claims.extraction.attribution.acceptance import accept
from claims.extraction.attribution.cues import read_candidates
from claims.extraction.attribution.readings import Reading
from claims.extraction.attribution.speech import (
    continue_quotations,
    credit_pictures,
    read_signatures,
    take_whole_quotations,
)
from claims.extraction.parse.document import Document, Range
from claims.extraction.types import Attribution, AttributionKind, Span

Stance = Literal["asserts", "denies", "doubts", "wants"]


@dataclass(frozen=True, slots=True)
class Attributed:
    """An attribution with the token ranges it was read from.

    `stance` says how the speaker stands to the content: it is so, it is not so, it may be so, or it ought to
    be so ("wants", "supports"), which says of nothing that it is so.
    """

    value: Attribution
    reading: Reading
    paragraph: int
    stance: Stance


def find_attributions(document: Document) -> list[Attribution]:
    """Return the attributions of a text in the order of their cues; [] when nobody says anything."""
    return [found.value for found in read_attributions(document)]


def read_attributions(document: Document) -> list[Attributed]:
    """Return the attributions of a text with what they were read from.

    A sentence that is all quotation and has no cue belongs to the quoted speaker before it, in the same
    paragraph or the one before; when there is none it is an attribution without source and cue.
    """
    candidates = [
        read_candidates(document, sentence) if sentence.is_prose else [] for sentence in document.sentences
    ]
    per_sentence = accept(document, candidates)
    take_whole_quotations(document, per_sentence)
    read_signatures(document, per_sentence)
    continue_quotations(document, per_sentence)
    credit_pictures(document, per_sentence)
    return _as_values(document, per_sentence)


def kind_of(document: Document, content: Sequence[Range]) -> AttributionKind:
    """Return whether all, some or none of the words in these ranges stand in quotation marks."""
    quoted = [
        document.quotation_at[at] >= 0
        for first, last in content
        for at in range(first, last)
        if document.tokens[at].lower[0].isalnum()
    ]
    if quoted and all(quoted):
        return "direct"
    return "mixed" if any(quoted) else "indirect"


def _stance(reading: Reading) -> Stance:
    denied = reading.base in cue_words.DENIAL
    if denied != reading.negated:
        return "denies"
    if reading.base in cue_words.DOUBT:
        return "doubts"
    if reading.form in {"infinitive", "object", "about"} and reading.base in cue_words.WISH:
        return "wants"
    return "asserts"


def _as_values(document: Document, per_sentence: list[list[Reading]]) -> list[Attributed]:
    found: list[Attributed] = []
    for sentence, readings in zip(document.sentences, per_sentence, strict=True):
        base = len(found)
        readings = [reading for reading in readings if reading.content]
        for reading in readings:
            value = Attribution(
                source=_source_spans(document, reading),
                cue=() if reading.cue[0] == reading.cue[1] else (document.span(*reading.cue),),
                content=tuple(document.span(*part) for part in _in_order(reading.content)),
                kind=kind_of(document, reading.content),
                parent=_parent(readings, reading, base),
            )
            found.append(Attributed(value, reading, sentence.paragraph, _stance(reading)))
    return found


def _source_spans(document: Document, reading: Reading) -> tuple[Span, ...]:
    """Return where the source stands: the relative pronoun, where there is one, as PARC has it."""
    if reading.mention >= 0:
        return (document.span(reading.mention, reading.mention + 1),)
    return () if reading.source is None else (document.span(reading.source.first, reading.source.last),)


def _in_order(content: list[Range]) -> Iterator[Range]:
    """Give the parts of a content in the order of the text, those that meet as one."""
    parts = sorted(content)
    first, last = parts[0]
    for _, (begin, end) in pairwise(parts):
        if begin < last:
            last = max(last, end)
        else:
            yield first, last
            first, last = begin, end
    yield first, last


def _parent(readings: list[Reading], reading: Reading, base: int) -> int | None:
    """Return the index of the nearest attribution of the sentence whose content holds this one's cue.

    It must be the larger of the two: broken sentences have attributions that hold each other's cue,
    and parents must never lead round in a circle.
    """
    ranks = [(sum(last - first for first, last in other.content), n) for n, other in enumerate(readings)]
    own = next(rank for rank, other in zip(ranks, readings, strict=True) if other is reading)
    holding = [
        rank
        for rank, other in zip(ranks, readings, strict=True)
        if rank > own
        and any(first <= reading.cue[0] and reading.cue[1] <= last for first, last in other.content)
    ]
    return base + min(holding)[1] if holding else None
