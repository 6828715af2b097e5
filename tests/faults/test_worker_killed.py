"""Workers that die, hang or are never rung: every job still ends, and its article is stored once.

Real workers, killed in the middle of a long document. Time is not waited for: a lease that runs
out is one whose end is moved into the past.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from django.db.models.functions import Now
from django.utils import timezone

from claims import operations, tasks
from claims.ingestion.page import Given
from claims.models import Article, Claim, EngineRun, Job, Revision, Snapshot
from claims.operations import Document
from tests.factories import TEXT, UserFactory
from tests.processes import ROOT, flush_keys, real_worker

PATIENCE_SECONDS = 90.0
LONG_AGO = timedelta(hours=1)
# Work enough for a signal to land in its middle.
LONG_TEXT = "\n\n".join(
    f"The ministry said on Monday that convoy {n} had left the harbour with {n} trucks before noon."
    for n in range(1_500)
)


def submit(text: str = LONG_TEXT) -> Job:
    return operations.submit_article(
        document=Document(text.encode(), "text/plain", charset="utf-8"),
        given=Given(title="Convoys leave the harbour", outlet="Harbour Wire"),
        by=UserFactory(roles=["reviewer"]),
        now=timezone.now(),
    )


def wait_until(job: Job, reached: Callable[[Job], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        job.refresh_from_db()
        if reached(job):
            return
        assert time.monotonic() < deadline, f"The job is still {job.state}, {job.stage}: {job.reason}"
        time.sleep(0.02)


def wait_until_extracting(job: Job, attempt: int = 1) -> None:
    wait_until(job, lambda job: job.stage == Job.Stage.EXTRACTING and job.attempts == attempt)


def wait_until_finished(job: Job) -> None:
    wait_until(job, lambda job: job.is_finished)


def let_lease_run_out(job: Job) -> None:
    """Let the time of the lease pass, and beat tick after it."""
    assert Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(lease_until=Now() - LONG_AGO) == 1
    tasks.tick()


def let_ring_be_missed(job: Job) -> None:
    """Let so much time pass that the job must have been forgotten, and beat tick after it."""
    assert Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(due_at=Now() - LONG_AGO) == 1
    tasks.tick()


def assert_stored_once(job: Job) -> None:
    counts = {model.__name__: model.objects.count() for model in (Article, Revision, EngineRun, Snapshot)}
    assert counts == {"Article": 1, "Revision": 1, "EngineRun": 1, "Snapshot": 1}
    assert (job.state, job.revision, job.claim_count) == (
        Job.State.DONE,
        Revision.objects.get(),
        Claim.objects.count(),
    )
    assert job.claim_count > 0


def test_job_of_a_killed_worker_is_finished_by_the_next_once(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    job = submit()
    with real_worker(worker_environment, log=tmp_path / "killed.log") as worker:
        wait_until_extracting(job)
        worker.kill()
    let_lease_run_out(job)

    with real_worker(worker_environment, log=tmp_path / "next.log"):
        wait_until_finished(job)

    assert job.attempts == 2
    assert_stored_once(job)


def test_job_of_a_worker_without_memory_is_finished_by_its_next_child(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    job = submit()
    with real_worker(worker_environment, log=tmp_path / "worker.log") as worker:
        wait_until_extracting(job)
        worker.kill_child()
        let_lease_run_out(job)

        wait_until_finished(job)

    assert job.attempts == 2
    assert_stored_once(job)


def test_worker_that_wakes_up_after_its_lease_writes_nothing(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    job = submit()
    with real_worker(worker_environment, log=tmp_path / "paused.log") as paused:
        wait_until_extracting(job)
        paused.pause()
        let_lease_run_out(job)
        with real_worker(worker_environment, log=tmp_path / "next.log"):
            wait_until_finished(job)
        done = Job.objects.values().get(pk=job.pk)

        paused.resume()
        code = paused.stop()  # it ends what it does before it stops

    assert code == 0
    assert Job.objects.values().get(pk=job.pk) == done
    assert_stored_once(job)


def test_job_that_kills_three_workers_is_set_aside_until_somebody_retries_it(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    job = submit()
    with real_worker(worker_environment, log=tmp_path / "worker.log") as worker:
        for attempt in (1, 2, 3):
            wait_until_extracting(job, attempt)
            worker.kill_child()
            let_lease_run_out(job)
        wait_until_finished(job)
        assert (job.state, job.reason) == (
            Job.State.QUARANTINED,
            "The worker died while extracting claims. "
            "Tried 3 times, so it was set aside; the document is kept.",
        )
        assert Article.objects.count() == 0

        operations.retry_job(job_id=job.pk, by=UserFactory(roles=["lead"]), now=timezone.now())
        wait_until(job, lambda job: job.state == Job.State.DONE)

    assert_stored_once(job)


def test_job_whose_ring_was_lost_with_redis_is_found_by_the_tick(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    job = submit(TEXT)
    flush_keys()

    with real_worker(worker_environment, log=tmp_path / "worker.log"):
        let_ring_be_missed(job)
        wait_until_finished(job)

    assert_stored_once(job)


def test_job_rung_twice_is_done_once(worker_environment: dict[str, str], tmp_path: Path) -> None:
    job = submit(TEXT)
    for _ in range(5):
        tasks.work_on_job.apply_async(args=[job.pk], queue="interactive")

    with real_worker(worker_environment, log=tmp_path / "worker.log", concurrency=2):
        wait_until_finished(job)
        second = submit(f"{TEXT} That was all.")  # behind the five, so they are through when it is
        wait_until_finished(second)

    assert [(job.attempts, job.state), (second.attempts, second.state)] == [(1, "done"), (1, "done")]


def test_job_handed_in_while_redis_is_down_is_done_when_it_is_back(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    report = tmp_path / "report.txt"
    report.write_text(TEXT)

    handed_in = without_redis(worker_environment, "ingest", str(report))

    assert handed_in.returncode == 0, handed_in.stderr
    assert "Redis cannot be reached" in handed_in.stdout + handed_in.stderr
    job = Job.objects.get()
    assert job.state == Job.State.QUEUED
    with real_worker(worker_environment, log=tmp_path / "worker.log"):
        let_ring_be_missed(job)
        wait_until_finished(job)
    assert_stored_once(job)


def without_redis(environment: Mapping[str, str], *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a management command that finds nobody at the address of Redis."""
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**os.environ, **environment, "REDIS_URL": "redis://127.0.0.1:1/0"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
