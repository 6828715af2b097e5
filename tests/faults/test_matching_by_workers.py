"""Claims that real workers find are matched by them, also when nobody rings or a worker dies on the way."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from claims import operations
from claims.engine_runs import store_run
from claims.engines import chosen_engine
from claims.ingestion.page import Given
from claims.models import EngineRun
from claims.operations import Document
from reviews import suggesting, tasks
from reviews.models import MatchedClaim, MatchingDue, Question
from tests.factories import RevisionFactory, UserFactory
from tests.processes import RealWorker, real_worker

PATIENCE_SECONDS = 90.0
TOLL = "{number} people were killed in a fire at the Kestrelford mill in Ospreyham on Monday, {speaker} said."


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < deadline, list(MatchingDue.objects.values())
        time.sleep(0.05)


def stored_run(text: str) -> EngineRun:
    """A run over a text, stored as a worker stores it; a worker is rung about it on commit."""
    revision = RevisionFactory(text=text)
    extraction = chosen_engine().extract_claims(text, title="", outlet="Courier", published_at=None)
    return store_run(revision, extraction, requested_by=UserFactory(), now=timezone.now())


def test_two_reports_that_workers_take_in_meet_in_a_question(celery_worker_process: RealWorker) -> None:
    by = UserFactory(roles=["reviewer"])
    for outlet, number, speaker in (("Courier", 12, "the mayor"), ("Ledger", 15, "the fire service")):
        operations.submit_article(
            document=Document(
                TOLL.format(number=number, speaker=speaker).encode(), "text/plain", charset="utf-8"
            ),
            given=Given(title=f"Fire kills {number}", outlet=outlet, published_at=timezone.now()),
            by=by,
            now=timezone.now(),
        )

    articles = MatchedClaim.objects.values("claim__revision__article").distinct()
    wait_until(lambda: articles.count() == 2 and not MatchingDue.objects.exists())
    assert "killed" in "".join(Question.objects.values_list("wording", flat=True))


def test_run_whose_worker_died_is_matched_by_the_next(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    with transaction.atomic():
        run = stored_run(TOLL.format(number=12, speaker="the mayor"))
    with transaction.atomic(), connection.cursor() as cursor:
        # Before the worker is up: it is rung already, and would be done while its start is waited for.
        cursor.execute("LOCK TABLE reviews_matchedclaim")
        with real_worker(worker_environment, log=tmp_path / "first.log") as first:
            wait_until(lambda: MatchingDue.objects.get().attempts == 1)
            first.kill()
    MatchingDue.objects.update(due_at=timezone.now() - timedelta(minutes=1))

    with real_worker(worker_environment, log=tmp_path / "second.log"):
        tasks.match_overdue.delay()
        wait_until(lambda: not MatchingDue.objects.exists())

    assert MatchedClaim.objects.filter(claim__engine_run=run).count() == run.claims.count() > 0
    assert suggesting.take(run.pk) is None
