"""Questions: proposed, opened, dismissed, worded, united and divided."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from reviews import audit, changes, policies, tallies, workflow
from reviews.errors import Conflict, ReviewError
from reviews.models import Placement, Question
from reviews.operations import assignments, repeating, steps
from reviews.operations.positions import create_positions
from reviews.workflow import State


@transaction.atomic
def open_question(
    *, wording: str, slot: str, event: str = "", answers: Sequence[str] = (), by: User, now: datetime
) -> Question:
    """Open a question with one position for each answer, in that order."""
    return _create(
        Question.State.OPEN, wording=wording, slot=slot, event=event, answers=answers, by=by, now=now
    )


@transaction.atomic
def propose_question(
    *, wording: str, slot: str, event: str = "", answers: Sequence[str] = (), by: User, now: datetime
) -> Question:
    """Propose a question, which waits for somebody to open, merge or dismiss it."""
    return _create(
        Question.State.PROPOSED, wording=wording, slot=slot, event=event, answers=answers, by=by, now=now
    )


def _create(
    state: State,
    *,
    wording: str,
    slot: str,
    event: str,
    answers: Sequence[str],
    by: User,
    now: datetime,
) -> Question:
    policies.check_may_open_question(by)
    action = "open_question" if state == Question.State.OPEN else "propose_question"
    audit.because(by=by, action=action)
    question = Question.objects.create(
        wording=_clean_wording(wording),
        slot=Question.Slot(slot),
        event=event.strip(),
        state=state,
        opened_by=by,
        opened_at=now,
    )
    create_positions(question, answers, by=by, now=now)
    done = "opened the question" if state == Question.State.OPEN else "proposed the question"
    changes.note(question=question, action=action, summary=done, by=by, now=now)
    tallies.recount(question)
    return question


@transaction.atomic
def open_proposed(*, question_id: int, seen_version: int | None = None, by: User, now: datetime) -> Question:
    """Find a proposed question worth asking. One that is open already stays as it is."""
    question = steps.lock(question_id)
    policies.check_may_open_question(by)
    if question.state == workflow.OPEN.after:
        return question
    steps.check_step(question, workflow.OPEN)
    steps.check_version(question, seen_version)
    changes.begin(
        question=question, action="open_proposed", summary="opened the proposed question", by=by, now=now
    )
    question.state = workflow.OPEN.after
    question.save(update_fields=["state"])
    steps.raise_version(question)
    return question


@transaction.atomic
def dismiss_question(
    *, question_id: int, reason: str, seen_version: int | None = None, by: User, now: datetime
) -> Question:
    """Say that a question is not worth asking, and why; no machine proposes it again.

    Its review is put aside with the assignments, until that is undone.
    """
    question = steps.lock(question_id)
    policies.check_may_word(by, question)
    steps.check_step(question, workflow.DISMISS)
    steps.check_version(question, seen_version)
    reason = steps.check_reason(reason, "Say why the question is not worth asking.")
    changes.begin(
        question=question,
        action="dismiss_question",
        summary="dismissed the question",
        reason=reason,
        by=by,
        now=now,
    )
    question.state, question.state_reason = workflow.DISMISS.after, reason
    question.save(update_fields=["state", "state_reason"])
    assignments.put_aside(question, f"was dismissed: {reason}", by=by, now=now)
    steps.raise_version(question)
    return question


@transaction.atomic
def reword_question(
    *,
    question_id: int,
    wording: str,
    event: str,
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> Question:
    """Ask the same in other words, or name its event better; the same words again change nothing."""
    question = steps.lock(question_id)
    policies.check_may_word(by, question)
    steps.check_editable(question, seen_version)
    wording, event = _clean_wording(wording), event.strip()
    if (wording, event) == (question.wording, question.event):
        return question
    changes.begin(
        question=question,
        action="reword_question",
        summary=f"reworded the question to “{wording}”",
        by=by,
        now=now,
    )
    question.wording, question.event = wording, event
    question.save(update_fields=["wording", "event"])
    steps.raise_version(question)
    return question


@transaction.atomic
def merge_questions(
    *,
    question_id: int,
    into_id: int,
    reason: str,
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> Question:
    """Unite two questions that ask the same, and return the one that stays; its ids lead there from now on.

    Positions with equal answers unite, the others are added after those that are there; what stands under
    them is repeated there, rejections too, and no longer stands at the merged question. Where `into_id`
    was merged itself, the question it was merged into stays. What was assessed of the merged one stays
    sealed, for it is of that question alone. Raises Conflict where the same person or another decided
    differently on a claim in both, and where a question would come to be merged into itself.
    """
    policies.check_may_open_question(by)
    known = Question.objects.filter(pk=into_id).first()
    if known is None:
        raise ReviewError(f"There is no question {into_id}.")
    into_id = steps.where_now(known).pk
    both = [question_id, into_id]
    steps.hold_placed(Placement.objects.filter(question__in=both))
    locked = steps.lock_all(both)
    if question_id == into_id:
        raise Conflict("That is one question already; it cannot be merged into itself.")
    question, into = locked[question_id], locked[into_id]
    for each in (question, into):
        policies.check_may_word(by, each)
    steps.check_step(question, workflow.MERGE)
    steps.check_version(question, seen_version)
    steps.check_editable(into, None)
    reason = steps.check_reason(reason, "Say why the two questions are one.")
    changes.begin(
        question=into,
        action="merge_questions",
        summary=f"merged question {question.pk} “{question.wording}” into this one",
        reason=reason,
        by=by,
        now=now,
    )
    unopened = question.state in workflow.OPEN.before
    question.state, question.merged_into, question.state_reason = workflow.MERGE.after, into, reason
    question.save(update_fields=["state", "merged_into", "state_reason"])
    assignments.put_aside(question, f"is one with “{into}” now: {reason}", by=by, now=now)
    repeating.move_positions(list(question.positions.standing()), into, by=by, now=now)
    if not unopened:
        steps.open_if_proposed(into)
    for each in (question, into):
        steps.raise_version(each)
    assignments.end_of_authors([into], by=by, now=now)
    return into


@transaction.atomic
def split_question(
    *,
    question_id: int,
    position_ids: Collection[int],
    wording: str,
    slot: str,
    event: str,
    reason: str,
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> Question:
    """Make a question of its own of some of the positions, with all that was decided under them.

    Returns the new question. At the old one the positions are no longer shown, and their claims are
    remembered as not about it, so that no machine brings them back.
    """
    steps.hold_placed(Placement.objects.filter(question=question_id))
    question = steps.lock(question_id)
    policies.check_may_word(by, question)
    steps.check_editable(question, seen_version)
    reason = steps.check_reason(reason, "Say why these are two questions.")
    positions = list(question.positions.standing().order_by("number"))
    leaving = [position for position in positions if position.pk in set(position_ids)]
    if not leaving or len(leaving) < len(set(position_ids)):
        raise ReviewError("Choose positions of this question.")
    if len(leaving) == len(positions):
        raise ReviewError("Leave a position with the question, or reword the question instead.")
    wording = _clean_wording(wording)
    changes.begin(
        question=question,
        action="split_question",
        summary=f"split “{wording}” off",
        reason=reason,
        by=by,
        now=now,
    )
    created = Question.objects.create(
        wording=wording,
        slot=Question.Slot(slot),
        event=event.strip(),
        project=question.project,
        # What is under review stays so; what leaves it has not been assigned to anybody.
        state=State.PROPOSED if question.state == State.PROPOSED else State.OPEN,
        split_from=question,
        opened_by=by,
        opened_at=now,
    )
    repeating.move_positions(
        leaving, created, by=by, now=now, as_off_topic=f"It is about “{wording}”. {reason}"
    )
    for each in (question, created):
        steps.raise_version(each)
    return created


def _clean_wording(wording: str) -> str:
    wording = wording.strip()
    if not wording.endswith("?"):
        raise ReviewError("A question ends in a question mark.")
    return wording
