"""Every change to what reviewers make of claims. All doors call these.

The shape repeats: lock the question, check, name the actor, write, all in one transaction.
`seen_version` is the question's version the caller last saw; None skips that check.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.engine_runs import hold_claims
from claims.lineage import last_succession
from claims.models import Claim, EngineRun
from reviews import audit, policies, tallies, workflow
from reviews.errors import Conflict, ReviewError
from reviews.models import (
    Judgement,
    Placement,
    Position,
    PositionVerdict,
    Question,
    SourcingMark,
    Verdict,
)


@dataclass(frozen=True)
class Marks:
    """What a reviewer marks on a claim; values are those of SourcingMark's choices."""

    identification: str
    access: str = SourcingMark.Access.UNKNOWN
    directness: str = SourcingMark.Directness.UNKNOWN
    basis: str = SourcingMark.Basis.UNKNOWN
    reliability: str = SourcingMark.Reliability.F
    credibility: str = SourcingMark.Credibility.CANNOT_BE_JUDGED
    status: str = SourcingMark.Status.STANDING
    note: str = ""


@transaction.atomic
def open_question(
    *, wording: str, slot: str, event: str = "", answers: Sequence[str] = (), by: User, now: datetime
) -> Question:
    """Open a question with one position for each answer, in that order."""
    policies.check_may_open_question(by)
    audit.because(by=by, action="open_question")
    wording = wording.strip()
    if not wording.endswith("?"):
        raise ReviewError("A question ends in a question mark.")
    question = Question.objects.create(
        wording=wording, slot=slot, event=event.strip(), opened_by=by, opened_at=now
    )
    for number, answer in enumerate(answers, start=1):
        _create_position(question, answer=answer, number=number, by=by, now=now)
    tallies.recount(question)
    return question


