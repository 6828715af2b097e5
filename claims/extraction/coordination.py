"""Phrases of a tree and what their coordinations spell out: "in Riga and Oslo" is in Riga, and is in Oslo."""

from collections.abc import Iterable
from itertools import product
from typing import Final

from claims.extraction import lexicon
from claims.extraction.document import Document, Range

# Tokens of one phrase or proposition, in no particular order.
Words = tuple[int, ...]

NAME_PARTS: Final = frozenset({"flat", "compound", "goeswith", "fixed"})
MARKS: Final = frozenset({"punct", "cc", "cc:preconj", "discourse", "reparandum"})

# Below this depth, and beyond this many readings, a phrase stays whole: work per sentence is bounded.
_DEEPEST: Final = 24
_MOST_READINGS: Final = 24

_DISJOINING: Final = frozenset({"or", "nor", "either", "neither", "but", "yet"})
_COLLECTING_PREPOSITIONS: Final = frozenset({"between", "among", "amongst"})
# What two objects undergo together is no claim about each: "merged the north and the south".
_COLLECTING_VERBS: Final = lexicon.word_set(
    "merge unite combine link connect join compare separate divide swap exchange mix reconcile confuse balance "
    "include need want seek consider discuss debate demand prohibit forbid prevent avoid"
)
_OWN_PREMODIFIERS: Final = frozenset({"det", "nmod:poss", "nummod"})
_SHARED_PREMODIFIERS: Final = frozenset({"case", "det", "mark"})
_EXAMPLES: Final = frozenset({"such", "including", "like"})
_HYPHENS: Final = frozenset({"-", "–", "‑"})
_OPENING_BRACKETS: Final = frozenset({"(", "["})
_CLOSING_BRACKETS: Final = frozenset({")", "]"})


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
        self.detached: set[int] = set()
        self._unit_of = _find_units(document, first, last)

    def completed(self, words: Words) -> set[int]:
        """Return the words with the rest of every date and hyphenated word they hold a part of."""
        found = set(words)
        for at in words:
            if at in self._unit_of:
                found |= self._unit_of[at]
        return found

    def shows(self, at: int) -> bool:
        return self.first <= at < self.last and at not in self._hidden and self.tokens[at].relation != "punct"

    def below(self, at: int) -> list[int]:
        """Return the dependents of token `at` that are words of this view, in the order of the text."""
        return [child for child in self._children[at] if self.shows(child)]

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
        names = all(self.tokens[child].pos == "PROPN" for child in (head, *appositions))
        if (
            names
            and len(appositions) + len(joined) > 1
            and all(child > max(appositions, default=0) for child in joined)
        ):
            return sorted(appositions + joined)
        return joined

    def is_nominal(self, at: int) -> bool:
        return self.tokens[at].pos in {"NOUN", "PROPN", "PRON", "NUM"}

    def is_after_comma(self, at: int) -> bool:
        """Whether a comma or dash opens the phrase of token `at`."""
        opening = min(self.subtree(at))
        return opening > self.first and self.tokens[opening - 1].lower in {",", "–", "—", "-", ";"}


def _find_brackets(document: Document, first: int, last: int) -> list[Range]:
    """Return the outermost bracketed ranges, brackets included; an unclosed one runs to the end."""
    found, depth, opened = [], 0, first
    for at in range(first, last):
        word = document.tokens[at].lower
        if word in _OPENING_BRACKETS:
            opened = at if depth == 0 else opened
            depth += 1
        elif word in _CLOSING_BRACKETS and depth:
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
            or (tokens[end].lower == "," and end + 1 < last and _is_year(tokens[end + 1].lower))
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


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit()


def combine(*slots: Iterable[Words]) -> list[Words]:
    """Return every choice of one reading a slot, joined; only the first readings when there are too many."""
    given = [list(slot) for slot in slots]
    while len(given) > 1:
        left, right = given[0], given[1]
        if len(left) * len(right) > _MOST_READINGS:
            right = right[:1] if len(left) > 1 else right[:_MOST_READINGS]
        given[:2] = [[one + other for one, other in product(left, right)]]
    return given[0] if given else [()]


