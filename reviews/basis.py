"""What a judgement of a question rests on, as one hash: when it changes, who judged has not seen all."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from reviews.models import Assignment, Placement, Position, Question, SourcingMark

_SAID_BY_CLAIM: Final = ("content", "statement", "speaker__name", "kind", "revision__article")
_ARTICLE: Final = _SAID_BY_CLAIM.index("revision__article")
_CURRENT_TEXT: Final = "revision__article__current_revision"
_SAID_BY_MARK: Final = (
    *("identification", "access", "directness", "basis", "reliability", "credibility", "status"),
    *("reliability_reason", "note", "evidence_links"),
)
_TRACED: Final = tuple(
    f"origin_member__{name}"
    for name in ("origin_id", "origin__found_by", "origin__name", "reason", "set_by_id")
)


@dataclass
class _Confirmed:
    """A claim where it stands, with what it says, what people said of its origin, and its mark."""

    position: int
    claim: int
    origin: Hashable
    said: list[object]
    traced: list[str]
    mark: list[object] = field(default_factory=list)


def basis_of(question: Question) -> str:
    """SHA-256, in hex, of all that people see before they judge.

    These are the wording, the positions to be judged, the claims confirmed under them with the texts that
    their articles have now, the marks on those claims, and which of them go back to one origin. It is their
    content that counts, so that a newer engine which finds the same claims, a mark said again, or a machine
    that calls the same origin otherwise, changes nothing.

    What a machine suggests is no part of it before somebody confirms it, or a story that goes on would keep
    reviewers from ever finishing.
    """
    return bases_of([question])[question.pk]


def bases_of(questions: Collection[Question]) -> dict[int, str]:
    """`basis_of` each of these questions, by their ids, in three queries."""
    if not questions:
        return {}
    asked = [question.pk for question in questions]
    confirmed = _confirmed(asked)
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
                "placed": _in_words(confirmed[question.pk]),
            }
        )
        for question in questions
    }


def _confirmed(question_ids: Collection[int]) -> dict[int, list[_Confirmed]]:
    """What is confirmed under each of these questions, in two queries."""
    found: dict[int, list[_Confirmed]] = defaultdict(list)
    by_claim: dict[int, list[_Confirmed]] = defaultdict(list)
    rows = Placement.objects.filter(question__in=question_ids, state=Placement.State.CONFIRMED).values_list(
        *("question_id", "position_id", "claim_id"),
        *(f"claim__{name}" for name in (*_TRACED, *_SAID_BY_CLAIM, _CURRENT_TEXT)),
    )
    for question, position, claim, origin, found_by, name, reason, set_by, *said in rows:
        # What a machine found it may call otherwise any day; which one a person meant stays.
        called = str(origin) if found_by else name or ""
        each = _Confirmed(
            position,
            claim,
            ("article", said[_ARTICLE]) if origin is None else ("origin", origin),
            said,
            [] if set_by is None else [called, reason],
        )
        found[question].append(each)
        by_claim[claim].append(each)
    current = SourcingMark.objects.current().filter(claim__in=by_claim)
    for claim, *mark in current.values_list("claim_id", *_SAID_BY_MARK):
        for each in by_claim[claim]:
            each.mark = mark
    return found


def _in_words(confirmed: Iterable[_Confirmed]) -> list[str]:
    """The confirmed claims of one question; those of one origin name the same one of them."""
    one_of: dict[Hashable, str] = {}
    for each in confirmed:
        said = json.dumps(each.said)
        one_of[each.origin] = min(said, one_of.get(each.origin, said))
    return sorted(
        json.dumps([each.position, *each.said, each.mark, each.traced, one_of[each.origin]])
        for each in confirmed
    )


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
