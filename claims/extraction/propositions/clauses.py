"""Clauses of a tree -> what each asserts: its subject and qualifiers carried to every coordinated part."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from claims.extraction.propositions.assertion import (
    CONDITIONS,
    NEGATIVE,
    is_conditional,
    is_listed,
    is_modal,
    is_negated,
    is_own_finite,
    is_plain_predicate,
    marks_of,
    may_part,
    mistaken_object,
    tells_further_act,
    tells_past,
)
from claims.extraction.propositions.coordination import combine, readings
from claims.extraction.propositions.view import (
    AUXILIARIES,
    MARKS,
    SUBJECTS,
    View,
    Words,
    has_subject,
    is_clause,
    is_finite,
    named,
    noun_before,
)

CONTRASTS: Final = frozenset({"while", "whilst", "whereas", "although", "though"})
CIRCUMSTANCES: Final = frozenset({"when", "where"})
# What joins two things that happened at one time.
TIMES: Final = frozenset({"when", "as"})
CAUSES: Final = frozenset({"because"})

_COMPLEMENTS: Final = frozenset({"obj", "iobj", "xcomp", "ccomp"})
_ADJUNCTS: Final = frozenset({"obl", "obl:agent", "obl:unmarked", "nmod:unmarked", "advcl"})
_PAIRED: Final = frozenset({"neither", "either", "nor"})
_FIXED: Final = AUXILIARIES | {"cop", "compound:prt", "expl"}
# What is said without these words would not be what is said with them.
_HOLDING: Final = CONDITIONS | {"according", "without", "except", "per", "once"}
_WIDEST_ADVERB: Final = 2
# The kinds of clauses whose subject is a noun they hang on.
_ON_NOUNS: Final = frozenset({"participle", "relative clause"})
_CONNECTIVES: Final = frozenset(
    {"addition", "example", "instance", "contrast", "fact", "however", "also", "moreover"}
)


@dataclass(frozen=True, slots=True)
class Start:
    """Where a clause is read: its head, and what it takes over from the clause it hangs on.

    `subject` is None when the clause has to have its own; `drop` are its words that only link.
    """

    head: int
    subject: tuple[Words, ...] | None = None
    carried: Words = ()
    drop: frozenset[int] = frozenset()
    kind: str = "clause"


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
        waiting.extend(_mistaken(view, start))
        parts = _parts(view, start)
        subject = _subject(view, start, parts)
        waiting.extend(_linked(view, start, parts, subject))
        found += _asserted(view, start, parts, subject)
    return found


def _mistaken(view: View, start: Start) -> list[Start]:
    """Return the clauses whose subject was taken for an object of this one, and detach them from it."""
    found: list[Start] = []
    if is_conditional(view, start.head):
        return found
    for child in view.below(start.head):
        noun = mistaken_object(view, start.head, child) if child > start.head else None
        if noun is not None:
            subject = named(view, noun)
            view.detached |= {noun, child}
            found.append(Start(child, (subject,)))
    return found


def _parts(view: View, start: Start) -> Parts:
    parts = Parts()
    nominal = view.is_nominal(start.head) or view.tokens[start.head].pos == "ADJ"
    for child in view.below(start.head):
        token = view.tokens[child]
        if child in start.drop or child in view.detached or _is_relative_adverb(view, child):
            continue
        if token.relation in SUBJECTS:
            parts.subjects.append(child)
        elif token.relation == "conj":
            (parts.clauses if is_clause(view, child) or not nominal else parts.phrase).append(child)
        elif (token.relation == "parataxis" and is_clause(view, child)) or (
            token.relation == "ccomp" and is_listed(view, start.head, child)
        ):
            parts.clauses.append(child)
        elif token.lower in _PAIRED | CONDITIONS or (
            token.relation in {"cc", "advmod"} and token.lower in NEGATIVE
        ):
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


def _is_relative_adverb(view: View, at: int) -> bool:
    """Whether a word only ties its clause to a noun before it: ", where she was born"."""
    token = view.tokens[at]
    return token.tag == "WRB" and token.lower in CIRCUMSTANCES and at > view.first and not view.below(at)


def _is_wide(view: View, at: int) -> bool:
    return len(view.subtree(at)) > _WIDEST_ADVERB


def _subject(view: View, start: Start, parts: Parts) -> tuple[Words, ...] | None:
    """Return the readings of the subject: its own, or the one taken over; None when there is none."""
    if parts.subjects:
        relative = view.tokens[parts.subjects[0]]
        if relative.tag in {"WDT", "WP"} and (noun := noun_before(view, parts.subjects[0])) is not None:
            return (named(view, noun),)
        return tuple(combine(*(readings(view, child) for child in parts.subjects)))
    return start.subject


def _linked(view: View, start: Start, parts: Parts, subject: tuple[Words, ...] | None) -> list[Start]:
    """Return the clauses that stand beside this one; those that cannot be split off become its own words."""
    found: list[Start] = []
    guarded = is_conditional(view, start.head)
    for child in parts.clauses:
        own_subject = has_subject(view, child)
        shares = own_subject or view.fine or (subject and is_plain_predicate(view, start.head, child))
        if guarded or not shares or not may_part(view, start.head, child, own_subject=own_subject):
            parts.fixed.append(child)
        elif own_subject:
            found.append(Start(child, drop=_links(view, child)))
        else:
            carried = _carried(view, start, parts, child)
            found.append(Start(child, subject, carried, drop=_links(view, child), kind="predicate"))
    for child in list(parts.adjuncts):
        if marks_of(view, child) & _HOLDING:
            parts.adjuncts.remove(child)
            parts.fixed.append(child)
            continue
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


def _links(view: View, at: int) -> frozenset[int]:
    return frozenset(
        child
        for child in view.below(at)
        if view.tokens[child].relation in {"cc", "mark"} and view.tokens[child].lower != "to"
    )


def _carried(view: View, start: Start, parts: Parts, other: int) -> Words:
    """Return the words before the verb that hold for predicate `other` too: "may have", "On Sunday"."""
    linking = AUXILIARIES | {"cop"} if _wants_be(view, other) else AUXILIARIES
    helping = tuple(c for c in parts.fixed if view.tokens[c].relation in linking and c < start.head)
    found = [] if is_own_finite(view, other, helping) else [*helping, *start.carried]
    opening = min([*parts.subjects, start.head])
    for child in parts.adjuncts:
        if child < opening and view.tokens[child].relation in {"obl", "obl:unmarked"}:
            found += view.subtree(child)
    return tuple(found)


def _wants_be(view: View, at: int) -> bool:
    """Whether a coordinated part can only be a predicate with the "be" of the first: "is old and rusty"."""
    return not view.tokens[at].tag.startswith("V") or view.tokens[at].tag == "VBN"


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
                and not is_modal(view, start.head)
            )
            or (
                not view.fine and marks & TIMES and child > start.head and tells_past(view, start.head, child)
            )
        )
        if apart:
            parts.adjuncts.remove(child)
            drop = _links(view, child) | _circumstance(view, child)
            found.append(Start(child, drop=drop, kind="contrast"))
        elif marks & CAUSES:
            found.append(Start(child, drop=_links(view, child), kind="cause"))
    elif subject is None or marks:
        return
    elif (view.fine and view.tokens[child].tag in {"VBG", "VBN"}) or (
        not view.fine and tells_further_act(view, start.head, child)
    ):
        parts.adjuncts.remove(child)
        found.append(Start(child, subject, kind="participle"))


def _circumstance(view: View, at: int) -> frozenset[int]:
    return frozenset(child for child in view.below(at) if view.tokens[child].lower in CIRCUMSTANCES)


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
            Asserted(words, start.kind, min(set(words) - taken) if start.kind in _ON_NOUNS else -1)
            for words in whole
        ]
    if not adjuncts:
        return [Asserted(words, start.kind) for words in core]
    before = [slot for slot in adjuncts if slot[0][0] < start.head]
    after = [slot for slot in adjuncts if slot[0][0] >= start.head]
    complete = bool(slots) or bool(parts.phrase)
    kind = "qualified" if complete else "adjunct"
    found = [Asserted(words, kind) for slot in after for words in combine(_sharing(core, slot), slot)]
    base = core if complete or not after else combine(core, after[0])
    found += [Asserted(words, "opened") for slot in before for words in combine(base, slot)]
    if complete:
        found += [Asserted(words, "core") for words in core]
    return found


def _sharing(core: list[Words], slot: list[Words]) -> list[Words]:
    """Return the readings a qualifier goes with: of two lists in one clause, the last with the last."""
    return core[-1:] if len(core) > 1 and len(slot) > 1 else core


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
    """Return the readings of what is said of the subject."""
    if not parts.phrase:
        return [(start.head,)]
    return readings(view, start.head, without=frozenset(view.below(start.head)) - frozenset(parts.phrase))


def _complements(view: View, head: int, given: list[int]) -> tuple[list[list[Words]], list[list[Words]]]:
    """Return the slots of the complements, and the adjuncts inside infinitives, which qualify the whole."""
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
