"""Which question that is there a group of claims belongs to. Pure; reads rows that are loaded already.

A question is known again by its claims and by what it asks: many claims that tell how many were killed
tell how many were wounded too, and those are two questions all the same. One that people worked on comes
before one that nobody has looked at. A question takes one group, and one more for each question that people
merged into it; a dismissed one takes, and also swallows, only what is made of its claims for the most part.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reviews.suggesting.groups import Group
from reviews.suggesting.stored import StoredQuestion

_KNOWN: Final = 0.5  # share of a group's claims that a dismissed question must know


@dataclass(frozen=True)
class Assigned:
    """What becomes of a group: the question that takes it, if any, and those whose rejections count for it.

    A swallowed group is neither taken nor proposed.
    """

    question: StoredQuestion | None
    kin: tuple[StoredQuestion, ...]
    is_swallowed: bool = False


@dataclass(frozen=True)
class _Likeness:
    """How much a group and a question have in common; `weight` orders pairs."""

    shared: int
    weight: float


def assign(groups: Sequence[Group], stored: Mapping[int, StoredQuestion]) -> list[Assigned]:
    """Return for each group, in order, the question that takes it."""
    alike: dict[tuple[int, int], _Likeness] = {}
    for number, group in enumerate(groups):
        for pk, question in stored.items():
            likeness = _likeness(group, question) if question.takes_suggestions else None
            if likeness is not None:
                alike[number, pk] = likeness
    taken: dict[int, int] = {}
    room = {pk: 1 + question.merged_count for pk, question in stored.items()}
    for number, pk in sorted(alike, key=lambda pair: _order(pair, alike, stored)):
        if number not in taken and room[pk] and _may_take(stored[pk], groups[number], alike[number, pk]):
            taken[number] = pk
            room[pk] -= 1
    found = []
    for number, group in enumerate(groups):
        near = [stored[pk] for other, pk in alike if other == number]
        taker = stored[taken[number]] if number in taken else None
        swallowed = taker is None and _is_swallowed(number, group, near, alike)
        found.append(Assigned(taker, _kin(near, taker, stored), swallowed))
    return found


def _likeness(group: Group, question: StoredQuestion) -> _Likeness | None:
    """None where the group asks something else."""
    if group.slot not in question.slots:
        return None
    standing, rejected = question.standing, question.rejected
    shared = [claim for claim in group.claims if claim in standing or claim in rejected]
    if not shared:
        return None
    known = question.answer_keys
    agreeing = sum(not group.answer_keys(claim).isdisjoint(known.get(claim, ())) for claim in shared)
    is_same_topic = group.topic in question.topics
    if question.topics and not is_same_topic and 2 * agreeing < len(shared):
        return None
    weight = sum(1.0 if claim in standing else 0.5 for claim in shared)
    return _Likeness(len(shared), weight + agreeing + (len(shared) if is_same_topic else 0))


def _order(
    pair: tuple[int, int],
    alike: Mapping[tuple[int, int], _Likeness],
    stored: Mapping[int, StoredQuestion],
) -> tuple[bool, float, int, int]:
    number, pk = pair
    return not stored[pk].is_touched, -alike[pair].weight, number, pk


def _may_take(question: StoredQuestion, group: Group, likeness: _Likeness) -> bool:
    """A story goes on: what a dismissed question has little to do with may be worth asking again."""
    return not question.was_dismissed or likeness.shared >= _KNOWN * len(group.claims)


def _is_swallowed(
    number: int,
    group: Group,
    near: Collection[StoredQuestion],
    alike: Mapping[tuple[int, int], _Likeness],
) -> bool:
    return any(
        question.was_dismissed and _may_take(question, group, alike[number, question.row.pk])
        for question in near
    )


def _kin(
    near: Collection[StoredQuestion], question: StoredQuestion | None, stored: Mapping[int, StoredQuestion]
) -> tuple[StoredQuestion, ...]:
    """Whose rejections count for a group: questions like it, its own, and what was split off."""
    kin = {each.row.pk for each in near}
    if question is not None:
        kin.add(question.row.pk)
    while True:
        more = {
            pk
            for pk, each in stored.items()
            if each.row.split_from_id in kin or pk in {stored[one].row.split_from_id for one in kin}
        } - kin
        if not more:
            return tuple(stored[pk] for pk in sorted(kin))
        kin |= more
