"""No run is forgotten: due from the transaction of its claims, taken by one worker, tried three times."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models.functions import Now

from claims.models import EngineRun
from reviews import suggesting, tasks
from reviews.models import MatchedClaim, MatchingDue, Question
from tests.factories import NOW, EngineRunFactory, MatchingDueFactory
from tests.reviews.suggesting.conftest import Press

pytestmark = pytest.mark.django_db


def due_run(press: Press) -> EngineRun:
    article = press.publish("Courier", "killed in Alder: 12", "killed in Alder: 15")
    return EngineRun.objects.get(revision__article=article)


def grow_older(**by: float) -> None:
    """Let the runs have waited so much longer."""
    for due in MatchingDue.objects.all():
        MatchingDue.objects.filter(pk=due.pk).update(due_at=due.due_at - timedelta(**by))


def test_run_is_due_from_the_transaction_that_stores_its_claims_until_it_is_matched(press: Press) -> None:
    run = due_run(press)

    assert list(MatchingDue.objects.values_list("pk", "attempts")) == [(run.pk, 0)]

    tasks.match_run(run.pk)

    assert not MatchingDue.objects.exists()
    assert MatchedClaim.objects.count() == 2
    assert Question.objects.count() == 1


def test_ring_that_comes_twice_or_for_nothing_does_nothing(press: Press) -> None:
    run = due_run(press)

    for _ in range(2):
        tasks.match_run(run.pk)
    tasks.match_run(run.pk + 1000)

    assert Question.objects.count() == 1


def test_taken_run_is_not_taken_again_until_its_worker_must_be_dead(press: Press) -> None:
    run = due_run(press)

    assert suggesting.take(run.pk) is not None
    assert suggesting.take(run.pk) is None

    grow_older(minutes=11)

    assert suggesting.take(run.pk) is not None


def test_lost_ring_is_made_good_by_the_beat(press: Press) -> None:
    due_run(press)
    tasks.match_overdue()

    assert MatchingDue.objects.count() == 1, "it may still be on its way"

    grow_older(seconds=11)
    tasks.match_overdue()

    assert not MatchingDue.objects.exists()


def test_run_that_fails_three_times_stands_still_with_its_error(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = due_run(press)

    def fail(_: object) -> None:
        raise ArithmeticError("no day has 25 hours")

    monkeypatch.setattr("reviews.suggesting.matching_run.match_story", fail)
    for _ in range(3):
        with pytest.raises(ArithmeticError):
            tasks.match_run(run.pk)
        grow_older(minutes=2)
    tasks.match_run(run.pk)

    [due] = MatchingDue.objects.standing_still()
    assert (due.attempts, due.last_error) == (3, "ArithmeticError: no day has 25 hours")
    assert due.is_standing_still
    assert Question.objects.count() == 1, "of the articles that were matched before"

    monkeypatch.undo()

    assert suggesting.offer_standing_still() == [run.pk]
    assert MatchingDue.objects.get().attempts == 0


@pytest.mark.django_db(transaction=True)
def test_worker_does_not_wait_for_another_that_matches_and_comes_again_later(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = due_run(press)
    rung: list[tuple[int, timedelta]] = []
    monkeypatch.setattr(tasks, "ring", lambda run_id, after: rung.append((run_id, after)))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended('crossclaim.matching', 0))")
        tasks.match_run(run.pk)
        grow_older(minutes=1)
        tasks.match_overdue()
    finally:
        other.close()

    [due] = MatchingDue.objects.all()
    assert rung == [(run.pk, suggesting.BUSY)]
    assert (due.attempts, due.last_error) == (0, "")
    assert suggesting.take(run.pk) is None, "not before the other may have ended"

    grow_older(minutes=1)
    tasks.match_run(run.pk)

    assert not MatchingDue.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_run(press: Press) -> None:
    run = due_run(press)

    with transaction.atomic():
        MatchingDue.objects.select_for_update().get(pk=run.pk)
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT engine_run_id FROM reviews_matchingdue WHERE attempts < 3 FOR UPDATE SKIP LOCKED"
                )
                assert cursor.fetchall() == []
        finally:
            other.close()


def test_standing_still_is_not_offered_by_time_alone() -> None:
    MatchingDue.objects.create(engine_run=EngineRunFactory(), attempts=3, due_at=Now() - timedelta(days=1))

    assert suggesting.take_overdue() is None


def test_run_offered_again_while_it_is_matched_is_matched_again(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = due_run(press)
    real = suggesting.matching_run.match_articles

    def offered_meanwhile(*arguments: object, **named: object) -> object:
        grow_older(seconds=-1)
        return real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("reviews.suggesting.matching_run.match_articles", offered_meanwhile)
    tasks.match_run(run.pk)

    assert list(MatchingDue.objects.values_list("pk", flat=True)) == [run.pk]


def test_opening_the_samples_waits_while_a_worker_is_matching(monkeypatch: pytest.MonkeyPatch) -> None:
    due = MatchingDueFactory(due_at=NOW)
    busy = iter([True, False])

    def match_run(*, engine_run_id: int, now: datetime) -> None:
        if next(busy):
            raise suggesting.MatcherBusy
        MatchingDue.objects.filter(pk=engine_run_id).delete()

    def sleep(seconds: float) -> None:
        assert MatchingDue.objects.values_list("attempts", flat=True).get() == 0  # given back, not tried
        MatchingDue.objects.update(due_at=NOW)

    monkeypatch.setattr(suggesting, "match_run", match_run)
    monkeypatch.setattr("time.sleep", sleep)
    with pytest.raises(CommandError, match=r"^No question was found in the samples"):
        call_command("open_sample_questions", stdout=StringIO(), stderr=StringIO())
    assert not MatchingDue.objects.filter(pk=due.pk).exists()
