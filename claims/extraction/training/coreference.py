"""How the weights of `model/coreference.json` are made from GUM, and how the resolver is measured on it.

Learned from the training part only: what kinds of thing nouns and the words of names stand for (GUM's entity
types), and the weights of the features, by maximising the probability of the referents annotated.
The thresholds are set by cross-validation over the documents.

Measured end to end, from the raw text: GUM's mentions that are third-person pronouns, or descriptions ("the",
"this", "that" and a common noun), and whose chain holds a proper name before them. One is "ranked" rightly
when, of the referents that have a name, the most probable one was last named by a mention of the same chain.
It is "linked" rightly when the resolver, which may prefer somebody unnamed or nobody, came to the same; no
answer counts as wrong.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from claims.extraction.context.coreference import Coreference, Decision, rank
from claims.extraction.context.coreference_features import Reference
from claims.extraction.context.coreference_model import (
    FILE,
    ORGANISATION,
    OTHER,
    PERSON,
    PLACE,
    TIME,
    CoreferenceModel,
    Distribution,
    load_model,
)
from claims.extraction.context.mentions import Mention, find_mentions
from claims.extraction.context.referents import Referent, name_words, settings_of
from claims.extraction.parse.pipeline import MODEL
from claims.extraction.training.gum_chains import Gold, GoldDocument, Split, read_gum

Kinds = dict[str, Distribution]
_KINDS_OF_GUM: Final = {"person": PERSON, "organization": ORGANISATION, "place": PLACE, "time": TIME}
# By how much large weights are held down, per kind of reference; descriptions have the most examples.
_PENALTIES: Final = {"he": 0.005, "it": 0.005, "they": 0.005, "the": 0.001}
_FIRST_LINKS: Final = {"he": 0.0, "it": 0.2, "they": 0.3, "the": 0.2}
_GRID: Final = [step / 20 for step in range(20)]
_SURE: Final = 0.8
_CLOSE: Final = 0.01
_FOLDS: Final = 3


# -- Learning -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Examples:
    """Per kind of weights, the features of each candidate, which ones are right, and where references end."""

    rows: dict[str, list[list[list[str]]]] = field(default_factory=lambda: defaultdict(list))
    right: dict[str, list[list[bool]]] = field(default_factory=lambda: defaultdict(list))

    def collect(self, gold: GoldDocument, model: CoreferenceModel, *, follow: bool) -> None:
        """Read a document, choosing at every reference the referent annotated or, to `follow`, the model's.

        The second shows what it is like after mistakes.
        """
        truth = Gold(gold)

        def decide(
            reference: Reference, candidates: Sequence[Referent | None], features: Sequence[list[str]]
        ) -> Decision:
            chain = truth.chain(reference.mention.head)
            right = truth.right(chain, candidates)
            self.rows[reference.kind].append(list(features))
            self.right[reference.kind].append(right)
            if follow:
                return rank(model, reference, candidates, features)
            return candidates[right.index(True)], 1.0

        Coreference(gold.document, model=model, decide=decide)


def learn_kinds(documents: Iterable[GoldDocument]) -> tuple[Kinds, Kinds, Kinds]:
    """Return how often nouns, the last words of names, and the settings of names go with which kind."""
    nouns: dict[str, Counter[int]] = defaultdict(Counter)
    names: dict[str, Counter[int]] = defaultdict(Counter)
    settings: dict[str, Counter[int]] = defaultdict(Counter)
    for gold in documents:
        types = {mention.head: mention.entity_type for mention in reversed(gold.mentions)}
        for mention in find_mentions(gold.document):
            token = gold.document.tokens[mention.head]
            if token.start not in types:
                continue
            kind = _KINDS_OF_GUM.get(types[token.start], OTHER)
            if mention.kind == "name":
                for word in name_words(gold.document, mention.name)[-2:]:
                    names[word][kind] += 1
                for setting in settings_of(gold.document, mention):
                    settings[setting][kind] += 1
            elif mention.kind == "nominal":
                nouns[token.lemma][kind] += 1
    return _distributions(nouns, least=2), _distributions(names, least=3), _distributions(settings, least=5)


def _distributions(counts: dict[str, Counter[int]], *, least: int) -> Kinds:
    def share(found: Counter[int], kind: int) -> float:
        return round((found[kind] + 0.3) / (found.total() + 1.5), 3)

    return {
        word: (
            share(found, PERSON),
            share(found, ORGANISATION),
            share(found, PLACE),
            share(found, TIME),
            share(found, OTHER),
        )
        for word, found in sorted(counts.items())
        if found.total() >= least
    }


def fit(
    rows: list[list[list[str]]], right: list[list[bool]], *, penalty: float, least: int = 5, rounds: int = 120
) -> dict[str, float]:
    """Return the weights that make the right candidates most probable, by gradient descent (Adam).

    Features seen in fewer than `least` references get no weight.
    """
    seen = Counter(feature for candidates in rows for feature in {f for found in candidates for f in found})
    index = {feature: at for at, feature in enumerate(sorted(f for f, n in seen.items() if n >= least))}
    row_of, column_of, groups = [], [], []
    at = 0
    for group, candidates in enumerate(rows):
        for found in candidates:
            known = [index[feature] for feature in found if feature in index]
            row_of += [at] * len(known)
            column_of += known
            groups.append(group)
            at += 1
    line, column, group_of = np.array(row_of), np.array(column_of), np.array(groups)
    is_right = np.array([value for group in right for value in group], dtype=float)
    weights, first, second = (np.zeros(len(index)) for _ in range(3))
    for step in range(1, rounds + 1):
        scores = np.bincount(line, weights[column], minlength=at).astype(np.float64)
        gradient = _softmax(scores, group_of, is_right) - _softmax(scores, group_of, np.ones(at))
        slope = np.bincount(column, gradient[line], minlength=len(index)) / len(rows) - penalty * weights
        first, second = 0.9 * first + 0.1 * slope, 0.999 * second + 0.001 * slope**2
        weights += 0.1 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return {feature: round(float(weights[number]), 3) for feature, number in index.items()}


def _softmax(
    scores: NDArray[np.float64], groups: NDArray[np.int_], mask: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the probabilities of the candidates in each group, of those in the mask only."""
    highest = np.full(groups[-1] + 1, -np.inf)
    np.maximum.at(highest, groups, scores)
    values = np.exp(scores - highest[groups]) * mask
    return values / np.bincount(groups, values)[groups]


