"""The two treebanks as spaCy documents, one per sentence, with the annotation the parser learns from.

EWT (UD English Web Treebank, CC BY-SA 4.0) comes as CoNLL-U, GUM (CC BY 4.0; biographies and travel guides
share-alike) as JSON Lines with character offsets. Both follow Universal Dependencies.
"""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

Split = Literal["train", "dev", "test"]

# How many sentences of the training part are seen a second time in another dress, so that the
# parser knows printed quotation marks, text without capitals, and headlines.
_SHARE_TYPOGRAPHIC: Final = 0.30
_SHARE_LOWER: Final = 0.03
_SHARE_TITLE: Final = 0.04


@dataclass(frozen=True, slots=True)
class TreebankSentence:
    """Words with the space that follows each; `heads` are indices into the sentence, the root's its own."""

    words: list[str]
    spaces: list[bool]
    tags: list[str]
    parts_of_speech: list[str]
    lemmas: list[str]
    heads: list[int]
    relations: list[str]

    def as_doc(self, vocab: Vocab) -> Doc:
        starts: list[bool | int | None] = [at == 0 for at in range(len(self.words))]
        return Doc(
            vocab,
            words=self.words,
            spaces=self.spaces,
            tags=self.tags,
            pos=self.parts_of_speech,
            lemmas=self.lemmas,
            heads=self.heads,
            deps=["ROOT" if relation == "root" else relation for relation in self.relations],
            sent_starts=starts,
        )


def read_ewt(data: Path, split: Split) -> Iterator[TreebankSentence]:
    """Give the sentences of `data`/ewt/`split`.conllu.gz in their order."""
    with gzip.open(data / "ewt" / f"{split}.conllu.gz", "rt", encoding="utf-8") as lines:
        rows: list[list[str]] = []
        for line in lines:
            if line.strip():
                if not line.startswith("#"):
                    rows.append(line.rstrip("\n").split("\t"))
            elif rows:
                yield _from_conllu(rows)
                rows = []
        if rows:
            yield _from_conllu(rows)


def _from_conllu(rows: list[list[str]]) -> TreebankSentence:
    joined: dict[int, bool] = {}  # word number -> whether a space follows it, for words written as one
    for row in rows:
        if "-" in row[0]:
            first, last = (int(number) for number in row[0].split("-"))
            joined |= dict.fromkeys(range(first, last), False)
            joined[last] = "SpaceAfter=No" not in row[9]
    plain = [row for row in rows if row[0].isdigit()]
    return TreebankSentence(
        words=[row[1] for row in plain],
        spaces=[joined.get(int(row[0]), "SpaceAfter=No" not in row[9]) for row in plain],
        tags=[row[4] for row in plain],
        parts_of_speech=[row[3] for row in plain],
        lemmas=[row[2] for row in plain],
        heads=[int(row[6]) - 1 if row[6] != "0" else at for at, row in enumerate(plain)],
        relations=[row[7] for row in plain],
    )


def read_gum(data: Path, split: Split) -> Iterator[TreebankSentence]:
    """Give the sentences of `data`/gum/`split`.jsonl.gz in their order."""
    with gzip.open(data / "gum" / f"{split}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            yield from _from_gum(document["text"], document["sentences"], document["tokens"])


def _from_gum(text: str, sentences: list[list[Any]], tokens: list[list[Any]]) -> Iterator[TreebankSentence]:
    at = 0
    for _, end, *_ in sentences:
        first = at
        while at < len(tokens) and tokens[at][0] < end:
            at += 1
        own = tokens[first:at]
        yield TreebankSentence(
            words=[text[token[0] : token[1]] for token in own],
            spaces=[text[token[1] : token[1] + 1].isspace() for token in own],
            tags=[token[4] for token in own],
            parts_of_speech=[token[3] for token in own],
            lemmas=[token[2] for token in own],
            heads=[token[5] - first if token[5] >= 0 else at_own for at_own, token in enumerate(own)],
            relations=[token[6] for token in own],
        )


def write_training_files(data: Path, folder: Path, *, seed: int) -> None:
    """Write `folder`/train.spacy (both treebanks, shuffled) and dev.spacy."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    train = [*read_ewt(data, "train"), *read_gum(data, "train")]
    train += [dressed for sentence in train for dressed in _dress(sentence, chance)]
    chance.shuffle(train)
    dev = [*read_ewt(data, "dev"), *read_gum(data, "dev")]
    for name, sentences in (("train", train), ("dev", dev)):
        vocab = Vocab()
        DocBin(docs=[sentence.as_doc(vocab) for sentence in sentences]).to_disk(folder / f"{name}.spacy")


def _dress(sentence: TreebankSentence, chance: random.Random) -> Iterator[TreebankSentence]:
    if chance.random() < _SHARE_TYPOGRAPHIC and any("'" in word or '"' in word for word in sentence.words):
        yield replace(sentence, words=_typographic(sentence.words))
    if chance.random() < _SHARE_LOWER:
        yield replace(sentence, words=[word.lower() for word in sentence.words])
    if chance.random() < _SHARE_TITLE and sentence.words[-1] in {".", "!"} and len(sentence.words) < 16:
        yield _headline(sentence)


def _typographic(words: list[str]) -> list[str]:
    opened, found = False, []
    for word in words:
        if word in {'"', "``", "''"}:
            opened = not opened
            found.append("“" if opened else "”")
        else:
            found.append(word.replace("'", "’"))
    return found


def _headline(sentence: TreebankSentence) -> TreebankSentence:
    """Return the sentence with its words capitalised and its last mark gone."""
    last = len(sentence.words) - 1
    if last in sentence.heads[:last] or sentence.heads[last] == last:
        return sentence
    return TreebankSentence(
        words=[
            word if len(word) < 4 and at else word[:1].upper() + word[1:]
            for at, word in enumerate(sentence.words[:-1])
        ],
        spaces=sentence.spaces[:-1],
        tags=sentence.tags[:-1],
        parts_of_speech=sentence.parts_of_speech[:-1],
        lemmas=sentence.lemmas[:-1],
        heads=sentence.heads[:-1],
        relations=sentence.relations[:-1],
    )
