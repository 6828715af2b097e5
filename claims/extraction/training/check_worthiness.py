"""How the weights of `check_worthiness.py` are made, how good they are, and what "worth checking" means.

**Guidelines.** A sentence is a claim when any part of it says something that evidence could show to be true
or false; the rest of the sentence does not matter. Whether it is important, true or new does not matter.

Claims: what happened, was said or was done; how many, how much, how long, since when; what a law, a budget
or a contract says; who somebody is; comparisons and trends; causes and effects, also those promised of a
measure; how people, animals and things are in general, where data could tell; plans and promises that name
what will be done, so that a record will show whether it was; reports on one's own acts; fragments that go on
with any of these ("More than any other state."); and such facts inside of thanks, greetings and appeals.

No claims: taste, praise, blame and morals; feelings and hopes; metaphors and mottoes; appeals and duties
(let us, must, should) without a fact in them; promises of attitude (we will not give up); progress that
names nothing done (we have come a long way), and what there "is" that nobody could count (there is hope);
greetings, bare thanks, questions, talk about the talk itself; headings that are no sentence, bylines,
captions and bare names. In doubt it is one: a reviewer passes over a sentence faster than over a claim that
was never shown.

**Labels.** `data/check_worthiness.jsonl` names sentences of the training parts of GUM and EWT, and holds
sentences of public speeches written for this project, for there is no free corpus of them. A language model
wrote those, and read and labelled all sentences by these guidelines; no person has checked them. It went
over the corpora twice, the second time to widen what counts (plans, effects, facts inside of thanks). The
speeches hold both kinds of what is easily mistaken: "there is", progress, plans and fragments, each with
facts and without.

No sentence, label or threshold comes from PoliClaim dev, which measures, but it was looked at: errors on it
showed that the first guidelines were narrower than what its annotators call verifiable, and which kinds of
sentence (plans, fragments) the speeches written here had to hold. So the figure on that part flatters; an
unseen part is the fair test.
"""

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from claims.extraction.check_worthiness import WEIGHTS, Weights, content_words, find_signs
from claims.extraction.parse.document import read_document
from claims.extraction.parse.pipeline import load
from claims.extraction.training.measure import f1, read_rows

LABELS: Final = Path(__file__).parent / "data" / "check_worthiness.jsonl"
FOLDS: Final = 8
SEED: Final = 20170618

# Penalties on the weights, chosen in cross-validation over the labels; the optimum is flat.
_SIGN_PENALTY: Final = 10.0
_WORD_PENALTY: Final = 2.5
_RAREST_SIGN: Final = 3
_ROUNDS: Final = 400
_BINS: Final = 10
# Smaller weights, in thousandths, would change no score in its third place.
_SMALLEST_WEIGHT: Final = 5

Vector = npt.NDArray[np.float64]


class MissingSentence(Exception):
    """A label names a sentence that is not in the corpus given; the message says which."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One sentence; those of one `document` stay together in cross-validation."""

    document: str
    text: str
    claim: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """The matrix's columns: one for each sign, then one for each direction of the word vectors."""

    signs: dict[str, int]
    vectors: dict[str, Vector]
    directions: int

    def row(self, signs: set[str], words: list[str]) -> Vector:
        row = np.zeros(len(self.signs) + self.directions)
        row[[self.signs[sign] for sign in signs if sign in self.signs]] = 1.0
        if words:
            known = [self.vectors[word] for word in words if word in self.vectors]
            row[len(self.signs) :] = np.sum([np.zeros(self.directions), *known], axis=0) / np.sqrt(len(words))
        return row

    def penalties(self) -> Vector:
        """Return the penalty of each column, and none for the intercept behind them."""
        sizes = [len(self.signs), self.directions, 1]
        return np.repeat([_SIGN_PENALTY, _WORD_PENALTY, 0.0], sizes)


def train(data: Path, model: Path) -> dict[str, float]:
    """Learn from every label, write the weights into the folder `model`; return cross-validated figures.

    The slope and the offset that make the held-out scores true to the shares found become part of the
    weights. Raises MissingSentence.
    """
    labelled = list(read_labelled(data))
    truth = np.array([float(sentence.claim) for sentence in labelled])
    found = [_features(sentence.text) for sentence in labelled]
    columns = _columns_of(found)
    matrix = np.array([columns.row(signs, words) for signs, words in found])
    penalties = columns.penalties()
    held_out = _held_out_logits(matrix, truth, penalties, _folds(labelled))
    slope, offset = _fit(held_out[:, np.newaxis], truth, np.zeros(2))
    learned = slope * _fit(matrix, truth, penalties)
    learned[-1] += offset
    write_weights(_as_weights(columns, learned), model / WEIGHTS.name)
    return _figures(_chances(slope * held_out + offset), truth)


def read_labelled(data: Path) -> Iterator[Labelled]:
    """Give the labelled sentences with their texts. Raises MissingSentence."""
    gum = {row["id"]: row for row in read_rows(data / "gum" / "train.jsonl.gz")}
    ewt = _sentences_of_ewt(data)
    for label in _labels():
        match label:
            case {"corpus": "gum", "document": document, "span": [start, end], "claim": claim}:
                row = gum.get(document, {"sentences": []})
                if [start, end] not in [sentence[:2] for sentence in row["sentences"]]:
                    raise MissingSentence(f"GUM has no sentence [{start}, {end}) in {document}.")
                yield Labelled(document, row["text"][start:end], claim)
            case {"corpus": "ewt", "document": document, "sentence": name, "claim": claim}:
                if name not in ewt:
                    raise MissingSentence(f"EWT has no sentence {name}.")
                yield Labelled(document, ewt[name], claim)
            case {"corpus": "own", "document": document, "text": text, "claim": claim}:
                yield Labelled(document, text, claim)
            case _:
                raise MissingSentence(f"This label names no sentence: {label}")


