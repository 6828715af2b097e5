"""Where a statement says something happened: names after words of place, and what lies in what."""

import re
from dataclasses import dataclass
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
    *("was", "were", "is", "are", "had", "has", "have"),
}
_WORD: Final = re.compile(r"[^\W_](?:[\w'’.-]*\w)?|[,;:()\[\]]")
_LOWER_PART: Final = re.compile(r"-[a-z]{3}")  # "US-led"
_BETWEEN: Final = 7
_NO_PLACES: Final = read_words("no_places.txt")


@dataclass(frozen=True, slots=True)
class Place:
    """A named place; `key` is the same for its spellings.

    `rank` is 1 for districts and villages, 2 for cities and where nothing is said, 3 for provinces.
    `is_near` when it happened only near there. `start` is the offset into the statement.
    """

    name: str
    key: str
    rank: int
    is_near: bool
    start: int

    @property
    def words(self) -> str:
        """The place as an answer: "near Alder", "Elm province"."""
        name = f"{self.name} province" if self.rank == 3 else self.name
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
    return tuple(found)


def _place_after(matches: list[re.Match[str]], at: int) -> tuple[Place | None, int]:
    """Return the place named after the preposition at this word, and the word after it."""
    how = matches[at][0].lower()
    kind = ""
    position = at + 1
    while position < min(at + 1 + _BETWEEN, len(matches)):
        word = matches[position][0]
        lower = word.lower()
        if _is_name(word):
            break
        if _TYPE.fullmatch(lower):
            kind = lower.rstrip("s")
        elif lower in _ENDS or word in ",;:()[]":
            return None, position
        position += 1
    first = position
    while position < len(matches) and _is_name(matches[position][0]):
        position += 1
    if position == first or (how == "of" and not kind):
        return None, first
    name = " ".join(match[0] for match in matches[first:position])
    after = matches[position][0].lower() if position < len(matches) else ""
    if (
        matches[first - 1][0].lower() == "the"
        and how == "at"
        and after.isalpha()
        and not _TYPE.fullmatch(after)
    ):
        return None, position  # "at the Alder works"
    if _TYPE.fullmatch(after):
        kind = after.rstrip("s")
        position += 1
    return Place(name, skeleton(name), _rank(kind), how in _CLOSE, matches[first].start()), position


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
