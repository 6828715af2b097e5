"""What a judgement of a question rests on, as one hash: when it changes, who judged has not seen all."""

import hashlib
import json

from reviews.models import Placement, Question, SourcingMark


def basis_of(question: Question) -> str:
    """SHA-256, in hex, of the wording, the standing positions, what is confirmed under them, and its marks.

    What a machine suggests is no part of it before somebody confirms it, or a story that goes on would keep
    reviewers from ever finishing.
    """
    confirmed = Placement.objects.filter(question=question, state=Placement.State.CONFIRMED)
    placed = list(confirmed.order_by("position_id", "claim_id").values_list("position_id", "claim_id"))
    marks = SourcingMark.objects.current().filter(claim__in=[claim for _, claim in placed])
    positions = question.positions.standing().order_by("pk").values_list("pk", "answer")
    rests_on = {
        "wording": question.wording,
        "event": question.event,
        "positions": list(positions),
        "placed": placed,
        "marks": sorted(marks.values_list("pk", flat=True)),
    }
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()
