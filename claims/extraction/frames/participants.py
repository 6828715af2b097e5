"""Who does what to whom: the predicate of a proposition and the words for its parties, in the active."""

from dataclasses import dataclass
from typing import Final

from claims.extraction import lexicon
from claims.extraction.frames.predicate_families import deed_of, family_of, target_prepositions
from claims.extraction.frames.quantities import MEASURES, find_quantities
from claims.extraction.frames.verbs import VerbGroup
from claims.extraction.parse.document import Document
from claims.extraction.propositions.view import SUBJECTS, verb_lemma

_CALENDAR: Final = lexicon.TIME_WORDS | frozenset(lexicon.MONTHS)
# These tell more of a noun than who or what is meant.
_TELLING_MORE: Final = frozenset({"appos", "acl", "acl:relcl", "parataxis", "advcl", "cop", "obl", "advmod"})
_OUTSIDE_PHRASE: Final = SUBJECTS | {"case", "punct", "cc", "mark", "aux", "aux:pass", "expl", "obj"}
_OF_A_DEED: Final = frozenset({"on", "against", "of", "to", "at", "with"})


@dataclass(frozen=True, slots=True)
class Event:
    """ "" for what the proposition does not name; a pronoun names nobody."""

    predicate: str = ""
    agent: str = ""
    target: str = ""


def read_event(document: Document, words: frozenset[int], verbs: VerbGroup | None) -> Event:
    """Return the event the words of a proposition tell of, given its verbs."""
    if verbs is None:
        return _apposition(document, words)
    subject = _subject(document, words, verbs)
    below = [child for child in document.children[verbs.deed] if child in words]
    relations = {document.tokens[child].relation for child in below}
    if "cop" in relations:
        return Event("be", subject, phrase(document, words, verbs.deed))
    if "expl" in relations and verb_lemma(document.tokens[verbs.deed]) == "be":
        return Event("be", "", subject)
    predicate, objects = _predicate(document, below, verbs.deed)
    if _is_passive(document, verbs):
        return Event(predicate, _agent_of_passive(document, words, below), subject)
    if not objects:
        return Event(
            predicate, subject, _after_preposition(document, words, below, target_prepositions(predicate))
        )
    deed = deed_of(predicate, document.tokens[objects[0]].lemma)
    if not deed:
        return Event(predicate, subject, _without_amount(phrase(document, words, objects[0])))
    inside = [child for child in document.children[objects[0]] if child in words]
    return Event(deed, subject, _after_preposition(document, words, [*inside, *below], _OF_A_DEED))


def phrase(document: Document, words: frozenset[int], head: int) -> str:
    """Return the words around a noun that say who or what is meant; "" for a pronoun, which names nobody."""
    if head not in words or document.tokens[head].tag in {"PRP", "WP", "WDT", "EX"}:
        return ""
    kept, waiting = {head}, [head]
    while waiting:
        at = waiting.pop()
        for child in document.children[at]:
            relation = document.tokens[child].relation
            outside = relation in _TELLING_MORE or (at == head and relation in _OUTSIDE_PHRASE)
            if child in words and not outside:
                kept.add(child)
                waiting.append(child)
    first = last = head
    while first - 1 in kept or (first - 2 in kept and _is_inner(document, first - 1)):
        first -= 1
    while last + 1 in kept or (last + 2 in kept and _is_inner(document, last + 1)):
        last += 1
    return document.span(first, last + 1).of(document.text)


def _is_inner(document: Document, at: int) -> bool:
    """Whether a mark or "and" between two kept words belongs to the phrase they make up."""
    return document.tokens[at].relation in {"punct", "cc"} and document.tokens[at].lower not in {
        ",",
        ";",
        ":",
    }


def _apposition(document: Document, words: frozenset[int]) -> Event:
    """Return "Roe is a baker" for the "Roe, a baker" that has no verb."""
    for at in sorted(words):
        if document.tokens[at].relation == "appos" and document.tokens[at].head in words:
            return Event("be", phrase(document, words, document.tokens[at].head), phrase(document, words, at))
    return Event()


def _predicate(document: Document, below: list[int], verb: int) -> tuple[str, list[int]]:
    """Return the verb with its particle, and its objects.

    "Shot down the jet" may be read as "shot" and "down the jet"; a known verb with its particle goes before.
    """
    lemma = verb_lemma(document.tokens[verb])
    objects = [child for child in below if document.tokens[child].relation == "obj"]
    for child in below:
        if document.tokens[child].relation == "compound:prt":
            return f"{lemma} {document.tokens[child].lower}", objects
        for case in document.children[child]:
            token = document.tokens[case]
            if (
                token.relation == "case"
                and document.tokens[child].relation == "obl"
                and case == verb + 1
                and family_of(f"{lemma} {token.lower}")
            ):
                return f"{lemma} {token.lower}", [child, *objects]
    return lemma, objects


def _without_amount(target: str) -> str:
    """Return the target, or "" when it is only how much: "rose 4%"."""
    amounts = find_quantities(target)
    is_amount = (
        len(amounts) == 1 and amounts[0].unit in MEASURES and len(amounts[0].span.of(target)) == len(target)
    )
    return "" if is_amount else target


def _after_preposition(
    document: Document, words: frozenset[int], given: list[int], prepositions: frozenset[str]
) -> str:
    for child in given:
        case = {
            document.tokens[part].lower
            for part in document.children[child]
            if document.tokens[part].relation == "case"
        }
        if (
            document.tokens[child].relation in {"obl", "nmod"}
            and case & prepositions
            and document.tokens[child].lower not in _CALENDAR
        ):
            return phrase(document, words, child)
    return ""


def _is_passive(document: Document, verbs: VerbGroup) -> bool:
    """Whether something is done to the subject: "was hit", or "the bridge, built in 1960"."""
    relations = {document.tokens[child].relation for child in document.children[verbs.deed]}
    if "aux:pass" in relations or "nsubj:pass" in relations or "obl:agent" in relations:
        return True
    token = document.tokens[verbs.deed]
    return token.tag == "VBN" and token.relation in {"acl", "advcl"} and "aux" not in relations


def _subject(document: Document, words: frozenset[int], verbs: VerbGroup) -> str:
    """Return the words for the subject: below the verb, or carried over from a clause around it."""
    for at in reversed(verbs.chain):
        for child in document.children[at]:
            if child in words and document.tokens[child].relation in SUBJECTS:
                return phrase(document, words, child)
    carried = [
        at
        for at in sorted(words)
        if at < verbs.at
        and document.tokens[at].head not in words
        and document.tokens[at].pos in {"NOUN", "PROPN", "NUM"}
        and document.tokens[at].relation not in {"obl", "obl:unmarked"}
    ]
    above = document.tokens[verbs.at].head
    if not carried and document.tokens[verbs.at].relation == "acl" and above in words:
        carried = [above]
    return phrase(document, words, carried[0]) if carried else ""


def _agent_of_passive(document: Document, words: frozenset[int], below: list[int]) -> str:
    for child in below:
        if document.tokens[child].relation in {"obl:agent", "obl"} and _has_case(document, child, "by"):
            return phrase(document, words, child)
    return ""


def _has_case(document: Document, at: int, word: str) -> bool:
    return any(
        document.tokens[child].lower == word and document.tokens[child].relation == "case"
        for child in document.children[at]
    )
