"""Apostrophes that a text has lost: "Syrias army" and "doesnt" are read as "Syria's army" and "doesn't".

Only what can hardly be anything else is read so; the offsets stay those of the text as given.
"""

import re
from dataclasses import dataclass
from typing import Final

from claims.extraction import lexicon
from claims.extraction.names.gazetteers import find_listed
from claims.extraction.parse.tokens import Token

_APOSTROPHE: Final = re.compile(r"['’‘`´]")
_ACRONYM: Final = re.compile(r"[A-Z]{2,6}s")
_SHORTEST: Final = 3
_PLACES: Final = frozenset({"place", "country"})
_DAYS: Final = frozenset(lexicon.WEEKDAYS) | {"today", "yesterday", "tomorrow", "tonight"}
# What stands behind "the Koreas" and "on Sundays" when the "s" is that of a plural.
_BEHIND_PLURAL: Final = lexicon.word_set(
    "a an the and or but nor of in on at to by for from with as into over after before between than is are "
    "was were be been has have had do does did will would can could may might must should who which that "
    "when where while if not said say says also"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the parser shall read it, and where it stands in its sentence: [start, end)."""

    text: str
    start: int
    end: int


def has_lost_apostrophes(text: str) -> bool:
    """Whether a text has no apostrophe at all, also none that is a quotation mark."""
    return _APOSTROPHE.search(text) is None


def put_back(words: list[Word]) -> list[Word]:
    """Return the words of a sentence with the apostrophes it must have had."""
    found: list[Word] = []
    for at, word in enumerate(words):
        before = found[-1] if found else None
        behind = words[at + 1] if at + 1 < len(words) else None
        if word.text.lower() == "nt" and before is not None and before.end == word.start:
            found.append(Word("n't", word.start, word.end))
        elif behind is not None and _is_possessive(word.text, behind.text):
            found.append(Word(word.text[:-1], word.start, word.end - 1))
            found.append(Word("'s", word.end - 1, word.end))
        else:
            found.append(word)
    return found


def _is_possessive(word: str, behind: str) -> bool:
    """Whether a word is a place, a short name in capitals or a day, and what is behind it can be its own."""
    if (
        len(word) < _SHORTEST
        or not word.endswith("s")
        or not behind[0].isalpha()
        or behind.lower() in _BEHIND_PLURAL
    ):
        return False
    owner = word[:-1]
    if owner.lower() in _DAYS:
        return behind.islower()
    return _ACRONYM.fullmatch(word) is not None or (_is_place(owner) and not _is_place(word))


def _is_place(word: str) -> bool:
    (listed,) = find_listed([Token(0, len(word), word.lower(), word[0].isupper(), acronym=False)])
    return not listed.isdisjoint(_PLACES)
