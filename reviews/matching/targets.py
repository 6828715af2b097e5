"""What or whom an attack hit: the words after "struck", "targeting", "attack on"."""

import re
from functools import lru_cache
from typing import Final

from reviews.matching.terms import read_patterns

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
    {"area", "areas", "place", "site", "city", "town", "village", "district", "neighbourhood", "neighborhood"}
    | {"region", "province", "ground", "him", "her", "them", "it", "people", "civilians", "group"}
)


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
            words = phrase[1].strip("\"' ")
            if words and words.split()[-1].lower() not in _GENERAL and not words[0].isupper():
                found.append(words)
    return tuple(dict.fromkeys(found))
