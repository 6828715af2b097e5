"""Passages that two reports share: word for word, with small edits, or reworded.

Two reporters who write of one thing use many of the same words; they seldom put seven pairs of them in the
same order. The numbers below say so in one place; they were set by thinking about agency copy, not fitted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from reviews.matching.paraphrase.words import content_words
from reviews.matching.types import Certainty

# "Pairs" are neighbours among a passage's content words, so eight such words make seven pairs.
PAIRS_OF_A_COPY: Final = 7
PAIRS_OF_A_LIKELY_COPY: Final = 4
PAIRS_WITH_ONE_CREDIT: Final = 3
PAIRS_BESIDE_A_QUOTE: Final = 2
WORDS_OF_A_REWORDING: Final = 6

_SAME: Final = 0.8  # share of the shorter passage's pairs that stand in the longer one
_NEAR: Final = 0.5
_LEAST_PAIRS: Final = 2  # "32 people were killed" is no passage; to be the same needs one pair more
_REWORDED: Final = 0.75  # share of the shorter passage's words, in any order
_MOST_HOLDERS: Final = 4  # of a pair that more reports hold, the first are compared: likeness passes on
_LONGEST_EXCERPT: Final = 12  # words

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one report; `holder` tells the report, `is_quote` that they are somebody's speech."""

    text: str
    holder: str
    is_quote: bool = False


@dataclass(slots=True)
class Kinship:
    """What two reports have in common, over all their passages."""

    same: set[Pair] = field(default_factory=set)
    near: set[Pair] = field(default_factory=set)
    quoted: set[Pair] = field(default_factory=set)
    reworded: set[str] = field(default_factory=set)
    excerpt: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.near or self.quoted or self.reworded)

    def certainty(self, *, has_common_credit: bool = False) -> Certainty | None:
        """Return how sure it is that one copied the other, or both a third; None when it does not follow."""
        if len(self.same) >= PAIRS_OF_A_COPY:
            return "certain"
        if has_common_credit and len(self.near) >= PAIRS_WITH_ONE_CREDIT:
            return "certain"
        beside_a_quote = len(self.quoted) >= PAIRS_OF_A_LIKELY_COPY and len(self.near) >= PAIRS_BESIDE_A_QUOTE
        if len(self.same) >= PAIRS_OF_A_LIKELY_COPY or beside_a_quote:
            return "probable"
        return "probable" if self.reworded else None


@dataclass(frozen=True, slots=True)
class _Read:
    passage: Passage
    words: frozenset[str]
    pairs: frozenset[Pair]


def find_kinships(passages: Sequence[Passage]) -> dict[tuple[str, str], Kinship]:
    """Return what each two holders share, keyed by the sorted pair of them.

    Holders that share nothing are left out. Passages are found through the pairs they share, and of those
    that very many share only the first few holders are compared: the work grows with their number.
    """
    read = [_read(passage) for passage in sorted(passages, key=lambda each: (each.holder, each.text))]
    index = _index(read)
    kinships: dict[tuple[str, str], Kinship] = {}
    for one in read:
        for at in sorted({at for pair in one.pairs for at in index[pair]}):
            other = read[at]
            if other.passage.holder != one.passage.holder:
                first, second = sorted((one, other), key=lambda each: each.passage.holder)
                key = (first.passage.holder, second.passage.holder)
                _compare(first, second, kinships.setdefault(key, Kinship()))
    return {key: kinship for key, kinship in kinships.items() if not kinship.is_empty}


def _read(passage: Passage) -> _Read:
    words = content_words(passage.text)
    return _Read(passage, frozenset(words), frozenset(pairwise(words)))


def _index(read: Iterable[_Read]) -> dict[Pair, list[int]]:
    """Give the places of the passages that hold each pair: one a holder, for the first few holders."""
    index: dict[Pair, list[int]] = {}
    holders: dict[Pair, set[str]] = {}
    for at, each in enumerate(read):
        for pair in each.pairs:
            known = holders.setdefault(pair, set())
            if len(known) < _MOST_HOLDERS and each.passage.holder not in known:
                known.add(each.passage.holder)
                index.setdefault(pair, []).append(at)
    return index


def _compare(one: _Read, other: _Read, kinship: Kinship) -> None:
    shared = one.pairs & other.pairs
    shorter = min(len(one.pairs), len(other.pairs))
    if one.passage.is_quote or other.passage.is_quote:
        if len(shared) >= _SAME * shorter:
            kinship.quoted |= shared
        return
    words = one.words & other.words
    shorter_in_words = min(len(one.words), len(other.words))
    is_alike = 2 * len(words) >= len(one.words | other.words)
    if is_alike and len(words) >= max(WORDS_OF_A_REWORDING, _REWORDED * shorter_in_words):
        kinship.reworded |= words
    if len(shared) < max(_LEAST_PAIRS, _NEAR * shorter):
        return
    kinship.near |= shared
    if len(shared) >= max(_LEAST_PAIRS + 1, _SAME * shorter):
        if len(shared) > len(kinship.same):
            kinship.excerpt = _excerpt(one.passage.text)
        kinship.same |= shared


def _excerpt(text: str) -> str:
    words = text.split()
    return " ".join(words[:_LONGEST_EXCERPT]) + (" …" if len(words) > _LONGEST_EXCERPT else "")
