"""Ringing workers about a run to be matched. A ring may be lost, doubled or late without harm."""

import logging
from datetime import timedelta

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(engine_run_id: int, *, after: timedelta = timedelta()) -> None:
    """Tell a worker that a run is due, or will be then. Best effort: beat finds what nobody heard of."""
    try:
        current_app.send_task(
            "reviews.tasks.match_run",
            args=[engine_run_id],
            queue="ingest",
            countdown=after.total_seconds() or None,
            retry=False,
        )
    except OperationalError as error:
        logger.warning("Redis cannot be reached, run %s waits to be matched: %s", engine_run_id, error)
