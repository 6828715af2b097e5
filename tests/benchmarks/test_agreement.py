"""How long agreement takes over a hundred thousand assessments. Run by `make bench`; none fails by time."""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from reviews.agreement.counts import Field, Narrowed, one_line, report
from reviews.models import Assessment, Judgement, Position, Question, Verdict
from tests.factories import (
    NOW,
    AssessmentFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
    VerdictFactory,
)

QUESTIONS = 40_000
REVIEWERS, POSITIONS = 40, 4
RUNS = 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1800)
def test_agreement_over_a_hundred_thousand_assessments(capsys: pytest.CaptureFixture[str]) -> None:
    by = UserFactory(roles=["viewer"])
    _store([UserFactory() for _ in range(REVIEWERS)])
    lines = [f"agreement over {Assessment.objects.count():,} assessments, best of {RUNS}, milliseconds"]
    for field in Field:
        lines.append(_line(field.label, partial(report, Narrowed(field=field), by=by)))
    lines.append(_line("line of the dashboard", partial(one_line, by=by)))

    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201  # a benchmark's figures

    assert report(Narrowed(), by=by).whole.percent.ratings == Assessment.objects.count()


def _line(name: str, run: Callable[[], object]) -> str:
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        run()
        taken.append((time.perf_counter() - began) * 1000)
    return f"{name:>24}{min(taken):>10,.0f}"


def _store(people: list[User]) -> None:
    """Questions decided over three years, each judged by two or three people, with four positions."""
    chance = random.Random(1960)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # without triggers
        asked = Question.objects.bulk_create(
            QuestionFactory.build_batch(QUESTIONS, state="decided", opened_by=people[0]), batch_size=2000
        )
        days = [NOW - timedelta(days=number % 1000) for number in range(QUESTIONS)]
        Verdict.objects.bulk_create(
            [
                VerdictFactory.build(question=question, decided_by=people[0], as_of=at, decided_at=at)
                for question, at in zip(asked, days, strict=True)
            ],
            batch_size=2000,
        )
        Assessment.objects.bulk_create(
            [
                AssessmentFactory.build(
                    question=question, reviewer=reviewer, judgement=chance.choice(Judgement.values)
                )
                for question in asked
                for reviewer in chance.sample(people, chance.choice((2, 3)))
            ],
            batch_size=2000,
        )
        Position.objects.bulk_create(
            [
                PositionFactory.build(question=question, number=number, added_by=people[0])
                for question in asked
                for number in range(1, POSITIONS + 1)
            ],
            batch_size=2000,
        )
        cursor.execute(
            "INSERT INTO reviews_assessedposition"
            " (assessment_id, position_id, judgement, confidence, rationale)"
            " SELECT assessment.id, position.id, (%s::text[])[1 + floor(4 * random())], 'high', ''"
            " FROM reviews_assessment AS assessment JOIN reviews_position AS position USING (question_id)",
            [Judgement.values],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
