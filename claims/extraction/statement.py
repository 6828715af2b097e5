"""A proposition as a sentence that can be read alone, and what still keeps it from that."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.context import Named
from claims.extraction.cues import Reading
from claims.extraction.dates import find_moments, is_relative
from claims.extraction.document import Document
from claims.extraction.propositions import Piece

_POINTING: Final = lexicon.word_set(
    "he she it they him her them his its their i we me us my our you your this these here"
)
_ALWAYS_POINTING: Final = frozenset({"i", "we", "me", "us", "my", "our", "you", "your"})
_NAMEABLE: Final = frozenset({"he", "she", "it"})


@dataclass(frozen=True, slots=True)
class Standing:
    """A statement and the words in it that only its surroundings explain."""

    statement: str
    unresolved: tuple[str, ...]


def alone(
    document: Document,
    piece: Piece,
    speaker: Named | None,
    published_at: date | None,
    *,
    follows_cue: bool = False,
) -> Standing:
    """Return the piece as a sentence.

    In indirect speech that `follows_cue`, a leading "he" or "it" is the speaker ("Roe said she ...")
    and becomes their name.
    """
    text = _joined(document, piece)
    pointing = _pointing_words(document, piece)
    first = document.tokens[piece[0][0]]
    if (
        follows_cue
        and speaker is not None
        and not speaker.unresolved
        and first.lower in _NAMEABLE
        and first.lower in pointing
        and _is_speaker(document, piece, speaker)
    ):
        text = speaker.name + text[first.end - first.start :]
        pointing = [word for word in pointing if word != first.lower and not _is_bound(word, first.lower)]
    unresolved = pointing + _undated(document, piece, published_at)
    if speaker is not None and speaker.unresolved:
        unresolved.insert(0, speaker.unresolved)
    return Standing(_sentence(text), tuple(dict.fromkeys(unresolved)))


def with_cue(
    document: Document, reading: Reading, piece: Piece, speaker: Named, published_at: date | None
) -> Standing:
    """Return "Roe denied that ...": for denials, and for contents that are no sentence by themselves."""
    first = piece[0][0]
    if first > reading.content[0][0] and document.classes[first - 1] == words.THAT:
        first -= 1
    said = _joined(document, ((first, piece[0][1]), *piece[1:]))
    cue = document.span(*reading.cue).of(document.text)
    pointing = _pointing_words(document, piece)
    if not speaker.unresolved:
        pointing = [word for word in pointing if word in _ALWAYS_POINTING]
    unresolved = [speaker.unresolved] * bool(speaker.unresolved) + pointing
    unresolved += _undated(document, piece, published_at)
    return Standing(
        _sentence(f"{speaker.name} {cue} {' '.join(said.split())}"), tuple(dict.fromkeys(unresolved))
    )


def _joined(document: Document, piece: Piece) -> str:
    return " ".join(" ".join(document.span(*part).of(document.text).split()) for part in piece)


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:] if len(text[:1].upper()) == 1 else text
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def _pointing_words(document: Document, piece: Piece) -> list[str]:
    """Return the pronouns that nothing before them in the piece explains, in order, in lower case."""
    found = []
    explained = False
    for first, last in piece:
        for at in range(first, last):
            word, kind = document.tokens[at].lower, document.classes[at]
            if word in _POINTING and not document.tokens[at].acronym:
                needs = word in _ALWAYS_POINTING or not explained
                if (
                    needs
                    and not (word in {"this", "these"} and at > first)
                    and not _is_empty_it(document, at, last)
                ):
                    found.append(word)
            elif kind in {words.NAME, words.NOUN}:
                explained = True
    return list(dict.fromkeys(found))


def _is_empty_it(document: Document, at: int, last: int) -> bool:
    """Whether "it" points to nothing: "it is clear that ...", "it is important to ..."."""
    if document.tokens[at].lower != "it":
        return False
    following = range(at + 1, min(last, at + 6))
    has_be = any(document.tokens[i].lower in lexicon.BE for i in following)
    return has_be and any(
        document.classes[i] in {words.THAT, words.TO} for i in range(at + 2, min(last, at + 9))
    )


def _is_speaker(document: Document, piece: Piece, speaker: Named) -> bool:
    """Whether a leading pronoun means the speaker: "it" for bodies, "he" and "she" for persons."""
    word = document.tokens[piece[0][0]].lower
    return word == "it" if not speaker.is_person else word in {"he", "she"}


def _is_bound(word: str, subject: str) -> bool:
    return (subject, word) in {("he", "his"), ("he", "him"), ("she", "her"), ("it", "its")}


def _undated(document: Document, piece: Piece, published_at: date | None) -> list[str]:
    if published_at is not None:
        return []
    return [
        moment.text
        for first, last in piece
        for moment in find_moments(
            document.text, document.tokens[first].start, document.tokens[last - 1].end, published_at=None
        )
        if is_relative(moment)
    ]
