"""What people decided on the claims of one engine run -> the claims of the run that took its place."""

from dataclasses import fields
from datetime import datetime
from typing import TypeVar, cast

from django.db import transaction
from django.db.models import F, Model, Q, QuerySet

from claims.engine_runs import hold_claims
from claims.lineage import earlier_wordings
from claims.models import Claim, ClaimSuccession, EngineSwitch
from reviews import audit, tallies, workflow
from reviews.basis import bases_of
from reviews.engine_user import engine_user
from reviews.models import OriginClaim, Placement, Question, SourcingMark
from reviews.notices import tell_assigned
from reviews.operations import Marks

Kind = ClaimSuccession.Kind
State = Placement.State
MARK_FIELDS = [field.name for field in fields(Marks)]
Row = TypeVar("Row", bound=Model)


@transaction.atomic
def carry_over(*, switch: EngineSwitch, now: datetime) -> None:
    """Carry placements and marks over an engine switch.

    The rule is the careful one. A claim that was *kept* (same place, statement and speaker) hands on
    what people decided as it stands: its placements, also the rejected ones, its sourcing mark and its
    origin are repeated at the new claim with the same person, time and reason, and the older placement
    becomes `carried`. So is the origin that a machine found of a confirmed one, which is judged with it. A
    claim that was *reworded* hands on nothing by itself, for nobody has read the
    new words: its placement stays confirmed at the old claim, which the compare screen goes on showing,
    and the new claim is *suggested* at the same position until a person confirms it, who thereby
    settles the older one; a mark stays at the old claim and is shown beside the new one. A claim
    that was *dropped* stays on the screens if a person decided on it. No question is decided, reopened
    or made stale by any of this: the text is the same, so an engine that reads it anew is no new
    evidence, and the table of states knows no such step; verdicts point to positions, which stay. Where a
    question can still be changed its version is raised, so that nobody acts on a page with the older claims.
    Every write is audited as the system user's, with both engine versions as the reason.
    """
    pairs = switch.successions.filter(new_claim__isnull=False).select_related("new_claim")
    successors = {pair.old_claim_id: (cast(Claim, pair.new_claim), pair.kind == Kind.KEPT) for pair in pairs}
    # The switch holds the lock of the older run, so no decision on its claims comes in between.
    placements = _of_switch(Placement.objects.exclude(state=State.CARRIED), switch)
    touched = Question.objects.filter(placements__in=placements.values("pk"))
    questions = (
        Question.objects.select_for_update(no_key=True).filter(pk__in=touched.values("pk")).order_by("pk")
    )
    found = list(questions)
    open_questions = [question.pk for question in found if question.state in workflow.EDITABLE]
    assessed = [question for question in found if question.state == Question.State.IN_REVIEW]
    judged = bases_of(assessed)
    audit.because(by=engine_user(), action="carry_over", reason=switch.reason)
    for placement in placements.select_related("claim", "carried_from", "placed_by").order_by("pk"):
        new_claim, is_kept = successors[placement.claim_id]
        _carry_placement(placement, new_claim, is_kept=is_kept, switch=switch, now=now)
    for mark in _of_switch(SourcingMark.objects.current(), switch).select_related("marked_by").order_by("pk"):
        new_claim, is_kept = successors[mark.claim_id]
        if is_kept:
            _carry_mark(mark, new_claim, now=now)
    decided_on = Q(set_by__isnull=False) | Q(claim__placements__carried_to__state=State.CONFIRMED)
    for member in _of_switch(OriginClaim.objects.filter(decided_on), switch).distinct().order_by("pk"):
        new_claim, is_kept = successors[member.claim_id]
        if is_kept:
            _carry_origin(member, new_claim)
    hold_claims(_decided_among_dropped(switch), now=now)
    Question.objects.filter(pk__in=open_questions).update(version=F("version") + 1)
    for question in Question.objects.filter(pk__in=open_questions).order_by("pk"):
        tallies.recount(question)
    now_judged = bases_of(assessed)
    for question in assessed:
        if now_judged[question.pk] != judged[question.pk]:
            tell_assigned(question)


