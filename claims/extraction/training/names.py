"""How the weights of `names.py` are made, and how good they are.

They learn from re3d (Dstl, 2017): 98 official statements and articles on the war in Syria and Iraq, where
names and descriptions of 14 types are marked, one in another. Each source has its own licence; what BBC
Online wrote may not be shared, so nothing is learned from it.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pycrfsuite import Tagger, Trainer

from claims.extraction.names.entities import entities_from, find_entities
from claims.extraction.names.labelling import (
    EDGE,
    FORBIDDEN,
    OUTER,
    OUTSIDE,
    WEIGHTS,
    Columns,
    Features,
    Model,
    Models,
    Table,
    Template,
    Vocabulary,
    columns_of,
    label,
    prose_of,
    save_models,
)
from claims.extraction.parse.document import Document, read_document
from claims.extraction.training.measure import f1, match_one_to_one, read_rows
from claims.extraction.types import Span

FOLDS: Final = 5
SEED: Final = 7
# The rest is chosen by cross-validation over two of the five folds of re3d.
# How much the models lean towards finding something; F1 changes by 0.3 between 4 and 8.
LEANING: Final = 8.0
# The outer model sees each sentence twice more with some features gone, so that no word decides alone.
COPIES: Final = 2
DROPPED: Final = 0.3
# The averaged perceptron learns in seconds what regularised likelihood learns in minutes (F1 75.1 and 75.4).
_ALGORITHM: Final = "ap"
_PARAMETERS: Final = {"max_iterations": 10}
_BIAS: Final = "bias"
# An entity belongs to the words it covers when both are the same place but for a few characters.
_ALIGNED: Final = 0.7
_TYPES: Final = {
    "Organisation": "organisation",
    "Location": "place",
    "Person": "person",
    "Nationality": "nationality",
    "Temporal": "time",
    "Quantity": "quantity",
    "Weapon": "weapon",
    "Vehicle": "vehicle",
    "MilitaryPlatform": "vehicle",
    "DocumentReference": "document",
    "Money": "money",
    "Coordinate": "place",
    "CommsIdentifier": "name",
    "Frequency": "quantity",
}
_NAME_TYPES: Final = frozenset({"person", "organisation", "place"})
_NOT_SHARED: Final = "BBC Online"


def _each(column: str, *distances: int) -> tuple[Template, ...]:
    return tuple(((column, distance),) for distance in distances)


OUTER_TEMPLATES: Final[tuple[Template, ...]] = (
    *_each("word", -2, -1, 0, 1, 2),
    *_each("tag", -2, -1, 0, 1, 2),
    *_each("shape", -1, 0, 1),
    *_each("relation", -1, 0, 1),
    *_each("lemma", -1, 0, 1),
    *_each("prefix", 0),
    *_each("suffix", 0),
    *_each("ending", 0),
    *_each("head", 0),
    *_each("head tag", 0),
    *_each("relations", 0),
    *_each("first child", 0),
    *_each("last child", 0),
    *_each("repeated", -1, 0, 1),
    *_each("where", -1, 0, 1, 2),
    *_each("body", -1, 0, 1),
    *_each("person", -2, -1, 0, 1),
    *_each("thing", -1, 0, 1),
    *_each("fact", -1, 0, 1),
    (("word", -1), ("word", 0)),
    (("word", 0), ("word", 1)),
    (("tag", -1), ("tag", 0)),
    (("tag", 0), ("tag", 1)),
    (("tag", -1), ("tag", 0), ("tag", 1)),
    (("head tag", 0), ("tag", 0)),
)
INNER_TEMPLATES: Final[tuple[Template, ...]] = (
    *OUTER_TEMPLATES,
    *_each("outer", -1, 0, 1),
    (("outer", 0), ("word", 0)),
    (("outer", 0), ("tag", 0)),
    (("outer", -1), ("outer", 0)),
    (("outer", 0), ("outer", 1)),
)


@dataclass(frozen=True, slots=True)
class Annotated:
    """A text with the places of what it names or describes; `source` is who published it."""

    source: str
    text: str
    entities: list[tuple[Span, str]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A read text as the models see it, with the labels they should give."""

    annotated: Annotated
    document: Document
    columns: Columns
    outer: list[str]
    inner: list[str]


