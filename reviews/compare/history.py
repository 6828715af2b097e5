"""What was done with a question, and what was taken out of it."""

from dataclasses import dataclass

from django.contrib.auth.models import User

from reviews import changes
from reviews.models import Change, Placement, Question

HISTORY_LIMIT = 40
TAKEN_OUT_LIMIT = 50


@dataclass(frozen=True)
class Step:
    """One step taken on the question; `may_undo` for the person who looks."""

    change: Change
    is_own: bool
    may_undo: bool


def why_proposed(question: Question) -> str:
    """Why a matcher thought it worth asking, in its words; "" for a question of a person's."""
    if not question.proposed_by:
        return ""
    proposed = Change.objects.filter(question=question, action="propose_question").order_by("pk")
    return proposed.values_list("reason", flat=True).first() or ""


def taken_out(question: Question) -> list[Placement]:
    """What was rejected here and why, the latest first."""
    rejected = question.placements.filter(state=Placement.State.REJECTED)
    shown = rejected.select_related(
        "position", "placed_by", "claim__speaker", "claim__revision__article__outlet"
    )
    return list(shown.defer("claim__revision__text").order_by("-placed_at", "-pk")[:TAKEN_OUT_LIMIT])


def history(question: Question, *, user: User, may_undo_all: bool) -> list[Step]:
    """The latest steps taken here; one's own, for a lead anybody's, may be taken back while untouched."""
    latest = list(changes.latest(question)[:HISTORY_LIMIT])
    mine = [change for change in latest if may_undo_all or change.made_by_id == user.pk]
    undoable = changes.undoable(mine) if mine else set()
    return [
        Step(change=change, is_own=change.made_by_id == user.pk, may_undo=change.pk in undoable)
        for change in latest
    ]