def _of_switch(rows: QuerySet[Row], switch: EngineSwitch) -> QuerySet[Row]:
    """The rows on claims that have a successor in this switch."""
    return rows.filter(claim__successions__in=switch.successions.filter(new_claim__isnull=False))


def _carry_placement(
    placement: Placement, new_claim: Claim, *, is_kept: bool, switch: EngineSwitch, now: datetime
) -> None:
    """Repeat a placement at the claim that took the place of its claim, or suggest it there."""
    # What a suggestion hands on is the decision it goes back to; that of a machine is made anew.
    source = placement.carried_from if placement.state == State.SUGGESTED else placement
    if not is_kept and (source is None or placement.state == State.REJECTED):
        return
    there = Placement.objects.filter(question=placement.question_id, claim=new_claim)
    if there.filter(
        Q(state=State.CONFIRMED) | Q(position=placement.position_id, state=State.REJECTED)
    ).exists():
        return  # a person has decided on the new claim itself, when its run was current before
    if is_kept or placement.state == State.SUGGESTED:
        Placement.objects.filter(pk=placement.pk).update(state=State.CARRIED)
    repeated = {
        "state": placement.state,
        "reason": placement.reason,
        "score": placement.score,
        "suggested_by": placement.suggested_by,
        "placed_by": placement.placed_by,
        "placed_at": placement.placed_at,
    }
    suggested = {
        "state": State.SUGGESTED,
        "reason": f"It stood here with the words “{placement.claim.statement}”",
        "suggested_by": switch.new_run.name[:100],
        "placed_at": now,
    }
    Placement.objects.update_or_create(
        position_id=placement.position_id,
        claim=new_claim,
        defaults={
            "question_id": placement.question_id,
            "carried_from": source,
            **(repeated if is_kept else suggested),
        },
    )


def _carry_mark(mark: SourcingMark, new_claim: Claim, *, now: datetime) -> None:
    """Repeat a mark at the claim that says the same, unless it is marked so already."""
    said = {name: getattr(mark, name) for name in MARK_FIELDS}
    current = SourcingMark.objects.current().filter(claim=new_claim).first()
    if current is not None:
        if all(getattr(current, name) == value for name, value in said.items()):
            return
        current.superseded_at = max(now, current.marked_at)
        current.save(update_fields=["superseded_at"])
    SourcingMark.objects.create(
        claim=new_claim,
        marked_by=mark.marked_by,
        marked_at=mark.marked_at,
        carried_from=mark,
        **said,
    )


def _carry_origin(member: OriginClaim, new_claim: Claim) -> None:
    """Trace the claim that says the same to the same origin, unless a person traced it already."""
    there = OriginClaim.objects.filter(claim=new_claim)
    if there.filter(set_by__isnull=False).exists() or (member.set_by_id is None and there.exists()):
        return
    said = {name: getattr(member, name) for name in ("origin_id", "reason", "set_by_id", "set_at")}
    OriginClaim.objects.update_or_create(claim=new_claim, defaults=said)


def _decided_among_dropped(switch: EngineSwitch) -> set[int]:
    """The claims to hold, for a person decided on them and nothing stands in their place any more.

    These are the dropped claims and, where they had been reworded on the way, the earlier ones too.
    """
    dropped = list(switch.successions.filter(kind=Kind.DROPPED).values_list("old_claim_id", flat=True))
    claim_ids = {claim_id for claim_id in dropped if claim_id is not None}
    claim_ids |= {earlier for wordings in earlier_wordings(claim_ids).values() for earlier in wordings}
    by_people = Placement.objects.filter(claim__in=claim_ids, placed_by__isnull=False)
    placed = by_people.exclude(state=State.CARRIED).values_list("claim_id", flat=True)
    marked = SourcingMark.objects.filter(claim__in=claim_ids).values_list("claim_id", flat=True)
    return {*placed, *marked}