def _labels() -> list[dict[str, Any]]:
    return [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]


def _sentences_of_ewt(data: Path) -> dict[str, str]:
    """Return the training sentences by their name in the corpus."""
    named, name = {}, ""
    with gzip.open(data / "ewt" / "train.conllu.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# sent_id = "):
                name = line.removeprefix("# sent_id = ").strip()
            elif line.startswith("# text = "):
                named[name] = line.removeprefix("# text = ").strip()
    return named


def _features(text: str) -> tuple[set[str], list[str]]:
    """Return signs and words of the longest sentence that the engine finds in `text`."""
    document = read_document(text)
    longest = max(document.sentences, key=lambda sentence: sentence.last - sentence.first)
    bounds = longest.first, longest.last
    return find_signs(document, *bounds), content_words(document, *bounds)


def _columns_of(found: list[tuple[set[str], list[str]]]) -> Columns:
    seen = Counter(sign for signs, _ in found for sign in signs)
    frequent = sorted(sign for sign, times in seen.items() if times >= _RAREST_SIGN)
    vocabulary = load().vocab
    table = vocabulary.vectors
    vectors: dict[str, Vector] = {}
    for key in table:
        word, vector = vocabulary.strings[key], table[key].astype(np.float64)
        length = float(np.linalg.norm(vector))
        if word == word.lower() and length:
            vectors[word] = vector / length
    return Columns({sign: at for at, sign in enumerate(frequent)}, vectors, table.shape[1])


def _folds(labelled: list[Labelled]) -> npt.NDArray[np.int64]:
    """Return the fold of each sentence; the sentences of one document are in the same."""
    documents = sorted({sentence.document for sentence in labelled})
    random.Random(SEED).shuffle(documents)  # noqa: S311 - folds, no secrets
    fold = {document: at % FOLDS for at, document in enumerate(documents)}
    return np.array([fold[sentence.document] for sentence in labelled])


def _held_out_logits(
    matrix: Vector, truth: Vector, penalties: Vector, folds: npt.NDArray[np.int64]
) -> Vector:
    logits = np.zeros(len(truth))
    for fold in range(FOLDS):
        held = folds == fold
        weights = _fit(matrix[~held], truth[~held], penalties)
        logits[held] = matrix[held] @ weights[:-1] + weights[-1]
    return logits


def _fit(matrix: Vector, truth: Vector, penalties: Vector) -> Vector:
    """Return the weights of a logistic regression and behind them its intercept, by Nesterov's descent."""
    rows = np.hstack([matrix, np.ones((len(matrix), 1))])
    steepest = float(np.linalg.eigvalsh(rows.T @ rows)[-1]) / 4 + float(penalties.max())
    weights = ahead = np.zeros(rows.shape[1])
    momentum = 1.0
    for _ in range(_ROUNDS):
        slope = rows.T @ (_chances(rows @ ahead) - truth) + penalties * ahead
        next_weights = ahead - slope / steepest
        next_momentum = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = next_weights + (momentum - 1) / next_momentum * (next_weights - weights)
        weights, momentum = next_weights, next_momentum
    return weights


def _chances(logits: Vector) -> Vector:
    chances: Vector = 1 / (1 + np.exp(-logits))
    return chances


def _as_weights(columns: Columns, learned: Vector) -> Weights:
    """Return the learned weights; each word's is what its vector adds."""
    directions = learned[len(columns.signs) : -1]
    return Weights(
        float(learned[-1]),
        {sign: float(learned[at]) for sign, at in columns.signs.items()},
        {word: float(vector @ directions) for word, vector in columns.vectors.items()},
    )


def write_weights(weights: Weights, path: Path) -> None:
    """Write what `load_weights` reads, the words of one initial on one line so that a diff stays short."""

    def thousandths(named: dict[str, float]) -> dict[str, int]:
        rounded = {name: round(1000 * weight) for name, weight in sorted(named.items())}
        return {name: weight for name, weight in rounded.items() if abs(weight) >= _SMALLEST_WEIGHT}

    words = groupby(thousandths(weights.words).items(), key=lambda word: word[0][:1])
    lines = [json.dumps(dict(alike), ensure_ascii=False)[1:-1] for _, alike in words]
    path.write_text(
        f'{{"intercept": {round(1000 * weights.intercept)},\n'
        f'"signs": {json.dumps(thousandths(weights.signs), ensure_ascii=False)},\n'
        '"words": {\n' + ",\n".join(lines) + "\n}}\n",
        encoding="utf-8",
    )


def _figures(chances: Vector, truth: Vector) -> dict[str, float]:
    """Return F1 of the claims and accuracy in percent, the Brier score and the calibration error.

    The last is the mean distance, over ten equal bins weighted by size, of mean score and share of claims.
    """
    said, claims = chances >= 0.5, truth == 1
    hits = float((said & claims).sum())
    bins = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    error = sum(abs(float((chances - truth)[bins == one].sum())) for one in range(_BINS)) / len(truth)
    return f1(hits, float(said.sum()), hits, float(claims.sum())) | {
        "accuracy": round(100 * float((said == claims).mean()), 1),
        "brier": round(float(((chances - truth) ** 2).mean()), 4),
        "calibration error": round(error, 4),
        "sentences": len(truth),
        "claims": int(claims.sum()),
    }
