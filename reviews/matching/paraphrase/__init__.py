"""Whether two wordings say the same: a small learned comparison of their words. Numpy only, no pipeline.

It compares words, not sentences: who did it to whom is lost, which answers of a few words seldom need.
"""

import json
from collections.abc import Set
from dataclasses import asdict, dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import Final, Self

from reviews.matching.paraphrase.vectors import MODEL, word_table
from reviews.matching.paraphrase.wording import Wording, measure

__all__ = ["SCORER_FILE", "Scorer", "Wording", "read_wording", "same_meaning", "scorer"]

SCORER_FILE: Final = MODEL / "paraphrase.json"


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of `wording.FEATURES` in their order, and the bias: log-odds of the same meaning, 0 between."""

    weights: tuple[float, ...]
    bias: float

    def log_odds(self, one: Wording, other: Wording) -> float:
        values = zip(self.weights, measure(one, other), strict=True)
        return sum(weight * value for weight, value in values) + self.bias

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, path: Path) -> Self:
        given = json.loads(path.read_text(encoding="utf-8"))
        return cls(weights=tuple(given["weights"]), bias=given["bias"])


@cache
def scorer() -> Scorer:
    """Return the shipped weights, read once a process."""
    return Scorer.read(SCORER_FILE)


def read_wording(text: str, *, asked: Set[str] = frozenset()) -> Wording:
    """Make a text ready for many comparisons; `asked` are the stems of the question's own words."""
    return Wording.read(text, word_table(), asked=asked)


def same_meaning(one: str, other: str) -> float:
    """Return how likely it is that two wordings say the same, 0..1; the order of the two makes no difference.

    Above 0.5 is a yes, when same and not same are equally likely beforehand. Texts equal but for case,
    punctuation and small words give 1, a text without any word gives 0.
    """
    read_one, read_other = map(read_wording, sorted((one, other)))
    if not read_one.stems or not read_other.stems:
        return 0.0
    if read_one.stems == read_other.stems and read_one.is_negated == read_other.is_negated:
        return 1.0
    return 1 / (1 + exp(-scorer().log_odds(read_one, read_other)))
