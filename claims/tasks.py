"""Celery's doors to the operations. Any message may come late, twice or never."""

import os
import socket
import time
from functools import cache

from celery import current_app, shared_task
from celery.signals import worker_process_shutdown
from django.conf import settings

from claims import operations
from claims.ingestion import jobs
from claims.ingestion.jobs import Lease
from claims.ingestion.readable import Reader
from claims.models import Job

DRAIN_SECONDS = 60


@shared_task
def work_on_job(job_id: int) -> None:
    """Work on the job we were rung about, if nobody else has."""
    lease = jobs.take(job_id, worker=_worker_name())
    if lease is not None:
        _work(lease)


@shared_task
def drain_overdue() -> None:
    """Work on jobs whose ring was lost, for a while; the next tick rings again if some are left."""
    until = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < until:
        lease = jobs.take_overdue(worker=_worker_name())
        if lease is None:
            return
        _work(lease)


@shared_task
def tick() -> None:
    """Beat's metronome: any number of them, or a pause, is harmless."""
    jobs.sweep()
    if jobs.has_overdue():
        current_app.send_task(
            "claims.tasks.drain_overdue", queue="bulk", expires=settings.TICK_SECONDS, retry=False
        )


def _work(lease: Lease) -> None:
    if lease.kind == Job.Kind.REEXTRACT:
        operations.reextract(lease)
    else:
        operations.ingest(lease, reader=_reader())


@cache
def _reader() -> Reader:
    """This worker process's own reading child, started with the first document."""
    return Reader()


@worker_process_shutdown.connect
def _close_reader(**_: object) -> None:
    if _reader.cache_info().currsize:
        _reader().close()


def _worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
