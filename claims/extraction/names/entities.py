"""What a text names and describes: persons, bodies, places, weapons ..., with its times and quantities."""

from collections.abc import Iterator, Sequence
from typing import Final

from claims.extraction import lexicon
from claims.extraction.names.gazetteers import find_listed
from claims.extraction.names.labelling import Labelled, find_labelled, moment_spans, quantity_spans
from claims.extraction.parse.document import Document
from claims.extraction.types import Entity, Span

_NAME_TAGS: Final = frozenset({"NNP", "NNPS"})
_INSIDE_NAMES: Final = frozenset({"of", "for", "&"})
_BODIES: Final = lexicon.COLLECTIVE_HEADS | lexicon.BODY_WORDS
# What the lists say of a whole name, the surest first.
_LISTED_TYPES: Final = (
    ("place", frozenset({"country", "place"})),
    ("organisation", frozenset({"group", "body"})),
    ("nationality", frozenset({"people"})),
    ("vehicle", frozenset({"vehicle"})),
    ("weapon", frozenset({"weapon"})),
)
_FIRST_NAMES: Final = frozenset({"female", "male"})
_PLACE_PREPOSITIONS: Final = frozenset({"in", "near", "at", "from", "outside", "around", "to"})


def find_entities(document: Document) -> list[Entity]:
    """Return what a text names or describes, and its times and quantities, in reading order.

    One may stand inside another, which then comes first: "the Iraqi army" holds "Iraqi". `outermost` leaves
    the inner ones out.
    """
    return entities_from(document, *find_labelled(document))


def entities_from(document: Document, outer: Sequence[Labelled], inner: Sequence[Labelled]) -> list[Entity]:
    """Return what the models found, with the times, quantities and names that they missed."""
    types: dict[Span, str] = {}
    for found in (*outer, *inner):
        if found.last - found.first == 1 and document.tokens[found.first].tag.startswith("VB"):
            continue  # the "hope" of "we hope" is nobody, though the lists know a Hope
        types.setdefault(document.span(found.first, found.last), found.type)
    taken = bytearray(len(document.text))
    for span in types:
        _take(taken, span)
    for span, kind in _candidates(document):
        if not any(taken[span.start : span.end]):
            types[span] = kind
            _take(taken, span)
    return [
        Entity(span, types[span], span.of(document.text))
        for span in sorted(types, key=lambda span: (span.start, -span.end))
    ]


def _candidates(document: Document) -> Iterator[tuple[Span, str]]:
    """Give what rules find, the surest first."""
    yield from ((span, "time") for span in moment_spans(document))
    yield from ((span, "quantity") for span in quantity_spans(document))
    for first, last in name_runs(document):
        kind = name_type(document, first, last)
        if kind != "time":
            yield document.span(first, last), kind


def _take(taken: bytearray, span: Span) -> None:
    taken[span.start : span.end] = b"1" * (span.end - span.start)


def outermost(entities: Sequence[Entity]) -> list[Entity]:
    """Return the entities, given in reading order, that begin behind the end of the one before."""
    kept: list[Entity] = []
    for entity in entities:
        if not kept or kept[-1].span.end <= entity.span.start:
            kept.append(entity)
    return kept


def name_runs(document: Document) -> list[tuple[int, int]]:
    """Return the token ranges of names: words with capitals, joined by "of" ("Bank of Norway")."""
    found = []
    for sentence in document.sentences:
        at = sentence.first
        while at < sentence.last:
            if document.tokens[at].tag not in _NAME_TAGS:
                at += 1
                continue
            end = _run_end(document, at, sentence.last)
            found.append((at, end))
            at = end
    return found


def _run_end(document: Document, at: int, last: int) -> int:
    end = at + 1
    while end < last:
        if document.tokens[end].tag in _NAME_TAGS:
            end += 1
        elif (
            document.tokens[end].lower in _INSIDE_NAMES
            and end + 1 < last
            and document.tokens[end + 1].tag in _NAME_TAGS
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
    """Return person, organisation, place, nationality, time or, when nothing tells, name."""
    tokens = document.tokens[first:last]
    lowered = [token.lower for token in tokens]
    if all(word in lexicon.TIME_WORDS or word in lexicon.MONTHS for word in lowered):
        return "time"
    if set(lowered) & _BODIES:
        return "organisation"
    before = document.tokens[first - 1].lower if first > 0 else ""
    if lowered[0] in lexicon.ROLES or before in lexicon.ROLES:
        return "person"
    listed = frozenset.intersection(*find_listed(tokens))
    for kind, list_kinds in _LISTED_TYPES:
        if listed & list_kinds:
            return kind
    if last - first > 1 and find_listed(tokens[:1])[0] & _FIRST_NAMES:
        return "person"
    if before in _PLACE_PREPOSITIONS:
        return "place"
    return "name"


def is_body(name: str) -> bool:
    """Whether one of the words of a name says that it is an organisation."""
    return bool(set(name.lower().replace("-", " ").split()) & _BODIES)
