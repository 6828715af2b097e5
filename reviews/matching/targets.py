"""What or whom an attack hit: the words after "struck", "targeting", "attack on"."""

import re
from functools import lru_cache
from typing import Final

from reviews.matching.terms import read_lists, read_patterns, stem

_HIT: Final = re.compile(
    r"\b(?:"
    + "|".join(pattern.pattern for pattern in read_patterns("targets.txt", "hit").values())
    + r")\s+",
    re.IGNORECASE,
)
_ENDS: Final = read_patterns("targets.txt", "ends")["words"].pattern
_PHRASE: Final = re.compile(
    r"(?:(?:the|a|an|its|their|his|her|two|several|some)\s+)?"
    rf"([\w'’\"-]+(?:\s+[\w'’\"-]+){{0,6}}?)(?=\s+{_ENDS}|[,.;:]|$)"
)
# Where, or somebody: no answer to what was hit.
_GENERAL: Final = frozenset(
    {
        "target",
        "targets",
        "hit",
        "years",
        "days",
        "weeks",
        "months",
        "terrorists",
        "villages",
        "towns",
        "cities",
    }
    | {
        "area",
        "areas",
        "place",
        "site",
        "city",
        "town",
        "village",
        "district",
        "neighbourhood",
        "neighborhood",
    }
    | {"region", "province", "ground", "him", "her", "them", "it", "people", "civilians", "group"}
)
# With these no phrase for a thing begins or ends.
_NO_NOUNS: Final = frozenset(
    {"after", "before", "when", "while", "with", "more", "that", "hit", "had", "been", "failed", "missed"}
    | {"one", "two", "three", "four", "others", "other", "of", "to", "not", "all"}
)
_LEADING: Final = re.compile(r"^(?:(?:near|on|as|they|the|a|an|off|into)\b ?)+", re.IGNORECASE)
_PLACE: Final = re.compile(
    r"\b(?:cit(?:y|ies)|towns?|villages?|districts?|neighbou?rhoods?|provinces?|regions?|suburbs?) of\b"
)
_BLOWS: Final = frozenset(map(stem, read_lists("actors.txt")["deeds"]))


@lru_cache(maxsize=32768)
def find_targets(text: str) -> tuple[str, ...]:
    """Return what a statement says was hit, in its words.

    >>> find_targets("A lorry bomb struck the customs house near the port, killing two.")
    ('customs house',)
    """
    found = []
    for hit in _HIT.finditer(text):
        phrase = _PHRASE.match(text, hit.end())
        if phrase is not None:
            words = _LEADING.sub("", phrase[1].replace('"', "").strip("' "))
            if words and _is_target(words):
                found.append(words)
    return tuple(dict.fromkeys(found))


def _is_target(words: str) -> bool:
    """Whether it is something that can be hit: no place, time, name or blow."""
    lower = words.lower().split()
    is_blow = stem(lower[-1]) in _BLOWS
    if lower[0] in _NO_NOUNS or any(character.isdigit() for character in words):
        return False
    if lower[-1] in _NO_NOUNS or (len(lower) == 1 and lower[0].endswith(("ed", "ing"))):
        return False
    return not (words[0].isupper() or lower[-1] in _GENERAL or is_blow or _PLACE.search(words))
