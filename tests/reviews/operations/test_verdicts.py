"""Questions decided, and opened again."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.assessing import PositionJudgement
from reviews.errors import Conflict
from reviews.models import Change, Confidence, Judgement, Notification, Question, Verdict
from tests.factories import NOW, PositionFactory, acting
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


def supporting(question: Question, *, whole: str, answers: list[str]) -> Verdict:
    """Have the question decided as `whole`, with these answers supported and no other."""
    said = {
        position.pk: PositionJudgement(
            Judgement.SUPPORTED if position.answer in answers else Judgement.REFUTED, Confidence.HIGH
        )
        for position in question.positions.all()
    }
    content = replace(judged(question, whole), positions=said)
    decide(question, content=content)
    return question.verdicts.get()


def test_verdict_names_the_answers_it_supports_in_history_and_notice(question: Question) -> None:
    PositionFactory(question=question, answer="near Resafa")

    verdict = supporting(question, whole="supported", answers=["Near Raqqa", "near Resafa"])

    said = "Supported: Near Raqqa; near Resafa"
    assert verdict.headline == said
    [change] = Change.objects.filter(question=question, action="decide")
    assert change.summary == f"decided the question (one assessment). {said}"
    [notice] = Notification.objects.filter(kind=Notification.Kind.DECIDED)
    assert notice.text == f"“{question}” was decided as you assessed it. {said}"


def test_notice_of_a_verdict_has_room_for_its_answers_after_a_long_question(question: Question) -> None:
    with acting():
        Question.objects.filter(pk=question.pk).update(wording="Where " + "was the jet " * 24 + "then?")
    long = PositionFactory(question=question, answer="by the account of the ministry " * 9)

    verdict = supporting(question, whole="supported", answers=["Near Raqqa", long.answer])

    [notice] = Notification.objects.filter(kind=Notification.Kind.DECIDED)
    ministry = "by the account of the ministry by the account of the minist…"
    assert notice.text.endswith(f"…” was decided as you assessed it. Supported: Near Raqqa; {ministry}")
    assert verdict.headline == f"Supported: Near Raqqa; {long.answer}"


@pytest.mark.parametrize("whole", ["conflicting_evidence", "not_enough_evidence", "refuted"])
def test_verdict_that_does_not_support_names_no_answer(question: Question, whole: str) -> None:
    verdict = supporting(question, whole=whole, answers=["Near Raqqa"])

    assert verdict.headline == Judgement(whole).label


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
