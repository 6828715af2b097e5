"""Assessments: blind, sealed, and opened together."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.models import Assessment, AssessmentDraft, Judgement, Question, Verdict
from tests.factories import NOW, PositionFactory, QuestionFactory, UserFactory
from tests.reviews.rows import judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def question() -> Question:
    question = QuestionFactory()
    PositionFactory.create_batch(2, question=question)
    return question


@pytest.fixture
def reviewers() -> list[User]:
    return UserFactory.create_batch(2, roles=["reviewer"])


@pytest.fixture
def assess(question: Question) -> Callable[[User, str], AssessmentDraft]:
    def submit(by: User, judgement: str) -> AssessmentDraft:
        operations.take_question(question_id=question.pk, by=by, now=NOW)
        content = judged(question, judgement)
        return operations.submit_assessment(question_id=question.pk, content=content, by=by, now=NOW)

    return submit


def test_submit_assessment_that_is_not_the_last_writes_no_assessment(
    question: Question, reviewers: list[User], assess: Callable[[User, str], AssessmentDraft]
) -> None:
    assess(reviewers[0], Judgement.SUPPORTED)

    question.refresh_from_db()
    assert question.state == Question.State.IN_REVIEW
    assert not Assessment.objects.exists()


def test_submit_assessment_that_agrees_decides_the_question(
    question: Question, reviewers: list[User], assess: Callable[[User, str], AssessmentDraft]
) -> None:
    drafts = [assess(reviewer, Judgement.SUPPORTED) for reviewer in reviewers]

    question.refresh_from_db()
    verdict = question.verdicts.get()
    assert (question.state, question.resolution) == ("decided", "resolved")
    assert (verdict.manner, verdict.judgement) == (Verdict.Manner.AGREED, Judgement.SUPPORTED)
    assert set(question.assessments.values_list("reviewer", "digest")) == {
        (reviewer.pk, draft.digest) for reviewer, draft in zip(reviewers, drafts, strict=True)
    }


def test_submit_assessment_that_differs_opens_adjudication(
    question: Question, reviewers: list[User], assess: Callable[[User, str], AssessmentDraft]
) -> None:
    for reviewer, judgement in zip(reviewers, (Judgement.SUPPORTED, Judgement.REFUTED), strict=True):
        assess(reviewer, judgement)
    question.refresh_from_db()
    assert question.state == Question.State.ADJUDICATION

    lead = UserFactory(roles=["lead"])
    verdict = operations.adjudicate_question(
        question_id=question.pk, content=judged(question), by=lead, now=NOW
    )

    assert (verdict.manner, verdict.decided_by) == (Verdict.Manner.ADJUDICATED, lead)
    assert question.assessments.count() == 2


def test_sealed_are_the_submitted_of_the_round_whose_assignment_did_not_end_before_it(
    question: Question, reviewers: list[User], assess: Callable[[User, str], AssessmentDraft]
) -> None:
    withdrawn = assess(reviewers[0], Judgement.REFUTED).assignment
    lead = UserFactory(roles=["lead"])
    operations.withdraw_assignment(assignment_id=withdrawn.pk, reason="Ill.", by=lead, now=NOW)
    sealed = assess(reviewers[1], Judgement.SUPPORTED)
    held = operations.take_question(question_id=question.pk, by=lead, now=NOW)
    operations.save_draft(question_id=question.pk, content=judged(question), by=lead, now=NOW)
    question.refresh_from_db()

    assert list(AssessmentDraft.objects.sealed(question)) == [sealed]
    assert set(AssessmentDraft.objects.that_count(question)) == {sealed, held.draft}
    operations.submit_assessment(
        question_id=question.pk, content=judged(question, Judgement.SUPPORTED), by=lead, now=NOW
    )

    assert set(AssessmentDraft.objects.sealed(question)) == {sealed, held.draft}
    question.round += 1
    assert not AssessmentDraft.objects.that_count(question).exists()
