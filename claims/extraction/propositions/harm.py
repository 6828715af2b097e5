"""Who was killed and who was hurt, each told apart: "a bomb went off, killing six and wounding thirty".

News tells tolls in such tails more than anywhere else, and parsers hang them on the wrong verb as often as
on the right one; the words themselves are plain enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from claims.extraction.lexicon import word_set
from claims.extraction.parse.document import Document, Range
from claims.extraction.propositions.view import AUXILIARIES, FINITE_TAGS

_ACTS: Final = frozenset({"killing", "wounding", "injuring", "hurting"})
_HURT: Final = frozenset({"killed", "wounded", "injured", "hurt"})
_DEAD: Final = "dead"
_BE: Final = frozenset({"was", "were", "been", "being", "is", "are"})
_SEPARATING: Final = frozenset({",", ";", "and"})
_MANY: Final = word_set("dozens scores hundreds thousands several many some others more another")
_TAIL: Final = word_set("after as when while before where since although though because who which that")
_QUANTIFYING: Final = frozenset({"CD", "NNS", "NN", "JJ", "JJR", "JJS", "IN", "RB", "DT", "RBR"})
_LONGEST_SUBJECT: Final = 6
_NEAR: Final = 4
_FEWEST_BEFORE: Final = 2


@dataclass(frozen=True, slots=True)
class Harm:
    """A part that tells of a toll: it begins at token `first`, behind what separates it from `ends` on.

    `shares` says that its subject is that of the clause before it.
    """

    ends: int
    first: int
    shares: bool


def find_harms(document: Document, first: int, last: int) -> list[Harm]:
    """Return the tolls told behind others, or behind what did the harm, in the tokens [first, last)."""
    found: list[Harm] = []
    for at in range(first + _FEWEST_BEFORE, last):
        if document.quotation_at[at] != document.quotation_at[first]:
            continue
        word = document.tokens[at].lower
        begun = found[-1].first if found else first
        harm = None
        if word in _ACTS:
            harm = _by_act(document, at, last)
        elif word in _HURT:
            harm = _by_number(document, begun, at) or _by_verb(document, begun, at, last)
        if harm is not None and harm.ends > begun:
            found.append(harm)
    return found


def _behind_separator(document: Document, first: int) -> int:
    while document.tokens[first - 1].lower in _SEPARATING:
        first -= 1
    return first


def _is_counted(document: Document, first: int, last: int) -> bool:
    tokens = document.tokens[first:last]
    return any(token.pos == "NUM" or token.lower in _MANY for token in tokens)


def _by_act(document: Document, at: int, last: int) -> Harm | None:
    """Read "…, killing six people": a participle that nothing governs, with a number behind it."""
    before = document.tokens[at - 1]
    governed = before.tag in {"IN", "TO", "DT", "PRP$", "MD", "POS"} or before.lower in _BE
    if governed or not _is_counted(document, at + 1, min(at + 1 + _NEAR, last)):
        return None
    end = end_of_harm(document, at, last)
    if any(document.tokens[i].tag in FINITE_TAGS for i in range(at + 1, end)):
        return None
    return Harm(_behind_separator(document, at), at, shares=True)


def _by_number(document: Document, first: int, at: int) -> Harm | None:
    """Read "… were killed and 55 (were) wounded": those who were hurt stand before it."""
    tokens = document.tokens
    begins = at - 1 if tokens[at - 1].lower in _BE else at
    while at - begins <= _LONGEST_SUBJECT and begins - 1 > first and _quantifies(document, begins - 1):
        begins -= 1
    separated = tokens[begins - 1].lower in _SEPARATING or tokens[begins - 1].lower in _HURT
    if begins >= at or not separated or not _is_counted(document, begins, at):
        return None
    passive = any(
        tokens[i].lower in {*_HURT, _DEAD}
        and (tokens[i - 1].lower in _BE or _is_counted(document, max(first, i - _NEAR), i))
        for i in range(first + 1, begins)
    )
    return Harm(_behind_separator(document, begins), begins, shares=False) if passive else None


def _quantifies(document: Document, at: int) -> bool:
    token = document.tokens[at]
    return token.tag in _QUANTIFYING and token.lower not in _HURT


def _by_verb(document: Document, first: int, at: int, last: int) -> Harm | None:
    """Read "killed six and |wounded thirty|"."""
    tokens = document.tokens
    if tokens[at - 1].lower not in _SEPARATING or not _is_counted(
        document, at + 1, min(at + 1 + _NEAR, last)
    ):
        return None
    acts = [i for i in range(first + 1, at) if tokens[i].lower in _HURT and tokens[i - 1].lower not in _BE]
    counted = acts and _is_counted(document, acts[0] + 1, at)
    return Harm(_behind_separator(document, at), at, shares=True) if counted else None


def parted(document: Document, part: Range) -> tuple[Range, ...]:
    """Return "55 | wounded in the square" in two, for the "were" that stands between in a sentence."""
    first, last = part
    if any(document.tokens[at].tag in FINITE_TAGS for at in range(first, last)):
        return (part,)
    hurt = next((at for at in range(first + 1, last) if document.tokens[at].lower in _HURT), first)
    return (part,) if hurt == first else ((first, hurt), (hurt, last))


def is_parted(document: Document, piece: tuple[Range, ...]) -> bool:
    """Whether a piece is one of those: a number of people, and what was done to them."""
    return (
        len(piece) == 2
        and piece[0][1] == piece[1][0]
        and document.tokens[piece[1][0]].lower in _HURT
        and _is_counted(document, *piece[0])
    )


def end_of_harm(document: Document, first: int, last: int) -> int:
    """Return where what tells of the toll ends: before "after the deal failed" and the like, or at `last`."""
    for at in range(first + 1, last):
        if document.tokens[at].lower in _TAIL and document.tokens[at].tag in {"IN", "WRB", "WP", "WDT"}:
            return at
    return last


def subject_of(document: Document, first: int, last: int) -> Range | None:
    """Return what did the harm: the subject of the first main clause in the tokens [first, last).

    Where the parser sees none, all before an active "killed". None when the clause tells what was suffered.
    """
    tokens = document.tokens
    for at in range(first, last):
        head = tokens[at].head
        if tokens[at].relation != "nsubj" or head <= at or tokens[at].tag in {"WDT", "WP"}:
            continue
        if tokens[head].relation in {"advcl", "acl", "acl:relcl"} or any(
            tokens[child].relation == "mark" and tokens[child].lower != "that" and child >= first
            for child in document.children[head]
        ):
            continue
        if any(tokens[child].relation == "aux:pass" for child in document.children[head]):
            return None
        begins = min((i for i in document.subtree(at) if i >= first), default=at)
        ends = min([head, *_clauses_on(document, at), *_helping(document, head)])
        return (begins, ends) if begins < ends else None
    act = next((at for at in range(first, last) if tokens[at].lower in _HURT), first)
    names = any(tokens[at].pos in {"NOUN", "PROPN"} for at in range(first, act))
    finite = any(tokens[at].tag in FINITE_TAGS for at in range(first, act))
    return (first, act) if names and not finite else None


def _clauses_on(document: Document, at: int) -> Iterator[int]:
    """Give where the clauses and appositions that hang on a noun begin, marks before them included."""
    for child in document.children[at]:
        if child > at and document.tokens[child].relation in {"acl", "acl:relcl", "appos", "punct"}:
            yield min(document.subtree(child))


def _helping(document: Document, verb: int) -> Iterator[int]:
    for child in document.children[verb]:
        if child < verb and document.tokens[child].relation in {*AUXILIARIES, "advmod"}:
            yield child
