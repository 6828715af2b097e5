"""Who says what: the attributions of a whole text, quotations that run on over sentences included."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from claims.extraction import cue_words
from claims.extraction.acceptance import accept
from claims.extraction.cues import Reading, read_candidates
from claims.extraction.document import Document, Range, ReadSentence
from claims.extraction.noun_phrases import Phrase
from claims.extraction.types import Attribution, AttributionKind, Span

Stance = Literal["asserts", "denies", "doubts", "wants"]

_PICTURES: Final = frozenset({"image", "photo", "photograph", "picture", "credit", "photos", "video"})


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
    for readings in per_sentence:
        _take_whole_quotations(document, readings)
    covered = _Cover(document, per_sentence)
    _continue_quotations(document, per_sentence, covered)
    _credit_pictures(document, per_sentence)
    return _as_values(document, per_sentence)


class _Cover:
    """Which tokens are somebody's content already."""

    def __init__(self, document: Document, per_sentence: list[list[Reading]]) -> None:
        self._taken = bytearray(len(document.tokens))
        for readings in per_sentence:
            for reading in readings:
                for part in reading.content:
                    self.take(part)

    def take(self, part: Range) -> None:
        first, last = part
        self._taken[first:last] = b"\x01" * (last - first)

    def holds(self, at: int) -> bool:
        return self._taken[at] == 1


def _take_whole_quotations(document: Document, readings: list[Reading]) -> None:
    """Let a content that ends a quotation of several sentences begin where the quotation does."""
    for reading in readings:
        if not reading.content or not reading.encloses:
            continue
        first, last = reading.content[0]
        quotation = document.quotation_at[last - 1]
        if quotation < 0 or document.quotation_at[reading.cue[0]] == quotation:
            continue
        if document.quotation_at[first] == quotation:
            while first > 0 and document.quotation_at[first - 1] == quotation:
                first -= 1
            reading.content[0] = (first, last)


def _continue_quotations(document: Document, per_sentence: list[list[Reading]], covered: _Cover) -> None:
    speaking: Reading | None = None
    spoken_in = -2
    awaited: Reading | None = None
    for number, sentence in enumerate(document.sentences):
        readings = [reading for reading in per_sentence[number] if document.quotation_at[reading.cue[0]] < 0]
        free = not covered.holds(sentence.first)
        if sentence.is_prose and free and awaited is not None and awaited.form == "announcement":
            _extend(document, awaited, (sentence.first, sentence.last))
            covered.take((sentence.first, sentence.last))
            speaking, spoken_in, awaited = awaited, sentence.paragraph, None
            continue
        awaited = next((reading for reading in readings if not reading.content), None)
        if sentence.is_prose and free and not readings and _is_all_quoted(document, sentence):
            if speaking is None or sentence.paragraph - spoken_in > 1:
                speaking = Reading((sentence.first, sentence.first), None, [], sentence.first, form="continued")
                per_sentence[number] = [speaking, *per_sentence[number]]
            _extend(document, speaking, (sentence.first, sentence.last))
            covered.take((sentence.first, sentence.last))
            spoken_in = sentence.paragraph
        for reading in readings:
            if reading.content and _is_quoted(document, reading.content):
                speaking, spoken_in = reading, sentence.paragraph
                last = reading.content[-1][1]
                if document.quotation_at[last - 1] >= 0:
                    end = last
                    while end < len(document.tokens) and document.quotation_at[end] == document.quotation_at[last - 1]:
                        end += 1
                    if end > last and not covered.holds(last):
                        reading.content[-1] = (reading.content[-1][0], end)
                        covered.take((last, end))


def _credit_pictures(document: Document, per_sentence: list[list[Reading]]) -> None:
    """Give a caption to whom "Image: Jane Roe." behind it credits."""
    for number, sentence in enumerate(document.sentences):
        if number == 0 or per_sentence[number] or sentence.last - sentence.first < 3 or not sentence.is_prose:
            continue
        opening = document.tokens[sentence.first : sentence.first + 2]
        before = document.sentences[number - 1]
        if opening[0].lower not in _PICTURES or opening[1].lower != ":" or per_sentence[number - 1]:
            continue
        last = sentence.last - 1 if document.tokens[sentence.last - 1].lower == "." else sentence.last
        if before.paragraph == sentence.paragraph and last > sentence.first + 2:
            source = Phrase(sentence.first + 2, last, last)
            cue = (sentence.first, sentence.first)
            per_sentence[number] = [Reading(cue, source, [(before.first, before.last)], sentence.first, form="credit")]


def _extend(document: Document, reading: Reading, added: Range) -> None:
    """Add to the content; sentences of one quotation become one range."""
    if reading.content:
        first, last = reading.content[-1]
        if last == added[0] and document.quotation_at[last - 1] == document.quotation_at[added[0]]:
            reading.content[-1] = (first, added[1])
            return
    reading.content.append(added)


def _is_all_quoted(document: Document, sentence: ReadSentence) -> bool:
    words_at = [at for at in range(sentence.first, sentence.last) if document.tokens[at].lower[0].isalnum()]
    return len(words_at) > 1 and all(document.quotation_at[at] >= 0 for at in words_at)


def _is_quoted(document: Document, content: list[Range]) -> bool:
    """Whether the content ends in a quotation that somebody may go on with."""
    last = content[-1][1]
    return document.quotation_at[last - 1] >= 0 or (
        len(content) > 1 or document.quotation_at[content[0][0]] >= 0
    )


def _kind(document: Document, content: list[Range]) -> AttributionKind:
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
                kind=_kind(document, reading.content),
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
