"""Jobs: taken once, leased on the database's clock, given back, and set aside after three deaths."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from claims.ingestion import jobs
from claims.models import Job
from tests.factories import JobFactory, RevisionFactory

pytestmark = pytest.mark.django_db
PAST = timedelta(hours=1)


def state_of(job: Job, *fields: str) -> tuple[Any, ...]:
    return Job.objects.values_list(*fields).get(pk=job.pk)


def taken(job: Job) -> jobs.Lease:
    lease = jobs.take(job.pk, worker="worker:1")
    assert lease is not None
    return lease


def let_lease_run_out(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - PAST)


def test_take_leases_a_queued_job() -> None:
    job = JobFactory()

    lease = jobs.take(job.pk, worker="worker:1")

    assert lease == jobs.Lease(job_id=job.pk, token=1)
    assert state_of(job, "state", "attempts", "token", "worker") == (Job.State.RUNNING, 1, 1, "worker:1")
    assert Job.objects.filter(pk=job.pk, lease_until__gt=Now(), started_at__lte=Now()).exists()


@pytest.mark.parametrize("state", ["running", "done", "duplicate", "failed", "quarantined"])
def test_take_leaves_jobs_that_are_not_queued(state: str) -> None:
    job = JobFactory(**{state: True})

    assert jobs.take(job.pk, worker="worker:1") is None


def test_take_leaves_a_job_that_is_not_due() -> None:
    job = JobFactory()
    Job.objects.update(due_at=Now() + PAST)

    assert jobs.take(job.pk, worker="worker:1") is None


def test_take_of_an_unknown_job_is_nothing() -> None:
    assert jobs.take(10**9, worker="worker:1") is None


@pytest.mark.django_db(transaction=True)
def test_take_by_many_at_once_gives_it_to_one() -> None:
    job = JobFactory()
    start = threading.Barrier(6)
    leases: list[jobs.Lease | None] = []

    def take() -> None:
        start.wait()
        leases.append(jobs.take(job.pk, worker="worker"))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(leases, key=str) == [jobs.Lease(job.pk, token=1), *[None] * 5]
    assert state_of(job, "attempts") == (1,)


def test_enter_shows_the_stage_and_prolongs_the_lease() -> None:
    job = JobFactory()
    lease = taken(job)
    let_lease_run_out(job)

    lease.enter(Job.Stage.EXTRACTING)

    assert state_of(job, "stage") == (Job.Stage.EXTRACTING,)
    assert Job.objects.filter(pk=job.pk, lease_until__gt=Now()).exists()


def test_lease_that_was_lost_writes_nothing_any_more() -> None:
    job = JobFactory()
    late = taken(job)
    let_lease_run_out(job)
    jobs.sweep()
    current = taken(job)

    for write in (
        lambda: late.enter(Job.Stage.EXTRACTING),
        late.lock,
        lambda: late.finish(Job.State.FAILED, reason="It failed."),
    ):
        with pytest.raises(jobs.LeaseLost):
            write()

    assert (current.token, state_of(job, "state", "stage")) == (2, (Job.State.RUNNING, Job.Stage.READING))


def test_finish_ends_the_lease_and_keeps_the_outcome() -> None:
    job = JobFactory()
    revision = RevisionFactory()

    with taken(job) as lease:
        lease.finish(Job.State.DONE, article=revision.article, revision=revision, claim_count=4)

    assert state_of(job, "state", "stage", "lease_until", "claim_count") == (
        Job.State.DONE,
        Job.Stage.FINISHED,
        None,
        4,
    )
    with pytest.raises(jobs.LeaseLost):
        lease.finish(Job.State.FAILED, reason="Twice.")


def test_lease_left_by_an_exception_queues_the_job_again() -> None:
    job = JobFactory()

    with pytest.raises(ZeroDivisionError), taken(job):
        raise ZeroDivisionError

    assert state_of(job, "state", "stage", "lease_until", "reason") == (
        Job.State.QUEUED,
        Job.Stage.WAITING,
        None,
        "",
    )


def test_lease_left_by_an_exception_the_third_time_quarantines_the_job() -> None:
    job = JobFactory(attempts=2)
    lease = taken(job)
    lease.enter(Job.Stage.READING)

    with pytest.raises(ZeroDivisionError), lease:
        raise ZeroDivisionError

    assert state_of(job, "state", "reason_code", "reason") == (
        Job.State.QUARANTINED,
        "quarantined",
        "An unexpected ZeroDivisionError while reading the document. Tried 3 times, so it was set aside; "
        "the document is kept.",
    )


def test_lease_that_was_lost_gives_nothing_back() -> None:
    job = JobFactory()
    late = taken(job)
    let_lease_run_out(job)
    jobs.sweep()
    taken(job)

    with pytest.raises(jobs.LeaseLost), late:
        late.enter(Job.Stage.EXTRACTING)

    assert state_of(job, "state", "attempts") == (Job.State.RUNNING, 2)


def test_sweep_offers_only_abandoned_jobs_again() -> None:
    abandoned, running, queued = JobFactory(), JobFactory(), JobFactory()
    for job in (abandoned, running):
        taken(job)
    let_lease_run_out(abandoned)

    assert jobs.sweep() == 1

    assert [state_of(job, "state")[0] for job in (abandoned, running, queued)] == [
        "queued",
        "running",
        "queued",
    ]


def test_sweep_quarantines_a_job_after_three_deaths() -> None:
    job = JobFactory()

    for _ in range(3):
        taken(job).enter(Job.Stage.EXTRACTING)
        let_lease_run_out(job)
        jobs.sweep()

    assert state_of(job, "state", "attempts", "reason") == (
        Job.State.QUARANTINED,
        3,
        "The worker died while extracting claims. Tried 3 times, so it was set aside; the document is kept.",
    )
    assert jobs.take(job.pk, worker="worker:1") is None


def test_overdue_jobs_are_those_whose_ring_was_lost_the_oldest_first() -> None:
    fresh, later, first = JobFactory(), JobFactory(), JobFactory()
    Job.objects.filter(pk=later.pk).update(due_at=Now() - PAST)
    Job.objects.filter(pk=first.pk).update(due_at=Now() - 2 * PAST)

    took = [jobs.take_overdue(worker="worker:1") for _ in range(3)]

    assert took == [jobs.Lease(first.pk, token=1), jobs.Lease(later.pk, token=1), None]
    assert (jobs.has_overdue(), state_of(fresh, "state")) == (False, (Job.State.QUEUED,))
