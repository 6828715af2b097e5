"""Passages that two reports share: word for word, with small edits, or reworded.

Two reporters who write of one thing use many of the same words; they seldom put seven pairs of them in the
same order. The numbers below say so in one place; they were set by thinking about agency copy, not fitted.

Two passages that give different numbers for one thing are two reports, however alike their words are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from reviews.matching.counts import find_counts
from reviews.matching.paraphrase.amounts import find_amounts
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
_LONGEST_EXCERPT: Final = 115  # characters
_LEAST_EXCERPT: Final = 2  # words that tell, in a row

Pair = tuple[str, str]
# What is counted and its fate ("people killed") -> the numbers given for it
Numbers = Mapping[str, frozenset[float]]
_SharedWords = tuple[str, frozenset[str]]  # a text, and words in it

_NOTHING_SHARED: Final[_SharedWords] = ("", frozenset())


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one report; `holder` tells the report, `is_quote` that they are somebody's speech."""

    text: str
    holder: str
    is_quote: bool = False


@dataclass(slots=True)
class Kinship:
    """What two reports have in common, over all their passages.

    `equal` are short passages that do not differ in a word that tells; they say something only where two
    reports name one agency. `excerpt` shows the words shared by the two passages that share most, `quote`
    those of a quote.
    """

    same: set[Pair] = field(default_factory=set)
    near: set[Pair] = field(default_factory=set)
    quoted: set[Pair] = field(default_factory=set)
    reworded: set[str] = field(default_factory=set)
    equal: set[Pair] = field(default_factory=set)
    _shown: _SharedWords = _NOTHING_SHARED
    _quoted: _SharedWords = _NOTHING_SHARED

    def show(self, text: str, shared: frozenset[str]) -> None:
        """Take the shared words as they stand in `text` for the excerpt, if they are the most so far."""
        if len(shared) > len(self._shown[1]):
            self._shown = (text, shared)

    def show_quote(self, text: str, shared: frozenset[str]) -> None:
        """Take the shared words of the first quote for the quote."""
        if not self.quote:
            self._quoted = (text, shared)

    @property
    def excerpt(self) -> str:
        return _excerpt(*self._shown)

    @property
    def quote(self) -> str:
        return _excerpt(*self._quoted)

    @property
    def is_empty(self) -> bool:
        return not (self.near or self.quoted or self.reworded or self.equal)

    def certainty(self, *, has_common_credit: bool = False) -> Certainty | None:
        """Return how sure it is that one copied the other, or both a third; None when it does not follow."""
        if len(self.same) >= PAIRS_OF_A_COPY:
            return "certain"
        if has_common_credit and (self.equal or len(self.near) >= PAIRS_WITH_ONE_CREDIT):
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
    compared: set[tuple[int, int]] = set()
    for own_at, one in enumerate(read):
        for at in sorted({at for pair in one.pairs for at in index[pair]}):
            other = read[at]
            if other.passage.holder != one.passage.holder and (at, own_at) not in compared:
                compared.add((own_at, at))
                first, second = sorted((one, other), key=lambda each: each.passage.holder)
                key = (first.passage.holder, second.passage.holder)
                _compare(first, second, kinships.setdefault(key, Kinship()))
    return {key: kinship for key, kinship in kinships.items() if not kinship.is_empty}


def _read(passage: Passage) -> _Read:
    return _Read(passage, *_words_and_pairs(passage.text))


@lru_cache(maxsize=16384)
def _words_and_pairs(text: str) -> tuple[frozenset[str], frozenset[Pair]]:
    words = content_words(text)
    return frozenset(words), frozenset(pairwise(words))


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
    if _tell_different_numbers(one, other):
        return
    shared = one.pairs & other.pairs
    shorter = min(len(one.pairs), len(other.pairs))
    words = one.words & other.words
    if one.passage.is_quote or other.passage.is_quote:
        if len(shared) >= _SAME * shorter:
            kinship.quoted |= shared
            kinship.show_quote(one.passage.text, words)
        return
    shorter_in_words = min(len(one.words), len(other.words))
    is_alike = 2 * len(words) >= len(one.words | other.words)
    if is_alike and len(words) >= max(WORDS_OF_A_REWORDING, _REWORDED * shorter_in_words):
        kinship.reworded |= words
        kinship.show(one.passage.text, words)
    if one.pairs == other.pairs:
        kinship.equal |= shared
        kinship.show(one.passage.text, words)
    if len(shared) < max(_LEAST_PAIRS, _NEAR * shorter):
        return
    kinship.near |= shared
    kinship.show(one.passage.text, words)
    if len(shared) >= max(_LEAST_PAIRS + 1, _SAME * shorter):
        kinship.same |= shared


@lru_cache(maxsize=32768)
def numbers_told(text: str) -> Numbers:
    """Return the numbers a text gives for those killed, wounded, arrested and the like.

    >>> numbers_told("The fire killed at least 12 people.")
    {'people killed': frozenset({12.0})}
    """
    told: dict[str, frozenset[float]] = {}
    for count in find_counts(text):
        figures = {value for kind, value in find_amounts(count.words) if kind == "number"}
        if count.fate and figures:
            key = f"{count.counted} {count.fate}"
            told[key] = told.get(key, frozenset()) | figures
    return told


def do_numbers_differ(one: Numbers, other: Numbers) -> bool:
    """Whether for one thing that both count they have no number in common."""
    return any(not one[key] & other[key] for key in one.keys() & other.keys())


def add_numbers(one: Numbers, other: Numbers) -> Numbers:
    """Return the numbers of both."""
    return {key: one.get(key, frozenset()) | other.get(key, frozenset()) for key in one.keys() | other.keys()}


def _tell_different_numbers(one: _Read, other: _Read) -> bool:
    if do_numbers_differ(numbers_told(one.passage.text), numbers_told(other.passage.text)):
        return True
    figures, others = _figures(one.passage.text), _figures(other.passage.text)
    return bool(figures and others) and not figures & others


@lru_cache(maxsize=32768)
def _figures(text: str) -> frozenset[float]:
    """The numbers of a text that are no days and no spans of time; "one" is seldom a count."""
    return frozenset(value for kind, value in find_amounts(text) if kind == "number" and value != 1)


@lru_cache(maxsize=4096)
def _excerpt(text: str, shared: frozenset[str]) -> str:
    """Return the shared words as they stand in the text: "the ferry lost … two tugs", cut to a length."""
    stretches = list(_stretches(text, shared))
    most = max((len(content_words(stretch)) for stretch in stretches), default=0)
    long = [each for each in stretches if len(content_words(each)) >= min(_LEAST_EXCERPT, most)]
    whole = " … ".join(long)
    if len(whole) <= _LONGEST_EXCERPT:
        return whole
    return whole[:_LONGEST_EXCERPT].rsplit(" ", 1)[0].rstrip(" …,;") + " …"


def _stretches(text: str, shared: frozenset[str]) -> Iterator[str]:
    """Give the runs of shared words, with the words that only join them between."""
    run: list[str] = []
    end = 0  # of the run, behind its last word that tells
    for word in text.split():
        telling = content_words(word)
        if shared.issuperset(telling):
            if telling or run:
                run.append(word)
            end = len(run) if telling else end
        elif run:
            yield " ".join(run[:end]).strip(",;:.")
            run, end = [], 0
    if run:
        yield " ".join(run[:end]).strip(",;:.")
