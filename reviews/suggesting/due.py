"""The runs still to be matched are rows: offered, taken, given back, set aside. Times are the database's.

As with jobs, a Celery message only rings. Taking counts an attempt and moves the row's time on, so that a
worker that dies leaves it to be taken again, three times at most. One that finds another worker matching
gives its run back for a few seconds, which counts as no attempt.
"""

from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Self

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now

from claims.models import EngineRun
from reviews.models import MatchingDue

# Above the hard time limit of a task, so that nobody takes what is still worked on.
_LEASE: Final = timedelta(minutes=10)
_AGAIN_AFTER: Final = timedelta(minutes=1)
_RING_IS_LOST_AFTER: Final = timedelta(seconds=10)
BUSY: Final = timedelta(seconds=5)


class MatcherBusy(Exception):
    """Another worker is matching, and only one can at a time."""


class Taken:
    """The right to match one run. Leaving a `with` block by an exception gives it back with the error."""

    def __init__(self, engine_run_id: int) -> None:
        self.engine_run_id = engine_run_id

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, MatcherBusy):
            MatchingDue.objects.filter(pk=self.engine_run_id).update(
                due_at=Now() + BUSY, attempts=Greatest(F("attempts") - 1, 0)
            )
        elif error is not None:
            said = f"{type(error).__name__}: {error}"[:1000]
            MatchingDue.objects.filter(pk=self.engine_run_id).update(
                due_at=Now() + _AGAIN_AFTER, last_error=said.replace("\x00", "")
            )


def offer(runs: list[EngineRun]) -> None:
    """Have these runs matched, from now on and from the first attempt again."""
    MatchingDue.objects.bulk_create(
        [MatchingDue(engine_run=run, due_at=Now(), attempts=0, last_error="") for run in runs],
        update_conflicts=True,
        unique_fields=["engine_run"],
        update_fields=["due_at", "attempts", "last_error"],
    )


def offer_standing_still() -> list[int]:
    """Offer again those that were set aside after three attempts; the ids of their runs."""
    still = MatchingDue.objects.standing_still()
    run_ids = list(still.values_list("pk", flat=True))
    MatchingDue.objects.filter(pk__in=run_ids).update(due_at=Now(), attempts=0, last_error="")
    return run_ids


def take(engine_run_id: int) -> Taken | None:
    """Take one run; None when it is matched already, or another worker has it."""
    return _take_first(pk=engine_run_id)


def take_overdue() -> Taken | None:
    """Take the run that has waited longest, its ring being lost; None when there is none."""
    return _take_first(due_at__lte=Now() - _RING_IS_LOST_AFTER)


def _take_first(**which: Any) -> Taken | None:
    with transaction.atomic():
        waiting = MatchingDue.objects.due().filter(**which).order_by("due_at")
        due = waiting.select_for_update(skip_locked=True, no_key=True).first()
        if due is None:
            return None
        MatchingDue.objects.filter(pk=due.pk).update(attempts=F("attempts") + 1, due_at=Now() + _LEASE)
        return Taken(due.pk)
