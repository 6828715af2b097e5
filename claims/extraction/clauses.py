"""Clauses of a tree -> what each asserts: its subject and qualifiers carried to every coordinated part.

A clause is not taken apart where the parts would say more than the whole: under a condition, between
"either" and "or", where one negation governs both parts, and in what somebody thinks or says.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from claims.extraction import lexicon
from claims.extraction.coordination import MARKS, NAME_PARTS, View, Words, combine, readings

SUBJECTS: Final = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "csubj:outer"})
AUXILIARIES: Final = frozenset({"aux", "aux:pass"})
FINITE_TAGS: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
CONDITIONS: Final = frozenset({"if", "unless", "whether", "lest", "provided", "assuming", "suppose"})
CONTRASTS: Final = frozenset({"while", "whereas", "although", "though"})
CIRCUMSTANCES: Final = frozenset({"when", "where"})
CAUSES: Final = frozenset({"because", "since"})
NEGATIVE: Final = frozenset(
    {"no", "not", "n't", "never", "nobody", "none", "nothing", "neither", "nor", "few"}
)

_COMPLEMENTS: Final = frozenset({"obj", "iobj", "xcomp", "ccomp"})
_ADJUNCTS: Final = frozenset({"obl", "obl:agent", "obl:unmarked", "nmod:unmarked", "advcl"})
_PAIRED: Final = frozenset({"neither", "either", "nor"})
_FIXED: Final = AUXILIARIES | {"cop", "compound:prt", "expl"}
_MARKING: Final = frozenset({"mark", "advmod", "cc", "case"})
_ASIDE_LINKS: Final = frozenset({";", ":", "–", "—", "-"})
_WIDEST_ADVERB: Final = 2
_PREMODIFIERS: Final = frozenset({"det", "amod", "nummod", "nmod:poss", "nmod:desc"})
_CONNECTIVES: Final = frozenset(
    {"addition", "example", "instance", "contrast", "fact", "however", "also", "moreover"}
)
# "A former minister" is no minister: these adjectives stay with their noun.
_BENDING: Final = lexicon.word_set(
    "former alleged suspected supposed so-called fake false potential possible likely would-be future "
    "acting deputy vice honorary aspiring failed ex assistant associate"
)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a clause is read: its head, and what it takes over from the clause it hangs on.

    `subject` is None when the clause has to have its own; `drop` are its words that only link; `antecedent`
    is the subject of the clause before, which a pronoun here is likely to mean.
    """

    head: int
    subject: tuple[Words, ...] | None = None
    carried: Words = ()
    drop: frozenset[int] = frozenset()
    kind: str = "clause"
    antecedent: tuple[Words, ...] = ()


@dataclass(slots=True)
class Parts:
    """The dependents of a clause's head by what they do in it."""

    subjects: list[int] = field(default_factory=list)
    fixed: list[int] = field(default_factory=list)
    complements: list[int] = field(default_factory=list)
    adjuncts: list[int] = field(default_factory=list)
    clauses: list[int] = field(default_factory=list)
    phrase: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asserted:
    """The words of one proposition, and by which construction it came about.

    At token `apart`, unless it is -1, a part begins that lacks a verb between it and what it is said of.
    """

    words: Words
    kind: str
    apart: int = -1


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


def named(view: View, noun: int) -> Words:
    """Return a noun with what stands before it and belongs to its name: "the old pier", "Jane Roe"."""
    found = [noun]
    for child in view.below(noun):
        relation = view.tokens[child].relation
        if relation in NAME_PARTS or (child < noun and relation in _PREMODIFIERS):
            found += view.subtree(child)
        elif (
            relation == "nmod"
            and view.tokens[noun].pos != "PROPN"
            and "of" in view.lemmas_below(child, "case")
        ):
            found += view.subtree(child)
    return tuple(at for at in found if view.tokens[at].relation != "case" or at > noun)


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


def read_clauses(view: View, starts: list[Start]) -> list[Asserted]:
    """Return what the clauses at `starts` and those coordinated with them assert."""
    found: list[Asserted] = []
    waiting = deque(starts)
    seen: set[int] = set()
    while waiting:
        start = waiting.popleft()
        if start.head in seen:
            continue
        seen.add(start.head)
        parts = _parts(view, start)
        subject = _subject(view, start, parts)
        waiting.extend(_linked(view, start, parts, subject))
        found += _asserted(view, start, parts, subject)
    return found


