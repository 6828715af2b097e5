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

from claims.extraction.parse.apostrophes import Word, has_lost_apostrophes, put_back
from claims.extraction.parse.commas import find_left_out, has_lost_commas
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
_TAGGER: Final = "tagger"
_NEEDED: Final = frozenset({_TAGGER, "parser"})
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
    from spacy.tokenizer import Tokenizer
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
    # "m." would be kept whole as an initial, and "£3m." at a sentence's end read as 3 pounds.
    if isinstance(language.tokenizer, Tokenizer):
        rules = language.tokenizer.rules or {}
        language.tokenizer.rules = {word: parts for word, parts in rules.items() if word != "m."}
    return language


def parse(text: str, sentences: Iterable[Span], *, pipeline: str = DEFAULT) -> Iterator[list[Token]]:
    """Give the tokens of each sentence, whose heads count from the sentence's own first token.

    Sentences go through in batches of a fixed size, so the same text always gives the same numbers.
    """
    language = load(pipeline)
    is_older = is_older_style(language.pipe_labels["parser"])
    without_commas, without_apostrophes = has_lost_commas(text), has_lost_apostrophes(text)
    waiting = iter(sentences)
    while batch := list(islice(waiting, _BATCH)):
        read = [_tokenized(language, span.of(text), mend=without_apostrophes) for span in batch]
        if without_commas:
            read = _with_commas(language, read)
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


def _tokenized(language: "Language", sentence: str, *, mend: bool) -> "Doc | None":
    """Return the words of a sentence; None when it is too long to be one, or is no prose.

    `mend` reads apostrophes that the text has lost. Where the words are not just those of the sentence, the
    user data "places" say where each stands.
    """
    if len(sentence) > _LONGEST_PROSE_IN_CHARACTERS or _OVERLONG_WORD.search(sentence):
        return None
    document = language.tokenizer(encodable(sentence))
    given = [Word(token.text, token.idx, token.idx + len(token)) for token in document if not token.is_space]
    words = put_back(given) if mend else given
    if words != given or len(given) < len(document):
        document = _as_document(language, words)
    return document if len(document) <= LONGEST_PROSE else None


def _as_document(language: "Language", words: list[Word]) -> "Doc":
    from spacy.tokens import Doc

    behind = [*(word.start for word in words[1:]), -1]
    spaces = [word.end < start for word, start in zip(words, behind, strict=True)]
    return Doc(
        language.vocab,
        words=[word.text for word in words],
        spaces=spaces,
        user_data={"places": [(word.start, word.end) for word in words]},
    )


def _with_commas(language: "Language", read: list["Doc | None"]) -> list["Doc | None"]:
    """Return the sentences with a token of no width for each comma that was left out."""
    documents = [document for document in read if document is not None]
    mended = []
    for document in _run(language, documents, until=_TAGGER):
        words = [Word(token.text, *place) for token, place in zip(document, _places(document), strict=True)]
        left_out = find_left_out([word.text for word in words], [token.tag_ for token in document])
        for at in reversed(left_out):
            words.insert(at + 1, Word(",", words[at].end, words[at].end))
        mended.append(_as_document(language, words))
    found = iter(mended)
    return [None if document is None else next(found) for document in read]


def _places(document: "Doc") -> list[tuple[int, int]]:
    places: list[tuple[int, int]] | None = document.user_data.get("places")
    return places or [(token.idx, token.idx + len(token)) for token in document]


def _run(language: "Language", documents: list["Doc"], *, until: str = "") -> list["Doc"]:
    """Return the documents as the components made them, all or those up to the one named."""
    for document in documents:
        for token in document:
            token.is_sent_start = token.i == 0
    for name, component in language.pipeline:
        documents = list(cast("Pipe", component).pipe(documents, batch_size=_BATCH))
        if name == until:
            break
    return documents


def _tokens(document: "Doc", offset: int) -> list[Token]:
    found = []
    for token, (start, end) in zip(document, _places(document), strict=True):
        word = token.text
        found.append(
            Token(
                start=offset + start,
                end=offset + end,
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
