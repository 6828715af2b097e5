"""What differs between two texts, word by word; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# Beyond these many differing words a comparison would take seconds, and nobody would read it word by word.
COMPARED_WORDS = 1500
AROUND_WORDS = 12

_WORD = re.compile(r"\S+\s*|\s+")


class Kind(StrEnum):
    SAME = "same"
    OLD = "old"
    NEW = "new"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Piece:
    """Some words, and whether both texts have them, the old one, or the new one.

    LEFT_OUT stands for words that both have, far from any that differ; its text is an ellipsis.
    """

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> list[Piece]:
    """The two texts as one: joined, the SAME and OLD pieces are `old`, but for what is LEFT_OUT.

    >>> [(piece.kind.value, piece.text) for piece in word_diff("a red jet", "a grey jet")]
    [('same', 'a '), ('old', 'red '), ('new', 'grey '), ('same', 'jet')]
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    head, tail = before[:start], before[len(before) - end :]
    pieces = [
        (Kind.SAME, head),
        *_compared(before[start : len(before) - end], after[start : len(after) - end]),
        (Kind.SAME, tail),
    ]
    return list(_shortened([(kind, words) for kind, words in pieces if words]))


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """How many words both begin with."""
    count = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        count += 1
    return count


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Kind, Sequence[str]]]:
    if max(len(before), len(after)) > COMPARED_WORDS:
        yield Kind.OLD, before
        yield Kind.NEW, after
        return
    for what, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield Kind.SAME, before[i:j]
            continue
        yield Kind.OLD, before[i:j]
        yield Kind.NEW, after[k:m]


def _shortened(pieces: Sequence[tuple[Kind, Sequence[str]]]) -> Iterator[Piece]:
    """Of what is the same, the words next to what differs; all of it where little is left out."""
    for at, (kind, words) in enumerate(pieces):
        before = AROUND_WORDS if at > 0 else 0
        after = AROUND_WORDS if at + 1 < len(pieces) else 0
        if kind != Kind.SAME or len(words) <= before + after + AROUND_WORDS:
            yield Piece(kind, "".join(words))
            continue
        if before:
            yield Piece(Kind.SAME, "".join(words[:before]))
        yield Piece(Kind.LEFT_OUT, "… ")
        if after:
            yield Piece(Kind.SAME, "".join(words[len(words) - after :]))
