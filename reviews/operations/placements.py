"""Claims under positions: placed, moved, confirmed, rejected, said not to be about the question."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Claim
from reviews import changes, policies
from reviews.claim_words import first_in_words, in_words
from reviews.errors import Conflict, ReviewError
from reviews.models import Placement, Position, Question
from reviews.operations import steps

State = Placement.State
STANDING = (State.CONFIRMED, State.SUGGESTED)
OFF_TOPIC = "Not about this question."


@transaction.atomic
def place_claim(
    *,
    claim_id: int,
    position_id: int,
    reason: str = "",
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> Placement:
    """Confirm a claim under a position; where it stood under another before, it is moved.

    A proposed question is open from then on. Placing a claim where it stands already changes nothing. Where
    the claim of an earlier engine was placed in its stead, that one is settled. Raises Conflict if another
    claim took the place of this one.
    """
    policies.check_may_place_claim(by)
    question_id = steps.question_of(position_id)
    claim = steps.hold(claim_id, by=by, now=now)
    question = steps.lock(question_id)
    steps.check_takes_evidence(question, seen_version)
    position = steps.standing_position(position_id, question=question)
    here = Placement.objects.filter(position=position, claim=claim).first()
    if here is not None and here.state == State.CONFIRMED:
        return here
    changes.begin(
        question=question,
        action="place_claim",
        summary=f"placed claim {claim.pk} under “{position}”",
        reason=reason,
        by=by,
        now=now,
    )
    placement = confirm(claim, position, reason=reason, by=by, now=now)
    steps.open_if_proposed(question)
    evidence = f"{in_words(claim)} was placed under “{position}”."
    steps.count_as_evidence(question, evidence, by=by, now=now)
    return placement


@transaction.atomic
def confirm_placements(
    *,
    placement_ids: Collection[int],
    question_id: int | None = None,
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> list[Placement]:
    """Confirm claims where a machine suggests them, many at once under one question, as one step.

    The question is the one of `question_id`, else that of the placements. What stands confirmed already is
    left as it is. Raises Conflict where one was rejected meanwhile.
    """
    policies.check_may_place_claim(by)
    asked = Placement.objects.filter(pk__in=placement_ids)
    question_ids = set(asked.values_list("question_id", flat=True))
    is_of_one = question_ids == {question_id} if question_id is not None else len(question_ids) == 1
    if not is_of_one or asked.count() < len(set(placement_ids)):
        raise ReviewError("Choose placements of one question.")
    claims = steps.hold_all(asked.values_list("claim_id", flat=True), by=by, now=now)
    question = steps.lock(question_ids.pop())
    steps.check_takes_evidence(question, seen_version)
    placements = list(asked.select_related("position").order_by("pk"))
    for placement in placements:
        if placement.state not in STANDING:
            raise Conflict(
                f"Claim {placement.claim_id} does not stand under “{placement.position}” any more."
            )
    waiting = [placement for placement in placements if placement.state == State.SUGGESTED]
    if len({placement.claim_id for placement in waiting}) < len(waiting):
        raise ReviewError("A claim is suggested under two of these positions; confirm one of them.")
    if not waiting:
        return placements
    changes.begin(question=question, action="confirm_placements", summary=_confirmed(waiting), by=by, now=now)
    for placement in waiting:
        confirm(claims[placement.claim_id], placement.position, reason=placement.reason, by=by, now=now)
    steps.open_if_proposed(question)
    confirmed = first_in_words([claims[placement.claim_id] for placement in waiting])
    steps.count_as_evidence(question, f"Confirmed under it: {confirmed}.", by=by, now=now)
    return list(asked.select_related("position").order_by("pk"))


def _confirmed(placements: list[Placement]) -> str:
    first = placements[0]
    if len(placements) == 1:
        return f"confirmed claim {first.claim_id} under “{first.position}”"
    return f"confirmed {len(placements)} claims, the first of them claim {first.claim_id}"


@transaction.atomic
def reject_placement(
    *, placement_id: int, reason: str = "", seen_version: int | None = None, by: User, now: datetime
) -> Placement:
    """Take a claim out from under a position; the rejection is remembered.

    It needs a reason where a person had confirmed the claim there, and none against a machine.
    """
    placement = Placement.objects.get(pk=placement_id)
    question = steps.lock(placement.question_id)
    policies.check_may_place_claim(by)
    steps.check_takes_evidence(question, seen_version)
    placement.refresh_from_db()
    if placement.state == State.CONFIRMED:
        reason = steps.check_reason(reason, "Say why the claim does not belong there.")
    if placement.state == State.REJECTED:
        return placement
    if placement.state == State.CARRIED:
        raise Conflict(
            "A newer engine's claim stands there instead. Reload the question and take that one out."
        )
    changes.begin(
        question=question,
        action="reject_placement",
        summary=f"took claim {placement.claim_id} out from under “{placement.position}”",
        reason=reason,
        by=by,
        now=now,
    )
    was_confirmed = placement.state == State.CONFIRMED
    _reject(placement, reason=reason, is_off_topic=False, by=by, now=now)
    evidence = f"{in_words(placement.claim)} was taken out from under “{placement.position}”."
    _count_rejection(question, evidence, was_confirmed=was_confirmed, by=by, now=now)
    return placement


@transaction.atomic
def reject_claim(
    *,
    question_id: int,
    claim_id: int,
    reason: str = "",
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> list[Placement]:
    """Say that a claim is not about this question, whatever the answer; no machine suggests it there again.

    Its placements there are rejected as off topic, and returned; a claim that never stood there gets one
    under the first position, to remember it by.
    """
    policies.check_may_place_claim(by)
    claim = steps.hold(claim_id, by=by, now=now)
    question = steps.lock(question_id)
    steps.check_takes_evidence(question, seen_version)
    reason = reason.strip() or OFF_TOPIC
    standing = list(question.placements.filter(claim=claim, state__in=STANDING).order_by("pk"))
    said = list(question.placements.filter(claim=claim, is_off_topic=True).order_by("pk"))
    if said and not standing:
        return said
    changes.begin(
        question=question,
        action="reject_claim",
        summary=f"said claim {claim.pk} is not about this question",
        reason=reason,
        by=by,
        now=now,
    )
    was_confirmed = any(placement.state == State.CONFIRMED for placement in standing)
    for placement in standing:
        _reject(placement, reason=reason, is_off_topic=True, by=by, now=now)
    if not standing:
        standing = [_remember_off_topic(question, claim, reason=reason, by=by, now=now)]
    evidence = f"{in_words(claim)} was found not to be about the question."
    _count_rejection(question, evidence, was_confirmed=was_confirmed, by=by, now=now)
    return standing


def confirm(claim: Claim, position: Position, *, reason: str, by: User, now: datetime) -> Placement:
    """Let a held claim stand confirmed under one position of a locked question, and under no other."""
    others = Placement.objects.filter(question=position.question_id, claim=claim).exclude(position=position)
    standing = Placement.objects.filter(question=position.question_id, claim=claim, state__in=STANDING)
    Placement.objects.filter(carried_to__in=standing, state=State.CONFIRMED).update(state=State.CARRIED)
    others.filter(state__in=STANDING).update(
        state=State.REJECTED,
        reason=f"Moved to “{position}”. {reason}".strip(),
        placed_by=by,
        placed_at=now,
    )
    others.filter(is_off_topic=True).update(is_off_topic=False)
    placement, _ = Placement.objects.update_or_create(
        position=position,
        claim=claim,
        defaults={
            "question_id": position.question_id,
            "state": State.CONFIRMED,
            "reason": reason,
            "is_off_topic": False,
            "placed_by": by,
            "placed_at": now,
        },
    )
    return placement


def _count_rejection(
    question: Question, evidence: str, *, was_confirmed: bool, by: User, now: datetime
) -> None:
    """A verdict rests on what people confirmed; that a suggestion is turned down takes nothing from it."""
    if was_confirmed:
        steps.count_as_evidence(question, evidence, by=by, now=now)
    else:
        steps.raise_version(question)


def _reject(placement: Placement, *, reason: str, is_off_topic: bool, by: User, now: datetime) -> None:
    placement.state, placement.reason, placement.is_off_topic = State.REJECTED, reason, is_off_topic
    placement.placed_by, placement.placed_at = by, now
    placement.save(update_fields=["state", "reason", "is_off_topic", "placed_by", "placed_at"])


def _remember_off_topic(
    question: Question, claim: Claim, *, reason: str, by: User, now: datetime
) -> Placement:
    first = question.positions.standing().order_by("number").first()
    if first is None:
        raise ReviewError("The question has no position yet. Add an answer first.")
    placement, _ = Placement.objects.update_or_create(
        position=first,
        claim=claim,
        defaults={
            "question": question,
            "state": State.REJECTED,
            "reason": reason,
            "is_off_topic": True,
            "placed_by": by,
            "placed_at": now,
        },
    )
    return placement
