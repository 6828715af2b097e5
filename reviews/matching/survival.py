"""Who a statement says is alive, or dead."""

import re
from functools import lru_cache
from typing import Final

_WHO: Final = r"(?:the|both|a|its|his|her) (?:the )?(?P<who>[a-z][\w-]+(?: and (?:the )?[a-z][\w-]+)?)"
_BE: Final = r"(?:was|were|is|are|had been|has been|have been|remained?)"
_ALIVE: Final = re.compile(
    rf"\b{_WHO} (?:(?:{_BE}) (?:\w+ )?(?:safe|alive|unharmed|unhurt|rescued|saved|well)\b|survived|escaped)",
    re.IGNORECASE,
)
_DEAD: Final = re.compile(
    rf"\b{_WHO} (?:(?:{_BE}) (?:\w+ )?(?:among the dead|killed|dead)\b|died\b|(?:had|has) died\b)",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r" and (?:the )?")
# Of crowds one says how many, not whether.
_MANY: Final = re.compile(
    r"(?:people|civilians|children|women|men|victims|residents|soldiers|fighters|workers|passengers|families|rebels"
    r"|militants|others|members|troops|officers|police|protesters)$"
)


@lru_cache(maxsize=32768)
def find_survival(text: str) -> tuple[tuple[str, bool], ...]:
    """Return (who, alive) pairs, for each single person spoken of as "the ...".

    >>> find_survival("Both the pilot and the navigator were unhurt.")
    (('pilot', True), ('navigator', True))
    """
    found = []
    for pattern, is_alive in ((_ALIVE, True), (_DEAD, False)):
        for match in pattern.finditer(text):
            found += [
                (who.lower(), is_alive)
                for who in _JOINED.split(match["who"])
                if not _MANY.search(who.lower())
            ]
    return tuple(dict.fromkeys(found))
