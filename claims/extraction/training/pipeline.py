"""Train and measure the spaCy pipeline: tagger, morphologizer, lemmatiser and parser over one encoder."""

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import spacy
from spacy.cli.train import train as run_training
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.training.batchers import minibatch_by_words
from spacy.util import fix_random_seed
from thinc.optimizers import Adam

from claims.extraction.training.news import news_sentences
from claims.extraction.training.treebanks import (
    Split,
    TreebankSentence,
    read_ewt,
    read_gum,
    write_training_files,
)
from claims.extraction.training.word_vectors import write_vectors

SEED: Final = 20170618
_CONFIG: Final = Path(__file__).with_name("config.cfg")
_NEWS_SENTENCES: Final = 600
# Older sentences among the new ones, lest the new ones drive out what was learned.
_KNOWN_PER_NEWS: Final = 15
_LATE_RATE: Final = 0.0003
_WORDS_A_BATCH: Final = 1200
_META: Final = {
    "name": "crossclaim",
    "version": "0.5.0",
    "license": "CC BY-SA 4.0",
    "description": "Tags, lemmas and trees of English news; see the model card in the folder above.",
}


def train(data: Path, model: Path, wheel: Path, *, steps: int | None = None) -> dict[str, float]:
    """Train on EWT and GUM into `model`/pipeline, the best on dev; return the figures on both test parts.

    Takes about an hour on one core; `steps` makes a smaller one. The seed is fixed.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_training_files(data, folder, seed=SEED)
        write_vectors(wheel, folder / "vectors")
        overrides: dict[str, Any] = {
            "paths.train": str(folder / "train.spacy"),
            "paths.dev": str(folder / "dev.spacy"),
            "paths.vectors": str(folder / "vectors"),
        }
        if steps is not None:
            overrides |= {"training.max_steps": steps, "training.eval_frequency": max(1, steps // 4)}
        run_training(_CONFIG, folder / "trained", overrides=overrides)
        language = spacy.load(folder / "trained" / "model-best")
    with language.use_params(_teach_news(language, data)):
        _install(language, model / "pipeline")
    return measure(data, model, "test")


def _teach_news(language: Language, data: Path) -> dict[tuple[int, str], Any]:
    """Go on for a while with sentences of conflict news among known ones; return the averaged weights."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    known = [*read_ewt(data, "train"), *read_gum(data, "train")]
    chance.shuffle(known)
    sentences = [*news_sentences(_NEWS_SENTENCES, chance), *known[: _KNOWN_PER_NEWS * _NEWS_SENTENCES]]
    examples = [Example(_bare(language, one), one.as_doc(language.vocab)) for one in sentences]
    fix_random_seed(SEED)
    optimizer = language.resume_training(
        sgd=Adam(_LATE_RATE, use_averages=True, L2_is_weight_decay=True, L2=0.01)
    )
    chance.shuffle(examples)
    for batch in minibatch_by_words(examples, size=_WORDS_A_BATCH):
        # A lemmatiser read from disk takes its gold edits for others, so it keeps what it learned.
        language.update(batch, drop=0.2, sgd=optimizer, exclude=["trainable_lemmatizer"])
    return dict(optimizer.averages or {})


def _install(language: Language, folder: Path) -> None:
    """Write the pipeline to ship, without the places and the scores of the training."""
    shutil.rmtree(folder, ignore_errors=True)
    language.config["paths"] = dict.fromkeys(language.config["paths"])
    language.config["initialize"]["vectors"] = None
    language.meta.update(_META, performance={})
    language.to_disk(folder)


def measure(data: Path, model: Path, split: Split) -> dict[str, float]:
    """Return the percentages on one part of each treebank, over gold sentences and gold words.

    As in the CoNLL 2018 shared task every word counts, punctuation as well, and of a relation what
    stands before the colon (`nsubj:pass` counts as `nsubj`).
    """
    language = spacy.load(model / "pipeline")
    figures: dict[str, float] = {}
    for name, sentences in (("EWT", read_ewt(data, split)), ("GUM", read_gum(data, split))):
        figures |= {f"{name} {what}": value for what, value in _score(language, sentences).items()}
    return figures


def _score(language: Language, sentences: Iterable[TreebankSentence]) -> dict[str, float]:
    right: Counter[str] = Counter()
    words = 0
    gold = list(sentences)
    bare = [_bare(language, sentence) for sentence in gold]
    for sentence, document in zip(gold, language.pipe(bare), strict=True):
        for token in document:
            at = token.i
            words += 1
            head_right = token.head.i == sentence.heads[at]
            right["XPOS"] += token.tag_ == sentence.tags[at]
            right["UPOS"] += token.pos_ == sentence.parts_of_speech[at]
            right["lemma"] += token.lemma_.lower() == sentence.lemmas[at].lower()
            right["UAS"] += head_right
            right["LAS"] += head_right and _universal(token.dep_) == _universal(sentence.relations[at])
    return {what: round(100 * count / words, 1) for what, count in right.items()}


def _bare(language: Language, sentence: TreebankSentence) -> Doc:
    starts: list[bool | int | None] = [at == 0 for at in range(len(sentence.words))]
    return Doc(language.vocab, words=sentence.words, spaces=sentence.spaces, sent_starts=starts)


def _universal(relation: str) -> str:
    return relation.split(":", 1)[0].lower()
