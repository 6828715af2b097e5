"""Answers to a question: added, worded, united, divided, and said to be compatible."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from reviews import changes, policies
from reviews.errors import Conflict, ReviewError
from reviews.models import Compatibility, Placement, Position, Question
from reviews.operations import steps
from reviews.operations.placements import confirm

State = Placement.State


@transaction.atomic
def add_position(
    *, question_id: int, answer: str, seen_version: int | None = None, by: User, now: datetime
) -> Position:
    """Add one more answer to a question. Raises Conflict if the question has it already."""
    question = steps.lock(question_id)
    policies.check_may_word(by, question)
    steps.check_editable(question, seen_version)
    changes.begin(
        question=question, action="add_position", summary=f"added “{answer.strip()}”", by=by, now=now
    )
    position = create_position(question, answer=answer, number=steps.next_number(question), by=by, now=now)
    steps.raise_version(question)
    return position


@transaction.atomic
def reword_position(
    *, position_id: int, answer: str, seen_version: int | None = None, by: User, now: datetime
) -> Position:
    """Word an answer differently; what stands under it stays. Raises Conflict if another says it."""
    question, position = _lock_with(position_id, seen_version=seen_version, by=by)
    answer = answer.strip()
    if answer == position.answer:
        return position
    _check_answer(question, answer, besides=position.pk)
    changes.begin(
        question=question,
        action="reword_position",
        summary=f"reworded “{position}” to “{answer}”",
        by=by,
        now=now,
    )
    position.answer = answer
    position.save(update_fields=["answer"])
    steps.raise_version(question)
    return position


@transaction.atomic
def merge_positions(
    *, position_id: int, into_id: int, seen_version: int | None = None, by: User, now: datetime
) -> Position:
    """Unite two answers that say the same; the claims of the first move to the second, which is returned.

    Where a claim meets both, what a person decided wins over what a machine suggests, and a confirmation
    over a rejection, for at most one of them was confirmed.
    """
    question, position = _lock_with(position_id, seen_version=seen_version, by=by)
    into = _of_same_question(into_id, question)
    if into == position:
        raise ReviewError("A position cannot be merged into itself.")
    changes.begin(
        question=question,
        action="merge_positions",
        summary=f"merged “{position}” into “{into}”",
        by=by,
        now=now,
    )
    there = {placement.claim_id: placement for placement in into.placements.all()}
    for placement in position.placements.order_by("pk"):
        if placement.claim_id in there:
            _unite(placement, there[placement.claim_id])
        else:
            placement.position = into
            placement.save(update_fields=["position"])
    position.merged_into = into
    position.save(update_fields=["merged_into"])
    steps.raise_version(question)
    return into


def _unite(placement: Placement, there: Placement) -> None:
    """Let two placements of one claim be one, that at the position which stays."""
    is_over = (placement.state == State.CONFIRMED) or (
        placement.state == State.REJECTED and there.state == State.SUGGESTED
    )
    decided = {
        name: getattr(placement, name)
        for name in ("state", "reason", "is_off_topic", "placed_by", "placed_at")
    }
    if placement.state in (State.CONFIRMED, State.SUGGESTED):
        placement.state = State.CARRIED  # before the other is confirmed: a question has one of them
        placement.save(update_fields=["state"])
    if is_over:
        for name, value in decided.items():
            setattr(there, name, value)
        there.save(update_fields=list(decided))


@transaction.atomic
def split_position(
    *,
    position_id: int,
    answer: str,
    claim_ids: Collection[int],
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> Position:
    """Make a position of its own for some of the claims that stand under one; they are confirmed there."""
    policies.check_may_place_claim(by)
    question_id = steps.question_of(position_id)
    claims = steps.hold_all(claim_ids, by=by, now=now)
    question = steps.lock(question_id)
    policies.check_may_word(by, question)
    steps.check_editable(question, seen_version)
    position = steps.standing_position(position_id, question=question)
    standing = position.placements.filter(state__in=(State.CONFIRMED, State.SUGGESTED), claim__in=claims)
    if not claims or standing.count() < len(claims):
        raise ReviewError("Choose claims that stand under the position.")
    changes.begin(
        question=question,
        action="split_position",
        summary=f"split “{answer.strip()}” off “{position}”",
        by=by,
        now=now,
    )
    created = create_position(question, answer=answer, number=steps.next_number(question), by=by, now=now)
    for claim_id in sorted(claims):
        confirm(claims[claim_id], created, reason="", by=by, now=now)
    steps.open_if_proposed(question)
    steps.raise_version(question)
    return created


@transaction.atomic
def remove_position(
    *, position_id: int, seen_version: int | None = None, by: User, now: datetime
) -> Question:
    """Take away an answer that nothing hangs on. Raises Conflict if claims or verdicts do."""
    question, position = _lock_with(position_id, seen_version=seen_version, by=by)
    if position.placements.filter(state__in=(State.CONFIRMED, State.SUGGESTED)).exists():
        raise Conflict(f"Claims stand under “{position}”. Move them, or merge it into another position.")
    if position.placements.exists():
        raise Conflict(
            f"That claims do not belong under “{position}” is remembered with it. Merge it into another"
            " position, or leave it empty."
        )
    if position.verdicts.exists() or position.merged_from.exists():
        raise Conflict(f"A verdict, or a position merged into “{position}”, points to it. Leave it empty.")
    changes.begin(
        question=question, action="remove_position", summary=f"removed “{position}”", by=by, now=now
    )
    Compatibility.objects.filter(Q(first=position) | Q(second=position)).delete()
    position.delete()
    steps.raise_version(question)
    return question


@transaction.atomic
def say_compatible(
    *,
    first_id: int,
    second_id: int,
    reason: str,
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> Compatibility:
    """Say that two positions can both be true, as "dozens" and "56"; saying it again changes nothing."""
    question, first, second = _lock_two(first_id, second_id, seen_version=seen_version, by=by)
    already = Compatibility.objects.filter(first=first, second=second).first()
    if already is not None:
        return already
    reason = steps.check_reason(reason, "Say why both can be true.")
    changes.begin(
        question=question,
        action="say_compatible",
        summary=f"said “{first}” and “{second}” can both be true",
        reason=reason,
        by=by,
        now=now,
    )
    said = Compatibility.objects.create(first=first, second=second, reason=reason, said_by=by, said_at=now)
    steps.raise_version(question)
    return said


@transaction.atomic
def say_competing(
    *, first_id: int, second_id: int, seen_version: int | None = None, by: User, now: datetime
) -> Question:
    """Say that two positions cannot both be true, as positions are taken to be; twice changes nothing."""
    question, first, second = _lock_two(first_id, second_id, seen_version=seen_version, by=by)
    compatible = Compatibility.objects.filter(first=first, second=second)
    if not compatible.exists():
        return question
    changes.begin(
        question=question,
        action="say_competing",
        summary=f"said “{first}” and “{second}” cannot both be true",
        by=by,
        now=now,
    )
    compatible.delete()
    steps.raise_version(question)
    return question


def create_positions(question: Question, answers: Iterable[str], *, by: User, now: datetime) -> None:
    """One position for each answer, in that order."""
    for number, answer in enumerate(answers, start=1):
        create_position(question, answer=answer, number=number, by=by, now=now)


def create_position(question: Question, *, answer: str, number: int, by: User, now: datetime) -> Position:
    answer = answer.strip()
    _check_answer(question, answer)
    return Position.objects.create(question=question, answer=answer, number=number, added_by=by, added_at=now)


def _check_answer(question: Question, answer: str, *, besides: int | None = None) -> None:
    if not answer:
        raise ReviewError("A position needs an answer.")
    same = question.positions.standing().filter(answer__iexact=answer).values_list("pk", flat=True)
    if set(same) - {besides}:
        raise Conflict(f"The question already has the position “{answer}”.")


def _lock_with(position_id: int, *, seen_version: int | None, by: User) -> tuple[Question, Position]:
    """The locked question of a position, and the position, once they may be changed."""
    policies.check_may_open_question(by)
    question = steps.lock(steps.question_of(position_id))
    policies.check_may_word(by, question)
    steps.check_editable(question, seen_version)
    return question, steps.standing_position(position_id, question=question)


def _lock_two(
    first_id: int, second_id: int, *, seen_version: int | None, by: User
) -> tuple[Question, Position, Position]:
    """Two positions of one locked question, in the order in which a pair is stored."""
    question, one = _lock_with(first_id, seen_version=seen_version, by=by)
    other = _of_same_question(second_id, question)
    if one == other:
        raise ReviewError("Choose two positions.")
    return (question, one, other) if one.pk < other.pk else (question, other, one)


def _of_same_question(position_id: int, question: Question) -> Position:
    if not question.positions.filter(pk=position_id).exists():
        raise ReviewError("Both positions must be of one question.")
    return steps.standing_position(position_id, question=question)
