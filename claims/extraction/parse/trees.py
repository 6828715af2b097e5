"""The tree of one sentence: what stands below a token, and where that begins and ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from claims.extraction.lexicon import TIME_WORDS
from claims.extraction.parse.document import Document, Range, ReadSentence

SUBJECTS: Final = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "csubj:outer"})
_SAYS_MORE: Final = frozenset({"appos", "acl:relcl", "acl", "parataxis"})
_OUTSIDE: Final = frozenset({"cc", "mark", "discourse", "parataxis", "dep", "advcl", "obl", "ccomp"})
_BEFORE_NOUN: Final = frozenset(
    {
        "det",
        "det:predet",
        "amod",
        "compound",
        "nmod",
        "nmod:poss",
        "nummod",
        "advmod",
        "flat",
        "appos",
        "nmod:unmarked",
        "nmod:desc",
    }
)
_PARENTHESES: Final = frozenset({"(", ")", '"', "“", "”", "'", "[", "]"})
_COMMAS: Final = frozenset({",", ";", ":", "-", "–", "—"})
_ON: Final = frozenset({"on", "last", "this"}) | TIME_WORDS
_RELATIVE: Final = frozenset({"who", "which", "that", "whom"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens [first, last); `head_last` ends the phrase before its apposition ("Jane Roe|, a baker")."""

    first: int
    last: int
    head_last: int


class SentenceTree:
    """Tokens count in the document. Built in time linear in the sentence."""

    def __init__(self, document: Document, sentence: ReadSentence) -> None:
        self.document = document
        self.first, self.last = sentence.first, sentence.last
        self._left = list(range(self.first, self.last))
        self._right = list(range(self.first, self.last))
        for at in reversed(self._downwards()):
            head = document.tokens[at].head
            if head >= 0:
                own, above = at - self.first, head - self.first
                self._left[above] = min(self._left[above], self._left[own])
                self._right[above] = max(self._right[above], self._right[own])

    def _downwards(self) -> list[int]:
        """Return the tokens so that each comes after its head."""
        order = [at for at in range(self.first, self.last) if self.document.tokens[at].head < 0]
        for at in order:
            order += self.document.children[at]
        return order

    def extent(self, at: int) -> Range:
        """Return the half-open range from the first to the last token below `at`, itself included."""
        return self._left[at - self.first], self._right[at - self.first] + 1

    def children(self, at: int, *relations: str) -> Iterator[int]:
        """Give the children of `at` with one of these relations, in the order of the text."""
        tokens = self.document.tokens
        return (child for child in self.document.children[at] if tokens[child].relation in relations)

    def child(self, at: int, *relations: str) -> int | None:
        return next(self.children(at, *relations), None)

    def subject(self, at: int) -> int | None:
        """Return the head of the subject of the verb or predicate `at`; "it" in "it is said" is none."""
        tokens = self.document.tokens
        return next(
            (child for child in self.document.children[at] if tokens[child].relation in SUBJECTS), None
        )

    def is_below(self, at: int, top: int) -> bool:
        """Whether `at` is `top` or stands below it."""
        while at >= 0 and at != top:
            at = self.document.tokens[at].head
        return at == top

    def phrase(self, head: int, *, without: int = -1) -> Phrase:
        """Return the noun phrase around `head`: its determiners, complements, appositions.

        It ends before the part that `without` stands in, when that token is below `head`.
        """
        tokens = self.document.tokens
        first, last, head_last = head, head + 1, head + 1
        for child in reversed(self.document.children[head]):
            if child < head:
                left, right = self.extent(child)
                if right != first or tokens[child].relation not in _BEFORE_NOUN or left <= without < right:
                    break
                first = left
        is_named = True
        for child in self.document.children[head]:
            left, right = self.extent(child)
            if child < head:
                continue
            relation = tokens[child].relation
            if left <= without < right or relation in _OUTSIDE or (left > last and tokens[last].lower == ":"):
                break
            if relation == "punct" and tokens[child].lower not in _PARENTHESES:
                continue
            if tokens[left].lower in _ON and tokens[child].lower in TIME_WORDS:
                break
            last = max(last, right)
            is_named = is_named and relation not in _SAYS_MORE
            head_last = last if is_named else head_last
        while last > head + 1 and tokens[last - 1].lower in _COMMAS:
            last -= 1
        return Phrase(first, last, min(head_last, last))

    def is_relative(self, at: int) -> bool:
        """Whether a token is a relative pronoun."""
        token = self.document.tokens[at]
        return token.lower in _RELATIVE and token.tag in {"WP", "WDT", "IN"}
