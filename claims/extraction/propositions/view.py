"""The tree of a part of one sentence, and what its words are: clauses, subjects, names."""

import re
from typing import Final

from claims.extraction import lexicon
from claims.extraction.parse.document import Document, Range
from claims.extraction.parse.tokens import Token

# Tokens of one phrase or proposition.
Words = tuple[int, ...]

SUBJECTS: Final = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "csubj:outer"})
AUXILIARIES: Final = frozenset({"aux", "aux:pass"})
FINITE_TAGS: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
NAME_PARTS: Final = frozenset({"flat", "compound", "goeswith", "fixed"})
# Relations of what holds a sentence together and is no part of what it says.
MARKS: Final = frozenset({"punct", "cc", "cc:preconj", "discourse", "reparandum"})

# "Rammed" comes from "ram", but "added" from "add" and "filled" from "fill".
_DOUBLED: Final = frozenset("bdgmnprt")
_SHORT: Final = 3
_PREMODIFIERS: Final = frozenset({"det", "amod", "nummod", "nmod:poss", "nmod:desc"})
_HYPHENS: Final = frozenset({"-", "–", "‑"})
YEAR: Final = re.compile(r"\d{4}")
DASHES: Final = frozenset({"–", "—", "-", "--"})
RELATIVE_TAGS: Final = frozenset({"WDT", "WP", "WRB", "WP$"})
OPENING_BRACKETS: Final = frozenset({"(", "["})
CLOSING_BRACKETS: Final = frozenset({")", "]"})


class View:
    """The tree of the tokens [first, last) of one sentence, without marks and what stands in brackets.

    A `fine` view tells every coordination apart; otherwise only objects that are claims of their own are.
    """

    def __init__(self, document: Document, first: int, last: int, *, fine: bool) -> None:
        self.tokens = document.tokens
        self.first, self.last, self.fine = first, last, fine
        self.brackets = _find_brackets(document, first, last) if fine else []
        self._hidden = {at for opening, closing in self.brackets for at in range(opening, closing)}
        self._children = document.children
        self._below: dict[int, list[int]] = {}
        self.detached: set[int] = set()
        self._unit_of = _find_units(document, first, last)

    def completed(self, words: Words) -> tuple[int, ...]:
        """Return the words in order, with the rest of every date and hyphenated word they hold a part of.

        An "and" goes when what it links went, apart from what is only detached.
        """
        found = set(words)
        for at in words:
            if at in self._unit_of:
                found |= self._unit_of[at]
        ordered = sorted(found)
        neighbours = zip([-1, *ordered], ordered, [*ordered[1:], -1], strict=False)
        return tuple(at for before, at, after in neighbours if not self._links_nothing(before, at, after))

    def _links_nothing(self, before: int, at: int, after: int) -> bool:
        if self.tokens[at].relation != "cc" or self.tokens[at].lower not in {"and", "but"}:
            return False
        gaps = (*range(before + 1, at), *range(at + 1, after))
        return (
            before < 0
            or after < 0
            or any(self.tokens[gap].relation != "punct" and not self.is_detached(gap) for gap in gaps)
        )

    def shows(self, at: int) -> bool:
        return self.first <= at < self.last and at not in self._hidden and self.tokens[at].relation != "punct"

    def below(self, at: int) -> list[int]:
        """Return the dependents of token `at` that are words of this view, in the order of the text."""
        found = self._below.get(at)
        if found is None:
            found = self._below[at] = [child for child in self._children[at] if self.shows(child)]
        return found

    def subtree(self, at: int) -> list[int]:
        """Return token `at` and all words below it, but for what is detached."""
        found, waiting = [], [at]
        while waiting:
            token = waiting.pop()
            found.append(token)
            waiting += (child for child in self.below(token) if child not in self.detached)
        return found

    def tops(self) -> list[int]:
        """Return the words whose head lies outside of the view."""
        return [at for at in range(self.first, self.last) if self.shows(at) and not self.shows_head(at)]

    def shows_head(self, at: int) -> bool:
        head = self.tokens[at].head
        return head >= 0 and self.shows(head)

    def lemmas_below(self, at: int, relation: str) -> set[str]:
        return {
            self.tokens[child].lower for child in self.below(at) if self.tokens[child].relation == relation
        }

    def joined_to(self, head: int, given: list[int]) -> list[int]:
        """Return which of the dependents `given` are coordinated with `head`.

        Of a list of names, the parser takes the later ones for appositions of the first as often as not.
        """
        appositions = [
            child for child in given if self.tokens[child].relation == "appos" and self.is_after_comma(child)
        ]
        joined = [child for child in given if self.tokens[child].relation == "conj"]
        names = appositions and all(self.tokens[child].pos == "PROPN" for child in (head, *appositions))
        if names and (len(appositions) + len(joined) > 1 or self._goes_on(appositions[0])):
            return sorted(appositions + joined)
        return joined

    def _goes_on(self, at: int) -> bool:
        """Whether another name is lined up after the name of token `at`."""
        return any(self.tokens[child].relation in {"conj", "appos"} for child in self.below(at))

    def is_nominal(self, at: int) -> bool:
        return self.tokens[at].pos in {"NOUN", "PROPN", "PRON", "NUM"}

    def is_after_comma(self, at: int) -> bool:
        """Whether a comma or dash opens the phrase of token `at`."""
        opening = min(self.subtree(at))
        return opening > self.first and self.tokens[opening - 1].lower in {",", "–", "—", "-", ";"}

    def is_hyphen(self, at: int) -> bool:
        """Whether a mark ties two parts of one word, and does not set them off: "T-shirt", "2009–11"."""
        tokens = self.tokens
        return (
            tokens[at].lower in _HYPHENS
            and self.first < at < self.last - 1
            and tokens[at - 1].end == tokens[at].start
            and tokens[at].end == tokens[at + 1].start
        )

    def is_coordinated(self, at: int) -> bool:
        return any(self.tokens[child].relation == "conj" for child in self.below(at))

    def is_detached(self, at: int) -> bool:
        """Whether the word stands in what was detached."""
        while self.first <= at < self.last:
            if at in self.detached:
                return True
            at = self.tokens[at].head
        return False

    def phrase(self, at: int, relations: frozenset[str]) -> list[int]:
        """Return token `at` and the subtrees of its dependents in one of the relations."""
        found = [at]
        for child in self.below(at):
            if self.tokens[child].relation in relations and child not in self.detached:
                found += self.subtree(child)
        return found


