"""What the audit trail costs: ingestion with and without it, one event, and a pass of the verifier.

Ingestion is measured in one process, so that nothing but the triggers differs; the batches alternate. Run by
`make bench`; nothing passes or fails by time.
"""

import resource
import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone

from claims import operations
from claims.ingestion import jobs
from claims.ingestion.readable import Given, ReadablePage, read_document
from claims.models import Claim
from reviews import audit
from reviews.models import AuditEvent, Project
from reviews.trail import verify
from tests.benchmarks.generated import articles
from tests.factories import NOW, UserFactory

BATCHES, ARTICLES = 6, 25
EVENTS, AT_ONCE = 100_000, 1_000
STEPS = 300


class InProcess:
    """Reads a document here, and not in a child."""

    def read(self, raw: bytes, **how: Any) -> ReadablePage:
        return read_document(raw, **how)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1800)
def test_ingestion_with_and_without_the_trail(capsys: pytest.CaptureFixture[str]) -> None:
    by: User = UserFactory(roles=["ingest manager"])
    pages = articles(2 * ARTICLES * BATCHES + 1)
    _ingest(next(pages), by)
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * BATCHES):
        is_on = number % 2 == 0
        _switch(is_on)
        began = time.perf_counter()
        for _ in range(ARTICLES):
            _ingest(next(pages), by)
        seconds[is_on].append(time.perf_counter() - began)
    _switch(True)

    per_article = Claim.objects.count() / (2 * ARTICLES * BATCHES + 1)
    rates = {is_on: ARTICLES / statistics.median(taken) for is_on, taken in seconds.items()}
    _say(
        capsys,
        f"ingestion in one process, {per_article:.1f} claims an article:"
        f" {rates[True]:.1f} articles/s with the trail, {rates[False]:.1f} without"
        f" ({100 * (1 - rates[True] / rates[False]):.1f} % less)",
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1800)
def test_one_audited_write_and_a_pass_over_many(capsys: pytest.CaptureFixture[str]) -> None:
    by: User = UserFactory(roles=["lead"])
    with transaction.atomic():
        audit.because(by=by, action="create_project")
        project = Project.objects.create(name="Benchmark", created_by=by, created_at=NOW)
    audited = [_write(project, by, number) for number in range(STEPS)]
    _switch(False)
    bare = [_write(project, by, number) for number in range(STEPS, 2 * STEPS)]
    _write(project, by, STEPS - 1)  # as the trail has it
    _switch(True)
    _fill(project, by)
    before = _megabytes()
    began = time.perf_counter()
    with transaction.atomic():
        report = verify()
    taken = time.perf_counter() - began

    assert report.findings.first == []
    _say(
        capsys,
        f"a write of one row, with its commit: {1000 * statistics.median(audited):.2f} ms with the trail,"
        f" {1000 * statistics.median(bare):.2f} ms without",
        f"verifying {report.links:,} links: {taken:.1f} s, {_megabytes() - before:.0f} MB grown",
    )


def _ingest(page: bytes, by: User) -> None:
    document = operations.Document(raw=page, media_type="text/html")
    job = operations.submit_article(document=document, given=Given(), by=by, now=timezone.now())
    lease = jobs.take(job.pk, worker="benchmark")
    assert lease is not None
    operations.ingest(lease, reader=InProcess())


def _write(project: Project, by: User, number: int) -> float:
    began = time.perf_counter()
    with transaction.atomic():
        audit.because(by=by, action="rename_project", reason="To measure it.")
        Project.objects.filter(pk=project.pk).update(name=f"Benchmark {number}")
    return time.perf_counter() - began


def _fill(project: Project, by: User) -> None:
    """Events up to EVENTS, each an update of one row."""
    while AuditEvent.objects.count() < EVENTS:
        with transaction.atomic(), connection.cursor() as cursor:
            audit.because(by=by, action="rename_project", reason="To have many.")
            cursor.execute(
                f"DO $$ BEGIN FOR n IN 1..{AT_ONCE} LOOP UPDATE reviews_project SET name = 'Benchmark ' || n"
                f" WHERE id = {project.pk}; END LOOP; END $$"
            )


def _switch(is_on: bool) -> None:
    """Let the triggers of the trail fire or not, for this session."""
    with connection.cursor() as cursor:
        for table, name in _triggers():
            verb = "ENABLE" if is_on else "DISABLE"
            cursor.execute(f"ALTER TABLE {table} {verb} TRIGGER {name}")


def _triggers() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname ~ 'are_audited|is_chained'"
        )
        yield from cursor.fetchall()


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")
