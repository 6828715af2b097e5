"""Ringing workers about a job. A ring may be lost, doubled or late without harm: the job is a row."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring_on_commit(job_id: int, *, queue: str) -> None:
    """Ring once the current transaction has committed."""
    transaction.on_commit(partial(ring, job_id, queue=queue))


def ring(job_id: int, *, queue: str) -> None:
    """Tell a worker that a job is due. Best effort: a job nobody heard of is found by the tick."""
    try:
        current_app.send_task("claims.tasks.work_on_job", args=[job_id], queue=queue, retry=False)
    except OperationalError as error:
        logger.warning("Redis cannot be reached, job %s waits for the next tick: %s", job_id, error)
