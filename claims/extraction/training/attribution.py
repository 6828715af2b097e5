"""Trains the scorer of cues and the labeller of contents on GUM's attributions (CC BY 4.0; two genres share-alike).

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

from pycrfsuite import Trainer

from claims.extraction.acceptance import LEARNED, is_report
from claims.extraction.attribution_model import CONTENTS, CUES, IS_NONE, SIGNALS
from claims.extraction.content_features import CONTENT, CUE, OUTSIDE, SOURCE, content_features, roles_by_rule
from claims.extraction.content_labels import LABELLED
from claims.extraction.cue_features import cue_features
from claims.extraction.cues import Reading, read_candidates
from claims.extraction.document import Document, ReadSentence, read_document

# Chosen by five-fold cross-validation over the training documents.
_CUES: Final = {"c1": 0.0, "c2": 1.0, "max_iterations": 200}
_CONTENTS: Final = {"c1": 0.05, "c2": 3.0, "max_iterations": 100, "feature.possible_transitions": True}
_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Marked:
    """An attribution people marked, as sets of token numbers."""

    source: frozenset[int]
    cue: frozenset[int]
    content: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Candidate:
    document: Document
    sentence: ReadSentence
    others: list[Reading]
    reading: Reading
    report: bool
    marked: _Marked | None


def train(data: Path, model: Path) -> dict[str, float]:
    """Write both models into `model`; return how many examples each had and how well the scorer fits GUM dev.

    Raises FileNotFoundError when `data`/gum is not there.
    """
    model.mkdir(parents=True, exist_ok=True)
    candidates = list(_candidates(data, "train"))
    return _train_cues(candidates, model / CUES)


def _train_cues(candidates: list[_Candidate], path: Path) -> int:
    trainer = Trainer(verbose=False)
    trainer.set_params(_CUES)
    learned = [candidate for candidate in candidates if candidate.reading.form in LEARNED]
    for candidate in learned:
        features = cue_features(candidate.document, candidate.others, candidate.reading, report=candidate.report)
        trainer.append([features], [IS_NONE if candidate.marked is None else SIGNALS])
    trainer.train(str(path))
    return len(learned)


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
    for sentence, readings in zip(document.sentences, per_sentence, strict=True):
        for reading in readings:
            found = next((one for one in marked if _is_same(one, reading)), None)
            yield _Candidate(document, sentence, readings, reading, report, found)


def _tokens(starts: list[int], spans: list[list[int]]) -> frozenset[int]:
    return frozenset(at for first, end in spans for at in range(bisect_left(starts, first), bisect_left(starts, end)))


def _is_same(marked: _Marked, reading: Reading) -> bool:
    """Whether people marked this reading: its cue with some of its content, or its content by half."""
    content = {at for first, last in reading.content for at in range(first, last)}
    shared = len(content & marked.content)
    return (reading.at in marked.cue and shared > 0) or shared >= _SHARE * len(content | marked.content) > 0
