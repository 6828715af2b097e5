"""Answers that cannot both be true and are Supported all the same: said while judging, and of the verdict."""

from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User

from reviews.models import AssessmentDraft, Question, Verdict
from tests import factories
from tests.factories import (
    CompatibilityFactory,
    PositionFactory,
    PositionVerdictFactory,
    QuestionFactory,
    VerdictFactory,
)
from tests.reviews.screens.acting import browser, compare_page, submit, take, typed, url

pytestmark = pytest.mark.django_db

NOTICE = '<div class="cc-notice is-warn" role="status" data-contradiction>'
BADGE = "Supported answers that cannot both be true"


def unsure(question: Question, judgement: str = "supported") -> dict[str, Any]:
    """The form as who does not say that they mean it sends it."""
    given = typed(question, judgement)
    del given["contradiction_seen"]
    return given


def say_compatible(question: Question) -> None:
    one, other = question.positions.standing()
    CompatibilityFactory(first=one, second=other)


def test_contradictory_assessment_is_asked_about_once_and_then_taken(question: Question, ana: User) -> None:
    take(question, ana)
    client, where = browser(ana), url("question_submit", question.pk)

    asked = client.post(where, unsure(question))
    meant = client.post(where, typed(question))

    assert (asked.status_code, meant.status_code) == (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.FOUND)
    assert f"{NOTICE}<p>Answers <span data-which>1, 2</span>" in asked.text
    assert 'name="contradiction_seen"' in asked.text
    assert AssessmentDraft.objects.get().submitted_at is not None


def test_who_may_not_submit_is_told_that_first(question: Question, ana: User, ben: User) -> None:
    take(question, ana)

    refused = browser(ben).post(url("question_submit", question.pk), unsure(question))

    assert refused.status_code == HTTPStatus.FORBIDDEN


def test_contradictory_decision_is_asked_about(question: Question, ana: User, ben: User, lea: User) -> None:
    submit(question, ana, "supported")
    submit(question, ben, "refuted")
    question.refresh_from_db()

    asked = browser(lea).post(url("question_adjudicate", question.pk), unsure(question))

    assert (asked.status_code, NOTICE in asked.text) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
    assert not Verdict.objects.exists()


def test_script_which_warned_already_is_not_asked(question: Question, ana: User) -> None:
    take(question, ana)

    answer = browser(ana).post(
        url("question_submit", question.pk), unsure(question), headers={"Accept": "application/json"}
    )

    assert answer.status_code == HTTPStatus.OK


@pytest.mark.parametrize("why", ["compatible", "evolving", "refuted"])
def test_answers_that_do_not_contradict_each_other_are_not_asked_about(
    question: Question, ana: User, why: str
) -> None:
    if why == "compatible":
        say_compatible(question)
    with factories.acting():
        Question.objects.filter(pk=question.pk).update(is_evolving=why == "evolving")
    question.refresh_from_db()
    take(question, ana)

    judgement = "refuted" if why == "refuted" else "supported"
    answer = browser(ana).post(url("question_submit", question.pk), unsure(question, judgement))

    assert answer.status_code == HTTPStatus.FOUND


@pytest.mark.parametrize(
    ("judgements", "is_compatible", "is_evolving", "expected"),
    [
        (("supported", "supported"), False, False, True),
        (("supported", "supported"), True, False, False),
        (("supported", "supported"), False, True, False),
        (("supported", "refuted"), False, False, False),
    ],
)
def test_verdict_says_that_it_contradicts_itself(
    ana: User,
    judgements: tuple[str, str],
    is_compatible: bool,
    is_evolving: bool,
    expected: bool,
) -> None:
    question = QuestionFactory(state="decided", is_evolving=is_evolving)
    positions = [PositionFactory(question=question) for _ in judgements]
    if is_compatible:
        say_compatible(question)
    verdict = VerdictFactory(question=question, judgement="supported")
    for position, judgement in zip(positions, judgements, strict=True):
        PositionVerdictFactory(verdict=verdict, position=position, judgement=judgement)

    shown = browser(ana).get(f"/api/v1/questions/{question.pk}/").json()["verdict"]["is_contradictory"]

    assert (shown, BADGE in compare_page(question, ana)) == (expected, expected)
