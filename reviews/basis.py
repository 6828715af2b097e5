"""What a judgement of a question rests on, as one hash: when it changes, who judged has not seen all."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection

from reviews.models import Placement, Position, Question, SourcingMark


def basis_of(question: Question) -> str:
    """SHA-256, in hex, of all that people see before they judge.

    These are the wording, the standing positions, the claims confirmed under them with the texts that their
    articles have now, and the marks on those claims.

    What a machine suggests is no part of it before somebody confirms it, or a story that goes on would keep
    reviewers from ever finishing.
    """
    return bases_of([question])[question.pk]


def bases_of(questions: Collection[Question]) -> dict[int, str]:
    """`basis_of` each of these questions, by their ids, in three queries."""
    asked = [question.pk for question in questions]
    placed: dict[int, list[tuple[int, int, int | None]]] = defaultdict(list)
    confirmed = Placement.objects.filter(question__in=asked, state=Placement.State.CONFIRMED)
    in_order = confirmed.order_by("position_id", "claim_id")
    text_now = "claim__revision__article__current_revision_id"
    rows = in_order.values_list("question_id", "position_id", "claim_id", text_now)
    for question, position, claim, text in rows:
        placed[question].append((position, claim, text))
    claims = {claim for there in placed.values() for _, claim, _ in there}
    marks = dict(SourcingMark.objects.current().filter(claim__in=claims).values_list("claim_id", "pk"))
    positions: dict[int, list[tuple[int, str]]] = defaultdict(list)
    standing = Position.objects.standing().filter(question__in=asked).order_by("pk")
    for question, pk, answer in standing.values_list("question_id", "pk", "answer"):
        positions[question].append((pk, answer))
    return {
        question.pk: _hashed(
            {
                "wording": question.wording,
                "event": question.event,
                "positions": positions[question.pk],
                "placed": placed[question.pk],
                "marks": sorted(marks[claim] for _, claim, _ in placed[question.pk] if claim in marks),
            }
        )
        for question in questions
    }


def _hashed(rests_on: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()
