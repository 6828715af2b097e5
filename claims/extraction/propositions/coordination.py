"""Phrases of a tree and what their coordinations spell out: "in Riga and Oslo" is in Riga, and is in Oslo."""

from collections.abc import Iterable
from itertools import product
from typing import Final

from claims.extraction import lexicon
from claims.extraction.propositions.assertion import is_conditional, is_negated, is_own_finite
from claims.extraction.propositions.view import (
    AUXILIARIES,
    MARKS,
    SUBJECTS,
    View,
    Words,
    has_subject,
    is_clause,
    verb_lemma,
)

# Below this depth, and beyond this many readings, a phrase stays whole: work per sentence is bounded.
_DEEPEST: Final = 24
_MOST_READINGS: Final = 24

_DISJOINING: Final = frozenset({"or", "nor", "either", "neither", "but", "yet"})
_COLLECTING_PREPOSITIONS: Final = frozenset({"between", "among", "amongst"})
# What two objects undergo together is no claim about each: "merged the north and the south".
_COLLECTING_VERBS: Final = lexicon.word_set(
    "merge unite combine link connect join compare separate divide swap exchange mix reconcile confuse "
    "balance include need want seek consider discuss debate demand prohibit forbid prevent avoid"
)
# The whole these count is not said of each part: "the cost of food and fuel".
_SUMS: Final = lexicon.word_set(
    "cost total number sum amount combination group series mix average list union merger range pair balance "
    "combined difference relationship border war conflict talks deal agreement"
)
_OWN_PREMODIFIERS: Final = frozenset({"det", "nmod:poss", "nummod"})
_SHARED_PREMODIFIERS: Final = frozenset({"case", "det", "mark"})
_EXAMPLES: Final = frozenset({"such", "including", "like"})


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
    above = view.tokens[view.tokens[head].head]
    if view.tokens[head].relation == "nmod" and above.lower in _SUMS:
        return False
    if is_clause(view, head) and (
        verb_lemma(above) in lexicon.DENIAL or is_negated(view, head) or is_conditional(view, head)
    ):
        return False
    if view.fine:
        return True
    verb = view.tokens[head].head
    return (
        view.tokens[head].relation == "obj"
        and verb_lemma(view.tokens[verb]) not in _COLLECTING_VERBS
        and all(_is_full_phrase(view, part) for part in (head, *joined))
    )


def _is_full_phrase(view: View, at: int) -> bool:
    """Whether a noun needs nothing from the one it is joined to: it is a name, or has its own "the"."""
    return view.is_nominal(at) and (
        view.tokens[at].pos == "PROPN"
        or any(view.tokens[child].relation in _OWN_PREMODIFIERS for child in view.below(at))
    )


def _is_shared_with(view: View, part: int, other: int) -> bool:
    """Whether a dependent before the first of two coordinated parts is meant for the second as well."""
    relation = view.tokens[part].relation
    if relation in SUBJECTS:
        return is_clause(view, other) and not has_subject(view, other)
    if relation in AUXILIARIES:
        return is_clause(view, other) and not is_own_finite(view, other)
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