@transaction.atomic
def add_position(
    *, question_id: int, answer: str, seen_version: int | None = None, by: User, now: datetime
) -> Position:
    """Add one more answer to a question. Raises Conflict if the question has it already."""
    question = _lock(question_id)
    policies.check_may_open_question(by)
    _check_editable(question, seen_version)
    audit.because(by=by, action="add_position")
    last = question.positions.order_by("-number").first()
    position = _create_position(
        question, answer=answer, number=last.number + 1 if last else 1, by=by, now=now
    )
    _raise_version(question)
    return position


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

    Placing it where it stands already changes nothing. Where the claim of an earlier engine was placed
    in its stead, that one is settled. Raises Conflict if another claim took the place of this one.
    """
    position = Position.objects.get(pk=position_id)
    claim = _hold(claim_id, now=now)
    question = _lock(position.question_id)
    policies.check_may_place_claim(by)
    _check_editable(question, seen_version)
    here = Placement.objects.filter(position=position, claim=claim).first()
    if here is not None and here.state == Placement.State.CONFIRMED:
        return here
    audit.because(by=by, action="place_claim", reason=reason)
    standing = question.placements.filter(
        claim=claim, state__in=(Placement.State.CONFIRMED, Placement.State.SUGGESTED)
    )
    Placement.objects.filter(carried_to__in=standing, state=Placement.State.CONFIRMED).update(
        state=Placement.State.CARRIED
    )
    standing.exclude(position=position).update(
        state=Placement.State.REJECTED,
        reason=f"Moved to “{position}”. {reason}".strip(),
        placed_by=by,
        placed_at=now,
    )
    placement, _ = Placement.objects.update_or_create(
        position=position,
        claim=claim,
        defaults={
            "question": question,
            "state": Placement.State.CONFIRMED,
            "reason": reason,
            "placed_by": by,
            "placed_at": now,
        },
    )
    _raise_version(question)
    return placement


@transaction.atomic
def reject_placement(
    *, placement_id: int, reason: str, seen_version: int | None = None, by: User, now: datetime
) -> Placement:
    """Take a claim out from under a position; the rejection is remembered with its reason."""
    placement = Placement.objects.get(pk=placement_id)
    question = _lock(placement.question_id)
    policies.check_may_place_claim(by)
    _check_editable(question, seen_version)
    if not reason.strip():
        raise ReviewError("Say why the claim does not belong there.")
    placement.refresh_from_db()
    if placement.state == Placement.State.REJECTED:
        return placement
    if placement.state == Placement.State.CARRIED:
        raise Conflict(
            "A newer engine's claim stands there instead. Reload the question and take that one out."
        )
    audit.because(by=by, action="reject_placement", reason=reason)
    placement.state, placement.reason = Placement.State.REJECTED, reason
    placement.placed_by, placement.placed_at = by, now
    placement.save(update_fields=["state", "reason", "placed_by", "placed_at"])
    _raise_version(question)
    return placement


@transaction.atomic
def mark_sourcing(*, claim_id: int, marks: Marks, by: User, now: datetime) -> SourcingMark:
    """Mark the sourcing of a claim; an earlier mark is superseded and stays readable.

    Raises the version of every question the claim stands under; one that was decided is opened
    again, its verdict stale, for it was reached on other marks. The same marks again change nothing.
    Raises Conflict if another claim took the place of this one.
    """
    _hold(claim_id, now=now)
    standing = Question.objects.filter(
        placements__claim=claim_id, placements__state=Placement.State.CONFIRMED
    )
    questions = list(Question.objects.select_for_update().filter(pk__in=standing).order_by("pk"))
    policies.check_may_mark_sourcing(by)
    # After the questions, and weakly: placing a claim locks its question, then shares its claim.
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    if marks.credibility == SourcingMark.Credibility.CONFIRMED:
        raise ReviewError("Credibility 1 needs two independent origins; origins are not counted yet. Use 2.")
    current = SourcingMark.objects.select_for_update().current().filter(claim=claim).first()
    if current is not None and all(getattr(current, name) == value for name, value in asdict(marks).items()):
        return current
    audit.because(by=by, action="mark_sourcing", reason=marks.note)
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    mark = SourcingMark.objects.create(claim=claim, marked_by=by, marked_at=now, **asdict(marks))
    for question in questions:
        if question.state == Question.State.DECIDED:
            _reopen(
                question, reason=f"The sourcing of claim {claim.pk} was marked anew ({mark.code}).", now=now
            )
        else:
            _raise_version(question)
    return mark


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
    question = Question.objects.select_for_update().get(pk=question_id)
    policies.check_may_record_verdict(by)
    _check_step(question, workflow.RECORD_VERDICT)
    _check_version(question, seen_version)
    positions = {position.pk: position for position in question.positions.all()}
    if not rationale.strip():
        raise ReviewError("A verdict needs a rationale that others can check.")
    if set(position_judgements) != set(positions):
        raise ReviewError("Judge every position of the question, and no other.")
    if not positions:
        raise ReviewError("A question without positions cannot be decided; add the answers first.")
    audit.because(by=by, action="record_verdict", reason=rationale)
    verdict = Verdict.objects.create(
        question=question,
        round=question.round,
        question_version=question.version,
        judgement=Judgement(judgement),
        rationale=rationale.strip(),
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
    question = Question.objects.select_for_update().get(pk=question_id)
    policies.check_may_reopen_question(by)
    _check_step(question, workflow.REOPEN)
    if not reason.strip():
        raise ReviewError("Say why the question is opened again.")
    audit.because(by=by, action="reopen_question", reason=reason)
    _reopen(question, reason=reason.strip(), now=now)
    return question


def _create_position(question: Question, *, answer: str, number: int, by: User, now: datetime) -> Position:
    answer = answer.strip()
    if not answer:
        raise ReviewError("A position needs an answer.")
    if question.positions.filter(answer__iexact=answer).exists():
        raise Conflict(f"The question already has the position “{answer}”.")
    return Position.objects.create(question=question, answer=answer, number=number, added_by=by, added_at=now)


def _hold(claim_id: int, *, now: datetime) -> Claim:
    """The claim, whose engine run cannot be switched until the transaction ends; locked before questions.

    One that a newer engine dropped stays on the screens from now on. Raises Conflict if another claim
    took its place.
    """
    claim = Claim.objects.get(pk=claim_id)
    run = EngineRun.objects.select_for_update(no_key=True).get(pk=claim.engine_run_id)
    claim.engine_run = run
    if not run.is_current:
        last = last_succession(claim)
        if last is not None and last.new_claim is not None:
            raise Conflict(
                f"A newer engine reads this differently: “{last.new_claim}” (claim {last.new_claim.pk})"
                " took the place of this claim. Use that one."
            )
        hold_claims([claim.pk], now=now)
    return claim


def _lock(question_id: int) -> Question:
    return Question.objects.select_for_update().get(pk=question_id)


def _check_editable(question: Question, seen_version: int | None) -> None:
    if question.state not in workflow.EDITABLE:
        raise Conflict(f"The question is {question.get_state_display().lower()}; reopen it to change it.")
    _check_version(question, seen_version)


def _check_version(question: Question, seen_version: int | None) -> None:
    if seen_version is not None and question.version != seen_version:
        raise Conflict("Somebody changed the question meanwhile. Reload it, look again and repeat your step.")


def _check_step(question: Question, step: workflow.Step) -> None:
    if question.state not in step.before:
        raise Conflict(f"The question is {question.get_state_display().lower()}; that step does not follow.")


def _reopen(question: Question, *, reason: str, now: datetime) -> None:
    """Begin the next round of a locked question; the verdict of the last one becomes stale."""
    question.verdicts.filter(round=question.round).update(stale_at=now, stale_reason=reason)
    question.state = workflow.REOPEN.after
    question.round += 1
    question.save(update_fields=["state", "round"])
    _raise_version(question)


def _raise_version(question: Question) -> None:
    """Say that the question changed, and count it anew."""
    question.version += 1
    question.save(update_fields=["version"])
    tallies.recount(question)
