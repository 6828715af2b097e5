"""Showing on a console how far something is, and following jobs to their end."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.core.management.base import OutputWrapper
from tqdm import tqdm

from claims.models import Job

POLL_SECONDS = 0.3
POLLED_AT_ONCE = 1_000
STALLED_SECONDS = 60.0


class Progress:
    """A bar on a terminal, otherwise a line for every tenth of the way."""

    def __init__(self, *, total: int, unit: str, out: OutputWrapper, is_plain: bool) -> None:
        self._total, self._unit, self._out, self._is_plain = total, unit, out, is_plain
        self._done = 0
        self._bar = tqdm(total=total, unit=unit, disable=is_plain)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def step(self, count: int) -> None:
        before, self._done = self._done, self._done + count
        self._bar.update(count)
        if self._is_plain and before * 10 // self._total != self._done * 10 // self._total:
            self._out.write(f"{self._done} of {self._total} {self._unit}s")

    def say(self, words: str) -> None:
        self._bar.clear()
        self._out.write(words)


def finished_jobs(job_ids: Iterable[int], *, say: Callable[[str], None]) -> Iterator[list[Job]]:
    """Yield the jobs that have finished since the last look; `say` is told when none has for a while."""
    waiting = dict.fromkeys(job_ids)
    moved_at = time.monotonic()
    while waiting:
        oldest = list(islice(waiting, POLLED_AT_ONCE))
        finished = Job.objects.filter(pk__in=oldest).exclude(state__in=Job.UNFINISHED)
        jobs = list(finished.only("state", "reason", "claim_count"))
        for job in jobs:
            del waiting[job.pk]
        if jobs:
            yield jobs
            moved_at = time.monotonic()
        elif time.monotonic() - moved_at > STALLED_SECONDS:
            moved_at = time.monotonic()
            say(f"No job has finished for {STALLED_SECONDS:.0f} seconds. Is a worker running?")
        if waiting:
            time.sleep(POLL_SECONDS)