def _parts(view: View, start: Start) -> Parts:
    parts = Parts()
    nominal = view.is_nominal(start.head) or view.tokens[start.head].pos == "ADJ"
    for child in view.below(start.head):
        token = view.tokens[child]
        if child in start.drop or child in view.detached:
            continue
        if token.relation in SUBJECTS:
            parts.subjects.append(child)
        elif token.relation == "conj":
            (parts.clauses if is_clause(view, child) or not nominal else parts.phrase).append(child)
        elif token.relation == "parataxis" and is_clause(view, child):
            parts.clauses.append(child)
        elif token.lower in _PAIRED or (token.relation in {"cc", "advmod"} and token.lower in NEGATIVE):
            parts.fixed.append(child)
        elif token.relation in MARKS or (token.relation == "mark" and token.lower != "to"):
            if token.relation in {"cc", "cc:preconj"} and parts.phrase == [] and nominal:
                parts.phrase.append(child)
        elif token.relation in _FIXED:
            parts.fixed.append(child)
        elif token.relation in _COMPLEMENTS:
            parts.complements.append(child)
        elif token.relation in _ADJUNCTS or (token.relation == "advmod" and _is_wide(view, child)):
            parts.adjuncts.append(child)
        elif nominal and token.relation not in {"advmod", "parataxis", "vocative", "dislocated"}:
            parts.phrase.append(child)
        else:
            parts.fixed.append(child)
    return parts


def _is_wide(view: View, at: int) -> bool:
    return len(view.subtree(at)) > _WIDEST_ADVERB


def _subject(view: View, start: Start, parts: Parts) -> tuple[Words, ...] | None:
    """Return the readings of the subject: its own, or the one taken over; None when there is none."""
    if parts.subjects:
        relative = view.tokens[parts.subjects[0]]
        if relative.tag in {"WDT", "WP"} and (noun := noun_before(view, parts.subjects[0])) is not None:
            return (named(view, noun),)
        if view.fine and start.antecedent and _may_mean(view, parts.subjects[0], start.antecedent):
            return start.antecedent
        return tuple(combine(*(readings(view, child) for child in parts.subjects)))
    return start.subject


def _linked(view: View, start: Start, parts: Parts, subject: tuple[Words, ...] | None) -> list[Start]:
    """Return the clauses that stand beside this one; those that cannot be split off become its own words."""
    found: list[Start] = []
    guarded = is_conditional(view, start.head)
    for child in parts.clauses:
        own_subject = has_subject(view, child)
        if guarded or not _may_part(view, start.head, child, own_subject=own_subject):
            parts.fixed.append(child)
        elif own_subject:
            found.append(Start(child, drop=_links(view, child)))
        else:
            carried = _carried(view, start, parts, child)
            found.append(Start(child, subject, carried, drop=_links(view, child), kind="predicate"))
    for child in list(parts.adjuncts):
        _take_adverbial(view, start, parts, child, subject, found)
    if view.fine and subject is not None:
        trailing = [
            part
            for child in parts.complements
            if view.tokens[child].relation == "xcomp"
            for part in view.below(child)
            if view.tokens[part].relation == "advcl"
            and view.tokens[part].tag in {"VBG", "VBN"}
            and view.is_after_comma(part)
        ]
        view.detached.update(trailing)
        found += (Start(part, subject, kind="participle") for part in trailing)
    return found


def _may_mean(view: View, pronoun: int, antecedent: tuple[Words, ...]) -> bool:
    """Whether a pronoun agrees in number with a subject before it that names somebody or something."""
    word = view.tokens[pronoun].lower
    if word not in {"he", "she", "it", "they"} or any(view.tokens[at].tag == "PRP" for at in antecedent[0]):
        return False
    plural = len(antecedent) > 1 or view.tokens[max(antecedent[0])].tag in {"NNS", "NNPS"}
    return plural == (word == "they")