def learn(documents: Sequence[GoldDocument]) -> CoreferenceModel:
    """Return a model learned from the documents, with the thresholds of `_FIRST_LINKS`.

    It is learned twice: from readings without a mistake, then with those in which the first model chose.
    """
    nouns, names, settings = learn_kinds(documents)
    model = CoreferenceModel({}, nouns, names, settings, _FIRST_LINKS, _FIRST_LINKS)
    examples = Examples()
    for follow in (False, True):
        for gold in documents:
            examples.collect(gold, model, follow=follow)
        weights = {
            kind: fit(examples.rows[kind], examples.right[kind], penalty=penalty)
            for kind, penalty in _PENALTIES.items()
        }
        model = replace(model, weights=weights)
    return model


def thresholds(documents: Sequence[GoldDocument]) -> tuple[dict[str, float], dict[str, float]]:
    """Return the thresholds for linking and for being sure, by cross-validation over the documents."""
    found: dict[str, list[tuple[float, bool, bool]]] = defaultdict(list)
    for fold in range(_FOLDS):
        model = learn([gold for at, gold in enumerate(documents) if at % _FOLDS != fold])
        examples = Examples()
        for gold in documents[fold::_FOLDS]:
            examples.collect(gold, model, follow=True)
        for kind, rows in examples.rows.items():
            for candidates, right in zip(rows, examples.right[kind], strict=True):
                *known, _ = model.probabilities(kind, candidates)
                best = max(range(len(known)), key=known.__getitem__, default=-1)
                if best >= 0:
                    found[kind].append((known[best], right[best], not right[-1]))
    links = {kind: _balanced(found[kind]) for kind in _PENALTIES}
    return links, {kind: _precise(found[kind], least=links[kind]) for kind in _PENALTIES}


def _balanced(found: Sequence[tuple[float, bool, bool]]) -> float:
    """Return the lowest threshold that comes close to the best F1.

    Each reference is given as (probability, whether its link is right, whether there is somebody to link to).
    """
    due = sum(is_due for _, _, is_due in found)

    def score(threshold: float) -> float:
        linked = [is_right for probability, is_right, _ in found if probability >= threshold]
        return 2 * sum(linked) / (len(linked) + due)

    scores = {threshold: score(threshold) for threshold in _GRID}
    return next(threshold for threshold in _GRID if scores[threshold] >= max(scores.values()) - _CLOSE)


