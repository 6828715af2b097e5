"""Who says what: the attributions of a whole text, quotations that run on over sentences included."""

from dataclasses import dataclass

from claims.extraction.cues import Reading, read_cues
from claims.extraction.document import Document, Range, ReadSentence
from claims.extraction.types import Attribution, AttributionKind


@dataclass(frozen=True, slots=True)
class Attributed:
    """An attribution with the token ranges it was read from."""

    value: Attribution
    reading: Reading
    paragraph: int


def find_attributions(document: Document) -> list[Attribution]:
    """Return the attributions of a text in the order of their cues; [] when nobody says anything."""
    return [found.value for found in read_attributions(document)]


def read_attributions(document: Document) -> list[Attributed]:
    """Return the attributions of a text with what they were read from.

    A sentence that is all quotation and has no cue belongs to the quoted speaker before it, in the same
    paragraph or the one before; when there is none it is an attribution without source and cue.
    """
    per_sentence = [
        read_cues(document, sentence) if sentence.is_prose else [] for sentence in document.sentences
    ]
    covered = bytearray(len(document.tokens))
    for readings in per_sentence:
        for reading in readings:
            for first, last in reading.content:
                covered[first:last] = b"\x01" * (last - first)
    _continue_quotations(document, per_sentence, covered)
    return _as_values(document, per_sentence)


def _continue_quotations(document: Document, per_sentence: list[list[Reading]], covered: bytearray) -> None:
    speaking: Reading | None = None
    spoken_in = -2
    for number, sentence in enumerate(document.sentences):
        readings = per_sentence[number]
        if not readings and _is_all_quoted(document, sentence) and sentence.is_prose:
            if covered[sentence.first]:
                continue
            if speaking is None or sentence.paragraph - spoken_in > 1:
                speaking = Reading((sentence.first, sentence.first), None, [], sentence.first)
                per_sentence[number] = [speaking]
            _extend(document, speaking, (sentence.first, sentence.last))
            spoken_in = sentence.paragraph
        for reading in readings:
            if _is_quoted(document, reading.content):
                speaking, spoken_in = reading, sentence.paragraph


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


def _as_values(document: Document, per_sentence: list[list[Reading]]) -> list[Attributed]:
    found: list[Attributed] = []
    for sentence, readings in zip(document.sentences, per_sentence, strict=True):
        base = len(found)
        for reading in readings:
            source, cue = reading.source, reading.cue
            value = Attribution(
                source=() if source is None else (document.span(source.first, source.last),),
                cue=() if cue[0] == cue[1] else (document.span(*cue),),
                content=tuple(document.span(*part) for part in reading.content),
                kind=_kind(document, reading.content),
                parent=_parent(readings, reading, base),
            )
            found.append(Attributed(value, reading, sentence.paragraph))
    return found


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