def _links(view: View, at: int) -> frozenset[int]:
    return frozenset(
        child
        for child in view.below(at)
        if view.tokens[child].relation in {"cc", "mark"} and view.tokens[child].lower != "to"
    )


def _may_part(view: View, head: int, other: int, *, own_subject: bool) -> bool:
    """Whether clause `other`, coordinated with `head`, is asserted by itself."""
    links = (
        view.lemmas_below(other, "cc") | view.lemmas_below(head, "cc:preconj") | view.lemmas_below(head, "cc")
    )
    if links & {"or", "nor", "either", "neither"} or is_conditional(view, other):
        return False
    if view.tokens[other].relation == "parataxis":
        opening = min(view.subtree(other))
        return own_subject and is_finite(view, other) and view.tokens[opening - 1].lower in _ASIDE_LINKS
    if own_subject:
        says = view.tokens[head].lemma in lexicon.SPEECH | lexicon.BELIEF
        return is_finite(view, other) and not (says and _has_content(view, head))
    if not is_negated(view, head):
        return True
    return _is_own_finite(view, other) and not _negates_subject(view, head)


def _has_content(view: View, at: int) -> bool:
    return any(view.tokens[child].relation == "ccomp" for child in view.below(at))


def _negates_subject(view: View, at: int) -> bool:
    return any(
        view.tokens[part].lower in NEGATIVE
        for child in view.below(at)
        if view.tokens[child].relation in SUBJECTS
        for part in (child, *view.below(child))
    )


def _is_own_finite(view: View, at: int, helping: tuple[int, ...] = ()) -> bool:
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


def _carried(view: View, start: Start, parts: Parts, other: int) -> Words:
    """Return the words before the verb that hold for the coordinated predicate too: "may have", "On Sunday"."""
    helping = tuple(c for c in parts.fixed if view.tokens[c].relation in AUXILIARIES and c < start.head)
    found = [] if _is_own_finite(view, other, helping) else [*helping, *start.carried]
    opening = min([*parts.subjects, start.head])
    for child in parts.adjuncts:
        if child < opening and view.tokens[child].relation in {"obl", "obl:unmarked"}:
            found += view.subtree(child)
    return tuple(found)


def _take_adverbial(
    view: View, start: Start, parts: Parts, child: int, subject: tuple[Words, ...] | None, found: list[Start]
) -> None:
    """Split an adverbial clause off when it is asserted, or keep it as a qualifier."""
    if view.tokens[child].relation != "advcl":
        return
    marks = marks_of(view, child)
    if marks & CONDITIONS:
        parts.adjuncts.remove(child)
        parts.fixed.append(child)
    elif has_subject(view, child) and is_finite(view, child):
        apart = (
            marks & CONTRASTS
            or view.tokens[min(view.subtree(child)) - 1].lower == ";"
            or (
                marks & CIRCUMSTANCES
                and view.is_after_comma(child)
                and child > start.head
                and not is_negated(view, start.head)
                and not _is_modal(view, start.head)
            )
        )
        if apart:
            parts.adjuncts.remove(child)
            drop = _links(view, child) | _circumstance(view, child)
            found.append(Start(child, drop=drop, kind="contrast", antecedent=subject or ()))
        elif marks & CAUSES:
            found.append(Start(child, drop=_links(view, child), kind="cause", antecedent=subject or ()))
    elif view.fine and not marks and view.tokens[child].tag in {"VBG", "VBN"} and subject is not None:
        parts.adjuncts.remove(child)
        found.append(Start(child, subject, kind="participle"))


def _circumstance(view: View, at: int) -> frozenset[int]:
    return frozenset(child for child in view.below(at) if view.tokens[child].lower in CIRCUMSTANCES)


def _is_modal(view: View, at: int) -> bool:
    return any(view.tokens[child].tag == "MD" for child in view.below(at))


