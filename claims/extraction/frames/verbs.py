"""The verbs of a proposition: which one tells the deed, and whether it is denied, done or only possible."""

from dataclasses import dataclass
from typing import Final

from claims.extraction import lexicon
from claims.extraction.parse.document import Document
from claims.extraction.propositions.assertion import CONDITIONS
from claims.extraction.propositions.view import AUXILIARIES, FINITE_TAGS, SUBJECTS, verb_lemma
from claims.extraction.types import Modality

# With an infinitive these say how far a deed has come; what is claimed is the deed.
_FAILING: Final = lexicon.word_set("fail refuse decline neglect omit")
_PLANNING: Final = lexicon.word_set(
    "plan intend aim agree promise vow pledge decide prepare expect schedule hope want seek offer propose "
    "set try attempt due"
)
_THREATENING: Final = frozenset({"threaten"})
_DOING: Final = lexicon.word_set("begin start continue stop cease keep manage come go help")
_SEEMING: Final = lexicon.word_set(
    "seem appear believe say report think allege suspect know consider understand"
)
_STATES: Final = lexicon.word_set(
    "be have own know believe want need seem appear belong contain remain mean like love"
)
_POSSIBLE: Final = frozenset({"may", "might", "could", "would", "should", "'d"})
_AHEAD: Final = frozenset({"will", "'ll", "shall", "wo"})
_NEGATIONS: Final = frozenset({"not", "n't", "never", "neither", "nor", "no"})


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """`at` is the head of the clause, `deed` the verb or predicate noun that names what is done.

    They differ in "failed to stop", where the chain of verbs leads from `at` to `deed`.
    """

    at: int
    deed: int
    chain: tuple[int, ...]
    negated: bool
    modality: Modality


def read_verbs(document: Document, words: frozenset[int]) -> VerbGroup | None:
    """Return the main verb group among the words of a proposition, None when there is no verb."""
    at = _head(document, words)
    if at is None:
        return None
    chain = _chain(document, words, at)
    negated = sum(_is_negated(document, words, verb) for verb in chain) % 2 == 1
    failed = sum(verb_lemma(document.tokens[verb]) in _FAILING for verb in chain[:-1]) % 2 == 1
    return VerbGroup(at, chain[-1], chain, negated != failed, _modality(document, words, chain))


def _head(document: Document, words: frozenset[int]) -> int | None:
    """Return the highest verb, or predicate with "be", whose own head is not among the words."""
    tops = sorted(at for at in words if document.tokens[at].head not in words)
    clauses = [at for at in tops if _is_predicate(document, words, at)]
    if clauses:
        return next((at for at in clauses if _is_finite(document, words, at)), clauses[0])
    return next((at for at in sorted(words) if _is_predicate(document, words, at)), None)


def _is_predicate(document: Document, words: frozenset[int], at: int) -> bool:
    token = document.tokens[at]
    if token.tag.startswith("V") and token.relation not in AUXILIARIES | {"cop", "amod", "case"}:
        return True
    return any(child in words and document.tokens[child].relation == "cop" for child in document.children[at])


def _is_finite(document: Document, words: frozenset[int], at: int) -> bool:
    group = (at, *(child for child in document.children[at] if child in words))
    return any(
        document.tokens[part].tag in FINITE_TAGS
        and (part == at or document.tokens[part].relation in AUXILIARIES | {"cop"})
        for part in group
    )


def _chain(document: Document, words: frozenset[int], at: int) -> tuple[int, ...]:
    """Return the verbs from `at` down to the deed: "failed to stop" -> fail, stop."""
    chain = [at]
    leading = _FAILING | _PLANNING | _THREATENING | _DOING | _SEEMING
    while verb_lemma(document.tokens[chain[-1]]) in leading:
        below = [
            child
            for child in document.children[chain[-1]]
            if child in words
            and document.tokens[child].tag.startswith("V")
            and (document.tokens[child].relation == "xcomp" or _is_taken_for_noun(document, chain[-1], child))
        ]
        if not below:
            break
        chain.append(below[0])
    return tuple(chain)