def read_re3d(data: Path) -> Iterator[Annotated]:
    """Give the documents of re3d in their order."""
    for row in read_rows(data / "re3d" / "re3d.jsonl.gz"):
        yield Annotated(
            row["source"],
            row["text"],
            [(Span(entity["s"], entity["e"]), _TYPES[entity["type"]]) for entity in row["entities"]],
        )


def make_sample(annotated: Annotated) -> Sample:
    document = read_document(annotated.text)
    outer, inner = _layers(document, annotated.entities)
    return Sample(annotated, document, columns_of(document), outer, inner)


def _layers(document: Document, entities: Iterable[tuple[Span, str]]) -> tuple[list[str], list[str]]:
    """Return the labels of the longest entities and of the longest inside them; what crosses is left out."""
    typed: dict[tuple[int, int], str] = {}
    for span, kind in entities:
        tokens = _tokens_of(document, span)
        if tokens is not None:
            typed.setdefault(tokens, kind)
    layers: tuple[list[str], list[str]] = ([OUTSIDE] * len(document.tokens), [OUTSIDE] * len(document.tokens))
    for first, last in sorted(typed, key=lambda tokens: (tokens[0] - tokens[1], tokens[0])):
        kind = typed[first, last]
        for layer in layers:
            if set(layer[first:last]) == {OUTSIDE}:
                layer[first:last] = [f"B-{kind}", *[f"I-{kind}"] * (last - first - 1)]
                break
    return layers


def _tokens_of(document: Document, span: Span) -> tuple[int, int] | None:
    """Return the tokens a span covers; None when its ends are inside words, or in two sentences."""
    starts = [token.start for token in document.tokens]
    first = max(0, bisect_right(starts, span.start) - 1)
    if document.tokens[first].end <= span.start:
        first += 1
    last = bisect_left(starts, span.end)
    if last <= first:
        return None
    covered = document.span(first, last)
    shared = min(covered.end, span.end) - max(covered.start, span.start)
    longest = max(covered.end, span.end) - min(covered.start, span.start)
    sentence = document.sentences[document.sentence_index(covered.start)]
    return (first, last) if shared >= _ALIGNED * longest and last <= sentence.last else None


def train(data: Path, model: Path) -> dict[str, float]:
    """Write `model`/names.npz, learned from all of re3d that may be shared; return how much that was."""
    samples = [make_sample(annotated) for annotated in read_re3d(data) if annotated.source != _NOT_SHARED]
    save_models(fit_models(samples), model / WEIGHTS.name)
    return {
        "documents": len(samples),
        "words": sum(len(sample.document.tokens) for sample in samples),
        "entities": sum(len(sample.annotated.entities) for sample in samples),
    }


def measure(data: Path) -> dict[str, Any]:
    """Precision, recall and F1 of entities of any type, one to one from Jaccard 0.5 of characters.

    On re3d by cross-validation over its documents, those that may not be shared always left out of
    what is learned from, and on these apart with the shipped weights, which never saw them.
    """
    samples = [make_sample(annotated) for annotated in read_re3d(data)]
    order = list(range(len(samples)))
    random.Random(SEED).shuffle(order)  # noqa: S311 - repeatable, not secret
    found: dict[int, list[Span]] = {}
    for fold in range(FOLDS):
        held_out = order[fold::FOLDS]
        models = fit_models(
            [
                samples[at]
                for at in order
                if at not in held_out and samples[at].annotated.source != _NOT_SHARED
            ]
        )
        for at in held_out:
            found[at] = _spans(samples[at], models)
    apart = [at for at in order if samples[at].annotated.source == _NOT_SHARED]
    return {
        f"re3d, {FOLDS} folds": _agreement((found[at], samples[at].annotated) for at in order),
        f"of these {_NOT_SHARED}": _agreement((found[at], samples[at].annotated) for at in apart),
        f"{_NOT_SHARED}, shipped weights": _agreement(
            ([entity.span for entity in find_entities(samples[at].document)], samples[at].annotated)
            for at in apart
        ),
        **measure_names(data),
    }