def _precise(found: Sequence[tuple[float, bool, bool]], *, least: float) -> float:
    """Return the lowest threshold at which `_SURE` of the links are right."""
    for threshold in _GRID:
        linked = [is_right for probability, is_right, _ in found if probability >= threshold]
        if threshold >= least and linked and sum(linked) / len(linked) >= _SURE:
            return threshold
    return _GRID[-1]


def train(data: Path, model: Path) -> dict[str, float]:
    """Write `model`/coreference.json, learned from the training part of GUM; return the thresholds."""
    documents = read_gum(data, "train")
    links, sure = thresholds(documents)
    learned = replace(learn(documents), links=links, sure=sure)
    with (model / FILE).open("w", encoding="utf-8") as file:
        json.dump(asdict(learned), file, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        file.write("\n")
    return {
        f"{name} {kind}": value
        for name, by in (("link", links), ("sure", sure))
        for kind, value in by.items()
    }


# -- Measuring ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What the resolver makes of a reference.

    `is_due`: GUM names it before; `is_ranked`: the most probable name is right; `is_sure`: statements use it.
    """

    kind: str
    genre: str
    is_due: bool
    is_ranked: bool
    is_answered: bool
    is_right: bool
    is_sure: bool


def answers(gold: GoldDocument, model: CoreferenceModel) -> Iterator[Answer]:
    """Give the answer for every third-person pronoun and description of GUM."""
    truth, tokens = Gold(gold), gold.document.tokens
    most_probable: dict[int, Mention | None] = {}

    def decide(
        reference: Reference, candidates: Sequence[Referent | None], features: Sequence[list[str]]
    ) -> Decision:
        probabilities = model.probabilities(reference.kind, features)
        named = [
            (probability, candidate.named_by)
            for probability, candidate in zip(probabilities, candidates, strict=True)
            if candidate is not None and candidate.named_by is not None
        ]
        best = max(named, key=lambda one: one[0], default=(0.0, None))
        most_probable[tokens[reference.mention.head].start] = best[1]
        return rank(model, reference, candidates, features)

    found = Coreference(gold.document, model=model, decide=decide)
    heads = {tokens[head].start: head for head in found.resolved}
    for mention in gold.mentions:
        if not mention.kind:
            continue
        head = heads.get(mention.head, -1)
        antecedent = found.resolved[head].antecedent if head >= 0 else None
        yield Answer(
            kind=mention.kind,
            genre=gold.genre,
            is_due=mention.is_named_before,
            is_ranked=truth.chain_of_name(most_probable.get(mention.head, antecedent)) == mention.chain,
            is_answered=antecedent is not None,
            is_right=truth.chain_of_name(antecedent) == mention.chain,
            is_sure=antecedent is not None and found.name_of(head) is not None,
        )


def measure(data: Path, split: Split, model: CoreferenceModel) -> dict[str, float]:
    """Return the shares of references named rightly, overall, by kind and by genre.

    "precision" is the share of right ones among all answers, also where GUM names nobody before; "sure" are
    the answers that statements use.
    """
    given = [answer for gold in read_gum(data, split) for answer in answers(gold, model)]
    figures = _figures("all", given)
    for kind in sorted({answer.kind for answer in given}):
        figures |= _figures(kind, [answer for answer in given if answer.kind == kind])
    for genre in sorted({answer.genre for answer in given}):
        figures |= _figures(genre, [answer for answer in given if answer.genre == genre])
    return figures


def _figures(name: str, given: Sequence[Answer]) -> dict[str, float]:
    due = [answer for answer in given if answer.is_due]
    answered = [answer for answer in given if answer.is_answered]
    sure = [answer for answer in given if answer.is_sure]
    return {
        f"{name}: references": len(due),
        f"{name}: ranked": _share(answer.is_ranked for answer in due),
        f"{name}: linked": _share(answer.is_right for answer in due),
        f"{name}: precision": _share(answer.is_right for answer in answered),
        f"{name}: sure precision": _share(answer.is_right for answer in sure),
        f"{name}: sure coverage": _share(answer.is_sure for answer in due),
    }


def _share(given: Iterable[bool]) -> float:
    values = list(given)
    return round(sum(values) / len(values), 3) if values else 0.0


def main() -> None:
    """Train, or with --measure print the figures of the model there is."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--split", choices=["train", "dev", "test"], default="dev")
    given = parser.parse_args()
    if given.measure:
        figures = measure(given.data, given.split, load_model(given.model))
    else:
        figures = train(given.data, given.model)
    for name, value in figures.items():
        print(f"{name:32} {value:g}")  # noqa: T201 - the command's output


if __name__ == "__main__":
    main()
