"""Make the files in `reviews/matching/model`: `python -m reviews.matching.paraphrase.training PERSPECTRUM`.

The words' vectors are those of the engine's pipeline, by stem. The weights of the features are fitted on
PERSPECTRUM (Chen and others, NAACL 2019, CC BY-SA 4.0): reasons for and against a claim, in clusters that
say the same. Every two reasons of one claim are a pair. The training part is learned from, the development
part is only measured, the test part is not read.
"""

import argparse
import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy
from numpy.typing import NDArray

from claims.extraction.parse.pipeline import load
from reviews.matching.paraphrase import SCORER_FILE, Scorer
from reviews.matching.paraphrase.vectors import MODEL, WORD_FILE, WordTable, write_word_table
from reviews.matching.paraphrase.wording import FEATURES, SIGNS, Wording, measure
from reviews.matching.paraphrase.words import content_words, stem

DIMENSIONS: Final = 96
# By reasoning, not learned: reasons for and against a claim seldom deny each other in the same words, and
# answers in the news do ("resigned", "did not resign"; 14 killed, 56 killed). There it decides.
AT_MOST: Final = {
    "different figures": -6.0,
    "negated unlike in the same words": -10.0,
    "opposed in the same words": -10.0,
}
RIDGE: Final = 1e-3
STEPS: Final = 30

Matrix = NDArray[numpy.float64]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons about one claim, and the cluster each stands in."""

    claim: str
    texts: tuple[str, ...]
    clusters: tuple[int, ...]


def read_perspectrum(path: Path, split: str) -> list[Reasons]:
    """Return the claims of one part ("train", "dev") of PERSPECTRUM, as gzipped JSON Lines."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["split"] == split:
                told = [(text, at) for at, each in enumerate(row["clusters"]) for text in each["texts"]]
                texts, clusters = zip(*told, strict=True) if told else ((), ())
                found.append(Reasons(row["claim"], tuple(texts), tuple(clusters)))
    return found


def make_word_table(path: Path) -> None:
    """Write the vectors of the engine's pipeline, whose rows stand in the order of words' frequency."""
    vocabulary = load().vocab
    rows = sorted((row, vocabulary.strings[key]) for key, row in vocabulary.vectors.key2row.items())
    vectors = numpy.asarray(vocabulary.vectors.data, dtype="float32")
    write_word_table(
        path, [word for _, word in rows], vectors[[row for row, _ in rows]], dimensions=DIMENSIONS
    )


def pairs(claims: list[Reasons], table: WordTable) -> Iterator[tuple[tuple[float, ...], bool]]:
    """Give the features of every two reasons of one claim, and whether they say the same."""
    for claim in claims:
        asked = frozenset(map(stem, content_words(claim.claim)))
        read = [Wording.read(text, table, asked=asked) for text in claim.texts]
        for one, other in combinations(range(len(read)), 2):
            yield measure(read[one], read[other]), claim.clusters[one] == claim.clusters[other]


def fit(features: Matrix, is_same: NDArray[numpy.bool_]) -> tuple[Matrix, float]:
    """Fit a logistic regression in which same and not same weigh alike, so that 0 lies between them.

    A feature whose weight comes out against its sign in `SIGNS` says nothing here and is left out.
    """
    kept = list(range(features.shape[1]))
    while True:
        weights, bias = _regress(features[:, kept], is_same)
        wrong = [column for column, weight in zip(kept, weights, strict=True) if weight * SIGNS[column] < 0]
        if not wrong:
            break
        kept = [column for column in kept if column not in wrong]
    whole = numpy.zeros(features.shape[1])
    whole[kept] = weights
    return whole, bias


def _regress(features: Matrix, is_same: NDArray[numpy.bool_]) -> tuple[Matrix, float]:
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    inputs = numpy.column_stack([(features - mean) / spread, numpy.ones(len(features))])
    share = is_same.mean()
    importance = numpy.where(is_same, 0.5 / share, 0.5 / (1 - share)) / len(features)
    weights = numpy.zeros(inputs.shape[1])
    ridge = RIDGE * numpy.eye(inputs.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + numpy.exp(-inputs @ weights))
        slope = inputs.T @ (importance * (likely - is_same)) + ridge @ weights
        curve = (inputs * (importance * likely * (1 - likely))[:, None]).T @ inputs + ridge
        weights -= numpy.linalg.solve(curve, slope)
    scaled = weights[:-1] / spread
    return scaled, float(weights[-1] - scaled @ mean)


def balanced_accuracy(scores: Matrix, is_same: NDArray[numpy.bool_]) -> float:
    said = scores > 0
    return float((said[is_same].mean() + (~said[~is_same]).mean()) / 2)


def main() -> int:
    """Write both files and print how they do on the development part."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    ask.add_argument("perspectrum", type=Path, help="perspectrum.jsonl.gz")
    given = ask.parse_args()
    MODEL.mkdir(exist_ok=True)
    make_word_table(WORD_FILE)
    table = WordTable.read(WORD_FILE)
    measured = {}
    for split in ("train", "dev"):
        rows, same = zip(*pairs(read_perspectrum(given.perspectrum, split), table), strict=True)
        measured[split] = numpy.array(rows), numpy.array(same)
    weights, bias = fit(*measured["train"])
    bounded = [min(weight, AT_MOST.get(name, weight)) for name, weight in zip(FEATURES, weights, strict=True)]
    scorer = Scorer(weights=tuple(round(float(weight), 4) for weight in bounded), bias=round(bias, 4))
    SCORER_FILE.write_text(scorer.as_json() + "\n", encoding="utf-8")
    features, is_same = measured["dev"]
    reached = balanced_accuracy(features @ numpy.array(scorer.weights) + scorer.bias, is_same)
    sys.stdout.write(f"{json.dumps(dict(zip(FEATURES, scorer.weights, strict=True)), indent=2)}\n")
    sys.stdout.write(f"bias {scorer.bias}; balanced accuracy of pairs, development part: {reached:.3f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