def measure_names(data: Path) -> dict[str, dict[str, float]]:
    """Names of persons, bodies and places with the shipped weights, from Jaccard 0.5 of characters.

    No text of these sets was learned from. In GUM and MEANTIME some names are not marked: only recall counts.
    """
    figures = {"UNER-EWT test": _agreement(map(_named, _read_uner(data, "test")))}
    for name, texts in (("GUM dev", _read_gum(data)), ("MEANTIME", _read_meantime(data))):
        found = _agreement(map(_named, texts))
        figures[name] = {"r": found["r"]}
    return figures


def _named(annotated: Annotated) -> tuple[list[Span], Annotated]:
    """Return the innermost places of names that the engine finds."""
    document = read_document(annotated.text)
    proper = {token.start for token in document.tokens if token.tag in {"NNP", "NNPS"}}
    spans = [
        entity.span
        for entity in find_entities(document)
        if entity.type in _NAME_TYPES and not proper.isdisjoint(range(entity.span.start, entity.span.end))
    ]
    inner = [
        span for span, following in zip_longest(spans, spans[1:]) if not (following and span.holds(following))
    ]
    return inner, annotated


def _read_uner(data: Path, split: str) -> Iterator[Annotated]:
    for row in read_rows(data / "uner-ewt" / "uner-ewt.jsonl.gz"):
        if row["split"] == split:
            names = [(Span(entity["s"], entity["e"]), entity["label"]) for entity in row["entities"]]
            yield Annotated("UNER-EWT", row["text"], names)


def _read_gum(data: Path) -> Iterator[Annotated]:
    for row in read_rows(data / "gum" / "dev.jsonl.gz"):
        linked = [
            mention
            for mention in row["mentions"]
            if mention.get("wiki") and mention["etype"] in {"person", "place", "organization"}
        ]
        yield Annotated("GUM", row["text"], list(_proper(row["text"], linked, "etype")))


def _read_meantime(data: Path) -> Iterator[Annotated]:
    for row in read_rows(data / "meantime" / "meantime-en.jsonl.gz"):
        marked = [mention for mention in row["mentions"] if mention["kind"] in {"PER", "ORG", "LOC"}]
        yield Annotated("MEANTIME", row["text"], list(_proper(row["text"], marked, "kind")))


def _proper(text: str, mentions: Iterable[dict[str, Any]], kind: str) -> Iterator[tuple[Span, str]]:
    """Give the mentions whose words all have a capital, but for an article and what joins names."""
    for mention in mentions:
        span = Span(mention["s"], mention["e"])
        words = [word for word in span.of(text).split() if word.lower() not in {"the", "of", "and", "for"}]
        if words and all(word[0].isupper() for word in words):
            yield span, mention[kind]


def _spans(sample: Sample, models: Models) -> list[Span]:
    outer, inner = label(models, sample.document, sample.columns)
    return [entity.span for entity in entities_from(sample.document, outer, inner)]


def _agreement(pairs: Iterable[tuple[list[Span], Annotated]]) -> dict[str, float]:
    hits = mine = gold = 0
    for found, annotated in pairs:
        wanted = [span for span, _ in annotated.entities]
        hits += match_one_to_one(found, wanted, _overlap_by_half)
        mine, gold = mine + len(found), gold + len(wanted)
    return f1(hits, mine, hits, gold)


def _overlap_by_half(one: Span, other: Span) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return 3 * shared >= (one.end - one.start) + (other.end - other.start)


