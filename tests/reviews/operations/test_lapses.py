"""The sweep that ends assignments by themselves holds up nobody, and gets round nobody who is at work."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from reviews import operations
from reviews.models import AssessmentDraft, Assignment, Question
from reviews.operations import Marks, lapses
from tests.factories import (
    NOW,
    AssignmentFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.operations.holding import Ending, submit, take
from tests.reviews.rows import judged


@pytest.mark.django_db(transaction=True)
def test_draft_is_not_saved_between_the_look_at_an_assignment_and_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = PositionFactory(question=QuestionFactory(state="in_review")).question
    assignment = AssignmentFactory(question=question)
    ended: list[str] = []

    def save() -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '100ms'")
                operations.save_draft(
                    question_id=question.pk, content=judged(question), by=assignment.reviewer, now=NOW
                )
                return "saved"
        except OperationalError:
            return "had to wait"
        finally:
            connection.close()

    lock = lapses.lock

    def lock_while_it_is_saved(assignment_id: int) -> Assignment:
        locked = lock(assignment_id)
        with ThreadPoolExecutor(1) as holder:
            ended.append(holder.submit(save).result())
        return locked

    monkeypatch.setattr(lapses, "lock", lock_while_it_is_saved)
    operations.end_lapsed(now=NOW)

    assert ended == ["had to wait"]
    assert Assignment.objects.get().ending == Ending.LAPSED
    assert not AssessmentDraft.objects.exists()


def sealed_and_changed(*, is_judged: bool) -> Question:
    """A question submitted long ago whose version rose since, with or without what is judged."""
    placement = PlacementFactory()
    question = placement.question
    PositionFactory(question=question)
    assessor, other = UserFactory.create_batch(2, roles=["reviewer"])
    take(question, assessor)
    submit(question, assessor)
    if is_judged:
        marks = Marks(identification="named")
        operations.mark_sourcing(claim_id=placement.claim_id, marks=marks, by=other, now=NOW)
    else:
        first, second = question.positions.values_list("pk", flat=True)
        operations.say_compatible(first_id=first, second_id=second, reason="Both.", by=other, now=NOW)
    return question


@pytest.mark.django_db
def test_end_lapsed_looks_at_what_still_holds_together_and_without_a_lock() -> None:
    queries: list[list[dict[str, Any]]] = []
    for more in (1, 3):
        for _ in range(more):
            sealed_and_changed(is_judged=False)
        with CaptureQueriesContext(connection) as captured:
            assert operations.end_lapsed(now=NOW) == 0
        queries.append(captured.captured_queries)

    assert len(queries[0]) == len(queries[1])
    assert not [each["sql"] for each in queries[1] if "FOR NO KEY UPDATE" in each["sql"]]


@pytest.mark.django_db
def test_end_lapsed_finds_what_is_out_of_date_among_what_still_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lapses, "_QUESTIONS_AT_ONCE", 2)
    asked = [sealed_and_changed(is_judged=is_judged) for is_judged in (False, True, False, False, True)]

    assert operations.end_lapsed(now=NOW) == 2

    lapsed = Assignment.objects.filter(ending=Ending.LAPSED)
    assert set(lapsed.values_list("question", flat=True)) == {asked[1].pk, asked[4].pk}
