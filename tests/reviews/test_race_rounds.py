"""Round after round, eight clients want what only one can have: one wins, and no update is lost."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reviews import operations
from reviews.errors import Conflict, NotAllowed
from reviews.models import Judgement
from reviews.workflow import State
from tests.factories import NOW, ClaimFactory, PositionFactory, QuestionFactory
from tests.reviews.clients import (
    CLIENTS,
    asked_once,
    check_trail,
    clients,
    leads,
    refused,
    reviewers,
    taken,
)
from tests.reviews.courses import Course, People
from tests.reviews.rows import judged

pytestmark = pytest.mark.django_db(transaction=True)


class _Rounds:
    """Rounds in which eight clients want what only one can have, of five kinds in turn."""

    def __init__(self) -> None:
        self.people = People(assessors=reviewers(2), lead=leads(1)[0], author=reviewers(1)[0])
        self.reviewers, self.leads = reviewers(CLIENTS), leads(CLIENTS)
        self.kinds = (self.decide, self.assign, self.submit, self.merge, self.place)

    def decide(self) -> list[Callable[[], Any]]:
        course = Course(State.ADJUDICATION, self.people)
        content = judged(course.question)
        return [
            lambda by=by: operations.adjudicate_question(
                question_id=course.pk, content=content, by=by, now=NOW
            )
            for by in self.leads
        ]

    def assign(self) -> list[Callable[[], Any]]:
        question = asked_once().pk
        return [
            lambda by=by, reviewer=reviewer: operations.assign_question(
                question_id=question, reviewer=reviewer, by=by, now=NOW
            )
            for by, reviewer in zip(self.leads, self.reviewers, strict=True)
        ]

    def submit(self) -> list[Callable[[], Any]]:
        """What one reviewer says differently in eight tabs, after the other one has submitted."""
        course = Course(State.IN_REVIEW, self.people)
        first, last = self.people.assessors
        course.submit(first, Judgement.SUPPORTED)
        contents = [
            replace(judged(course.question, said), rationale=f"As tab {number} says.")
            for number, said in enumerate(list(Judgement) * 2)
        ]
        return [
            lambda content=content: operations.submit_assessment(
                question_id=course.pk, content=content, by=last, now=NOW
            )
            for content in contents
        ]

    def merge(self) -> list[Callable[[], Any]]:
        """One question into eight others."""
        one = PositionFactory(answer="12").question.pk
        others = [PositionFactory(answer="12").question.pk for _ in range(CLIENTS)]
        return [
            lambda by=by, other=other: operations.merge_questions(
                question_id=one, into_id=other, reason="One.", by=by, now=NOW
            )
            for by, other in zip(self.reviewers, others, strict=True)
        ]

    def place(self) -> list[Callable[[], Any]]:
        claim, question = ClaimFactory().pk, QuestionFactory()
        positions = PositionFactory.create_batch(CLIENTS, question=question)
        return [
            lambda by=by, pk=position.pk: operations.place_claim(
                claim_id=claim, position_id=pk, seen_version=1, by=by, now=NOW
            )
            for by, position in zip(self.reviewers, positions, strict=True)
        ]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("rounds", [40, pytest.param(200, marks=pytest.mark.soak)])
def test_rounds_of_eight_clients_have_one_winner_each(rounds: int) -> None:
    mixed = _Rounds()
    refusals = {mixed.submit: {Conflict, NotAllowed}}

    with clients() as many:
        for number in range(rounds):
            kind = mixed.kinds[number % len(mixed.kinds)]
            endings = many.take(kind())
            assert len(taken(endings)) == 1, f"round {number}, {kind.__name__}: {endings}"
            assert set(refused(endings)) <= refusals.get(kind, {Conflict})

    check_trail()
