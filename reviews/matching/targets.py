"""What or whom an attack hit: the words after "struck", "targeting", "attack on"."""

import re
from functools import lru_cache
from typing import Final

_HIT: Final = re.compile(
    r"\b(?:struck|hits?|hitting|striking|targeted|targeting|targets|tore through|ripped through|rocked|bombed|"
    r"(?:attack|bombing|blast|bomb|strike|raid|airstrike|explosion|assault)s? (?:on|against|at|near|inside|targeting)|"
    r"during (?=(?:the|a|an|his|her|their) (?!war|night|day|week|month|conflict|past|battle|fighting))|fired on|opened fire on|blew up (?:near|inside|outside)|exploded (?:near|inside|outside|at)|set off near|"
    r"blew (?:him|her|it)self up (?:in|inside|near|at|during|outside))\s+",
    re.IGNORECASE,
)
_PHRASE: Final = re.compile(
    r"(?:(?:the|a|an|its|their|his|her|two|several|some)\s+)?([\w'’\"-]+(?:\s+[\w'’\"-]+){0,6}?)"
    r"(?=\s+(?:in|on|at|near|as|during|where|when|with|that|which|who|has|have|had|killing|killed|wounding|after|before|and|for|by|from|was|were|carrying|a few|while|held|outside|inside|late|early)\b|[,.;:]|$)"
)
_GENERAL: Final = frozenset(
    "area areas place site city town village district neighbourhood neighborhood region province ground him her them it people civilians group".split()
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
            words = phrase[1].strip().strip("\"'")
            if words and words.split()[-1].lower() not in _GENERAL and not words[0].isupper():
                found.append(words)
    return tuple(dict.fromkeys(found))
