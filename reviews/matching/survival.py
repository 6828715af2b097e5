"""What a statement says has become of somebody: alive, dead, missing."""

import re
from functools import lru_cache
from typing import Final, Literal

Survival = Literal["alive", "dead", "missing or not known"]

_WHO: Final = r"(?:the|both|its|his|her) (?:the )?(?P<who>[a-z][\w-]+(?: and (?:the )?[a-z][\w-]+)?)"
_BE: Final = r"(?:was|were|is|are|had been|has been|have been|remained?)"
_STATES: Final[dict[Survival, tuple[str, ...]]] = {
    "alive": (
        rf"{_WHO} (?:{_BE} (?:\w+ )?(?:safe|alive|unharmed|unhurt|rescued|saved|well)\b|survived|escaped)",
        rf"(?:rescued|saved|found) {_WHO}(?= alive| unharmed| safe|\.|$)",
    ),
    "dead": (rf"{_WHO} (?:{_BE} (?:\w+ )?(?:among the dead|killed|dead)\b|(?:had |has )?died\b)",),
    "missing or not known": (
        rf"{_WHO} {_BE} (?:still )?missing",
        rf"fate of {_WHO} {_BE} (?:still )?(?:unknown|unclear|not known)",
    ),
}
_PATTERNS: Final = {
    state: tuple(re.compile(rf"\b{pattern}", re.IGNORECASE) for pattern in patterns)
    for state, patterns in _STATES.items()
}
# Most texts hold none of these, and need no closer look.
_HINT: Final = re.compile(
    r"safe|alive|un(?:harmed|hurt|known|clear)|rescued|saved|well|surviv|escaped|dead|killed|died|missing"
    r"|not known",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r" and (?:the )?")
# Of crowds one says how many.
_MANY: Final = re.compile(
    r"(?:people|civilians|children|women|men|victims|residents|soldiers|fighters|workers|passengers|families|rebels"
    r"|militants|others|members|troops|officers|police|protesters|staff|attack|blast|bombing|strike|strikes|war)$"
)


@lru_cache(maxsize=32768)
def find_survival(text: str) -> tuple[tuple[str, Survival], ...]:
    """Return (who, state) pairs, for each single person spoken of as "the ...".

    >>> find_survival("Both the pilot and the navigator were unhurt.")
    (('pilot', 'alive'), ('navigator', 'alive'))
    """
    if not _HINT.search(text):
        return ()
    found: list[tuple[str, Survival]] = []
    for state, patterns in _PATTERNS.items():
        for match in (match for pattern in patterns for match in pattern.finditer(text)):
            named = _JOINED.split(match["who"].lower())
            found += [(who, state) for who in named if not _MANY.search(who)]
    return tuple(dict.fromkeys(found))
