"""The sourcing of claims, marked."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Claim
from reviews import audit, changes, policies
from reviews.errors import ReviewError
from reviews.models import Placement, Question, SourcingMark
from reviews.operations import steps
from reviews.operations.verdicts import reopen

INDEPENDENT_ORIGINS = 2  # what credibility 1 asks for: confirmed by other, independent sources


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
def mark_sourcing(
    *,
    claim_id: int,
    marks: Marks,
    question_id: int | None = None,
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> SourcingMark:
    """Mark the sourcing of a claim; an earlier mark is superseded and stays readable.

    Raises the version of every question the claim stands under; one that was decided is opened
    again, its verdict stale, for it was reached on other marks. The same marks again change nothing.
    `seen_version` is of the question `question_id`. Raises Conflict if that one changed, or if another claim
    took the place of this one; ReviewError if credibility 1 has no second origin to rest on.
    """
    policies.check_may_mark_sourcing(by)
    steps.hold(claim_id, now=now)
    standing = Placement.objects.filter(claim=claim_id, state=Placement.State.CONFIRMED)
    question_ids = set(standing.values_list("question_id", flat=True))
    questions = steps.lock_all(question_ids if question_id is None else {*question_ids, question_id})
    if question_id is not None:
        steps.check_version(questions[question_id], seen_version)
    # After the questions, and weakly: placing a claim locks its question, then shares its claim.
    claim = Claim.objects.select_for_update(no_key=True).get(pk=claim_id)
    current = SourcingMark.objects.select_for_update().current().filter(claim=claim).first()
    if current is not None and all(getattr(current, name) == value for name, value in asdict(marks).items()):
        return current
    if marks.credibility == SourcingMark.Credibility.CONFIRMED:
        _check_confirmed_by_others(claim)
    audit.because(by=by, action="mark_sourcing", reason=marks.note)
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    mark = SourcingMark.objects.create(claim=claim, marked_by=by, marked_at=now, **asdict(marks))
    for pk in sorted(question_ids):
        _tell(questions[pk], mark, by=by, now=now)
    return mark


def _tell(question: Question, mark: SourcingMark, *, by: User, now: datetime) -> None:
    """Let a question that the claim stands under know that it is sourced otherwise."""
    changes.note(
        question=question,
        action="mark_sourcing",
        summary=f"marked claim {mark.claim_id} {mark.code}",
        reason=mark.note,
        by=by,
        now=now,
    )
    if question.state == Question.State.DECIDED:
        why = f"The sourcing of claim {mark.claim_id} was marked anew ({mark.code})."
        reopen(question, reason=why, now=now)
    else:
        steps.raise_version(question)


def _check_confirmed_by_others(claim: Claim) -> None:
    here = Placement.objects.filter(claim=claim, state=Placement.State.CONFIRMED)
    beside = Placement.objects.filter(position__in=here.values("position"), state=Placement.State.CONFIRMED)
    origins: dict[int, set[tuple[str, int]]] = {}
    for position_id, origin in beside.by_origin():
        origins.setdefault(position_id, set()).add(origin)
    most = max((len(keys) for keys in origins.values()), default=0)
    if most < INDEPENDENT_ORIGINS:
        stands = (
            f"only {most} stands confirmed behind its answer" if most else "it stands confirmed nowhere yet"
        )
        raise ReviewError(f"Credibility 1 needs two independent origins, and {stands}. Use 2.")
