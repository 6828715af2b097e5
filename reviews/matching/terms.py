"""Which words of a claim tell its story from others: names and rare words, by a count shipped with the code.

Rarity does not depend on the claims at hand, so a new claim never changes how earlier ones were linked.
"""

import re
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Final

from claims.extraction.frames.quantities import NUMBER_WORDS
from reviews.matching.names import is_country, is_people, skeleton

_LEXICON: Final = Path(__file__).parent / "lexicon"
_WORD: Final = re.compile(r"(?:[^\W\d_]+|\d+(?=[a-z]))(?:['’-]?[^\W_]+)*")
_POSSESSIVE: Final = re.compile(r"['’]s?$")
# A word in fewer texts than the table lists counts as if it stood in this many.
_UNLISTED: Final = 2
# At 4.0 a rare word stands in fewer than one of 55 texts.
RARE: Final = 4.0
# A lower-case word says less about which story it is than a name of the same rarity.
# Names in fewer than one of 250 texts; their spellings meet by their skeleton.
_RARE_NAME: Final = 5.5
_NAME_MARK: Final = "*"
_COMMON_NOUN: Final = 0.6


def _read_frequencies() -> tuple[int, dict[str, int]]:
    """Return the number of texts counted, and word -> texts it stands in."""
    texts, counts = 0, {}
    for line in (_LEXICON / "document_frequencies.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, *words = line.split()
        if not words:
            texts = int(head)
        counts.update(dict.fromkeys(words, int(head)))
    return texts, counts


def read_words(name: str) -> frozenset[str]:
    """Return the words of a list in `lexicon/`; lines that begin with "#" are remarks."""
    lines = (_LEXICON / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def read_lists(name: str) -> dict[str, frozenset[str]]:
    """Return the words of each "role: words" line of a list in `lexicon/`; a role may have several lines."""
    lists: dict[str, set[str]] = {}
    for line in (_LEXICON / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            role, words = line.split(": ")
            lists.setdefault(role, set()).update(words.split())
    return {role: frozenset(words) for role, words in lists.items()}


def read_patterns(name: str, role: str) -> dict[str, re.Pattern[str]]:
    """Return name -> pattern of the lines "role name: pattern" of a list; those of one name are joined."""
    parts: dict[str, list[str]] = {}
    for line in (_LEXICON / name).read_text(encoding="utf-8").splitlines():
        head, _, pattern = line.partition(": ")
        if head.startswith(f"{role} "):
            parts.setdefault(head.removeprefix(f"{role} "), []).append(pattern)
    return {
        named: re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)
        for named, patterns in parts.items()
    }


def read_kinds(name: str) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return word -> its kinds, and special case -> general kind, of lines "kind < general: words"."""
    of_word: dict[str, tuple[str, ...]] = {}
    general: dict[str, str] = {}
    for head, words in read_lists(name).items():
        kind, _, other = head.partition(" < ")
        if other:
            general[kind] = other
        of_word |= {word: (*of_word.get(word, ()), kind) for word in words}
    return of_word, general


_TEXTS, _FREQUENCIES = _read_frequencies()
EVERY_STORY: Final = read_words("every_story.txt")


def words_of(text: str) -> list[str]:
    """Return the words as written, without possessive endings and numbers.

    >>> words_of("Oslo's harbour took 12 ships")
    ['Oslo', 'harbour', 'took', 'ships']
    """
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(text)]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return a lower-case word without a plural or verb ending: only so that two spellings meet.

    >>> [stem(word) for word in ("strikes", "villages", "Bombings", "killed", "glass")]
    ['strik', 'villag', 'bomb', 'kill', 'glass']
    """
    lower = word.lower()
    if lower.endswith(("ses", "xes", "zes", "shes", "ches")) and len(lower) > 4:
        return lower[:-2]
    for ending in ("ings", "ing", "ed", "es", "s", "e"):
        if lower.endswith(ending) and len(lower) - len(ending) >= 4 and not lower.endswith("ss"):
            return lower.removesuffix(ending)
    return lower


@lru_cache(maxsize=65536)
def rarity(word: str) -> float:
    """Return ln(texts / texts with the word): 6.3 for unlisted words, 1.5 for "people"."""
    lower = word.lower()
    count = max(_FREQUENCIES.get(lower, _UNLISTED), _FREQUENCIES.get(lower.removesuffix("s"), 0))
    return log(_TEXTS / count)


def _is_number(word: str) -> bool:
    return all(part in NUMBER_WORDS for part in word.lower().split("-"))


def is_name(term: str) -> bool:
    """Whether a term of `telling_terms` is a name that few texts hold, and no country or people."""
    return term.startswith(_NAME_MARK)


@lru_cache(maxsize=16384)
def telling_terms(text: str) -> dict[str, float]:
    """Return the stems of a text's rare words and what each tells; a name tells more than another word.

    Words that every report of accidents, fights, votes or courts uses are left out.
    """
    terms: dict[str, float] = {}
    for word in words_of(text):
        weight = rarity(word)
        if weight < RARE or len(word) < 3 or word.lower() in EVERY_STORY or _is_number(word):
            continue
        if is_country(word) or is_people(word):
            weight = min(weight, _RARE_NAME - 0.1)
        told = weight if word[0].isupper() else weight * _COMMON_NOUN
        key = _NAME_MARK + skeleton(word) if word[0].isupper() and weight >= _RARE_NAME else stem(word)
        terms[key] = max(terms.get(key, 0.0), told)
    return terms
