"""Sentences -> words with their tags and their place in a tree, by a spaCy pipeline.

Ours lies in `model/pipeline` and is made by `training/`; any other one installed here can stand in for it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, cast

from claims.extraction.parse.sentences import encodable
from claims.extraction.parse.tokens import Token
from claims.extraction.parse.universal import as_universal, is_older_style
from claims.extraction.types import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import Pipe
    from spacy.tokens import Doc

MODEL: Final = Path(__file__).parents[1] / "model"
DEFAULT: Final = "default"

# Longer "sentences" are tables, minified code or unpunctuated dumps. They are sentences of the text, but no
# tree is made and nothing is read out of them; the bound also keeps work and memory per sentence constant.
LONGEST_PROSE: Final = 600
_LONGEST_PROSE_IN_CHARACTERS: Final = 12 * LONGEST_PROSE

_BATCH: Final = 128
# The tokenizer's work grows faster than the length of a "word" without any blank.
_OVERLONG_WORD: Final = re.compile(r"\S{200}")
_ROUGH_WORD: Final = re.compile(r"[^\W_]{1,100}|\S")


# Without these the engine has nothing to read; the names another pipeline finds are not asked for.
_NEEDED: Final = frozenset({"tagger", "parser"})
_UNUSED: Final = ("ner", "senter", "textcat", "entity_ruler")


class UnknownPipeline(Exception):
    """No spaCy pipeline of that name can be loaded here; the message says what to do."""

    @classmethod
    def named(cls, name: str) -> Self:
        return cls(
            f"No spaCy pipeline {name!r} is installed here. Install it with pip, or use the engine 'default'."
        )


def is_installed(name: str) -> bool:
    """Whether there is a package, or a folder with a pipeline, of that name; nothing is loaded."""
    return (name.isidentifier() and find_spec(name) is not None) or Path(name, "meta.json").is_file()


@cache
def load(name: str = DEFAULT) -> "Language":
    """Return the named pipeline, loaded once a process. Raises UnknownPipeline."""
    # Imported here, for spaCy costs a second and 100 MB that a process which extracts nothing need not pay.
    import spacy
    from thinc.api import use_ops
    from threadpoolctl import threadpool_limits

    # The matrices are small: a second thread costs twice the processor's time and brings nothing.
    threadpool_limits(limits=1, user_api="blas")
    try:
        # numpy's own matrix product takes a third of the time of the one that spaCy would choose.
        with use_ops("numpy", use_blis=False):
            language = spacy.load(MODEL / "pipeline" if name == DEFAULT else name, exclude=_UNUSED)
    except OSError as error:
        raise UnknownPipeline.named(name) from error
    if missing := _NEEDED - set(language.pipe_names):
        raise UnknownPipeline(f"The spaCy pipeline {name!r} has no {' and no '.join(sorted(missing))}.")
    return language


def parse(text: str, sentences: Iterable[Span], *, pipeline: str = DEFAULT) -> Iterator[list[Token]]:
    """Give the tokens of each sentence, whose heads count from the sentence's own first token.

    Sentences go through in batches of a fixed size, so the same text always gives the same numbers.
    """
    language = load(pipeline)
    is_older = is_older_style(language.pipe_labels["parser"])
    waiting = iter(sentences)
    while batch := list(islice(waiting, _BATCH)):
        read = [_tokenized(language, span.of(text)) for span in batch]
        parsed = iter(_run(language, [document for document in read if document is not None]))
        for span, document in zip(batch, read, strict=True):
            if document is None:
                yield _rough_tokens(text, span)
            else:
                tokens = _tokens(next(parsed), span.start)
                yield as_universal(tokens) if is_older else tokens


def is_parsed(tokens: Sequence[Token]) -> bool:
    """Whether the tokens of a sentence have a tree, or it was too long, or no prose."""
    return bool(tokens) and tokens[0].pos != ""


def _tokenized(language: "Language", sentence: str) -> "Doc | None":
    """Return the words of a sentence; None when it is too long to be one, or is no prose."""
    from spacy.tokens import Doc

    if len(sentence) > _LONGEST_PROSE_IN_CHARACTERS or _OVERLONG_WORD.search(sentence):
        return None
    document = language.tokenizer(encodable(sentence))
    if any(token.is_space for token in document):
        kept = [token for token in document if not token.is_space]
        offsets = {at: token.idx for at, token in enumerate(kept)}
        document = Doc(
            language.vocab,
            words=[token.text for token in kept],
            spaces=[bool(token.whitespace_) for token in kept],
        )
        document.user_data["offsets"] = offsets
    return document if len(document) <= LONGEST_PROSE else None


def _run(language: "Language", documents: list["Doc"]) -> list["Doc"]:
    for document in documents:
        for token in document:
            token.is_sent_start = token.i == 0
    for _, component in language.pipeline:
        documents = list(cast("Pipe", component).pipe(documents, batch_size=_BATCH))
    return documents


def _tokens(document: "Doc", offset: int) -> list[Token]:
    offsets = document.user_data.get("offsets")
    found = []
    for token in document:
        word = token.text
        start = offset + (token.idx if offsets is None else offsets[token.i])
        found.append(
            Token(
                start=start,
                end=start + len(word),
                lower=word.lower().replace("’", "'"),
                capital=word[0].isupper(),
                acronym=len(word) > 1 and word.isupper(),
                lemma=token.lemma_.lower(),
                tag=token.tag_,
                pos=token.pos_,
                relation=token.dep_,
                head=-1 if token.head is token or token.head.i == token.i else token.head.i,
            )
        )
    return found


def _rough_tokens(text: str, span: Span) -> list[Token]:
    return [
        Token(
            found.start(),
            found.end(),
            found.group().lower(),
            found.group()[0].isupper(),
            found.group().isupper(),
        )
        for found in _ROUGH_WORD.finditer(text, span.start, span.end)
    ]