def _find_brackets(document: Document, first: int, last: int) -> list[Range]:
    """Return the outermost bracketed ranges, brackets included; an unclosed one runs to the end."""
    found, depth, opened = [], 0, first
    for at in range(first, last):
        word = document.tokens[at].lower
        if word in OPENING_BRACKETS:
            opened = at if depth == 0 else opened
            depth += 1
        elif word in CLOSING_BRACKETS and depth:
            depth -= 1
            if depth == 0:
                found.append((opened, at + 1))
    return [*found, (opened, last)] if depth else found


def _find_units(document: Document, first: int, last: int) -> dict[int, frozenset[int]]:
    """Return for each part of a date ("May 3, 2014") or of a hyphenated word ("spin-off") all its words.

    A tree may hang the parts of these on different words, but no proposition holds only some of them.
    """
    found: dict[int, frozenset[int]] = {}
    at = first
    while at < last:
        end = _unit_end(document, at, last)
        if end > at + 1:
            inside = frozenset(i for i in range(at, end) if document.tokens[i].relation != "punct")
            found.update(dict.fromkeys(inside, inside))
        at = end
    return found


def _unit_end(document: Document, at: int, last: int) -> int:
    tokens = document.tokens
    end = at + 1
    if tokens[at].lower in lexicon.MONTHS or (
        tokens[at].lower.isdigit() and end < last and tokens[end].lower in lexicon.MONTHS
    ):
        while end < last and (
            tokens[end].lower in lexicon.MONTHS
            or tokens[end].lower.isdigit()
            or (tokens[end].lower == "," and end + 1 < last and YEAR.fullmatch(tokens[end + 1].lower))
        ):
            end += 1
        return end
    while (
        end + 1 < last
        and tokens[end].lower in _HYPHENS
        and tokens[end - 1].end == tokens[end].start
        and tokens[end].end == tokens[end + 1].start
    ):
        end += 2
    return end


def verb_lemma(token: Token) -> str:
    """Return the base form of a verb; the lists of irregular forms are surer than the pipeline."""
    known = lexicon.VERB_FORMS.get(token.lower)
    if known is not None:
        return known[0]
    lemma = token.lemma
    doubled = (
        len(lemma) > _SHORT and lemma[-1] == lemma[-2] and lemma[-1] in _DOUBLED and lemma != token.lower
    )
    return lemma[:-1] if doubled else lemma


def is_clause(view: View, at: int) -> bool:
    """Whether token `at` heads a clause: a verb, or anything with a subject or "be" of its own."""
    token = view.tokens[at]
    if token.pos in {"VERB", "AUX"} and token.tag.startswith("V"):
        return True
    below = {view.tokens[child].relation for child in view.below(at)}
    return bool(below & SUBJECTS or "cop" in below)


def is_finite(view: View, at: int) -> bool:
    """Whether the verb group of token `at` is finite."""
    helping = [child for child in view.below(at) if view.tokens[child].relation in AUXILIARIES | {"cop"}]
    if any(view.tokens[part].tag in FINITE_TAGS for part in (at, *helping)):
        return True
    # A past form is easily mistaken for a participle; with a subject and no auxiliary it can only be finite.
    return view.tokens[at].tag == "VBN" and not helping and has_subject(view, at)


def has_subject(view: View, at: int) -> bool:
    return any(view.tokens[child].relation in SUBJECTS for child in view.below(at))


def named(view: View, noun: int) -> Words:
    """Return a noun with what stands before it and belongs to its name: "the old pier", "Jane Roe"."""
    found = [noun]
    for child in view.below(noun):
        relation = view.tokens[child].relation
        if (
            relation in NAME_PARTS
            or (child < noun and relation in _PREMODIFIERS)
            or (
                relation == "nmod"
                and view.tokens[noun].pos != "PROPN"
                and "of" in view.lemmas_below(child, "case")
            )
        ):
            found += view.subtree(child)
    return tuple(at for at in found if view.tokens[at].relation != "case" or view.tokens[at].tag == "POS")


def noun_before(view: View, at: int) -> int | None:
    """Return the head of the name or noun that ends right before token `at`, marks apart."""
    noun = at - 1
    while noun >= view.first and view.tokens[noun].relation == "punct":
        noun -= 1
    if noun < view.first or not view.shows(noun):
        return None
    while view.tokens[noun].relation in NAME_PARTS and view.first <= view.tokens[noun].head < at:
        noun = view.tokens[noun].head
    return noun if view.is_nominal(noun) else None


def relative_words(view: View, at: int) -> frozenset[int]:
    """Return the dependents that are only "who", "which", "where" or "that"."""
    return frozenset(
        child
        for child in view.below(at)
        if view.tokens[child].tag in RELATIVE_TAGS
        and not [c for c in view.below(child) if view.tokens[c].relation != "case"]
    )
