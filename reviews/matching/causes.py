"""What a statement says brought something about."""

import re
from functools import lru_cache
from typing import Final

_CAUSE: Final = r"(?P<cause>[^.;:]{3,160})"
_EFFECT: Final = r"(?:the|this|that|its|their) (?:[\w-]+ ){0,2}?(?P<effect>[\w-]+)"
_WAS: Final = r"(?:was|were|had been|has been|is|are|may have been) (?:\w+ )?"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_EFFECT} {_WAS}(?:caused by|due to|the result of|blamed on|down to) {_CAUSE}",
        rf"\bblam\w+ {_EFFECT} (?:\w+ )?on {_CAUSE}",
        r"(?P<cause>(?:[\w'’-]+ ){1,8})(?:had |has |have |may have )?"
        rf"(?:caused|sparked|triggered|started|provoked) {_EFFECT}",
        rf"\b{_EFFECT} (?:\w+ ){{0,4}}?{_WAS}(?P<cause>an? (?:\w+ )?(?:accident|attack|bomb|act of \w+))",
    )
)
# Most texts hold none of these, and need no closer look.
_HINT: Final = re.compile(
    r"caus|due to|blam|spark|trigger|result of|provok|started|down to|accident|attack|bomb|act of",
    re.IGNORECASE,
)
_HELPING: Final = re.compile(r" (?:had|has|have|may have|might have)$")
# "By an accident, firefighters said".
_SAID: Final = re.compile(r",? (?:according to|(?:[\w-]+ ){1,4}(?:said|says|told)\b).*$|,.*$", re.IGNORECASE)
_FACT: Final = re.compile(r"^(?:the fact that|partly|mainly|largely) ", re.IGNORECASE)


@lru_cache(maxsize=32768)
def find_causes(text: str) -> tuple[tuple[str, str], ...]:
    """Return (effect, cause) pairs: what was brought about, as one word, and by what.

    >>> find_causes("The fire was caused by a gas leak.")
    (('fire', 'a gas leak'),)
    """
    if not _HINT.search(text):
        return ()
    found = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            cause = _HELPING.sub("", _SAID.sub("", _FACT.sub("", match["cause"].strip())))
            found.append((match["effect"].lower(), cause))
    return tuple(dict.fromkeys(found))
