"""What a judgement of a question rests on, as one hash: when it changes, who judged has not seen all."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from reviews.models import Assignment, Placement, Position, Question, SourcingMark

_SAID_BY_CLAIM: Final = ("content", "statement", "speaker__name", "kind", "revision__article")
_SAID_BY_MARK: Final = (
    *("identification", "access", "directness", "basis", "reliability", "credibility", "status"),
    *("reliability_reason", "note", "evidence_links"),
)


def basis_of(question: Question) -> str:
    """SHA-256, in hex, of all that people see before they judge.

    These are the wording, the positions to be judged, the claims confirmed under them with the texts that
    their articles have now, and the marks on those claims. It is their content that counts, so that a newer
    engine which finds the same claims, or a mark said again, changes nothing.

    What a machine suggests is no part of it before somebody confirms it, or a story that goes on would keep
    reviewers from ever finishing.
    """
    return bases_of([question])[question.pk]


def bases_of(questions: Collection[Question]) -> dict[int, str]:
    """`basis_of` each of these questions, by their ids, in three queries."""
    asked = [question.pk for question in questions]
    placed: dict[int, list[tuple[int, int]]] = defaultdict(list)
    claims: dict[int, list[object]] = {}
    confirmed = Placement.objects.filter(question__in=asked, state=Placement.State.CONFIRMED)
    said = [f"claim__{name}" for name in (*_SAID_BY_CLAIM, "revision__article__current_revision")]
    for question, position, claim, *rest in confirmed.values_list(
        "question_id", "position_id", "claim_id", *said
    ):
        placed[question].append((position, claim))
        claims[claim] = rest
    current = SourcingMark.objects.current().filter(claim__in=claims)
    for claim, *mark in current.values_list("claim_id", *_SAID_BY_MARK):
        claims[claim].append(mark)
    positions: dict[int, list[tuple[int, str]]] = defaultdict(list)
    judged = _judged().filter(question__in=asked).order_by("pk")
    for question, pk, answer in judged.values_list("question_id", "pk", "answer"):
        positions[question].append((pk, answer))
    return {
        question.pk: _hashed(
            {
                "wording": question.wording,
                "event": question.event,
                "positions": positions[question.pk],
                "placed": sorted(
                    json.dumps([position, *claims[claim]]) for position, claim in placed[question.pk]
                ),
            }
        )
        for question in questions
    }


def positions_to_judge(question: Question) -> QuerySet[Position]:
    """The standing positions that an assessment of the question's round judges, every one of them.

    One that a machine added after the round began, and under which nobody confirmed a claim, waits for the
    next round: who submitted before it was there has not judged it.
    """
    return _judged().filter(question=question)


def _judged() -> QuerySet[Position]:
    before_it = Assignment.objects.filter(
        question=OuterRef("question"), round=OuterRef("question__round"), assigned_at__lt=OuterRef("added_at")
    )
    confirmed = Placement.objects.filter(position=OuterRef("pk"), state=Placement.State.CONFIRMED)
    is_by_people = Q(proposed_by="") | Exists(confirmed)
    return Position.objects.standing().filter(is_by_people | ~Exists(before_it))


def _hashed(rests_on: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()
