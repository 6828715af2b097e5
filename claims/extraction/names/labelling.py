"""Which words name or describe a person, body, place, weapon ...: two sequence models over words and trees.

The first labels what stands outermost ("the Iraqi Ministry of Defence"), the second what stands inside it
("Iraqi"). Both are linear-chain conditional random fields. `training/names.py` makes their weights with
CRFsuite; here they are looked up in tables for a whole text at once, in a fraction of CRFsuite's time.
"""

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from claims.extraction.context.dates import find_moments
from claims.extraction.frames.quantities import find_quantities
from claims.extraction.names.gazetteers import find_listed
from claims.extraction.parse.document import Document, ReadSentence
from claims.extraction.parse.pipeline import MODEL
from claims.extraction.parse.tokens import Token
from claims.extraction.types import Span

WEIGHTS: Final = MODEL / "names.npz"
OUTSIDE: Final = "O"
# The column with the outer labels, for the inner model.
OUTER: Final = "outer"
# What a feature sees beyond its sentence; no column has this value.
EDGE: Final = "<edge>"
UNKNOWN: Final = -1
# The weight of a transition that would go on with what never began.
FORBIDDEN: Final = -1e4

# What the models look at: the values of each column, one per token of the text, and their numbers.
Columns = dict[str, list[str]]
Vocabulary = dict[str, dict[str, int]]
Numbers = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float32]
# A feature is made of the values of columns at distances from the token: (("tag", -1), ("tag", 0)).
Template = tuple[tuple[str, int], ...]

# The lists of gazetteers.py, by what a hit speaks for.
_LIST_COLUMNS: Final = {
    "where": ("country", "place", "people", "place word"),
    "body": ("group", "body", "body word"),
    "person": ("female", "male", "title", "person word"),
    "thing": ("weapon", "vehicle", "document"),
}
_SPELLING: Final = ("word", "shape", "prefix", "suffix", "ending")
_DIGIT: Final = re.compile(r"\d")
_LONGEST_SHAPED: Final = 20
_LONGEST_SHAPE: Final = 7
# How many sentences are decoded side by side.
_BATCH: Final = 64


class Labelled(NamedTuple):
    """The tokens [first, last) of a document and what they name or describe: "person", "place" ..."""

    first: int
    last: int
    type: str


def find_labelled(document: Document) -> tuple[list[Labelled], list[Labelled]]:
    """Return what stands outermost and what stands inside that, each in reading order and apart."""
    return label(load_models(), document, columns_of(document))


def label(models: "Models", document: Document, columns: Columns) -> tuple[list[Labelled], list[Labelled]]:
    """Return what the models find; `columns` are those of the document."""
    features = Features(document, columns, models.vocabulary)
    outer = models.outer.labels_of(document, features)
    features.add(OUTER, outer)
    return runs_of(outer), runs_of(models.inner.labels_of(document, features))


def runs_of(labels: Sequence[str]) -> list[Labelled]:
    """Return the runs that labels mark: "B-place" begins one, "I-place" goes on with it.

    >>> runs_of(["O", "B-place", "I-place", "B-time"])
    [Labelled(first=1, last=3, type='place'), Labelled(first=3, last=4, type='time')]
    """
    found = []
    first = None
    for at, label in enumerate([*labels, OUTSIDE]):
        if first is not None and not label.startswith("I-"):
            found.append(Labelled(first, at, labels[first][2:]))
            first = None
        if label.startswith("B-"):
            first = at
    return found


def columns_of(document: Document) -> Columns:
    """Return everything the models look at, but the outer labels, which the inner model sees as well."""
    tokens = document.tokens
    spelled: dict[str, tuple[str, ...]] = {}
    spellings = []
    for token in tokens:
        written = document.text[token.start : token.end]
        if written not in spelled:
            spelled[written] = _spelling(written, token.lower)
        spellings.append(spelled[written])
    columns: Columns = {name: [values[at] for values in spellings] for at, name in enumerate(_SPELLING)}
    return (
        columns
        | _tree_columns(document)
        | _list_columns(tokens)
        | {
            "repeated": _repeated(document),
            "fact": _facts(document),
        }
    )


def _spelling(written: str, lower: str) -> tuple[str, ...]:
    """Return the values of the columns _SPELLING; every digit reads as 0."""
    plain = _DIGIT.sub("0", lower)
    return plain, _shape(written), plain[:3], plain[-3:], plain[-2:]


def _shape(written: str) -> str:
    """Return capitals as X, small letters as x, digits as d, each at most twice in a row.

    >>> _shape("Su-22M4"), _shape("Ministry")
    ('Xx-ddXd', 'Xxx')
    """
    shape = ""
    for character in written[:_LONGEST_SHAPED]:
        if character.isupper():
            kind = "X"
        elif character.islower():
            kind = "x"
        else:
            kind = "d" if character.isdigit() else character
        if not shape.endswith(kind + kind):
            shape += kind
    return shape[:_LONGEST_SHAPE]


