"""Ringing workers about a run to be matched. A ring may be lost, doubled or late without harm."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(engine_run_id: int) -> None:
    """Tell a worker that a run is due. Best effort: beat finds what nobody heard of."""
    try:
        current_app.send_task("reviews.tasks.match_run", args=[engine_run_id], queue="ingest", retry=False)
    except OperationalError as error:
        logger.warning("Redis cannot be reached, run %s waits to be matched: %s", engine_run_id, error)
