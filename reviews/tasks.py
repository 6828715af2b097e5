"""Celery's doors to reviews. Any message may come late, twice or never."""

import time

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from reviews import operations, suggesting
from reviews.doorbell import ring
from reviews.suggesting.due import Taken
from reviews.telling import digest
from reviews.trail import taking

DRAIN_SECONDS = 30


@shared_task
def match_run(engine_run_id: int) -> None:
    """Match the run we were rung about, if nobody else has."""
    taken = suggesting.take(engine_run_id)
    if taken is not None and not _has_matched(taken):
        ring(engine_run_id, after=suggesting.BUSY)


@shared_task
def match_overdue() -> None:
    """Match runs whose ring was lost, for a while; beat rings again."""
    until = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < until:
        taken = suggesting.take_overdue()
        if taken is None or not _has_matched(taken):
            return


@shared_task
def send_digests() -> None:
    """E-mail everybody what concerns them and is new, as often as they like; beat calls again."""
    digest.send_due(now=timezone.now())


@shared_task
def look_after_assignments() -> None:
    """Give back what nobody works on in time, and what its holder may not work on any more."""
    now = timezone.now()
    operations.return_from_former_assessors(now=now)
    operations.end_lapsed(now=now)


@shared_task
def forget_keys() -> None:
    """Forget the Idempotency-Keys of requests that nobody sends again."""
    operations.forget_keys(now=timezone.now())


@shared_task
def checkpoint_audit() -> None:
    """Sign what the audit trail is now, where there is a key to sign with."""
    if settings.AUDIT_SIGNING_KEY:
        taking.take(now=timezone.now())


def _has_matched(taken: Taken) -> bool:
    """Match the run, or give it back where another worker is matching."""
    try:
        with taken:
            suggesting.match_run(engine_run_id=taken.engine_run_id, now=timezone.now())
    except suggesting.MatcherBusy:
        return False
    return True
