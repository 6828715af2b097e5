"""Jobs are rows: take, lease, finish, sweep, quarantine.

Times are the database's, never a worker's. Whoever takes a job gets a lease with a fencing
token; when the lease runs out the job is offered again, and what the earlier holder then
tries to write is refused by its token. See docs/decisions.md.
"""

from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from claims.actor import name_actor
from claims.errors import ClaimsError
from claims.ingestion import doorbell
from claims.models import Job, JobQuerySet

SWEEP_BATCH = 500
_FIRST_STAGE = {Job.Kind.INGEST: Job.Stage.READING, Job.Kind.REEXTRACT: Job.Stage.EXTRACTING}


class LeaseLost(ClaimsError):
    """Another worker has the job, or it is finished; nothing may be written for it."""


@dataclass(frozen=True)
class Lease:
    """The right to work on one job until the lease runs out.

    Leaving a `with` block by an exception hands the job back: queued again, or quarantined
    when it has been tried often enough. LeaseLost hands nothing back.
    """

    job_id: int
    token: int
    kind: str = Job.Kind.INGEST

    def enter(self, stage: Job.Stage, *, waits_seconds: float = 0) -> None:
        """Show the stage and prolong the lease, by as much more as it may have to wait. Raises LeaseLost."""
        lease_until = _lease_end() + timedelta(seconds=waits_seconds)
        updated = self._mine().update(stage=stage, lease_until=lease_until)
        if not updated:
            raise LeaseLost(f"Job {self.job_id} has been taken by another worker.")

    def lock(self) -> Job:
        """Lock and return the job's row, inside the caller's transaction. Raises LeaseLost.

        What the transaction writes from here on is written in the name of who asked for the job.
        """
        mine = self._mine().select_related("requested_by")
        job = mine.select_for_update(no_key=True, of=("self",)).first()
        if job is None:
            raise LeaseLost(f"Job {self.job_id} has been taken by another worker.")
        _name_who_asked(job)
        return job

    def finish(self, state: Job.State, **fields: Any) -> None:
        """Write the outcome. Raises LeaseLost if the job is no longer ours."""
        with transaction.atomic():
            job = self.lock()
            Job.objects.filter(pk=job.pk).update(
                state=state, stage=Job.Stage.FINISHED, lease_until=None, finished_at=Now(), **fields
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, LeaseLost):
            return
        with transaction.atomic():
            job = self._mine().select_for_update(no_key=True).first()
            if job is not None:
                _give_back(job, reason=f"An unexpected {type(error).__name__} while {_doing(job)}.")

    def _mine(self) -> JobQuerySet:
        return Job.objects.filter(pk=self.job_id, token=self.token, state=Job.State.RUNNING)


def take(job_id: int, *, worker: str) -> Lease | None:
    """Take one due job; None when it is not due, taken already or finished."""
    return _take_first(_due().filter(pk=job_id), worker=worker)


def take_overdue(*, worker: str) -> Lease | None:
    """Take the job that has waited longest for a ring that was lost; None when there is none."""
    return _take_first(_overdue(), worker=worker)


def has_overdue() -> bool:
    """Whether a job has waited so long that its ring must have been lost, or workers are busy."""
    return _overdue().exists()


def sweep() -> int:
    """Offer again, or quarantine, the jobs whose lease has run out; return how many."""
    with transaction.atomic():
        abandoned = list(
            Job.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(state=Job.State.RUNNING, lease_until__lt=Now())
            .order_by("lease_until")[:SWEEP_BATCH]
        )
        for job in abandoned:
            _give_back(job, reason=f"The worker died while {_doing(job)}.")
    return len(abandoned)


def _due() -> JobQuerySet:
    return Job.objects.filter(state=Job.State.QUEUED, due_at__lte=Now())


def _overdue() -> JobQuerySet:
    since = Now() - timedelta(seconds=settings.JOB_RING_AGAIN_SECONDS)
    return Job.objects.filter(state=Job.State.QUEUED, due_at__lte=since).order_by("due_at", "id")


def _take_first(jobs: JobQuerySet, *, worker: str) -> Lease | None:
    with transaction.atomic():
        job = jobs.select_for_update(skip_locked=True, no_key=True).first()
        if job is None:
            return None
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.RUNNING,
            stage=_FIRST_STAGE[Job.Kind(job.kind)],
            token=F("token") + 1,
            attempts=F("attempts") + 1,
            lease_until=_lease_end(),
            started_at=Now(),
            worker=worker,
        )
        return Lease(job_id=job.pk, token=job.token + 1, kind=job.kind)


def _give_back(job: Job, *, reason: str) -> None:
    """Queue a locked job again, or quarantine it when it was tried often enough."""
    again = job.attempts < settings.JOB_MAX_ATTEMPTS
    changes: dict[str, Any] = {"lease_until": None}
    if again:
        changes |= {"state": Job.State.QUEUED, "stage": Job.Stage.WAITING, "due_at": Now()}
    else:
        changes |= {
            "state": Job.State.QUARANTINED,
            "finished_at": Now(),
            "reason_code": "quarantined",
            "reason": f"{reason} Tried {job.attempts} times, so it was set aside; the document is kept.",
        }
        _name_who_asked(job)
    Job.objects.filter(pk=job.pk).update(**changes)
    if again:
        doorbell.ring_on_commit(job.pk, queue=job.queue)


def _name_who_asked(job: Job) -> None:
    name_actor(by=job.requested_by, action=job.kind, reason=f"job {job.pk}")


def _doing(job: Job) -> str:
    return Job.Stage(job.stage).label.lower()


def _lease_end() -> Any:
    return Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
