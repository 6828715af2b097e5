"""Where the answers to one question differ: their words, and the numbers, dates and places of their claims.

Pure; knows neither Django nor HTML.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, Literal

Kind = Literal["", "word", "number", "date", "place"]
Span = tuple[int, int]
# What a fact is known by wherever it stands: its kind and its value.
Key = tuple[Kind, Hashable]

_TOKEN = re.compile(r"\w+(?:[.,:'’/-]\w+)*|\s+|[^\w\s]+")
_MONTHS = (
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_DATE_WORDS = frozenset(f"{_MONTHS} {_DAYS}".split())
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds"
    " thousand thousands million millions dozen dozens score scores no none several"
)
_SMALL = (
    "a an the of in on at to by for from with and or that this it its as was were is are be been has had have"
)
_NUMBER_WORDS = frozenset(_NUMBERS.split())
# Words that tell nothing apart by themselves.
_SMALL_WORDS = frozenset(_SMALL.split())
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date or place that a claim states; `start` and `end` count from its revision's start."""

    key: Key
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence: whether it is the claim's own words, and what in it differs elsewhere."""

    text: str
    is_own: bool
    kind: Kind = ""


def differing_answers(answers: Sequence[str], *, slot: str = "") -> list[list[tuple[str, Kind]]]:
    """Cut each answer into pieces, with a kind where a word of it is not in all the others.

    An answer that shares no word with any other is left unmarked, unless numbers or dates tell it
    apart: to mark all of it would point at nothing.

    >>> differing_answers(["56 people", "at least 85 people"])[1]
    [('at ', ''), ('least', 'word'), (' ', ''), ('85', 'number'), (' people', '')]
    """
    tokens = [_TOKEN.findall(answer) for answer in answers]
    words = [{token.casefold() for token in found if token[0].isalnum()} for found in tokens]
    if len(answers) < 2:
        return [[(answer, "")] for answer in answers]
    cut = []
    for index, found in enumerate(tokens):
        others = words[:index] + words[index + 1 :]
        everywhere = set.intersection(*others)
        shared = set.union(*others) & (words[index] - _SMALL_WORDS)
        cut.append(_joined((token, _kind(token, everywhere, bool(shared), slot)) for token in found))
    return cut


def _kind(token: str, everywhere: set[str], is_shared: bool, slot: str) -> Kind:
    folded = token.casefold()
    if not token[0].isalnum() or folded in everywhere or folded in _SMALL_WORDS:
        return ""
    if folded in _DATE_WORDS or slot == "when":
        return "date"
    if any(character.isdigit() for character in token) or folded in _NUMBER_WORDS:
        return "date" if _YEAR.fullmatch(token) and slot != "how many" else "number"
    if not is_shared:
        return ""
    return "place" if slot == "where" else "word"


def _joined(pieces: Iterable[tuple[str, Kind]]) -> list[tuple[str, Kind]]:
    """Neighbours that nothing tells apart, as one."""
    joined: list[tuple[str, Kind]] = []
    for text, kind in pieces:
        if joined and kind == joined[-1][1] == "":
            joined[-1] = (joined[-1][0] + text, kind)
        else:
            joined.append((text, kind))
    return joined


def facts(frame: Mapping[str, Any], sentence: str, sentence_start: int) -> list[Fact]:
    """The numbers, the date and the place in a claim's event frame, each where its sentence states it."""
    found = [
        Fact(("number", _amount(quantity)), *quantity["span"]) for quantity in frame.get("quantities", ())
    ]
    moment = frame.get("time")
    if moment:
        day = (moment["earliest"], moment["latest"])
        found.append(Fact(("date", day if any(day) else str(moment["text"]).casefold()), *moment["span"]))
    place = str(frame.get("place") or "")
    at = sentence.find(place) if place else -1
    if at >= 0:
        start = sentence_start + at
        found.append(Fact(("place", place.casefold()), start, start + len(place)))
    return found


def _amount(quantity: Mapping[str, Any]) -> Hashable:
    """Equal for "1,000" and "1000.0"; text that is no number stands for itself."""
    ends = (quantity["value"], quantity["upper"])
    try:
        return tuple(None if end is None else Decimal(end).normalize() for end in ends)
    except InvalidOperation:
        return ends


def telling(facts_by_position: Mapping[int, Iterable[Fact]]) -> dict[int, set[Key]]:
    """For each position what only its own claims state, where others state something of that kind."""
    keys = {position: {fact.key for fact in found} for position, found in facts_by_position.items()}
    apart = {}
    for position, own in keys.items():
        others = set().union(*(found for other, found in keys.items() if other != position))
        kinds = {kind for kind, _ in others}
        apart[position] = {key for key in own - others if key[0] in kinds}
    return apart


def pieces(sentence: str, start: int, own: Iterable[Span], told: Iterable[Fact] = ()) -> list[Piece]:
    """Cut a sentence, which starts at `start` of its revision, at the claim's own words and what tells apart.

    What lies outside the sentence is left out, and facts outside the claim's own words are not marked.
    """
    length = len(sentence)
    spans = [(max(first - start, 0), min(last - start, length)) for first, last in own]
    marked = [(max(fact.start - start, 0), min(fact.end - start, length), fact.key[0]) for fact in told]
    edges = {at for span in spans for at in span} | {at for first, last, _ in marked for at in (first, last)}
    cuts = sorted(edges | {0, length})
    found = []
    for first, last in pairwise(cuts):
        if first < 0 or last > length:
            continue
        is_own = any(begin <= first and last <= end for begin, end in spans)
        kind: Kind = next((kind for begin, end, kind in marked if begin <= first and last <= end), "")
        found.append(Piece(sentence[first:last], is_own, kind if is_own else ""))
    return _together(found)


def _together(found: Iterable[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for piece in found:
        last = joined[-1] if joined else None
        if last and (last.is_own, last.kind) == (piece.is_own, piece.kind):
            joined[-1] = Piece(last.text + piece.text, piece.is_own, piece.kind)
        else:
            joined.append(piece)
    return joined