def readings(view: View, head: int, *, without: frozenset[int] = frozenset(), depth: int = 0) -> list[Words]:
    """Return the phrase of token `head`, once for each of its coordinated parts.

    Dependents in `without`, and what is detached, belong to none of them.
    """
    if depth > _DEEPEST:
        return [tuple(view.subtree(head))]
    given = [child for child in view.below(head) if child not in without and child not in view.detached]
    joined = view.joined_to(head, given)
    if joined and not ((view.fine or depth == 0) and distributes(view, head, joined)):
        kept = [child for child in given if view.tokens[child].relation != "discourse"]
        return combine([(head,)], *(readings(view, child, depth=depth + 1) for child in kept))
    own = [
        child
        for child in given
        if child not in joined and not (joined and view.tokens[child].relation in MARKS)
    ]
    examples = [child for child in own if view.fine and _gives_examples(view, child)]
    own = [child for child in own if child not in examples]
    found = combine([(head,)], *_slots(view, own, depth))
    shared = [child for child in own if joined and child > joined[-1]]
    for child in joined:
        before = [part for part in own if part < head and _is_shared_with(view, part, child)]
        extra = combine(*(readings(view, part, depth=depth + 1) for part in (*before, *shared)))
        links = frozenset(part for part in view.below(child) if view.tokens[part].relation in MARKS)
        found += combine(readings(view, child, without=links, depth=depth + 1), extra)
    for child in examples:
        before = [part for part in own if view.tokens[part].relation == "case"]
        case = frozenset(part for part in view.below(child) if view.tokens[part].relation == "case")
        extra = combine(*(readings(view, part, depth=depth + 1) for part in before))
        found += combine(readings(view, child, without=case, depth=depth + 1), extra)
    return found[:_MOST_READINGS]


def distributes(view: View, head: int, joined: list[int]) -> bool:
    """Whether what is said of "A and B" is said of each: not so for "A or B" and "between A and B"."""
    links = {
        word
        for part in (head, *joined)
        for relation in ("cc", "cc:preconj")
        for word in view.lemmas_below(part, relation)
    }
    if links & _DISJOINING or view.lemmas_below(head, "case") & _COLLECTING_PREPOSITIONS:
        return False
    if view.fine:
        return True
    verb = view.tokens[head].head
    return (
        view.tokens[head].relation == "obj"
        and view.tokens[verb].lemma not in _COLLECTING_VERBS
        and all(_is_full_phrase(view, part) for part in (head, *joined))
    )


def _is_full_phrase(view: View, at: int) -> bool:
    """Whether a noun needs nothing from the one it is joined to: it is a name, or has its own "the"."""
    return view.is_nominal(at) and (
        view.tokens[at].pos == "PROPN"
        or any(view.tokens[child].relation in _OWN_PREMODIFIERS for child in view.below(at))
    )


def _is_shared_with(view: View, part: int, other: int) -> bool:
    relation = view.tokens[part].relation
    taken = {view.tokens[child].relation for child in view.below(other)}
    if relation == "det" and view.tokens[other].pos == "PROPN":
        return False
    return relation in _SHARED_PREMODIFIERS and relation not in taken


def _gives_examples(view: View, at: int) -> bool:
    return bool(view.lemmas_below(at, "case") & _EXAMPLES) and view.tokens[at].relation == "nmod"


def _slots(view: View, own: list[int], depth: int) -> list[list[Words]]:
    """Return the readings of each dependent; adjectives lined up by commas are choices of one slot."""
    slots: list[list[Words]] = []
    previous = -2
    for child in own:
        found = readings(view, child, depth=depth + 1)
        lined_up = (
            view.fine
            and view.tokens[child].relation == "amod"
            and previous >= 0
            and view.tokens[previous].relation == "amod"
            and view.tokens[min(view.subtree(child)) - 1].lower == ","
        )
        if lined_up:
            slots[-1] = slots[-1] + found
        else:
            slots.append(found)
        previous = child
    return slots