def fit_models(samples: Sequence[Sample]) -> Models:
    """Return the model for what stands outermost and, given that, the one for what stands inside.

    The second learns from what the first says of texts it did not learn from, mistakes included.
    """
    vocabulary = _vocabulary([sample.columns | {OUTER: sample.outer} for sample in samples])
    read = [Features(sample.document, sample.columns, vocabulary) for sample in samples]
    for half in (0, 1):
        rest = slice(1 - half, None, 2)
        other = _fit_outer(samples[rest], read[rest])
        for sample, features in zip(samples[half::2], read[half::2], strict=True):
            features.add(OUTER, other.labels_of(sample.document, features))
    inner = _fit(samples, read, [sample.inner for sample in samples], INNER_TEMPLATES, copies=0)
    return Models(vocabulary, _fit_outer(samples, read), inner)


def _fit_outer(samples: Sequence[Sample], read: Sequence[Features]) -> Model:
    return _fit(samples, read, [sample.outer for sample in samples], OUTER_TEMPLATES, copies=COPIES)


def _fit(
    samples: Sequence[Sample],
    read: Sequence[Features],
    labels: Sequence[list[str]],
    templates: Sequence[Template],
    *,
    copies: int,
) -> Model:
    trainer = Trainer(algorithm=_ALGORITHM, params=_PARAMETERS, verbose=False)
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    for sample, features, given in zip(samples, read, labels, strict=True):
        keys = zip(*(features.keys(template).tolist() for template in templates), strict=True)
        seen = [[_BIAS, *(f"{at}:{key}" for at, key in enumerate(own))] for own in keys]
        for sentence in prose_of(sample.document):
            own, labelled = seen[sentence.first : sentence.last], given[sentence.first : sentence.last]
            trainer.append(own, labelled)
            for _ in range(copies):
                trainer.append([_thinned(each, chance) for each in own], labelled)
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "crf")
        trainer.train(path)
        tagger = Tagger()
        with tagger.open(path):
            learned = tagger.info()
    return _model(learned.transitions, learned.state_features, templates)


def _thinned(features: list[str], chance: random.Random) -> list[str]:
    return [feature for feature in features if chance.random() >= DROPPED]


def _vocabulary(columns: Sequence[Columns]) -> Vocabulary:
    seen = {name: sorted({value for own in columns for value in own[name]}) for name in columns[0]}
    return {name: {value: at for at, value in enumerate([*values, EDGE])} for name, values in seen.items()}


def _model(
    transitions: dict[tuple[str, str], float],
    weights: dict[tuple[str, str], float],
    templates: Sequence[Template],
) -> Model:
    """Put what CRFsuite learned into tables."""
    labels = sorted({given for _, given in weights} | {OUTSIDE})
    number = {given: at for at, given in enumerate(labels)}
    bias = np.zeros(len(labels), np.float32)
    rows: list[dict[int, npt.NDArray[np.float32]]] = [{} for _ in templates]
    for (feature, given), weight in sorted(weights.items()):
        if feature == _BIAS:
            bias[number[given]] = weight
            continue
        template, key = (int(part) for part in feature.split(":"))
        row = rows[template].setdefault(key, np.zeros(len(labels), np.float32))
        row[number[given]] = weight
    bias[number[OUTSIDE]] -= LEANING
    between = [[_transition(transitions, one, other) for one in labels] for other in labels]
    return Model(tuple(labels), tuple(map(_table, templates, rows)), bias, np.array(between, np.float32))


def _transition(transitions: dict[tuple[str, str], float], one: str, other: str) -> float:
    begun = {"B" + other[1:], other}
    return FORBIDDEN if other.startswith("I-") and one not in begun else transitions.get((one, other), 0.0)


def _table(template: Template, rows: dict[int, npt.NDArray[np.float32]]) -> Table:
    keys = sorted(rows)
    return Table(template, np.array(keys, np.int64), np.array([rows[key] for key in keys], np.float32))
