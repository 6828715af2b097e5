"""Every fact inside a noun phrase: "Roe, a baker", "a tug built in Oslo", "actor Roe", "Oslo (in Norway)"."""

from typing import Final

from claims.extraction import lexicon
from claims.extraction.propositions.assertion import is_conditional
from claims.extraction.propositions.clauses import Asserted, Start
from claims.extraction.propositions.coordination import combine, readings
from claims.extraction.propositions.view import (
    RELATIVE_TAGS,
    SUBJECTS,
    View,
    Words,
    is_clause,
    named,
    noun_before,
    relative_words,
)

_CALENDAR: Final = lexicon.TIME_WORDS | frozenset(lexicon.MONTHS)
# A bracket of a word or two names or numbers the noun ("(SDF)", "(2014)"); it says nothing of it.
_TELLING: Final = 3


def find_asides(view: View) -> tuple[list[Start], list[Asserted]]:
    """Return the clauses and the facts that hang on nouns, for a fine view.

    What the nouns can do without is detached from the view.
    """
    starts: list[Start] = []
    facts: list[Asserted] = []
    hanging = [
        at
        for at in range(view.first, view.last)
        if view.shows(at)
        and view.shows_head(at)
        and view.tokens[at].relation in {"appos", "acl", "acl:relcl"}
    ]
    apart = {at for at in hanging if view.is_after_comma(at) or _describes_predicate(view, at)}
    view.detached |= {at for at in apart if view.tokens[at].relation != "appos" or _is_described(view, at)}
    for at in hanging:
        if view.tokens[at].relation == "appos":
            if _is_described(view, at):
                facts += _apposition(view, at)
        elif at in apart or (view.tokens[at].tag == "VBN" and view.tokens[at].relation == "acl"):
            starts += _clause_on_noun(view, at)
    facts += [fact for at in range(view.first, view.last) for fact in _description(view, at)]
    facts += _bracketed(view)
    return starts, facts


def _describes_predicate(view: View, at: int) -> bool:
    """Whether the clause hangs on what the subject is said to be: "It is a film directed by Roe"."""
    return any(view.tokens[c].relation == "cop" for c in view.below(view.tokens[at].head))


def _is_described(view: View, at: int) -> bool:
    """Whether an apposition says what its noun is; of two bare names ("Paris, Texas") the second does not."""
    noun = view.tokens[at].head
    if not (view.is_nominal(at) and view.is_nominal(noun)):
        return False
    bare = "det" not in {view.tokens[child].relation for child in view.below(at)}
    return not (bare and view.tokens[at].pos == "PROPN" and view.tokens[noun].pos == "PROPN")


def _apposition(view: View, at: int) -> list[Asserted]:
    subject = named(view, view.tokens[at].head)
    apart = min(view.subtree(at))
    return [Asserted(words, "apposition", apart) for words in combine([subject], readings(view, at))]


def _clause_on_noun(view: View, at: int) -> list[Start]:
    if not is_clause(view, at) or is_conditional(view, at):
        return []
    noun = view.tokens[at].head
    if view.tokens[at].tag == "VB" or view.tokens[noun].tag in RELATIVE_TAGS:
        return []
    subject: list[Words] = [named(view, noun)]
    if any(view.tokens[child].relation == "cop" for child in view.below(noun)):
        own = [child for child in view.below(noun) if view.tokens[child].relation in SUBJECTS]
        subject = combine(*(readings(view, child) for child in own)) if own else subject
    linking = relative_words(view, at)
    kind = "relative clause" if view.tokens[at].relation == "acl:relcl" else "participle"
    own_subjects = {child for child in view.below(at) if view.tokens[child].relation in SUBJECTS}
    told = not linking or bool(linking & own_subjects)
    carried = () if told and own_subjects <= linking else subject[0]
    return [Start(at, tuple(subject), carried, drop=linking, kind=kind)]


def _description(view: View, at: int) -> list[Asserted]:
    """Return "actor Jane Roe": a name that starts at `at`, with the words before it that say what it is."""
    tokens = view.tokens
    if tokens[at].pos != "PROPN" or not view.shows(at) or at == view.first or tokens[at].lower in _CALENDAR:
        return []
    last = at + 1
    while last < view.last and tokens[last].pos == "PROPN":
        last += 1
    kind, name = tokens[at - 1], range(at, last)
    if (
        kind.pos != "NOUN"
        or kind.capital
        or not (kind.head in name or any(tokens[i].head == at - 1 for i in name))
    ):
        return []
    first = at - 1
    while first > view.first and tokens[first - 1].pos in {"NOUN", "ADJ"} and tokens[first - 1].head >= first:
        first -= 1
    return [Asserted(tuple(range(first, last)), "description")]


def _bracketed(view: View) -> list[Asserted]:
    """Return "Oslo (the capital of Norway)": the noun before a bracket with each thing said inside."""
    found = []
    for opening, closing in view.brackets:
        noun = noun_before(view, opening)
        if noun is None:
            continue
        parts: list[list[int]] = [[]]
        for at in range(opening, closing):
            if view.tokens[at].lower == ";":
                parts.append([])
            elif view.tokens[at].lower[0].isalnum():
                parts[-1].append(at)
        found += [Asserted((*named(view, noun), *part), "bracket") for part in parts if len(part) >= _TELLING]
    return found
