"""Which clauses are asserted by themselves, and which only together with what they hang on.

A clause is not taken apart where the parts would say more than the whole: under a condition, between
"either" and "or", where one negation governs both parts, and in what somebody thinks or says.
"""

from typing import Final

from claims.extraction import lexicon
from claims.extraction.propositions.view import (
    AUXILIARIES,
    FINITE_TAGS,
    NAME_PARTS,
    SUBJECTS,
    View,
    is_finite,
    verb_lemma,
)

CONDITIONS: Final = frozenset({"if", "unless", "whether", "lest", "provided", "assuming", "suppose"})
NEGATIVE: Final = frozenset(
    {"no", "not", "n't", "never", "nobody", "none", "nothing", "neither", "nor", "few"}
)
_MARKING: Final = frozenset({"mark", "advmod", "cc", "case"})
_ASIDE_LINKS: Final = frozenset({";", ":", "–", "—", "-"})
_MISTAKEN_FOR: Final = frozenset({"conj", "xcomp", "advcl", "acl", "parataxis"})
_LINKING: Final = SUBJECTS | AUXILIARIES | {"cc", "mark", "cop"}
_TENTATIVE: Final = frozenset({"may", "might", "could", "would", "should", "'d"})
_NO_ACTS: Final = (
    lexicon.SPEECH
    | lexicon.BELIEF
    | lexicon.word_set(
        "use be include cite quote call describe give make bring carry hold take mean cause draw prompt "
        "spark raise allow let attract follow concern regard consider accord compare depend base start "
        "begin result reflect represent"
    )
)
_HARMING: Final = lexicon.word_set("kill wound injure hurt maim destroy damage displace")
_PERFECT: Final = frozenset({"has", "have", "had", "'s", "'ve", "'d"})
_DISJOINING: Final = frozenset({"or", "nor", "either", "neither"})


def marks_of(view: View, at: int) -> set[str]:
    return {view.tokens[child].lower for child in view.below(at) if view.tokens[child].relation in _MARKING}


def is_conditional(view: View, at: int) -> bool:
    """Whether the clause of token `at` holds only if something else does."""
    return any(
        view.tokens[child].relation == "advcl" and bool(marks_of(view, child) & CONDITIONS)
        for child in view.below(at)
    ) or bool(view.lemmas_below(at, "mark") & CONDITIONS)


def is_negated(view: View, at: int) -> bool:
    """Whether the verb of token `at` or its subject carries a negation."""
    for child in view.below(at):
        relation = view.tokens[child].relation
        if relation in {"advmod", "det", "aux", "cc:preconj"} and view.tokens[child].lower in NEGATIVE:
            return True
        if relation in SUBJECTS and any(
            view.tokens[part].lower in NEGATIVE for part in (child, *view.below(child))
        ):
            return True
    return False


def may_part(view: View, head: int, other: int, *, own_subject: bool) -> bool:
    """Whether clause `other`, coordinated with `head`, is asserted by itself."""
    links = (
        view.lemmas_below(other, "cc") | view.lemmas_below(head, "cc:preconj") | view.lemmas_below(head, "cc")
    )
    if links & _DISJOINING or is_conditional(view, other):
        return False
    if view.tokens[other].relation == "parataxis":
        opening = min(view.subtree(other))
        return own_subject and is_finite(view, other) and view.tokens[opening - 1].lower in _ASIDE_LINKS
    if own_subject:
        says = verb_lemma(view.tokens[head]) in lexicon.SPEECH | lexicon.BELIEF
        return is_finite(view, other) and not (says and _has_content(view, head))
    if not view.fine and not _helping(view, other) and _is_tentative(view, head):
        return False
    if not is_negated(view, head):
        return True
    return is_own_finite(view, other) and not _negates_subject(view, head)


def is_plain_predicate(view: View, head: int, other: int) -> bool:
    """Whether the subject of `head` is surely that of `other` too: "left and may return", "was hit and sank".

    A parser that has lost its way joins nouns to verbs, and verbs to others whose auxiliaries do not fit.
    """
    if not _is_linked(view, head, other):
        return False
    token, helping = view.tokens[other], _helping(view, head)
    own = [*_helping(view, other), *(c for c in view.below(other) if view.tokens[c].relation == "cop")]
    if own:
        return bool(helping) or any(view.tokens[child].tag in FINITE_TAGS for child in own)
    if not token.tag.startswith("V"):
        shares_be = any(view.tokens[child].relation == "cop" for child in view.below(head))
        return shares_be and not view.lemmas_below(other, "case")
    if token.tag == view.tokens[head].tag == "VBG" and not helping and view.tokens[head].relation == "advcl":
        return True
    if token.tag in {"VB", "VBG"}:
        return (token.tag == view.tokens[head].tag and bool(helping)) or view.tokens[head].tag == "VBP"
    return token.tag != "VBN" or bool(helping) or view.tokens[head].tag in {"VBD", "VBN"}


def _helping(view: View, at: int) -> list[int]:
    return [child for child in view.below(at) if view.tokens[child].relation in AUXILIARIES]


def _is_linked(view: View, head: int, other: int) -> bool:
    """Whether "and" or the like stands right before `other`, or before a later verb of the same list."""
    opening = min(word for word in view.subtree(other) if view.tokens[word].relation != "cc")
    before = opening - 1
    while before > head and view.tokens[before].relation == "punct":
        before -= 1
    if view.tokens[before].relation == "cc" or view.tokens[opening].lower == "then":
        return True
    return any(
        later > other and view.tokens[later].relation == "conj" and view.lemmas_below(later, "cc")
        for above in (head, other)
        for later in view.below(above)
    )