def _asserted(view: View, start: Start, parts: Parts, subject: tuple[Words, ...] | None) -> list[Asserted]:
    """Return the propositions of one clause, every qualifier kept, or each in one when the view is fine."""
    fixed = tuple(word for child in parts.fixed for word in view.subtree(child)) + start.carried
    predicate = _predicate(view, start, parts)
    slots, hoisted = _complements(view, start.head, parts.complements)
    core = combine(subject or [()], [fixed], predicate, *slots)
    adjuncts = _adjuncts(view, parts.adjuncts) + hoisted
    if not view.fine:
        taken = {word for reading in start.subject or () for word in reading}
        whole = combine(core, *([tuple(view.subtree(child))] for child in parts.adjuncts))
        return [
            Asserted(words, start.kind, min(set(words) - taken) if start.kind == "participle" else -1)
            for words in whole
        ]
    if not adjuncts:
        return [Asserted(words, start.kind) for words in core]
    before = [slot for slot in adjuncts if slot[0][0] < start.head]
    after = [slot for slot in adjuncts if slot[0][0] >= start.head]
    found = [Asserted(words, "adjunct") for slot in after for words in combine(core, slot)]
    complete = bool(slots) or bool(parts.phrase)
    base = core if complete or not after else combine(core, after[0])
    found += [Asserted(words, "adjunct") for slot in before for words in combine(base, slot)]
    if complete:
        found += [Asserted(words, start.kind) for words in core]
    return found


def _adjuncts(view: View, given: list[int]) -> list[list[Words]]:
    """Return the readings of each adjunct; "May 3" with "2014" after it, or "Riga" with "Latvia", is one."""
    slots: list[list[Words]] = []
    end = -1
    for child in given:
        words = view.subtree(child)
        if view.fine and view.tokens[child].lower in _CONNECTIVES and len(words) <= _WIDEST_ADVERB:
            continue
        goes_on = (
            slots
            and "case" not in {view.tokens[part].relation for part in view.below(child)}
            and view.tokens[child].relation in {"obl:unmarked", "nmod:unmarked", "obl"}
            and all(view.tokens[at].relation == "punct" for at in range(end + 1, min(words)))
        )
        found = readings(view, child)
        slots[-1:] = [combine(slots[-1], found)] if goes_on else [*slots[-1:], found]
        end = max(words)
    return slots


def _predicate(view: View, start: Start, parts: Parts) -> list[Words]:
    """Return the readings of what is said of the subject; "a 2014 American film" is told apart by its modifiers."""
    if not parts.phrase:
        return [(start.head,)]
    others = frozenset(view.below(start.head)) - frozenset(parts.phrase)
    told_apart = _modifiers(view, start.head, parts) if view.fine else []
    if len(told_apart) < 2:
        return readings(view, start.head, without=others)
    return [
        words
        for kept in told_apart
        for words in readings(view, start.head, without=others | frozenset(told_apart) - {kept})
    ]


def _modifiers(view: View, head: int, parts: Parts) -> list[int]:
    """Return the modifiers that each say something of their own about the nominal predicate `head`."""
    if view.tokens[head].pos != "NOUN" or not any(view.tokens[c].relation == "cop" for c in view.below(head)):
        return []
    if any(view.tokens[child].relation == "conj" for child in parts.phrase):
        return []
    return [
        child
        for child in parts.phrase
        if view.tokens[child].relation in {"amod", "nummod", "compound"}
        and view.tokens[child].lower not in _BENDING
        and view.tokens[child].tag not in {"JJR", "JJS"}
        or (view.tokens[child].relation == "nmod" and "from" in view.lemmas_below(child, "case"))
    ]


def _complements(view: View, head: int, given: list[int]) -> tuple[list[list[Words]], list[list[Words]]]:
    """Return the slots of the complements, and the adjuncts inside of infinitives, which qualify the whole."""
    slots: list[list[Words]] = []
    hoisted: list[list[Words]] = []
    for child in given:
        without: frozenset[int] = frozenset()
        if view.fine and view.tokens[child].relation == "xcomp":
            inside = [
                part for part in view.below(child) if view.tokens[part].relation in {"obl", "obl:unmarked"}
            ]
            if not any(view.tokens[part].relation == "conj" for part in view.below(child)):
                hoisted += [readings(view, part) for part in inside]
                without = frozenset(inside)
        whole = not view.fine and is_negated(view, head)
        slots.append([tuple(view.subtree(child))] if whole else readings(view, child, without=without))
    return slots, hoisted