def _is_taken_for_noun(document: Document, verb: int, below: int) -> bool:
    """Whether an infinitive was hung on a verb as if it were a noun: "the government plans to close"."""
    token = document.tokens[below]
    return document.tokens[verb].tag.startswith("V") and token.relation == "acl" and token.tag == "VB"


def _is_negated(document: Document, words: frozenset[int], at: int) -> bool:
    """Whether the verb is negated itself, or by its subject ("nobody", "not all") or object ("no radio")."""
    for child in document.children[at]:
        if child not in words:
            continue
        token = document.tokens[child]
        if token.relation in {"advmod", "aux", "cc", "cc:preconj", "det"} and token.lower in _NEGATIONS:
            if document.tokens[min(child + 1, len(document.tokens) - 1)].lower != "only":
                return True
        elif (
            token.relation in SUBJECTS | {"obj"}
            and _negates(document, child, subject=token.relation != "obj")
        ) or (
            token.relation == "advmod"
            and {document.tokens[part].lower for part in document.children[child]} & {"no"}
        ):
            return True
    return False


def _negates(document: Document, at: int, *, subject: bool) -> bool:
    below = {document.tokens[part].lower for part in document.children[at] if part < at}
    if document.tokens[at].lower in {"nobody", "none", "nothing", "neither"} or below & {"no", "neither"}:
        return True
    return subject and "not" in below


def _modality(document: Document, words: frozenset[int], chain: tuple[int, ...]) -> Modality:
    helping = {
        document.tokens[child].lower
        for at in chain
        for child in document.children[at]
        if child in words and document.tokens[child].relation in AUXILIARIES
    }
    helping |= _carried_over(document, words)
    due = any(
        document.tokens[child].lower == "due" for child in document.children[chain[-1]] if child in words
    )
    if helping & _POSSIBLE or any(_is_conditional(document, words, at) for at in chain):
        return "hypothetical"
    before = {verb_lemma(document.tokens[at]) for at in chain[:-1]}
    if before & _THREATENING:
        return "threatened"
    if due or helping & _AHEAD or before & _PLANNING or _is_going_to(document, chain):
        return "planned"
    return _told(document, words, chain, helping)


def _carried_over(document: Document, words: frozenset[int]) -> set[str]:
    """Return the auxiliaries of the verb this one is coordinated with: "may have | killed two"."""
    return {
        document.tokens[at].lower
        for at in words
        if document.tokens[at].relation in AUXILIARIES and document.tokens[at].head not in words
    }


def _is_conditional(document: Document, words: frozenset[int], at: int) -> bool:
    clauses = [
        child
        for child in document.children[at]
        if child in words and document.tokens[child].relation == "advcl"
    ]
    return any(
        document.tokens[mark].lower in CONDITIONS
        for clause in (at, *clauses)
        for mark in document.children[clause]
        if document.tokens[mark].relation in {"mark", "advmod"}
    )


def _is_going_to(document: Document, chain: tuple[int, ...]) -> bool:
    return any(document.tokens[at].lower == "going" for at in chain[:-1])


def _told(document: Document, words: frozenset[int], chain: tuple[int, ...], helping: set[str]) -> Modality:
    """Return "happened" for deeds told in the past or perfect, or under way; states happen not."""
    deed, first = document.tokens[chain[-1]], document.tokens[chain[0]]
    copular = any(
        child in words and document.tokens[child].relation == "cop" for child in document.children[chain[-1]]
    )
    if copular or verb_lemma(document.tokens[chain[-1]]) in _STATES or not deed.tag.startswith("V"):
        return ""
    if (
        first.tag in {"VBD", "VBN"}
        or (first.tag == "VBG" and helping)
        or helping & lexicon.HAVE | helping & {"did"}
    ):
        return "happened"
    return ""