def is_listed(view: View, head: int, other: int) -> bool:
    """Whether clause `other` is the second of three: "It stopped, the drivers ran and the trucks burned".

    The parser takes such a clause for what the first verb says; few verbs say anything without "that".
    """
    words = view.subtree(other)
    opening = min(words)
    return (
        other > head
        and view.tokens[opening - 1].lower == ","
        and verb_lemma(view.tokens[head]) not in lexicon.SPEECH | lexicon.BELIEF
        and not view.lemmas_below(other, "mark")
        and is_finite(view, other)
        and any(view.tokens[child].relation in SUBJECTS for child in view.below(other))
        and any(
            view.tokens[later].relation == "conj" and view.lemmas_below(later, "cc") == {"and"}
            for above in (head, other)
            for later in view.below(above)
        )
    )


def tells_further_act(view: View, head: int, other: int) -> bool:
    """Whether participle `other` tells what the subject of `head` did besides: "hit a bus, killing six".

    Manner ("using drones") and words are no act of their own; what a passive or a plan leads to is not
    the subject's act; and of what "caused" or "drew" something, the whole event is as often the subject.
    """
    words = sorted(view.subtree(other))
    return (
        other > head
        and view.tokens[other].tag == "VBG"
        and words[0] == other
        and (_harms(view, head, other) or _ends_sentence(view, head, words))
        and verb_lemma(view.tokens[other]) not in _NO_ACTS
        and any(view.tokens[child].relation == "obj" for child in view.below(other))
        and not is_negated(view, head)
        and not is_conditional(view, head)
    )


def _ends_sentence(view: View, head: int, words: list[int]) -> bool:
    """Whether a comma sets the participle off behind a plain past verb, and nothing follows it."""
    return (
        view.tokens[words[0] - 1].lower == ","
        and not any(view.shows(at) for at in range(words[-1] + 1, view.last))
        and view.tokens[head].tag == "VBD"
        and not _helping(view, head)
    )


def _harms(view: View, head: int, other: int) -> bool:
    """Whether the participle tells whom an act hurt, which needs no comma: "has hit a bus |killing six|"."""
    helping = _helping(view, head)
    active = view.tokens[head].tag in {"VBD", "VBN"} and all(
        view.tokens[part].lower in _PERFECT for part in helping
    )
    return (
        active
        and verb_lemma(view.tokens[other]) in _HARMING
        and bool(helping or view.tokens[head].tag == "VBD")
    )


def tells_past(view: View, head: int, other: int) -> bool:
    """Whether clause `other` tells what happened when `head` did: "were killed |when a bomb hit the bus|".

    Both verbs are plain past forms, so that neither is said of every such time.
    """
    return all(_is_plain_past(view, at) for at in (head, other)) and not is_negated(view, head)


def _is_plain_past(view: View, at: int) -> bool:
    helping = [view.tokens[part] for part in _helping(view, at)]
    if any(token.tag == "MD" for token in helping):
        return False
    return view.tokens[at].tag == "VBD" if not helping else any(token.tag == "VBD" for token in helping)


def _has_content(view: View, at: int) -> bool:
    return any(view.tokens[child].relation == "ccomp" for child in view.below(at))


def _is_tentative(view: View, at: int) -> bool:
    """Whether the verb only may be true: of two that may be, perhaps only both together are."""
    return any(view.tokens[child].lower in _TENTATIVE for child in _helping(view, at))


def _negates_subject(view: View, at: int) -> bool:
    return any(
        view.tokens[part].lower in NEGATIVE
        for child in view.below(at)
        if view.tokens[child].relation in SUBJECTS
        for part in (child, *view.below(child))
    )


def is_own_finite(view: View, at: int, helping: tuple[int, ...] = ()) -> bool:
    """Whether the verb is finite by itself, and does not hang on the auxiliaries `helping` another one has.

    "did not see and left" has two finite verbs; "may have hit and killed" may have one, however it is tagged.
    """
    if any(view.tokens[child].relation in AUXILIARIES | {"cop"} for child in view.below(at)):
        return True
    token = view.tokens[at]
    if token.tag != "VBD":
        return token.tag in FINITE_TAGS
    if helping and all(view.tokens[part].relation == "aux:pass" for part in helping):
        return True
    return token.lower != token.lemma and not token.lower.endswith("ed")


def mistaken_object(view: View, head: int, at: int) -> int | None:
    """Return the subject of verb `at`, below verb `head`, if the parser has joined it to an object of `head`.

    In "shot the jet and the pilot ejected", nothing but "the pilot" can link "ejected" to the rest.
    """
    token = view.tokens[at]
    if token.tag not in {"VBD", "VBZ", "VBP", "VBN"} or token.relation not in _MISTAKEN_FOR:
        return None
    if {view.tokens[child].relation for child in view.below(at)} & _LINKING:
        return None
    noun = min(view.subtree(at)) - 1
    if noun <= head or not view.shows(noun):
        return None
    while view.tokens[noun].relation in NAME_PARTS and view.tokens[noun].head > head:
        noun = view.tokens[noun].head
    above = view.tokens[view.tokens[noun].head].head
    joined = view.tokens[noun].relation == "conj" and view.lemmas_below(noun, "cc") == {"and"}
    return noun if joined and above == head and view.is_nominal(noun) else None


def is_modal(view: View, at: int) -> bool:
    return any(view.tokens[child].tag == "MD" for child in view.below(at))
