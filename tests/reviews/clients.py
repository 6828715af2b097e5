"""People at machines of their own, who take steps at the same moment, and what the trail says after it."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Barrier
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from reviews.errors import ReviewError
from reviews.models import AuditEvent, Question
from tests.factories import PositionFactory, QuestionFactory, UserFactory

CLIENTS = 8


@dataclass(frozen=True)
class Ending:
    """What a step returned, or how it was refused."""

    value: Any = None
    error: ReviewError | None = None


class Clients:
    """People at machines of their own, who begin at the same moment."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.threads = threads

    def take(self, steps: Sequence[Callable[[], Any]]) -> list[Ending]:
        together = Barrier(len(steps))

        def end(step: Callable[[], Any]) -> Ending:
            together.wait()
            try:
                return Ending(value=step())
            except ReviewError as error:
                return Ending(error=error)

        return list(self.threads.map(end, steps))


@contextmanager
def clients(number: int = CLIENTS) -> Iterator[Clients]:
    with ThreadPoolExecutor(number) as threads:
        yield Clients(threads)
        at_the_end = Barrier(number)  # so that each thread closes its own connection

        def leave(_: int) -> None:
            at_the_end.wait()
            connection.close()

        list(threads.map(leave, range(number)))


def taken(endings: Sequence[Ending]) -> list[Any]:
    return [ending.value for ending in endings if ending.error is None]


def refused(endings: Sequence[Ending]) -> list[type[ReviewError]]:
    return [type(ending.error) for ending in endings if ending.error is not None]


def reviewers(number: int) -> list[User]:
    return UserFactory.create_batch(number, roles=["reviewer"])


def leads(number: int) -> list[User]:
    return UserFactory.create_batch(number, roles=["lead"])


def asked_once() -> Question:
    """A question that one assessment decides."""
    return PositionFactory(question=QuestionFactory(assessments_asked=1)).question


def check_trail() -> None:
    """Every row is as its events left it, and each event begins where the one before it ended."""
    images: dict[tuple[str, int], Any] = {}
    for event in AuditEvent.objects.filter(table_name__startswith="reviews_").order_by("pk"):
        row = event.table_name, event.row_id
        assert event.old == images.get(row), f"{event} of {row} does not follow from the event before it"
        images[row] = event.new
    by_table: dict[str, dict[int, Any]] = {}
    for (table, pk), image in images.items():
        by_table.setdefault(table, {})[pk] = image
    for table, left in sorted(by_table.items()):
        assert _stored(table) == {pk: image for pk, image in left.items() if image is not None}


def _stored(table: str) -> dict[int, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t")  # a name out of the trail
        return {row["id"]: row for row in map(json.loads, (text for (text,) in cursor.fetchall()))}
