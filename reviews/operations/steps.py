"""What the steps on a question begin and end with: claims held, questions locked, checked and counted.

Locks are taken in one order, so that no two steps wait for each other: engine runs, then questions, each
by their ids, then whatever stands under them.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from claims.engine_runs import hold_claims
from claims.lineage import last_succession
from claims.models import Claim, EngineRun
from reviews import audit, suggesting, tallies, workflow
from reviews.doorbell import ring
from reviews.errors import Conflict, ReviewError
from reviews.models import Placement, Position, Question
from reviews.notices import tell_assigned
from reviews.reopening import reopen_for


def hold(claim_id: int, *, by: User, now: datetime) -> Claim:
    """The claim, whose engine run cannot be switched until the transaction ends; see `hold_all`."""
    return hold_all([claim_id], by=by, now=now)[claim_id]


def hold_all(claim_ids: Iterable[int], *, by: User, now: datetime) -> dict[int, Claim]:
    """The claims by id, whose engine runs cannot be switched until the transaction ends.

    One that a newer engine dropped stays on the screens from now on. Raises Conflict if another claim took
    the place of one, and ReviewError if there is no such claim.
    """
    asked = sorted(set(claim_ids))
    claims = Claim.objects.in_bulk(asked)
    for claim_id in asked:
        if claim_id not in claims:
            raise ReviewError(f"There is no claim {claim_id}.")
    runs = {run.pk: run for run in _hold_runs(EngineRun.objects.filter(claims__in=claims))}
    for claim in claims.values():
        claim.engine_run = runs[claim.engine_run_id]
        if claim.engine_run.is_current:
            continue
        last = last_succession(claim)
        if last is not None and last.new_claim is not None:
            raise Conflict(
                f"A newer engine reads this differently: “{last.new_claim}” (claim {last.new_claim.pk})"
                " took the place of this claim. Use that one."
            )
        audit.because(by=by, action="hold_claim", reason="a newer engine dropped it")
        hold_claims([claim.pk], now=now)
    return claims


def hold_placed(placements: QuerySet[Placement]) -> None:
    """Let no engine run be switched under these placements until the transaction ends."""
    _hold_runs(EngineRun.objects.filter(claims__placements__in=placements))


def _hold_runs(runs: QuerySet[EngineRun]) -> list[EngineRun]:
    held = EngineRun.objects.select_for_update(no_key=True).filter(pk__in=runs.values("pk"))
    return list(held.order_by("pk"))


def have_matched(claim_ids: Iterable[int]) -> None:
    """Have the machine look at these claims once more, after the transaction."""
    runs = list(EngineRun.objects.filter(claims__in=set(claim_ids), is_current=True).distinct())
    suggesting.offer(runs)
    for run in runs:
        transaction.on_commit(partial(ring, run.pk))


def lock(question_id: int) -> Question:
    """The question, which nobody else changes until the transaction ends; see `lock_all`."""
    return lock_all([question_id])[question_id]


def lock_all(question_ids: Iterable[int]) -> dict[int, Question]:
    """The questions by id, locked. Raises ReviewError where there is no such question."""
    asked = set(question_ids)
    # Not against references to them: whoever appends to the audit trail must not wait for those.
    rows = Question.objects.select_for_update(no_key=True).filter(pk__in=asked).order_by("pk")
    found = {question.pk: question for question in rows}
    for missing in sorted(asked - set(found)):
        raise ReviewError(f"There is no question {missing}.")
    return found


def question_of(position_id: int) -> int:
    """Id of the question of a position. Raises ReviewError if there is no such position."""
    question_id = Position.objects.filter(pk=position_id).values_list("question_id", flat=True).first()
    if question_id is None:
        raise ReviewError(f"There is no position {position_id}.")
    return question_id


def where_now(question: Question) -> Question:
    """The question that a merged one leads to, over all mergers since; any other is where it is."""
    while question.merged_into is not None:
        question = question.merged_into
    return question


def check_not_merged(question: Question) -> None:
    """Raise Conflict where the question is another one now, and name that."""
    if question.merged_into is not None:
        now = where_now(question)
        raise Conflict(f"“{question}” was merged into “{now}” (question {now.pk}). Take that one.")


def check_editable(question: Question, seen_version: int | None) -> None:
    check_not_merged(question)
    if question.state not in workflow.EDITABLE:
        raise Conflict(f"The question is {question.get_state_display().lower()}; reopen it to change it.")
    check_version(question, seen_version)


def check_takes_evidence(question: Question, seen_version: int | None) -> None:
    """As `check_editable`, but a decided question takes evidence too, and is opened again by it."""
    check_not_merged(question)
    if question.state not in workflow.EDITABLE | workflow.REOPEN.before:
        raise Conflict(
            f"The question is {question.get_state_display().lower()}; leave its claims as they are."
        )
    check_version(question, seen_version)


def check_version(question: Question, seen_version: int | None) -> None:
    if seen_version is not None and question.version != seen_version:
        raise Conflict("Somebody changed the question meanwhile. Reload it, look again and repeat your step.")


def check_step(question: Question, step: workflow.Step) -> None:
    check_not_merged(question)
    if question.state not in step.before:
        raise Conflict(f"The question is {question.get_state_display().lower()}; that step does not follow.")


def check_reason(reason: str, otherwise: str) -> str:
    """The reason without blanks around it. Raises ReviewError with `otherwise` where there is none."""
    if not reason.strip():
        raise ReviewError(otherwise)
    return reason.strip()


def standing_position(position_id: int, *, question: Question) -> Position:
    """A position of a locked question. Raises Conflict if it was merged into another meanwhile."""
    position = Position.objects.get(pk=position_id, question=question)
    if position.merged_into_id is not None:
        raise Conflict(f"“{position}” was merged into “{position.merged_into}”. Use that position.")
    return position


def next_number(question: Question) -> int:
    """The column after the last one, those of merged positions included."""
    last = question.positions.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def open_if_proposed(question: Question) -> None:
    """Who places a claim under a proposed question finds it worth asking."""
    if question.state in workflow.OPEN.before:
        question.state = workflow.OPEN.after
        question.save(update_fields=["state"])


def count_as_evidence(question: Question, evidence: str, *, by: User, now: datetime) -> None:
    """Say that what a verdict rests on changed, in a sentence: a decided question is opened again by it."""
    check_not_merged(question)
    if not reopen_for(evidence, question, by=by, now=now):
        raise_version(question)


def raise_version(question: Question) -> None:
    """Say that the question changed, and count it anew; who is assessing it is told."""
    count_version(question)
    if question.state == Question.State.IN_REVIEW:
        tell_assigned(question)


def count_version(question: Question) -> None:
    """Give a changed question its next version and count it anew; whoever has to know is told otherwise."""
    question.version += 1
    question.save(update_fields=["version"])
    tallies.recount(question)
