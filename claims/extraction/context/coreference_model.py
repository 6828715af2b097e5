"""What was learned about references: weights of features, and which kinds of thing nouns stand for."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from claims.extraction.parse.pipeline import MODEL

FILE: Final = "coreference.json"
# The kinds of thing, in the order of every distribution over them.
PERSON, ORGANISATION, PLACE, TIME, OTHER = range(5)
Distribution = tuple[float, float, float, float, float]
EVEN: Final[Distribution] = (0.2, 0.2, 0.2, 0.2, 0.2)


@dataclass(frozen=True, slots=True)
class CoreferenceModel:
    """`weights` by the kind of reference ("he", "the") and feature; `nouns` and `names` by word,
    `settings` by what stands around a name ("in", "subject of say").

    `links` are the least probabilities, by kind, at which a reference is linked at all (where precision and
    recall balance), `sure` those at which its name may stand in its place (where four of five are right).
    """

    weights: Mapping[str, Mapping[str, float]]
    nouns: Mapping[str, Distribution]
    names: Mapping[str, Distribution]
    settings: Mapping[str, Distribution]
    links: Mapping[str, float]
    sure: Mapping[str, float]

    def probabilities(self, kind: str, candidates: Sequence[Iterable[str]]) -> list[float]:
        """Return how probable each candidate is, given the features of each."""
        weights = self.weights[kind]
        scores = [sum(weights.get(feature, 0.0) for feature in features) for features in candidates]
        highest = max(scores)
        exponentials = [math.exp(score - highest) for score in scores]
        total = sum(exponentials)
        return [value / total for value in exponentials]


@cache
def load_model(folder: Path = MODEL) -> CoreferenceModel:
    """Return the model in `folder`/coreference.json, loaded once a process."""
    given = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return CoreferenceModel(
        weights=given["weights"],
        nouns={word: tuple(values) for word, values in given["nouns"].items()},
        names={word: tuple(values) for word, values in given["names"].items()},
        settings={word: tuple(values) for word, values in given["settings"].items()},
        links=given["links"],
        sure=given["sure"],
    )
