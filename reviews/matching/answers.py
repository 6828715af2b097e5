"""Answers to a free question, grouped by what they say.

Two answers are compared word by word (`paraphrase`), with the question's own words weighing less; what kind
of question it is then says what more to look at: figures, yes or no, names. Groups are joined while
their answers are, on average, more likely to say the same than not.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

import numpy
from numpy.typing import NDArray

from reviews.matching.paraphrase import Wording, read_wording, scorer
from reviews.matching.paraphrase.amounts import compare_amounts
from reviews.matching.paraphrase.vectors import word_table
from reviews.matching.paraphrase.words import FUNCTION_WORDS, content_words, stem

# One pair must not decide for a whole group, so its log-odds count up to this much.
_MOST_LOG_ODDS: Final = 4.0

_ASKS_FOR_FIGURES: Final = re.compile(
    r"\b(?:how\s+(?:many|much|long|old|far|often|big|large|high|tall|fast|late|soon)|when|since when"
    r"|what\s+(?:year|day|date|time|month|age|percentage|share|number|price|amount|sum)|which\s+(?:year|day|date|month))\b",
    re.IGNORECASE,
)
_ASKS_WHETHER: Final = re.compile(
    r"^\W*(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]t)?\b",
    re.IGNORECASE,
)
_ASKS_FOR_A_NAME: Final = re.compile(r"\b(?:who|whom|whose|where|which)\b", re.IGNORECASE)
_NAME_WORD: Final = re.compile(r"\b[A-Z][\w-]*")

# By reasoning, in log-odds: a figure asked for decides; a yes against a no too; two other names nearly.
_FIGURES_AGREE: Final = 3.0
_FIGURES_DIFFER: Final = -3.0
_FIGURES_IN_ONE: Final = -1.0
_SIDES_AGREE: Final = 4.0
_SIDES_DIFFER: Final = -4.0
_NAMES_DIFFER: Final = -3.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as given; `context` is the passage it stands in."""

    id: str
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """An answer's meaning, for all answers of the same words."""

    wording: Wording
    names: Mapping[str, float]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Question:
    asks_for_figures: bool
    asks_whether: bool
    asks_for_a_name: bool

    @classmethod
    def read(cls, question: str) -> "_Question":
        return cls(
            asks_for_figures=bool(_ASKS_FOR_FIGURES.search(question)),
            asks_whether=bool(_ASKS_WHETHER.search(question)),
            asks_for_a_name=bool(_ASKS_FOR_A_NAME.search(question)),
        )

    def log_odds(self, one: _Kind, other: _Kind) -> float:
        """Say how likely two answers mean the same."""
        found = scorer().log_odds(one.wording, other.wording)
        if self.asks_for_figures:
            found += _by_figures(one.wording, other.wording)
        if self.asks_whether:
            found += _by_side(one.wording, other.wording)
        if self.asks_for_a_name and _are_other_names(one.names, other.names):
            found += _NAMES_DIFFER
        return max(-_MOST_LOG_ODDS, min(_MOST_LOG_ODDS, found))


def consolidate(question: str, answers: Sequence[Answer]) -> list[list[str]]:
    """Return the ids of the answers in groups that say the same.

    Groups stand in the order of their first answers, ids in the order given; which answers stand together
    does not depend on the order. An answer without a word stands alone.
    """
    kinds = _kinds(question, answers)
    asked = _Question.read(question)
    log_odds = numpy.zeros((len(kinds), len(kinds)))
    for row, one in enumerate(kinds):
        for column in range(row):
            log_odds[row, column] = log_odds[column, row] = asked.log_odds(one, kinds[column])
    group_of = {
        id: number
        for number, group in enumerate(_link(log_odds, [len(kind.ids) for kind in kinds]))
        for at in group
        for id in kinds[at].ids
    }
    groups: dict[int, list[str]] = {}
    for answer in answers:
        groups.setdefault(group_of[answer.id], []).append(answer.id)
    return list(groups.values())


def _kinds(question: str, answers: Sequence[Answer]) -> list[_Kind]:
    """Give the answers that differ in their words, in an order that is not the order given."""
    asked = frozenset(map(stem, content_words(question)))
    same: dict[tuple[object, ...], list[str]] = {}
    read: dict[tuple[object, ...], tuple[Wording, dict[str, float]]] = {}
    for answer in sorted(answers, key=lambda each: (each.text, each.id)):
        wording = read_wording(answer.text, asked=asked)
        key = (wording.stems, wording.is_negated) if wording.stems else (answer.id,)
        same.setdefault(key, []).append(answer.id)
        read.setdefault(key, (wording, _names(answer.text, asked)))
    return [_Kind(*read[key], tuple(ids)) for key, ids in same.items()]


def _names(text: str, asked: Set[str]) -> dict[str, float]:
    """Return the stems of the words with a capital, each with its rarity."""
    words = {stem(word.lower()) for word in _NAME_WORD.findall(text) if word.lower() not in FUNCTION_WORDS}
    return {word: word_table().rarity(word) for word in sorted(words - asked)}


def _by_figures(one: Wording, other: Wording) -> float:
    agreement = compare_amounts(one.amounts, other.amounts)
    if agreement == "same":
        return _FIGURES_AGREE
    if agreement == "different" or (one.amounts and other.amounts):
        return _FIGURES_DIFFER
    return _FIGURES_IN_ONE if one.amounts or other.amounts else 0.0


def _by_side(one: Wording, other: Wording) -> float:
    sides = _side(one), _side(other)
    if 0 in sides:
        return 0.0
    return _SIDES_AGREE if sides[0] == sides[1] else _SIDES_DIFFER


def _side(answer: Wording) -> int:
    """Return 1 for yes, -1 for no, 0 when the answer says neither: "the crew did not leave" is a no."""
    return answer.yes_or_no or (-1 if answer.is_negated else 0)


def _are_other_names(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Whether what each has of its own is rarer than what they share: Alder Line is not Brant Line.

    President Assad and Bashar al-Assad share the rarest that one of them has.
    """
    shared = sum(one[word] for word in sorted(one.keys() & other.keys()))
    own = [
        sum(names[word] for word in sorted(names.keys() - others.keys()))
        for names, others in ((one, other), (other, one))
    ]
    return min(own) > shared


def _link(log_odds: NDArray[numpy.float64], sizes: Sequence[int]) -> list[list[int]]:
    """Join the two groups of the highest mean log-odds, again and again, as long as it is above 0."""
    between = log_odds.copy()
    numpy.fill_diagonal(between, -numpy.inf)
    weight = numpy.array(sizes, dtype=float)
    groups = {at: [at] for at in range(len(sizes))}
    while len(groups) > 1:
        kept, gone = sorted(int(at) for at in numpy.unravel_index(between.argmax(), between.shape))
        if between[kept, gone] <= 0:
            break
        merged = (weight[kept] * between[kept] + weight[gone] * between[gone]) / (weight[kept] + weight[gone])
        between[kept], between[:, kept] = merged, merged
        between[gone], between[:, gone] = -numpy.inf, -numpy.inf
        between[kept, kept] = -numpy.inf
        weight[kept] += weight[gone]
        groups[kept].extend(groups.pop(gone))
    return list(groups.values())
