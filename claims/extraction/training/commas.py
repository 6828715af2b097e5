"""Trains the model that tells where commas were lost: EWT and GUM with their commas taken out.

The tags are those our own pipeline gives to the words that are left.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import spacy
from pycrfsuite import Tagger, Trainer
from spacy.tokens import Doc

from claims.extraction.parse.commas import COMMAS, HAS_COMMA, HAS_NONE, LIKELY, comma_features
from claims.extraction.training.treebanks import Split, TreebankSentence, read_ewt, read_gum

_SETTINGS: Final[dict[str, float]] = {
    "c1": 1.0,
    "c2": 1.0,
    "max_iterations": 100,
    "feature.minfreq": 5,
}
_TAGGED: Final = ("tok2vec", "tagger")


def train(data: Path, model: Path) -> dict[str, float]:
    """Write the model into `model`; return its figures on the dev parts. Raises FileNotFoundError."""
    trainer = Trainer(verbose=False)
    trainer.set_params(_SETTINGS)
    for words, tags, labels in _examples(data, model, "train"):
        trainer.append(comma_features(words, tags), labels)
    trainer.train(str(model / COMMAS))
    return measure(data, model, "dev")


def measure(data: Path, model: Path, split: Split) -> dict[str, float]:
    """Return precision, recall and F1 in percent over the commas of both treebanks."""
    tagger = Tagger()
    tagger.open(str(model / COMMAS))
    right = given = wanted = 0
    for words, tags, labels in _examples(data, model, split):
        tagger.set(comma_features(words, tags))
        for at, label in enumerate(labels):
            found = tagger.marginal(HAS_COMMA, at) >= LIKELY
            given += found
            wanted += label == HAS_COMMA
            right += found and label == HAS_COMMA
    return {
        "precision": round(100 * right / max(1, given), 1),
        "recall": round(100 * right / max(1, wanted), 1),
        "F1": round(200 * right / max(1, given + wanted), 1),
    }


def _examples(data: Path, model: Path, split: Split) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Give words, tags and labels of each sentence that has more than commas."""
    language = spacy.load(model / "pipeline")
    stripped = [one for sentence in _sentences(data, split) if (one := _without_commas(sentence))[0]]
    bare = (Doc(language.vocab, words=words, sent_starts=_opening(len(words))) for words, _ in stripped)
    with language.select_pipes(enable=_TAGGED):
        for (words, labels), document in zip(stripped, language.pipe(bare), strict=True):
            yield words, [token.tag_ for token in document], labels


def _opening(length: int) -> list[Any]:
    return [at == 0 for at in range(length)]


def _sentences(data: Path, split: Split) -> Iterable[TreebankSentence]:
    yield from read_ewt(data, split)
    yield from read_gum(data, split)


def _without_commas(sentence: TreebankSentence) -> tuple[list[str], list[str]]:
    words: list[str] = []
    labels: list[str] = []
    for word in sentence.words:
        if word != ",":
            words.append(word)
            labels.append(HAS_NONE)
        elif labels:
            labels[-1] = HAS_COMMA
    return words, labels
