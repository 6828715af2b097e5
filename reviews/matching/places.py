"""Where a statement says something happened: names after words of place, and what lies in what."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from reviews.matching.names import is_country, is_people, skeleton
from reviews.matching.terms import read_words

_TYPES: Final = (
    "city|town|village|district|neighbourhood|neighborhood|province|governorate|region|area|suburb|capital|county"
    "|state|port|island|countryside|outskirts|camp|quarter|municipality|prefecture|valley|junction|station|airport"
)
_WIDE: Final = frozenset(
    {"province", "governorate", "region", "county", "state", "countryside", "prefecture"}
)
_BIG: Final = frozenset({"city", "capital"})
_CLOSE: Final = frozenset({"near", "outside", "around", "off"})
_TYPE: Final = re.compile(rf"(?:{_TYPES})s?")
_PREPOSITIONS: Final = frozenset(
    {"in", "near", "at", "outside", "inside", "on", "over", "around", "across", "of", "within", "towards"}
    | {"through", "off"}
)
# Between a preposition and its name stand only words that describe the place.
_ENDS: Final = (_PREPOSITIONS - {"of"}) | {
    *("and", "to", "from", "that", "who", "which", "as", "when", "where", "least", "most", "people"),
    *("was", "were", "is", "are", "had", "has", "have", "by", "held", "for", "during"),
}
_WORD: Final = re.compile(r"[^\W_](?:[\w'’.-]*\w)?|[,;:()\[\]]")
_LOWER_PART: Final = re.compile(r"-[a-z]{3}")  # "US-led"
_BETWEEN: Final = 7
_LONGEST: Final = 3
_LONG_NAME: Final = 5
_MONTHS: Final = frozenset(
    {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october"}
    | {"november", "december"}
)
_NO_PLACES: Final = read_words("no_places.txt")
_TIMES: Final = frozenset(word for word in _NO_PLACES if word.endswith("day") or word in _MONTHS)
_DIRECTIONS: Final = frozenset(
    {"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "outside", "short"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A named place; `key` is the same for its spellings.

    `rank` is 1 for districts and villages, 2 for cities and where nothing is said, 3 for provinces.
    `is_near` when it happened only near there. `start` is the offset into the statement, `kind` the
    word for its kind ("village"), `beside` the keys of the other places named.
    """

    name: str
    key: str
    rank: int
    is_near: bool
    start: int
    kind: str = ""
    beside: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """The place as an answer: "near Alder", "Elm province"."""
        name = f"{self.name} {self.kind}" if self.rank == 3 else self.name
        return f"near {name}" if self.is_near else name


@lru_cache(maxsize=32768)
def find_places(statement: str) -> tuple[Place, ...]:
    """Return the places a statement names after "in", "near", "at" and the like; no countries.

    >>> [place.name for place in find_places("A barge sank near the village of Alder in Elm province.")]
    ['Alder', 'Elm']
    """
    matches = list(_WORD.finditer(statement))
    found: list[Place] = []
    at = 0
    while at < len(matches):
        if matches[at][0].lower() in _PREPOSITIONS:
            place, after = _place_after(matches, at)
            if place is not None:
                found.append(place)
                at = after - 1
        at += 1
    keys = frozenset(place.key for place in found)
    return tuple(replace(place, beside=keys - {place.key}) for place in found)


def _place_after(matches: list[re.Match[str]], at: int) -> tuple[Place | None, int]:
    """Return the place named after the preposition at this word, and the word after it."""
    how = matches[at][0].lower()
    first, kind = _name_after(matches, at)
    position = first
    while position < len(matches) and _is_name(matches[position][0]):
        position += 1
    if not 0 < position - first <= _LONGEST or (how == "of" and not kind):
        return None, max(first, at + 1)
    name = " ".join(match[0] for match in matches[first:position])
    after = matches[position][0].lower() if position < len(matches) else ""
    if _TYPE.fullmatch(after):
        kind = after.rstrip("s")
        position += 1
    elif _describes(matches[first - 1][0].lower(), how, after) or _goes_on(matches, position):
        return None, position
    is_near = how in _CLOSE or (how == "of" and matches[at - 1][0].lower() in _DIRECTIONS)
    if after == "outskirts" and len(name) > _LONG_NAME:
        name = name.removesuffix("s")
    return Place(name, skeleton(name), _rank(kind), is_near, matches[first].start(), kind), position


def _name_after(matches: list[re.Match[str]], at: int) -> tuple[int, str]:
    """Return where a name begins after the preposition at this word, and the type of place said before it.

    It begins after the last word when no name follows.
    """
    kind = ""
    for position in range(at + 1, min(at + 1 + _BETWEEN, len(matches))):
        word = matches[position][0]
        if _is_name(word):
            return position, kind
        if _TYPE.fullmatch(word.lower()):
            kind = word.lower().rstrip("s")
        elif word.lower() in _ENDS or word in ",;:()[]" or _is_whole_country(word):
            break
    return len(matches), kind


def _describes(before: str, how: str, after: str) -> bool:
    """Whether a name only says which: "at the Alder works", "in an Easter message"."""
    return after.isalpha() and (before in {"a", "an"} or (before == "the" and how == "at"))


def _goes_on(matches: list[re.Match[str]], at: int) -> bool:
    """Whether the name of a body goes on with a word that is in no place's name: "Democratic | Forces"."""
    return at < len(matches) and matches[at][0][0].isupper() and matches[at][0].lower() in _NO_PLACES - _TIMES


def _is_whole_country(word: str) -> bool:
    """Whether it is a country, and not its possessive that has lost the mark: "Syrias north"."""
    return is_country(word) and not (word.endswith("s") and is_country(word[:-1]))


def _is_name(word: str) -> bool:
    lower = word.lower()
    is_capital = word[0].isupper() or (lower[:3] in {"al-", "el-"} and word[3:4].isupper())
    return (
        is_capital
        and len(word) > 1
        and lower not in _NO_PLACES
        and lower.rstrip("s") not in _NO_PLACES
        and not is_country(word)
        and not is_people(word)
        and not _LOWER_PART.search(word)
        and not word.isupper()
    )


def _rank(kind: str) -> int:
    if kind in _WIDE:
        return 3
    return 2 if not kind or kind in _BIG else 1
