"""What is to be written about a question: the difference of what is wanted and what is there. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from claims.models import folded
from reviews.models import Placement, Position
from reviews.suggesting.groups import Answer, Group
from reviews.suggesting.stored import StoredQuestion, is_of_machine
from reviews.suggesting.wishes import Reasons

State = Placement.State
Pair = tuple[int, int]


@dataclass(frozen=True)
class Column:
    """A position that is there, and what its number and answer are to be."""

    position: Position
    number: int
    answer: str

    @property
    def is_as_it_was(self) -> bool:
        return (self.position.number, self.position.answer) == (self.number, self.answer)


@dataclass
class Plan:
    """Rows to write. `new` are answers to be added, with their numbers; `missing` are suggestions to add at
    positions that are there; `compatible` are pairs of answers of which both can be true.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    left_over: list[int] = field(default_factory=list)
    new: list[tuple[int, Answer]] = field(default_factory=list)
    missing: dict[int, Reasons] = field(default_factory=dict)
    reworded: list[tuple[Placement, str]] = field(default_factory=list)
    gone: list[Placement] = field(default_factory=list)
    no_longer_compatible: set[Pair] = field(default_factory=set)
    compatible: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        rows = (self.left_over, self.new, self.missing, self.reworded, self.gone, self.no_longer_compatible)
        return not (any(rows) or self.fields or self.compatible) and all(
            column.is_as_it_was for column in self.columns
        )

    @property
    def suggested(self) -> int:
        return sum(map(len, self.missing.values())) + sum(len(answer.reasons) for _, answer in self.new)

    @property
    def added(self) -> set[int]:
        """The claims that it suggests somewhere."""
        new = (claim for _, answer in self.new for claim in answer.reasons)
        return {*new, *(claim for reasons in self.missing.values() for claim in reasons)}

    @property
    def withdrawn(self) -> int:
        return sum(placement.state == State.SUGGESTED for placement in self.gone)


def plan_rewriting(stored: StoredQuestion, group: Group) -> Plan:
    """Let a question that nobody has touched be this group, whatever it was before."""
    kept = _kept(stored.standing_positions, group.answers, stored)
    plan = Plan()
    wanted = {"wording": group.wording, "event": group.event, "is_evolving": group.is_evolving}
    plan.fields = {name: value for name, value in wanted.items() if getattr(stored.row, name) != value}
    for number, answer in enumerate(group.answers, start=1):
        if answer.key in kept:
            plan.columns.append(Column(kept[answer.key], number, answer.text))
        else:
            plan.new.append((number, answer))
    places = {kept[each.key].pk: dict(each.reasons) for each in group.answers if each.key in kept}
    plan.left_over = sorted(stored.positions.keys() - places.keys())
    plan.gone = [each for each in stored.placements if each.claim_id not in places.get(each.position_id, ())]
    _compare_suggestions(plan, stored, places)
    key_of = {position.pk: key for key, position in kept.items()}
    pairs = compatible_pairs(group.answers)
    there = {
        (first, second): _pair(key_of[first], key_of[second])
        for first, second in stored.compatible
        if first in key_of and second in key_of
    }
    plan.no_longer_compatible = {
        pair for pair in stored.compatible if pair not in there or there[pair] not in pairs
    }
    plan.compatible = pairs - set(there.values())
    return plan


def plan_suggestions(
    stored: StoredQuestion,
    places: Mapping[int, Reasons],
    new: Collection[Answer],
    *,
    about: Collection[int],
    removed: Collection[int],
) -> Plan:
    """Add what is to stand in a question that people worked on, and withdraw what has no reason any more.

    `about` are the claims that were matched, `removed` those that are matched no longer. A dismissed question
    goes on knowing what it was made of, so that the same is not proposed again.
    """
    plan = Plan()
    withdrawable = set(removed) if stored.was_dismissed else set(removed) | set(about)
    plan.gone = [
        placement
        for placement in stored.placements
        if placement.state == State.SUGGESTED
        and is_of_machine(placement)
        and placement.claim_id in withdrawable
        and placement.claim_id not in places.get(placement.position_id, ())
    ]
    last = max((position.number for position in stored.positions.values()), default=0)
    plan.new = list(enumerate(new, start=last + 1))
    _compare_suggestions(plan, stored, places)
    added = {answer.key for answer in new}
    plan.compatible = {pair for pair in compatible_pairs(new) if added & set(pair)}
    standing = {folded(position.answer) for position in stored.standing_positions}
    for answer in new:
        plan.compatible |= {_pair(answer.key, other) for other in answer.compatible_with & standing}
    return plan


def compatible_pairs(answers: Iterable[Answer]) -> set[tuple[str, str]]:
    """The pairs of answers, by key, of which one says that both can be true."""
    said = {answer.key: answer.compatible_with for answer in answers}
    return {
        _pair(one, other) for one, other in combinations(said, 2) if other in said[one] or one in said[other]
    }


def _compare_suggestions(plan: Plan, stored: StoredQuestion, places: Mapping[int, Reasons]) -> None:
    """Enter which suggestions are missing, and which have another reason than before."""
    there = {(row.position_id, row.claim_id): row for row in stored.placements}
    for position_id, reasons in places.items():
        for claim, reason in reasons.items():
            row = there.get((position_id, claim))
            if row is None:
                plan.missing.setdefault(position_id, {})[claim] = reason
            elif is_of_machine(row) and (row.reason, row.state) != (reason, State.SUGGESTED):
                plan.reworded.append((row, reason))


def _kept(
    positions: Iterable[Position], answers: Iterable[Answer], stored: StoredQuestion
) -> dict[str, Position]:
    """The position that becomes each answer, by key: one that says so already, else that of most claims."""
    free = {folded(position.answer): position for position in positions}
    kept = {answer.key: free.pop(answer.key) for answer in answers if answer.key in free}
    left = {position.pk: position for position in free.values()}
    votes = sorted(
        (-sum(pk in stored.standing.get(claim, ()) for claim in answer.reasons), order, left[pk].number, pk)
        for order, answer in enumerate(answers)
        if answer.key not in kept
        for pk in left
    )
    of_order = dict(enumerate(answers))
    for shared, order, _, pk in votes:
        if shared and pk in left and of_order[order].key not in kept:
            kept[of_order[order].key] = left.pop(pk)
    return kept


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
