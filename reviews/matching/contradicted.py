"""Statements that others deny, or contradict with a "not": the question is whether it is so."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reviews.matching.grouping import joined
from reviews.matching.reading import Reading
from reviews.matching.terms import rarity, stem, words_of

# Of the weight of the words of a denial, how much a statement holds that it denies.
_ENOUGH: Final = 0.6
# A "not" in the same words says less surely than "denied" that it is this statement which is contradicted.
_NEARLY_ALL: Final = 0.75
_FEWEST_SHARED: Final = 2
# A stem that more statements of the story hold than this finds no candidates.
_MOST: Final = 60
_LITTLE: Final = 2.0
_NEGATIONS: Final = frozenset({"not", "never", "didnt", "wasnt", "doesnt"})
# Who did it is a question of its own.
_OF_A_DEED: Final = re.compile(
    r"\b(?:involvement|involved|responsib\w+|being behind|carrying out|any role|any part)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """A claim, what its words weigh by stem, and whether it says that something is not so."""

    reading: Reading
    weights: Mapping[str, float]
    is_negated: bool
    is_denial: bool = False


def find_contradicted(readings: Iterable[Reading]) -> list[list[Told]]:
    """Return groups of claims, each with some that deny what the others state, by another voice.

    Candidates come from an index of stems, so that the work does not grow with the pairs of claims.
    """
    told = [each for each in map(_told, readings) if len(each.weights) >= _FEWEST_SHARED]
    index: dict[str, list[int]] = defaultdict(list)
    for at, each in enumerate(told):
        if not each.is_negated:
            for word in each.weights:
                index[word].append(at)
    pairs = [
        (at, other)
        for at, each in enumerate(told)
        if each.is_negated
        for other in _candidates(each, index)
        if _is_denied(told[other], each)
    ]
    groups = joined(told, pairs)
    return [group for group in groups if len({each.is_negated for each in group}) == 2]


def _candidates(denial: Told, index: Mapping[str, Sequence[int]]) -> list[int]:
    return sorted(
        {at for word in denial.weights if len(index.get(word, ())) <= _MOST for at in index.get(word, ())}
    )


def _told(reading: Reading) -> Told:
    if reading.denied and not _is_of_a_deed(reading.text):
        return Told(reading, _weights(reading.denied), True, is_denial=True)
    return Told(reading, _weights(reading.text), _is_negated(reading.text))


@lru_cache(maxsize=16384)
def _is_of_a_deed(text: str) -> bool:
    return bool(_OF_A_DEED.search(text))


@lru_cache(maxsize=16384)
def _is_negated(text: str) -> bool:
    return not _NEGATIONS.isdisjoint(word.lower() for word in words_of(text))


@lru_cache(maxsize=16384)
def _weights(text: str) -> Mapping[str, float]:
    return {stem(word): rarity(word) for word in words_of(text) if rarity(word) >= _LITTLE and len(word) > 2}


def _is_denied(stated: Told, denial: Told) -> bool:
    """Whether most of what a denial speaks of stands in the statement, and another voice makes it."""
    one, other = stated.reading, denial.reading
    is_one_voice = one.claim.article == other.claim.article and one.speaker == other.speaker
    if is_one_voice or "whether" in one.text:
        return False
    shared = denial.weights.keys() & stated.weights.keys()
    weight = sum(denial.weights[word] for word in shared)
    enough, fewest = (_ENOUGH, _FEWEST_SHARED) if denial.is_denial else (_NEARLY_ALL, _FEWEST_SHARED + 1)
    return len(shared) >= fewest and weight >= enough * sum(denial.weights.values())
