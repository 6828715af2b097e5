"""What a model gives -> places in the text, or nothing: it can only point, never add."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from claims.extraction.parse.document import Document
from claims.extraction.types import Cue, Span, SpeakerMention
from claims.llm_engine.answers import GivenClaim
from claims.llm_engine.parts import Part
from claims.llm_engine.places import Places, distance, fold

_FEWEST_WORDS: Final = 2
# How far from the claim its speaker and its cue may stand, in characters: some paragraphs, and one.
_SPEAKER_REACH: Final = 3_000
_CUE_REACH: Final = 600
_LOOSE: Final = ",;:!… "
# Not that of "U.S.".
_FULL_STOP: Final = re.compile(r"(?<!\.\w)\.+$")
_ARTICLE: Final = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Grounded:
    """A claim whose every part stands in the text; `chain` ends with who says it and is empty when nobody."""

    spans: tuple[Span, ...]
    chain: tuple[SpeakerMention, ...]
    cue: Cue | None


def ground(document: Document, places: Places, part: Part, given: GivenClaim) -> Grounded | None:
    """Return where a claim stands, or None when its quote, a speaker or its cue is not in the text."""
    spans = _quoted(document, places, part, given)
    if spans is None:
        return None
    around = Span(spans[0].start, spans[-1].end)
    cue = None
    if given.cue.strip():
        place = places.nearest(given.cue, around, reach=_CUE_REACH, beside=spans)
        if place is None:
            return None
        cue = Cue(place.of(document.text), place)
    chain: list[SpeakerMention] = []
    for mention, fuller in (*((name, "") for name in given.reported_by), (given.speaker, given.speaker_name)):
        if not mention.strip():
            continue
        place = places.nearest(mention, around, reach=_SPEAKER_REACH, beside=spans)
        if place is None:
            return None
        chain.append(SpeakerMention(_name(document.text, places, place, fuller), (place,)))
    return Grounded(spans, tuple(chain), cue)


def _quoted(document: Document, places: Places, part: Part, given: GivenClaim) -> tuple[Span, ...] | None:
    """Return the spans of the quote inside one paragraph of the part, where the model says if it is there."""
    number = given.sentence if part.first <= given.sentence < part.last else part.first
    named = document.sentences[number].span
    within = part.span(document)
    first = min(
        places.find(trimmed(given.quote[0]), within),
        key=lambda place: (distance(place, named), place.start),
        default=None,
    )
    if first is None:
        return None
    spans = [first]
    paragraph = document.paragraphs[document.sentences[document.sentence_index(first.start)].paragraph]
    for piece in given.quote[1:]:
        if spans[-1].end >= paragraph.end:
            return None
        place = next(places.find(trimmed(piece), Span(spans[-1].end, paragraph.end)), None)
        if place is None:
            return None
        spans.append(place)
    words = sum(len(re.findall(r"\w+", span.of(document.text))) for span in spans)
    return tuple(spans) if paragraph.holds(spans[-1]) and words >= _FEWEST_WORDS else None


def trimmed(quote: str) -> str:
    """Return a quote as spans are: without the quotation marks around it and the full stop behind it.

    >>> trimmed("“It fell,”"), trimmed("It fell.”"), trimmed("it read “Beware”.")
    ('It fell', 'It fell', 'it read “Beware”')
    """
    before = ""
    while before != quote:
        before = quote
        quote = _unwrapped(_FULL_STOP.sub("", quote.strip().strip(_LOOSE)))
    return quote


def _unwrapped(quote: str) -> str:
    """Return `quote` without a pair of marks around all of it, or without the only one at an end of it."""
    for mark in ('"', "'"):
        before = fold(quote[:1]) == mark
        behind = fold(quote[1:][-1:]) == mark
        if (before or behind) and fold(quote).count(mark) == before + behind:
            return quote[before : len(quote) - behind]
    return quote


def _name(text: str, places: Places, mention: Span, fuller: str) -> str:
    """Return the fuller name when the text has it and it can be the same speaker's, else the mention."""
    place = places.first(fuller)
    if place is not None and _can_be_named(mention.of(text), place.of(text)):
        mention = place
    written = " ".join(mention.of(text).split())
    return _ARTICLE.sub("", written, count=1) if _ARTICLE.match(written) else written


def _can_be_named(mention: str, name: str) -> bool:
    """Whether nothing speaks against it: a mention that is a name itself has to share a word with it."""
    names = set(_capitalised(_ARTICLE.sub("", mention.strip(), count=1)))
    return not names - {"He", "She", "It", "They", "I", "We"} or bool(names & set(re.findall(r"\w+", name)))


def _capitalised(phrase: str) -> Iterator[str]:
    return (word for word in re.findall(r"\w+", phrase) if word[0].isupper())
