"""What people rejected, dismissed, united or took back stays so, whatever words the matcher finds next."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.models import Change, Placement, Position, Question
from reviews.suggesting import stored
from tests.factories import NOW, UserFactory
from tests.reviews.suggesting.conftest import Press, Shown, match_story

KILLED = "How many were killed in Alder?"


@pytest.fixture
def ann() -> User:
    return UserFactory(username="ann", roles=["lead"])


@pytest.fixture
def question(press: Press) -> Question:
    """How many were killed: 12, as the Courier has it, or 15, as the Ledger has it."""
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    return Question.objects.get()


def position(answer: str) -> Position:
    return Position.objects.standing().get(answer=answer)


def opened(ann: User) -> Question:
    return operations.open_question(
        wording="How many died?", slot="how many", event="Alder", answers=["99"], by=ann, now=NOW
    )


def reject(answer: str, *, by: User) -> None:
    [placement] = Placement.objects.filter(position=position(answer))
    operations.reject_placement(placement_id=placement.pk, by=by, now=NOW)


# --- United and divided ---------------------------------------------------------------------------
def test_claims_go_where_their_answer_is_after_it_was_split_off_and_merged(
    press: Press, shown: Callable[[], Shown], question: Question, ann: User
) -> None:
    split_off = operations.split_question(
        question_id=question.pk,
        position_ids=[position("15").pk],
        wording="Who did it?",
        slot="who",
        event="Alder",
        reason="Another point.",
        by=ann,
        now=NOW,
    )
    other = operations.open_question(
        wording="Who was it?", slot="who", event="Alder", answers=["Bob"], by=ann, now=NOW
    )
    operations.merge_questions(
        question_id=split_off.pk, into_id=other.pk, reason="The same.", by=ann, now=NOW
    )

    press.publish("Herald", "killed in Alder: 15", "killed in Alder: 12")

    assert shown() == {
        KILLED: {"12": ["Courier suggested", "Herald suggested"]},
        "Who was it?": {"Bob": [], "15": ["Herald suggested", "Ledger suggested"]},
    }


def test_questions_united_before_they_were_locked_are_locked_anew(
    press: Press, shown: Callable[[], Shown], question: Question, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    into = opened(ann)
    read = stored._with_kin
    times: list[int] = []

    def read_then_united(ids: set[int]) -> set[int]:
        found = read(ids)
        times.append(len(found))
        if len(times) == 1:
            operations.merge_questions(
                question_id=question.pk, into_id=into.pk, reason="The same.", by=ann, now=NOW
            )
        return found

    monkeypatch.setattr(stored, "_with_kin", read_then_united)
    press.publish("Herald", "killed in Alder: 12")

    assert times == [1, 2, 2, 2]
    assert shown() == {
        "How many died?": {
            "99": [],
            "12": ["Courier suggested", "Herald suggested"],
            "15": ["Ledger suggested"],
        }
    }


# --- Rejected -------------------------------------------------------------------------------------
def test_claim_rejected_under_other_words_does_not_come_back_under_those_it_had(
    press: Press, shown: Callable[[], Shown], question: Question, ann: User
) -> None:
    operations.reword_position(position_id=position("12").pk, answer="A dozen", by=ann, now=NOW)
    reject("A dozen", by=ann)

    press.publish("Herald", "killed in Alder: 20")

    assert shown() == {KILLED: {"A dozen": [], "15": ["Ledger suggested"], "20": ["Herald suggested"]}}

    press.publish("Mirror", "killed in Alder: 12")
    press.match(*press.articles.values())

    assert shown() == {
        KILLED: {
            "A dozen": [],
            "15": ["Ledger suggested"],
            "20": ["Herald suggested"],
            "12": ["Mirror suggested"],
        }
    }


def test_rejected_claim_does_not_come_back_when_the_matcher_words_its_answer_otherwise(
    press: Press, shown: Callable[[], Shown], question: Question, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reject("12", by=ann)

    def in_other_words(claims):  # type: ignore[no-untyped-def]
        return [
            replace(
                asked,
                positions=tuple(
                    replace(each, answer="at least 12") if each.answer == "12" else each
                    for each in asked.positions
                ),
            )
            for asked in match_story(claims)
        ]

    monkeypatch.setattr("reviews.suggesting.matching_run.match_story", in_other_words)
    press.publish("Herald", "killed in Alder: 20")

    assert shown() == {KILLED: {"12": [], "15": ["Ledger suggested"], "20": ["Herald suggested"]}}


def test_claim_rejected_in_an_earlier_text_does_not_come_back_with_a_newer_one(
    press: Press, shown: Callable[[], Shown], question: Question, ann: User
) -> None:
    claim = press.claim("Courier", "killed in Alder: 12")
    operations.reject_claim(question_id=question.pk, claim_id=claim.pk, by=ann, now=NOW)
    reject("15", by=ann)

    press.revise("Courier", "killed in Alder: 12")
    press.revise("Ledger", "killed in Alder: 15")
    press.publish("Herald", "killed in Alder: 12", "killed in Alder: 15")

    assert shown() == {KILLED: {"12": ["Herald suggested"], "15": ["Herald suggested"]}}


def test_claim_rejected_in_an_earlier_text_leaves_others_in_the_same_words_alone(
    press: Press, shown: Callable[[], Shown], question: Question, ann: User
) -> None:
    reject("12", by=ann)

    press.revise("Courier", "hurt in Alder: 30", "killed in Alder: 12", in_one_place=True)
    press.publish("Herald", "hurt in Alder: 31")

    assert shown() == {
        "How many were hurt in Alder?": {"30": ["Courier suggested"], "31": ["Herald suggested"]},
        KILLED: {"12": [], "15": ["Ledger suggested"]},
    }


# --- Dismissed and taken back ---------------------------------------------------------------------
def test_story_that_went_on_is_asked_about_though_its_beginning_was_dismissed(
    press: Press, shown: Callable[[], Shown], question: Question, ann: User
) -> None:
    operations.dismiss_question(question_id=question.pk, reason="Settled.", by=ann, now=NOW)

    press.publish("Herald", "killed in Alder: 20")
    press.publish("Mirror", "killed in Alder: 21")

    assert shown() == {}

    press.publish("Record", "killed in Alder: 22")

    assert list(shown()) == [KILLED]
    question.refresh_from_db()
    assert question.state == "dismissed"


def test_question_a_person_called_back_is_not_taken_back_again(
    press: Press, question: Question, ann: User
) -> None:
    press.publish("Ledger", "hurt in Alder: 15", version="10")
    step = Change.objects.get(question=question, action="dismiss_question")
    operations.undo_change(change_id=step.pk, by=ann, now=NOW)

    press.publish("Herald", "hurt in Alder: 15")

    question.refresh_from_db()
    assert question.state == "proposed"
