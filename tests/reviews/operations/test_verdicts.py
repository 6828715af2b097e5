"""Questions decided, and opened again."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.assessing import PositionJudgement
from reviews.errors import Conflict
from reviews.models import Confidence, Judgement, Question, Verdict
from tests.factories import NOW
from tests.reviews.rows import decide, judged

pytestmark = pytest.mark.django_db


def test_verdict_judges_the_question_and_each_position(reviewer: User, question: Question) -> None:
    raqqa, tabqa = question.positions.all()
    refuted = PositionJudgement(Judgement.REFUTED, Confidence.HIGH)
    content = judged(question, Judgement.SUPPORTED)
    content = replace(
        content, rationale=" Two maps agree. ", positions={**content.positions, tabqa.pk: refuted}
    )

    verdict = decide(question, by=reviewer, content=content)

    assert (question.state, question.resolution) == (Question.State.DECIDED, Question.Resolution.RESOLVED)
    assert (verdict.rationale, verdict.round, verdict.manner) == ("Two maps agree.", 1, Verdict.Manner.SINGLE)
    assert dict(verdict.positions.values_list("position", "judgement")) == {
        raqqa.pk: "supported",
        tabqa.pk: "refuted",
    }


def test_decided_question_is_not_worded_anew(reviewer: User, question: Question) -> None:
    decide(question)

    with pytest.raises(Conflict, match="decided; reopen it"):
        operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)


def test_reopen_question_begins_a_round_and_keeps_the_stale_verdict(
    reviewer: User, lead: User, question: Question
) -> None:
    verdict = decide(question)

    operations.reopen_question(question_id=question.pk, reason="A new video.", by=lead, now=NOW)
    second = decide(question)

    verdict.refresh_from_db()
    assert (verdict.stale_at, verdict.stale_reason, verdict.round) == (NOW, "A new video.", 1)
    assert (second.round, second.stale_at) == (2, None)
    assert list(question.verdicts.all()) == [second, verdict]


def test_reopen_question_that_is_open_is_a_conflict(lead: User, question: Question) -> None:
    with pytest.raises(Conflict, match="does not follow"):
        operations.reopen_question(question_id=question.pk, reason="A new video.", by=lead, now=NOW)
