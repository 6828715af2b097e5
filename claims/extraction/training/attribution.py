"""Trains the scorer of cues on GUM's attributions (CC BY 4.0; biographies and travel guides share-alike).

Rules propose candidates in the training texts, read by our own pipeline; those that people marked too are
examples of what signals an attribution, the others of what does not.
"""

import gzip
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pycrfsuite import Tagger, Trainer

from claims.extraction.attribution.acceptance import LEARNED, LIKELY, is_report
from claims.extraction.attribution.cue_features import cue_features
from claims.extraction.attribution.cue_scorer import CUES, IS_NONE, SIGNALS
from claims.extraction.attribution.cues import Reading, read_candidates
from claims.extraction.parse.document import Document, read_document

# Chosen by five-fold cross-validation over the training documents.
_SETTINGS: Final = {"c1": 0.0, "c2": 1.0, "max_iterations": 200}
_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Marked:
    """An attribution people marked, as sets of token numbers."""

    source: frozenset[int]
    cue: frozenset[int]
    content: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A reading of a form that the scorer judges, and whether people marked it."""

    document: Document
    others: list[Reading]
    reading: Reading
    report: bool
    is_marked: bool


def train(data: Path, model: Path) -> dict[str, float]:
    """Write the scorer into `model`; return its precision and recall over the candidates in GUM dev.

    Raises FileNotFoundError when `data`/gum is not there.
    """
    trainer = Trainer(verbose=False)
    trainer.set_params(_SETTINGS)
    for candidate in _candidates(data, "train"):
        trainer.append([_features(candidate)], [SIGNALS if candidate.is_marked else IS_NONE])
    model.mkdir(parents=True, exist_ok=True)
    trainer.train(str(model / CUES))
    return _measure(list(_candidates(data, "dev")), model / CUES)


def _measure(candidates: list[_Candidate], path: Path) -> dict[str, float]:
    tagger = Tagger()
    tagger.open(str(path))
    accepted = [candidate for candidate in candidates if _is_likely(tagger, candidate)]
    right = sum(candidate.is_marked for candidate in accepted)
    marked = sum(candidate.is_marked for candidate in candidates)
    return {
        "candidates": float(len(candidates)),
        "precision": right / max(1, len(accepted)),
        "recall": right / max(1, marked),
    }


def _is_likely(tagger: Tagger, candidate: _Candidate) -> bool:
    tagger.set([_features(candidate)])
    return bool(tagger.marginal(SIGNALS, 0) >= LIKELY)


def _features(candidate: _Candidate) -> list[str]:
    return cue_features(candidate.document, candidate.others, candidate.reading, report=candidate.report)


def _candidates(data: Path, split: str) -> Iterator[_Candidate]:
    with gzip.open(data / "gum" / f"{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield from _candidates_of(json.loads(line))


def _candidates_of(row: dict[str, Any]) -> Iterator[_Candidate]:
    document = read_document(row["text"])
    starts = [token.start for token in document.tokens]
    marked = [
        _Marked(**{role: _tokens(starts, given[role]) for role in ("source", "cue", "content")})
        for given in row["attributions"]
    ]
    per_sentence = [
        read_candidates(document, sentence) if sentence.is_prose else [] for sentence in document.sentences
    ]
    report = is_report(document, per_sentence)
    for readings in per_sentence:
        for reading in readings:
            if reading.form in LEARNED and reading.content:
                is_marked = any(_is_same(one, reading) for one in marked)
                yield _Candidate(document, readings, reading, report, is_marked)


def _tokens(starts: list[int], spans: list[list[int]]) -> frozenset[int]:
    return frozenset(
        at for first, end in spans for at in range(bisect_left(starts, first), bisect_left(starts, end))
    )


def _is_same(marked: _Marked, reading: Reading) -> bool:
    """Whether people marked this reading: its cue with some of its content, or its content by half."""
    content = {at for first, last in reading.content for at in range(first, last)}
    shared = len(content & marked.content)
    return (reading.at in marked.cue and shared > 0) or shared >= _SHARE * len(content | marked.content) > 0