def _tree_columns(document: Document) -> Columns:
    tokens = document.tokens
    heads = [tokens[token.head] if token.head >= 0 else None for token in tokens]
    around = list(zip(tokens, heads, strict=True))
    return {
        "tag": [token.tag for token in tokens],
        "relation": [token.relation for token in tokens],
        "lemma": [_DIGIT.sub("0", token.lemma) for token in tokens],
        "head": [head.lemma if head else "" for head in heads],
        "head tag": [
            ("before " if head.start < token.start else "after ") + head.tag if head else ""
            for token, head in around
        ],
        "relations": [f"{token.relation} {head.relation}" if head else "" for token, head in around],
        "first child": [
            tokens[below[0]].tag if below and below[0] < at else ""
            for at, below in enumerate(document.children)
        ],
        "last child": [
            tokens[below[-1]].relation if below and below[-1] > at else ""
            for at, below in enumerate(document.children)
        ],
    }


def _list_columns(tokens: Sequence[Token]) -> Columns:
    listed = find_listed(tokens)
    return {
        column: ["+".join(kind for kind in kinds if kind in found) if found else "" for found in listed]
        for column, kinds in _LIST_COLUMNS.items()
    }


def _repeated(document: Document) -> list[str]:
    """Return how often each word is a name behind the start of a sentence: "", "1", or "2" for more."""
    inside = Counter(
        token.lower
        for sentence in document.sentences
        for token in document.tokens[sentence.first + 1 : sentence.last]
        if token.capital and token.tag.startswith("NNP")
    )
    shown = {word: str(min(count, 2)) for word, count in inside.items()}
    return [shown.get(token.lower, "") for token in document.tokens]


def _facts(document: Document) -> list[str]:
    """Return where a time or a quantity of `dates.py` and `quantities.py` begins and goes on."""
    found = [""] * len(document.tokens)
    starts = [token.start for token in document.tokens]
    for kind, spans in (("quantity", quantity_spans(document)), ("time", moment_spans(document))):
        for span in spans:
            first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
            if first < last:
                found[first:last] = [f"first {kind}", *[f"next {kind}"] * (last - first - 1)]
    return found


def moment_spans(document: Document) -> Iterator[Span]:
    """Give the places of the times that `dates.py` reads."""
    for sentence in document.sentences:
        start, end = sentence.span.start, sentence.span.end
        yield from (moment.span for moment in find_moments(document.text, start, end, published_at=None))


def quantity_spans(document: Document) -> Iterator[Span]:
    """Give the places of the amounts that `quantities.py` reads."""
    for sentence in document.sentences:
        start, end = sentence.span.start, sentence.span.end
        yield from (quantity.span for quantity in find_quantities(document.text, start, end))


class Features:
    """The columns of a document as numbers, and the keys that templates make of them.

    A key is a number for the values that a template sees at a token, UNKNOWN when the vocabulary lacks one.
    """

    def __init__(self, document: Document, columns: Columns, vocabulary: Vocabulary) -> None:
        lengths = [sentence.last - sentence.first for sentence in document.sentences]
        self._here = np.arange(len(document.tokens))
        self._first = np.repeat([sentence.first for sentence in document.sentences], lengths)
        self._last = np.repeat([sentence.last for sentence in document.sentences], lengths)
        self._vocabulary = vocabulary
        self._numbers: dict[str, Numbers] = {}
        self._keys: dict[Template, Numbers] = {}
        for name, values in columns.items():
            self.add(name, values)

    def add(self, name: str, values: Sequence[str]) -> None:
        known = self._vocabulary[name]
        self._numbers[name] = np.array([known.get(value, UNKNOWN) for value in values], np.int64)

    def keys(self, template: Template) -> Numbers:
        if template not in self._keys:
            self._keys[template] = self._combined(template)
        return self._keys[template]

    def _combined(self, template: Template) -> Numbers:
        keys = self._seen(*template[0])
        for column, distance in template[1:]:
            seen = self._seen(column, distance)
            combined = keys * len(self._vocabulary[column]) + seen
            keys = np.where((keys == UNKNOWN) | (seen == UNKNOWN), UNKNOWN, combined)
        return keys

    def _seen(self, column: str, distance: int) -> Numbers:
        """Return the numbers of the values at a distance; a sentence sees nothing beyond its edges."""
        if distance == 0:
            return self._numbers[column]
        there = self._here + distance
        inside = (there >= self._first) & (there < self._last)
        return np.where(inside, np.roll(self._numbers[column], -distance), self._vocabulary[column][EDGE])


@dataclass(frozen=True, slots=True)
class Table:
    """The weights of one template: a row, one weight a label, for each of the sorted `keys`."""

    template: Template
    keys: Numbers
    rows: Weights

    def add_to(self, scores: Weights, keys: Numbers) -> None:
        """Add to the scores of each token the weights of its key."""
        if len(self.keys):
            at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
            hit = np.flatnonzero(self.keys[at] == keys)
            scores[hit] += self.rows[at[hit]]


