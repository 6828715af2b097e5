"""A wording made ready to be compared, and what is measured of two of them."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Final, Self

import numpy
from numpy.typing import NDArray

from reviews.matching.paraphrase.amounts import Amounts, compare_amounts, find_amounts
from reviews.matching.paraphrase.polarity import TURNING, answers_yes_or_no, are_opposed, is_negated, ways
from reviews.matching.paraphrase.vectors import WordTable
from reviews.matching.paraphrase.words import FUNCTION_WORDS, all_words, stem

# What a question asks about, every answer to it may say: it tells them apart less. Chosen among 1, 0.5, 0.35,
# 0.2, 0.1 and 0.05 by the groups of PERSPECTRUM's development part, whose claims stand for the question.
WEIGHT_OF_THE_QUESTIONS_WORDS: Final = 0.2

# Likeness of the nearest words counts by its cube: to be half alike is the rule for any two words.
_SHARPNESS: Final = 3
# Share of their other words from which a "not" or an opposite in one of two wordings makes them contradict.
_OF_ONE_THING: Final = 0.6

FEATURES: Final = (
    "likeness of the whole",
    "shared words",
    "coverage of the one less covered",
    "coverage of the one more covered",
    "same figures",
    "different figures",
    "negated unlike in the same words",
    "opposed in the same words",
)
# Whether more of a feature can only speak for the same meaning, or only against it.
SIGNS: Final = (1, 1, 1, 1, 1, -1, -1, -1)

Floats = NDArray[numpy.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The stems of a text in order, each once, with weights and vectors (one row a stem)."""

    stems: tuple[str, ...]
    weights: Floats
    vectors: Floats
    whole: Floats  # of length 1, or 0 when no word is known
    amounts: Amounts
    is_negated: bool
    yes_or_no: int
    ways: frozenset[tuple[int, int]]

    @classmethod
    def read(cls, text: str, table: WordTable, *, asked: Set[str] = frozenset()) -> Self:
        """Make a text ready; `asked` are the stems of the question's own words, which weigh less."""
        words = all_words(text)
        # Of an answer like "so he did" the small words are all there is.
        telling = [word for word in words if word not in FUNCTION_WORDS] or words
        stems = tuple(dict.fromkeys(map(stem, telling)))
        weights = numpy.array(
            [
                table.rarity(word) * (WEIGHT_OF_THE_QUESTIONS_WORDS if word in asked else 1.0)
                for word in stems
            ],
            dtype="float32",
        )
        vectors = numpy.zeros((len(stems), table.dimensions), dtype="float32")
        for row, word in enumerate(stems):
            vectors[row] = table.vector(word)
        whole = weights @ vectors
        return cls(
            stems=stems,
            weights=weights,
            vectors=vectors,
            whole=(whole / max(float(numpy.linalg.norm(whole)), 1e-6)).astype("float32"),
            amounts=find_amounts(text),
            is_negated=is_negated(words),
            yes_or_no=answers_yes_or_no(words),
            ways=ways(words),
        )


def measure(one: Wording, other: Wording) -> tuple[float, ...]:
    """Return the values of `FEATURES` for two wordings; the order of the two makes no difference."""
    if not one.stems or not other.stems:
        return (0.0,) * len(FEATURES)
    likeness = numpy.maximum(one.vectors @ other.vectors.T, 0.0)
    place = {word: row for row, word in enumerate(other.stems)}
    shared = [(row, place[word]) for row, word in enumerate(one.stems) if word in place]
    for row, column in shared:
        likeness[row, column] = 1.0
    coverages = sorted(
        (
            _coverage(likeness.max(axis=1), one.weights),
            _coverage(likeness.max(axis=0), other.weights),
        )
    )
    figures = compare_amounts(one.amounts, other.amounts)
    is_turned = one.is_negated != other.is_negated
    is_opposed = are_opposed(one.ways, other.ways)
    sameness = _shared_share(one, other, without=TURNING) if is_turned or is_opposed else 0.0
    if sameness < _OF_ONE_THING:
        sameness = 0.0
    return (
        float(one.whole @ other.whole),
        _shared_share(one, other),
        *coverages,
        float(figures == "same"),
        float(figures == "different"),
        sameness * is_turned,
        sameness * is_opposed,
    )


def _shared_share(one: Wording, other: Wording, *, without: Set[str] = frozenset()) -> float:
    """Return the weight of the stems that both have over that of all; 1 when there are none at all."""
    weight_of = {word: float(weight) for word, weight in zip(one.stems, one.weights, strict=True)}
    weight_of |= {word: float(weight) for word, weight in zip(other.stems, other.weights, strict=True)}
    both = set(one.stems) & set(other.stems) - without
    either = (set(one.stems) | set(other.stems)) - without
    # summed in the order of the stems, for a sum of floats depends on its order and a set has none
    whole = sum(weight_of[word] for word in sorted(either))
    return sum(weight_of[word] for word in sorted(both)) / whole if whole else 1.0


def _coverage(nearest: Floats, weights: Floats) -> float:
    return float((weights * nearest**_SHARPNESS).sum() / weights.sum())
