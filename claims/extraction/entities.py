"""Names, times and quantities, found by capitals and closed lists."""

from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.dates import find_moments
from claims.extraction.document import Document
from claims.extraction.quantities import find_quantities
from claims.extraction.types import Entity

_INSIDE_NAMES: Final = frozenset({"of", "for", "&"})
_BODIES: Final = lexicon.COLLECTIVE_HEADS | lexicon.BODY_WORDS
_PLACE_PREPOSITIONS: Final = frozenset({"in", "near", "at", "from", "outside", "around", "to"})


def find_entities(document: Document) -> list[Entity]:
    """Return names, times and quantities in reading order, none inside another."""
    named = [
        Entity(span := document.span(first, last), kind, span.of(document.text))
        for first, last in name_runs(document)
        if (kind := name_type(document, first, last)) != "time"
    ]
    text = document.text
    times = [
        Entity(moment.span, "time", moment.text)
        for sentence in document.sentences
        for moment in find_moments(text, sentence.span.start, sentence.span.end, published_at=None)
    ]
    amounts = [
        Entity(quantity.span, "quantity", quantity.span.of(text))
        for sentence in document.sentences
        for quantity in find_quantities(text, sentence.span.start, sentence.span.end)
    ]
    return _disjoint(
        sorted(times + named + amounts, key=lambda entity: (entity.span.start, -entity.span.end))
    )


def name_runs(document: Document) -> list[tuple[int, int]]:
    """Return the token ranges of names: words with capitals, joined by "of" ("Bank of Norway")."""
    found = []
    for sentence in document.sentences:
        at = sentence.first
        while at < sentence.last:
            if document.classes[at] != words.NAME:
                at += 1
                continue
            end = _run_end(document, at, sentence.last)
            found.append((at, end))
            at = end
    return found


def _run_end(document: Document, at: int, last: int) -> int:
    end = at + 1
    while end < last:
        if document.classes[end] == words.NAME:
            end += 1
        elif (
            document.tokens[end].lower in _INSIDE_NAMES
            and end + 1 < last
            and document.classes[end + 1] == words.NAME
            and document.tokens[end + 1].lower not in lexicon.WEEKDAYS
        ):
            end += 2
        elif (
            document.tokens[end].lower == "." and len(document.tokens[end - 1].lower) == 1 and end + 1 < last
        ):
            end += 1
        else:
            break
    return end


def name_type(document: Document, first: int, last: int) -> str:
    """Return person, organisation, place, time or, when nothing tells, name."""
    lowered = [token.lower for token in document.tokens[first:last]]
    if all(word in lexicon.TIME_WORDS or word in lexicon.MONTHS for word in lowered):
        return "time"
    if set(lowered) & _BODIES:
        return "organisation"
    before = document.tokens[first - 1].lower if first > 0 else ""
    if lowered[0] in lexicon.ROLES or before in lexicon.ROLES:
        return "person"
    if before in _PLACE_PREPOSITIONS:
        return "place"
    return "name"


def _disjoint(entities: list[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in entities:
        if not kept or kept[-1].span.end <= entity.span.start:
            kept.append(entity)
    return kept


def is_body(name: str) -> bool:
    """Whether one of the words of a name says that it is an organisation."""
    return bool(set(name.lower().replace("-", " ").split()) & _BODIES)
