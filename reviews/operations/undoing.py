"""Steps taken back while nothing they wrote has changed since."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from reviews import audit, changes, policies, workflow
from reviews.basis import bases_of
from reviews.changes import Write
from reviews.errors import Conflict
from reviews.models import Change, Compatibility, Origin, OriginClaim, Placement, Position, Question
from reviews.operations import assignments, origins, steps

# Steps that say nothing of wording or answers, which who assesses takes too.
_OF_CLAIMS: Final = frozenset(
    {
        "clear_origin",
        "confirm_placements",
        "place_claim",
        "reject_claim",
        "reject_placement",
        "set_origin",
    }
)


@transaction.atomic
def undo_change(*, change_id: int, seen_version: int | None = None, by: User, now: datetime) -> Change:
    """Take back a step as a whole: one's own, or, as a lead, anybody's.

    `seen_version` is of the question the step is listed with. Raises Conflict if it was taken back already,
    is of a kind that cannot be, or if a later step changed what it wrote or builds on it.
    """
    change = Change.objects.select_related("made_by").get(pk=change_id)
    _check_not_undone(change)
    writes = changes.writes_of(change)
    claims = _claims_in(writes)
    steps.hold_placed(Placement.objects.filter(claim__in=claims))
    questions = steps.lock_all({change.question_id, *_questions_in(writes), *_questions_of(claims, writes)})
    policies.check_may_undo(by, change)
    if change.action not in _OF_CLAIMS:
        for question in questions.values():
            policies.check_is_not_assessing(by, question)
    change.refresh_from_db(fields=["undone_at"])
    _check_not_undone(change)
    if change.action not in changes.UNDOABLE or not writes:
        raise Conflict("This step cannot be taken back. Take one that leads back instead.")
    steps.check_version(questions[change.question_id], seen_version)
    _check_editable(questions.values(), writes)
    traced = _traced(writes)
    origins.check_none_is_adjudicated(questions.values(), traced)
    _check_nothing_carried(writes, since=change)
    audit.because(by=by, action=f"undo_{change.action}", reason=change.reason)
    judged = bases_of(questions.values())
    changes.take_back(writes)
    change.undone_by, change.undone_at = by, now
    change.save(update_fields=["undone_by", "undone_at"])
    after = list(Question.objects.filter(pk__in=questions).order_by("pk"))
    editable = [question for question in after if question.state in workflow.EDITABLE]
    for question in editable:
        if question.state == Question.State.IN_REVIEW != questions[question.pk].state:
            steps.count_version(question)
            assignments.tell_it_is_back(question, now=now)
        else:
            steps.raise_version(question)
    settled = [question for question in after if question not in editable]
    origins.count_traced(settled, judged, traced, "traced as before", by=by, now=now)
    assignments.end_of_authors(after, by=by, now=now)
    steps.have_matched(traced)
    return change


def _check_not_undone(change: Change) -> None:
    if change.undone_at is not None:
        raise Conflict("This step was taken back already.")


def _rows(writes: Iterable[Write], model: type[Model]) -> set[int]:
    return {write.pk for write in writes if write.table == model._meta.db_table}


def _values(writes: Iterable[Write], model: type[Model], column: str) -> set[int]:
    """What a column held before or after, in the rows that were inserted or deleted."""
    table = model._meta.db_table
    sides = [side for write in writes if write.table == table for side in (write.old, write.new)]
    return {side[column] for side in sides if side is not None and side.get(column) is not None}


def _claims_in(writes: Sequence[Write]) -> set[int]:
    """The claims whose placements or origins a step wrote."""
    placed = Placement.objects.filter(pk__in=_rows(writes, Placement)).values_list("claim_id", flat=True)
    return _traced(writes) | _values(writes, Placement, "claim_id") | set(placed)


def _traced(writes: Sequence[Write]) -> set[int]:
    """The claims whose origins a step wrote."""
    traced = OriginClaim.objects.filter(pk__in=_rows(writes, OriginClaim)).values_list("claim_id", flat=True)
    return _values(writes, OriginClaim, "claim_id") | set(traced)


def _questions_in(writes: Sequence[Write]) -> set[int]:
    """The questions whose rows, positions, placements or compatibilities a step wrote."""
    positions = _rows(writes, Position) | _values(writes, Compatibility, "first_id")
    pairs = Compatibility.objects.filter(pk__in=_rows(writes, Compatibility))
    positions |= set(pairs.values_list("first_id", flat=True))
    placements = Placement.objects.filter(pk__in=_rows(writes, Placement))
    return {
        *_rows(writes, Question),
        *_values(writes, Position, "question_id"),
        *_values(writes, Placement, "question_id"),
        *Position.objects.filter(pk__in=positions).values_list("question_id", flat=True),
        *placements.values_list("question_id", flat=True),
    }


def _questions_of(claims: set[int], writes: Sequence[Write]) -> set[int]:
    """The questions whose origins are counted otherwise, where a step traced claims."""
    if not _rows(writes, OriginClaim) | _rows(writes, Origin):
        return set()
    return set(Placement.objects.filter(claim__in=claims).values_list("question_id", flat=True))


def _check_editable(questions: Iterable[Question], writes: Sequence[Write]) -> None:
    """Questions whose state the step set must be in that state; all others open to changes."""
    table = Question._meta.db_table
    set_by_step = {write.pk for write in writes if write.table == table and "state" in (write.new or {})}
    written = _questions_in(writes)
    for question in questions:
        if question.pk in written and question.pk not in set_by_step:
            steps.check_editable(question, None)


def _check_nothing_carried(writes: Sequence[Write], *, since: Change) -> None:
    """An engine's upgrade may have handed on what the step placed, without writing to its rows."""
    placements = _rows(writes, Placement)
    if Placement.objects.filter(carried_from__in=placements).exclude(pk__in=placements).exists():
        raise Conflict(changes.TOUCHED)