@dataclass(frozen=True, slots=True)
class Model:
    """A linear-chain conditional random field.

    `bias` holds a weight for each label, `transitions[to, from]` one for each two labels in a row.
    """

    labels: tuple[str, ...]
    tables: tuple[Table, ...]
    bias: Weights
    transitions: Weights

    def labels_of(self, document: Document, features: Features) -> list[str]:
        """Return the likeliest labels of a document's tokens; OUTSIDE in what is no prose."""
        scores = np.tile(self.bias, (len(document.tokens), 1))
        for table in self.tables:
            table.add_to(scores, features.keys(table.template))
        found = [OUTSIDE] * len(document.tokens)
        prose = [
            sentence
            for sentence in document.sentences
            if sentence.is_prose and sentence.last > sentence.first
        ]
        prose.sort(key=lambda sentence: sentence.last - sentence.first)
        for at in range(0, len(prose), _BATCH):
            batch = prose[at : at + _BATCH]
            paths = self._best_paths([scores[sentence.first : sentence.last] for sentence in batch])
            for sentence, path in zip(batch, paths, strict=True):
                found[sentence.first : sentence.last] = [self.labels[number] for number in path]
        return found

    def _best_paths(self, scores: Sequence[Weights]) -> list[list[int]]:
        """Return the best sequence of labels for each sentence (Viterbi), the sentences side by side.

        They come shortest first: those at an end already are the first rows, and stay as they are.
        """
        lengths = np.array([len(own) for own in scores])
        longest = int(lengths[-1])
        best = np.stack([own[0] for own in scores]) + self._start()
        came_from = np.tile(np.arange(len(self.labels)), (longest, len(scores), 1))
        for at in range(1, longest):
            going = int(np.searchsorted(lengths, at, side="right"))
            reached = best[going:, None, :] + self.transitions
            came_from[at, going:] = reached.argmax(axis=2)
            best[going:] = reached.max(axis=2) + np.stack([own[at] for own in scores[going:]])
        label = best.argmax(axis=1)
        paths = np.empty((len(scores), longest), np.int64)
        for at in range(longest - 1, -1, -1):
            paths[:, at] = label
            label = came_from[at, np.arange(len(scores)), label]
        return [path[:length].tolist() for path, length in zip(paths, lengths, strict=True)]

    def _start(self) -> Weights:
        return np.array([FORBIDDEN if label.startswith("I-") else 0 for label in self.labels], np.float32)


def prose_of(document: Document) -> list[ReadSentence]:
    """Return the sentences that the models read."""
    return [
        sentence for sentence in document.sentences if sentence.is_prose and sentence.last > sentence.first
    ]


@dataclass(frozen=True, slots=True)
class Models:
    """The model for what stands outermost and the one for what stands inside that, which sees its labels.

    `vocabulary` numbers the values of each column.
    """

    vocabulary: Vocabulary
    outer: Model
    inner: Model


def save_models(models: Models, path: Path) -> None:
    """Write models so that `load_models` reads them; the same models always give the same bytes."""
    layout: dict[str, Any] = {"vocabulary": {name: list(known) for name, known in models.vocabulary.items()}}
    arrays: dict[str, Any] = {}  # arrays all; numpy's types would take one for its option
    for name, model in (("outer", models.outer), ("inner", models.inner)):
        layout[name] = {"labels": model.labels, "templates": [table.template for table in model.tables]}
        arrays[f"{name} bias"], arrays[f"{name} transitions"] = model.bias, model.transitions
        for at, table in enumerate(model.tables):
            arrays[f"{name} keys {at}"] = table.keys
            arrays[f"{name} rows {at}"] = table.rows.astype(np.float16)
    arrays["layout"] = np.frombuffer(json.dumps(layout, ensure_ascii=False).encode(), np.uint8)
    np.savez_compressed(path, **arrays)


@cache
def load_models(path: Path = WEIGHTS) -> Models:
    """Return the models of a file, read once a process."""
    with np.load(path) as arrays:
        layout = json.loads(arrays["layout"].tobytes())
        vocabulary = {
            name: {value: number for number, value in enumerate(values)}
            for name, values in layout["vocabulary"].items()
        }
        return Models(
            vocabulary,
            outer=_loaded_model("outer", layout["outer"], arrays),
            inner=_loaded_model("inner", layout["inner"], arrays),
        )


def _loaded_model(name: str, layout: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Model:
    templates = [tuple((column, distance) for column, distance in given) for given in layout["templates"]]
    return Model(
        labels=tuple(layout["labels"]),
        tables=tuple(
            Table(template, arrays[f"{name} keys {at}"], arrays[f"{name} rows {at}"].astype(np.float32))
            for at, template in enumerate(templates)
        ),
        bias=arrays[f"{name} bias"],
        transitions=arrays[f"{name} transitions"],
    )
