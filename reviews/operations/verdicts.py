"""Questions decided, and opened again."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from reviews import audit, changes, policies, workflow
from reviews.errors import ReviewError
from reviews.models import Judgement, PositionVerdict, Question, Verdict
from reviews.operations import steps


@transaction.atomic
def record_verdict(
    *,
    question_id: int,
    judgement: str,
    position_judgements: Mapping[int, str],
    rationale: str,
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> Verdict:
    """Decide a question: a judgement for the whole and one for each of its positions, by id."""
    question = steps.lock(question_id)
    policies.check_may_record_verdict(by)
    steps.check_step(question, workflow.RECORD_VERDICT)
    steps.check_version(question, seen_version)
    positions = {position.pk: position for position in question.positions.standing()}
    rationale = steps.check_reason(rationale, "A verdict needs a rationale that others can check.")
    if set(position_judgements) != set(positions):
        raise ReviewError("Judge every position of the question, and no other.")
    if not positions:
        raise ReviewError("A question without positions cannot be decided; add the answers first.")
    judgement = Judgement(judgement)
    decided = f"decided: {judgement.label.lower()}"
    changes.note(
        question=question, action="record_verdict", summary=decided, reason=rationale, by=by, now=now
    )
    audit.because(by=by, action="record_verdict", reason=rationale)
    verdict = Verdict.objects.create(
        question=question,
        round=question.round,
        question_version=question.version,
        judgement=judgement,
        rationale=rationale,
        as_of=now,
        decided_by=by,
        decided_at=now,
    )
    for pk, position in positions.items():
        PositionVerdict.objects.create(
            verdict=verdict, position=position, judgement=Judgement(position_judgements[pk])
        )
    question.state = workflow.RECORD_VERDICT.after
    question.resolution = (
        Question.Resolution.RESOLVED
        if judgement in (Judgement.SUPPORTED, Judgement.REFUTED)
        else Question.Resolution.CONTESTED
    )
    question.save(update_fields=["state", "resolution"])
    return verdict


@transaction.atomic
def reopen_question(*, question_id: int, reason: str, by: User, now: datetime) -> Question:
    """Open a decided question for its next round; its verdict becomes stale and stays readable."""
    question = steps.lock(question_id)
    policies.check_may_reopen_question(by)
    steps.check_step(question, workflow.REOPEN)
    reason = steps.check_reason(reason, "Say why the question is opened again.")
    changes.note(
        question=question,
        action="reopen_question",
        summary="opened the question again",
        reason=reason,
        by=by,
        now=now,
    )
    audit.because(by=by, action="reopen_question", reason=reason)
    reopen(question, reason=reason, now=now)
    return question


def reopen(question: Question, *, reason: str, now: datetime) -> None:
    """Begin the next round of a locked question; the verdict of the last one becomes stale."""
    question.verdicts.filter(round=question.round).update(stale_at=now, stale_reason=reason)
    question.state = workflow.REOPEN.after
    question.round += 1
    question.save(update_fields=["state", "round"])
    steps.raise_version(question)
