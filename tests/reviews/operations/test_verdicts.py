"""Questions decided, and opened again."""

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.errors import Conflict, ReviewError
from reviews.models import Judgement, Question, Verdict
from tests.factories import NOW, ClaimFactory, PlacementFactory
from tests.reviews.rows import at_once, decide

pytestmark = pytest.mark.django_db


def test_record_verdict_decides_the_question_and_each_position(reviewer: User, question: Question) -> None:
    raqqa, tabqa = question.positions.all()

    verdict = operations.record_verdict(
        question_id=question.pk,
        judgement=Judgement.SUPPORTED,
        position_judgements={raqqa.pk: Judgement.SUPPORTED, tabqa.pk: Judgement.REFUTED},
        rationale=" Two maps agree. ",
        by=reviewer,
        now=NOW,
    )

    question.refresh_from_db()
    assert (question.state, question.resolution) == (Question.State.DECIDED, Question.Resolution.RESOLVED)
    assert (verdict.rationale, verdict.round, verdict.question_version) == ("Two maps agree.", 1, 1)
    assert dict(verdict.positions.values_list("position", "judgement")) == {
        raqqa.pk: "supported",
        tabqa.pk: "refuted",
    }


@pytest.mark.parametrize(
    ("judged", "rationale", "says"),
    [
        ({}, "Because.", "Judge every position"),
        ({"raqqa": "supported"}, "Because.", "Judge every position"),
        ({"raqqa": "supported", "tabqa": "refuted"}, "  ", "needs a rationale"),
    ],
)
def test_record_verdict_incomplete_is_refused(
    reviewer: User, question: Question, judged: dict[str, str], rationale: str, says: str
) -> None:
    names = dict(zip(("raqqa", "tabqa"), question.positions.all(), strict=True))

    with pytest.raises(ReviewError, match=says):
        operations.record_verdict(
            question_id=question.pk,
            judgement=Judgement.SUPPORTED,
            position_judgements={names[name].pk: judgement for name, judgement in judged.items()},
            rationale=rationale,
            by=reviewer,
            now=NOW,
        )

    assert not Verdict.objects.exists()


def test_decided_question_takes_no_step_but_reopening(reviewer: User, question: Question) -> None:
    placement = PlacementFactory(position=question.positions.first())
    decide(question, by=reviewer)

    for step in (
        lambda: decide(question, by=reviewer),
        lambda: operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW),
        lambda: operations.reject_placement(placement_id=placement.pk, reason="No.", by=reviewer, now=NOW),
        lambda: operations.place_claim(
            claim_id=ClaimFactory().pk, position_id=placement.position_id, by=reviewer, now=NOW
        ),
    ):
        with pytest.raises(Conflict):
            step()

    assert Verdict.objects.count() == 1


def test_reopen_question_begins_a_round_and_keeps_the_stale_verdict(
    reviewer: User, lead: User, question: Question
) -> None:
    verdict = decide(question, by=reviewer)

    operations.reopen_question(question_id=question.pk, reason="A new video.", by=lead, now=NOW)
    second = decide(question, by=reviewer)

    verdict.refresh_from_db()
    assert (verdict.stale_at, verdict.stale_reason, verdict.round) == (NOW, "A new video.", 1)
    assert (second.round, second.stale_at) == (2, None)
    assert list(question.verdicts.all()) == [second, verdict]


def test_reopen_question_that_is_open_is_a_conflict(lead: User, question: Question) -> None:
    with pytest.raises(Conflict, match="does not follow"):
        operations.reopen_question(question_id=question.pk, reason="A new video.", by=lead, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_verdict_by_many_at_once_is_recorded_once(reviewer: User, question: Question) -> None:
    ended = at_once(*[lambda: decide(question, by=reviewer) for _ in range(8)])

    assert sorted(outcome.split(":")[0] for outcome in ended) == ["refused"] * 7 + ["taken"]
    assert Verdict.objects.count() == 1
