"""Two people take steps at the same time: each is taken as a whole or refused, and nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction

from reviews import audit, operations
from reviews.models import Change, Origin, Placement, Question
from reviews.operations import Marks
from tests.factories import (
    NOW,
    ClaimFactory,
    OriginFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.rows import at_once, placed

pytestmark = pytest.mark.django_db(transaction=True)
MEANWHILE = "refused: Somebody changed the question meanwhile. Reload it, look again and repeat your step."


@pytest.fixture
def ann() -> User:
    return UserFactory(roles=["reviewer"])


@pytest.fixture
def bob() -> User:
    return UserFactory(roles=["reviewer"])


def test_two_who_place_a_claim_differently_do_it_once(ann: User, bob: User, question: Question) -> None:
    raqqa, tabqa = question.positions.all()
    claim = ClaimFactory()

    ended = at_once(
        lambda: operations.place_claim(
            claim_id=claim.pk, position_id=raqqa.pk, seen_version=1, by=ann, now=NOW
        ),
        lambda: operations.place_claim(
            claim_id=claim.pk, position_id=tabqa.pk, seen_version=1, by=bob, now=NOW
        ),
    )

    assert sorted(ended) == [MEANWHILE, "taken"]
    assert Placement.objects.count() == 1


def test_two_who_merge_two_questions_into_each_other_do_it_once(ann: User, bob: User) -> None:
    one, other = (PositionFactory().question for _ in range(2))

    ended = at_once(
        lambda: operations.merge_questions(
            question_id=one.pk, into_id=other.pk, reason="One.", by=ann, now=NOW
        ),
        lambda: operations.merge_questions(
            question_id=other.pk, into_id=one.pk, reason="One.", by=bob, now=NOW
        ),
    )

    assert sorted(outcome.split(":")[0] for outcome in ended) == ["refused", "taken"]
    assert sorted(Question.objects.values_list("state", flat=True)) == ["merged", "open"]


def test_one_who_dismisses_and_one_who_places_do_not_both_win(
    ann: User, bob: User, question: Question
) -> None:
    raqqa = question.positions.first()

    ended = at_once(
        lambda: operations.dismiss_question(
            question_id=question.pk, reason="Idle.", seen_version=1, by=ann, now=NOW
        ),
        lambda: operations.place_claim(
            claim_id=ClaimFactory().pk, position_id=raqqa.pk, seen_version=1, by=bob, now=NOW
        ),
    )

    question.refresh_from_db()
    assert sorted(outcome.split(":")[0] for outcome in ended) == ["refused", "taken"]
    assert (question.state == "dismissed") == (not Placement.objects.exists())


def test_two_who_undo_a_step_do_it_once(ann: User, question: Question) -> None:
    operations.add_position(question_id=question.pk, answer="Resafa", by=ann, now=NOW)
    change = Change.objects.get()

    ended = at_once(*[lambda: operations.undo_change(change_id=change.pk, by=ann, now=NOW) for _ in range(4)])

    assert sorted(ended) == ["refused: This step was taken back already."] * 3 + ["taken"]
    assert question.positions.count() == 2


def test_steps_over_the_same_questions_and_claims_never_lock_each_other_out(ann: User, bob: User) -> None:
    questions = [PositionFactory(question=QuestionFactory(), answer="12").question for _ in range(3)]
    claims = [ClaimFactory() for _ in range(2)]
    for question in questions:
        for claim in claims:
            PlacementFactory(position=question.positions.get(), claim=claim)
    first, second, third = (question.pk for question in questions)
    named = Marks(identification="named")

    ended = at_once(
        lambda: operations.merge_questions(question_id=third, into_id=first, reason="One.", by=ann, now=NOW),
        lambda: operations.merge_questions(question_id=second, into_id=third, reason="One.", by=bob, now=NOW),
        lambda: operations.mark_sourcing(claim_id=claims[1].pk, marks=named, by=ann, now=NOW),
        lambda: operations.mark_sourcing(claim_id=claims[0].pk, marks=named, by=bob, now=NOW),
        lambda: operations.set_origin(
            claim_ids=[claims[1].pk, claims[0].pk], name="Wire", reason="So.", by=ann, now=NOW
        ),
        lambda: operations.place_claim(
            claim_id=claims[0].pk, position_id=questions[0].positions.get().pk, by=bob, now=NOW
        ),
    )

    assert [outcome for outcome in ended if outcome != "taken" and not outcome.startswith("refused")] == []
    assert ended[2:] == ["taken"] * 4
    standing = Question.objects.exclude(state="merged")
    assert {tuple(placed(question)["12"].values()) for question in standing} == {("confirmed", "confirmed")}


def test_origin_that_claims_are_traced_to_is_not_deleted_meanwhile(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin, claim = OriginFactory(), ClaimFactory()

    def delete() -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '100ms'")
                audit.because(by=ann, action="delete")
                return f"{Origin.objects.filter(pk=origin.pk).delete()[0]} deleted"
        except OperationalError:
            return "had to wait"
        finally:
            connection.close()

    ended = []
    begin = operations.origins._begin

    def begin_while_it_is_deleted(*given: Any, **named: Any) -> None:
        with ThreadPoolExecutor(1) as matcher:
            ended.append(matcher.submit(delete).result())
        begin(*given, **named)

    monkeypatch.setattr(operations.origins, "_begin", begin_while_it_is_deleted)
    [member] = operations.set_origin(claim_ids=[claim.pk], origin_id=origin.pk, reason="So.", by=ann, now=NOW)

    assert (ended, member.origin) == (["had to wait"], origin)
