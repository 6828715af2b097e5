"""Positions and their placements, repeated at another question when two are merged or one is split.

The rows at the old question stay where they are, so that what was decided there can be read, and
undone; only their states say that they no longer stand there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import combinations

from django.contrib.auth.models import User

from claims.models import folded
from reviews.errors import Conflict
from reviews.models import Compatibility, Placement, Position, Question
from reviews.operations import steps

State = Placement.State
STANDING = (State.CONFIRMED, State.SUGGESTED)


def move_positions(
    positions: Sequence[Position], into: Question, *, by: User, now: datetime, as_off_topic: str = ""
) -> None:
    """Let these positions of one locked question lead to equal ones of another, with what is under them.

    At the old question their standing placements become `carried`; or, with a reason in `as_off_topic`,
    rejected as not about it. Raises Conflict where people decided differently on a claim there.
    """
    targets = _targets(positions, into)
    placements = list(
        Placement.objects.filter(position__in=positions)
        .exclude(state=State.CARRIED)
        .select_related("position")
        .order_by("pk")
    )
    _Repetition(into, targets, placements).repeat()
    _repeat_compatibilities(targets)
    for position in positions:
        position.merged_into = targets[position.pk]
        position.save(update_fields=["merged_into"])
    standing = Placement.objects.filter(position__in=positions, state__in=STANDING)
    if not as_off_topic:
        standing.update(state=State.CARRIED)
        return
    claims = standing.values("claim")
    elsewhere = set(
        Placement.objects.filter(question__in={position.question_id for position in positions})
        .filter(state__in=STANDING, claim__in=claims)
        .exclude(position__in=positions)
        .values_list("claim_id", flat=True)
    )
    rejected = {"state": State.REJECTED, "reason": as_off_topic, "placed_by": by, "placed_at": now}
    ids = list(standing.values_list("pk", flat=True))
    Placement.objects.filter(pk__in=ids).exclude(claim__in=elsewhere).update(**rejected, is_off_topic=True)
    Placement.objects.filter(pk__in=ids, claim__in=elsewhere).update(**rejected)


def _targets(positions: Iterable[Position], into: Question) -> dict[int, Position]:
    """For each position by id the one with an equal answer there, made where there was none.

    Who wrote an answer, and when, stays as it was: they are its author there too.
    """
    there = {folded(position.answer): position for position in into.positions.standing()}
    number = steps.next_number(into)
    targets = {}
    for position in positions:
        key = folded(position.answer)
        if key not in there:
            there[key] = Position.objects.create(
                question=into,
                answer=position.answer,
                number=number,
                proposed_by=position.proposed_by,
                added_by_id=position.added_by_id,
                added_at=position.added_at,
            )
            number += 1
        targets[position.pk] = there[key]
    return targets


def _repeat_compatibilities(targets: dict[int, Position]) -> None:
    for said in Compatibility.objects.filter(first__in=targets, second__in=targets).order_by("pk"):
        ends = sorted({targets[said.first_id].pk, targets[said.second_id].pk})
        for first, second in combinations(ends, 2):  # none where both answers became one
            Compatibility.objects.get_or_create(
                first_id=first,
                second_id=second,
                defaults={"reason": said.reason, "said_by": said.said_by, "said_at": said.said_at},
            )


class _Repetition:
    """The placements of one question on their way to another.

    What people confirmed goes first, then what they rejected, then what machines suggest, for each of
    them gives way to what was decided before it.
    """

    def __init__(
        self, into: Question, targets: dict[int, Position], placements: Collection[Placement]
    ) -> None:
        self.into = into
        self.targets = targets
        self.placements = placements
        self.copies: dict[int, int] = {}
        self.there: dict[int, list[Placement]] = defaultdict(list)
        claims = {placement.claim_id for placement in placements}
        found = into.placements.filter(claim__in=claims).select_related("position").order_by("pk")
        for placement in found:
            self.there[placement.claim_id].append(placement)

    def repeat(self) -> None:
        for placement in self._in_state(State.CONFIRMED):
            self._check_not_decided_otherwise(placement)
            self._confirm(placement)
        for placement in self._in_state(State.REJECTED):
            self._reject(placement)
        for placement in self._in_state(State.SUGGESTED):
            self._suggest(placement)

    def _in_state(self, state: str) -> list[Placement]:
        return [placement for placement in self.placements if placement.state == state]

    def _at_target(self, placement: Placement) -> Placement | None:
        target = self.targets[placement.position_id]
        same = [each for each in self.there[placement.claim_id] if each.position_id == target.pk]
        return same[0] if same else None

    def _is_confirmed(self, claim_id: int) -> bool:
        return any(each.state == State.CONFIRMED for each in self.there[claim_id])

    def _check_not_decided_otherwise(self, placement: Placement) -> None:
        target = self.targets[placement.position_id]
        for each in self.there[placement.claim_id]:
            about = f"Claim {placement.claim_id} is confirmed under “{placement.position}” here, but"
            if each.state == State.CONFIRMED and each.position_id != target.pk:
                raise Conflict(
                    f"{about} under “{each.position}” in question {self.into.pk}."
                    " Let it stand in one place first."
                )
            if each.state == State.REJECTED and (each.is_off_topic or each.position_id == target.pk):
                raise Conflict(
                    f"{about} it was rejected in question {self.into.pk}. Let it be decided in one way first."
                )

    def _confirm(self, placement: Placement) -> None:
        at_target = self._at_target(placement)
        if at_target is not None and at_target.state == State.CONFIRMED:
            self.copies[placement.pk] = at_target.pk
            return
        for each in self.there[placement.claim_id]:
            if each.state == State.SUGGESTED and each is not at_target:
                self._take(each, placement, state=State.REJECTED, is_off_topic=False)
        self._write(placement, at_target)

    def _reject(self, placement: Placement) -> None:
        is_off_topic = placement.is_off_topic and not self._is_confirmed(placement.claim_id)
        at_target = self._at_target(placement)
        if at_target is None or at_target.state == State.SUGGESTED:
            self._write(placement, at_target, is_off_topic=is_off_topic)
        if is_off_topic:
            for each in self.there[placement.claim_id]:
                if each.state == State.SUGGESTED:
                    self._take(each, placement, state=State.REJECTED, is_off_topic=True)

    def _suggest(self, placement: Placement) -> None:
        there = self.there[placement.claim_id]
        is_decided = self._is_confirmed(placement.claim_id) or any(each.is_off_topic for each in there)
        if not is_decided and self._at_target(placement) is None:
            self._write(placement, None)

    def _write(
        self, placement: Placement, at_target: Placement | None, *, is_off_topic: bool = False
    ) -> None:
        """Repeat a placement at its target, in the row that is there or in a new one."""
        if at_target is not None:
            self._take(at_target, placement, state=placement.state, is_off_topic=is_off_topic)
            self.copies[placement.pk] = at_target.pk
            return
        carried_from = placement.carried_from_id
        copy = Placement.objects.create(
            question=self.into,
            position=self.targets[placement.position_id],
            claim_id=placement.claim_id,
            state=placement.state,
            reason=placement.reason,
            score=placement.score,
            is_off_topic=is_off_topic,
            suggested_by=placement.suggested_by,
            placed_by_id=placement.placed_by_id,
            placed_at=placement.placed_at,
            carried_from_id=self.copies.get(carried_from, carried_from) if carried_from else None,
        )
        self.there[placement.claim_id].append(copy)
        self.copies[placement.pk] = copy.pk

    def _take(self, there: Placement, placement: Placement, *, state: str, is_off_topic: bool) -> None:
        """Let a row that is there say what was decided on the claim at the other question."""
        there.state, there.is_off_topic = state, is_off_topic
        there.reason = placement.reason
        there.placed_by_id, there.placed_at = placement.placed_by_id, placement.placed_at
        there.save(update_fields=["state", "is_off_topic", "reason", "placed_by", "placed_at"])
