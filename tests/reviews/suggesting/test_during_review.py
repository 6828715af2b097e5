"""A story goes on while people assess it: the machine neither spoils what they sealed nor is lost."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.assessing import AssessmentContent, PositionJudgement
from reviews.basis import basis_of, positions_to_judge
from reviews.claim_words import first_in_words
from reviews.models import AssessmentDraft, Confidence, Judgement, Notification, OriginClaim, Question
from tests.factories import NOW, UserFactory, acting
from tests.reviews.suggesting.conftest import Press

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def question(press: Press) -> Question:
    """How many were killed: 12, as the Courier has it, or 15, as the Ledger has it."""
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    question = Question.objects.get()
    operations.open_proposed(question_id=question.pk, by=UserFactory(roles=["lead"]), now=NOW)
    return question


@pytest.fixture
def reviewers(press: Press, question: Question) -> list[User]:
    """Two, who have taken the question; what is published from now on is matched later."""
    press.now = LATER
    people = UserFactory.create_batch(2, roles=["reviewer"])
    for person in people:
        operations.take_question(question_id=question.pk, by=person, now=NOW)
    question.refresh_from_db()
    return people


def seal(question: Question, by: User, at: datetime = NOW) -> AssessmentDraft:
    said = PositionJudgement(Judgement.SUPPORTED, Confidence.MODERATE)
    content = AssessmentContent(
        judgement=Judgement.SUPPORTED,
        confidence=Confidence.MODERATE,
        rationale="The count.",
        positions={position.pk: said for position in positions_to_judge(question)},
    )
    return operations.submit_assessment(question_id=question.pk, content=content, by=by, now=at)


def test_answer_a_machine_adds_during_a_round_leaves_what_was_sealed_as_it_is(
    press: Press, question: Question, reviewers: list[User]
) -> None:
    sealed = seal(question, reviewers[0])

    press.publish("Herald", "killed in Alder: 20")

    question.refresh_from_db()
    assert question.positions.count() == 3
    assert [position.answer for position in positions_to_judge(question)] == ["12", "15"]
    assert basis_of(question) == sealed.basis
    assert not Notification.objects.filter(kind=Notification.Kind.CHANGED).exists()


def test_answer_a_machine_adds_during_a_round_is_judged_once_somebody_confirms_a_claim_there(
    press: Press, question: Question, reviewers: list[User]
) -> None:
    sealed = seal(question, reviewers[0])
    press.publish("Herald", "killed in Alder: 20")
    added = question.positions.get(answer="20")

    operations.place_claim(
        claim_id=press.claim("Herald", "killed in Alder: 20").pk,
        position_id=added.pk,
        by=UserFactory(roles=["lead"]),
        now=LATER,
    )

    assert list(positions_to_judge(question)) == list(question.positions.standing())
    assert basis_of(question) != sealed.basis


def test_what_a_machine_found_during_a_round_opens_the_question_again_once_it_is_decided(
    press: Press, question: Question, reviewers: list[User]
) -> None:
    seal(question, reviewers[0])
    press.publish("Herald", "killed in Alder: 20")

    seal(question, reviewers[1], at=LATER)

    question.refresh_from_db()
    verdict = question.verdicts.get()
    found = press.claim("Herald", "killed in Alder: 20")
    assert (question.state, question.round) == (Question.State.REOPENED, 2)
    assert (verdict.as_of, verdict.decided_at, verdict.stale_at) == (NOW, LATER, LATER)
    assert verdict.stale_reason == (
        f"A machine found what the verdict does not know: {first_in_words([found])}."
    )


def test_copy_that_a_machine_found_during_a_round_leaves_the_question_decided(
    press: Press, question: Question, reviewers: list[User]
) -> None:
    seal(question, reviewers[0])
    press.publish("Courier", "killed in Alder: 12", version="10")

    seal(question, reviewers[1], at=LATER)

    question.refresh_from_db()
    assert question.state == Question.State.DECIDED


WIRE = "killed in Alder: 12/wire"


@pytest.fixture
def wires(press: Press, question: Question) -> None:
    """Two claims of one wire, confirmed before the round begins."""
    for outlet in ("Mirror", "Herald"):
        press.publish(outlet, WIRE)
        operations.place_claim(
            claim_id=press.claim(outlet, WIRE).pk,
            position_id=question.positions.get(answer="12").pk,
            by=UserFactory(roles=["lead"]),
            now=NOW,
        )


def told_to_look_again() -> set[User]:
    return {notice.person for notice in Notification.objects.filter(kind=Notification.Kind.CHANGED)}


def test_further_copy_of_a_wire_leaves_what_was_sealed_as_it_is(
    press: Press, question: Question, wires: None, reviewers: list[User]
) -> None:
    sealed = seal(question, reviewers[0])

    press.publish("Gazette", WIRE)

    assert (basis_of(question), told_to_look_again()) == (sealed.basis, set())


def test_origin_that_a_machine_finds_of_confirmed_claims_is_looked_at_again(
    press: Press, question: Question, wires: None, reviewers: list[User]
) -> None:
    with acting():
        OriginClaim.objects.all().delete()  # as if nobody had seen yet that they are copies
    sealed = seal(question, reviewers[0])
    version = Question.objects.get().version

    press.publish("Gazette", WIRE)

    assert basis_of(question) != sealed.basis
    assert told_to_look_again() == set(reviewers)
    assert Question.objects.get().version > version
