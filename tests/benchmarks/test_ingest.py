"""1,000 generated articles in one go, over HTTP through real web, worker, PostgreSQL and Redis.

The floor is the same pages read and split in one process, with no web, no queue and no database:
what is above it is the price of losing nothing. Run by `make bench`; nothing passes or fails by time.
"""

import json
import os
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from knox.models import AuthToken

from claims.extraction import extract_claims
from claims.ingestion.readable import read_document
from claims.models import Article, Claim, Job
from tests.benchmarks.generated import articles
from tests.factories import UserFactory
from tests.processes import real_web, real_worker

COUNT = int(os.environ.get("BENCH_ARTICLES", "1000"))
CLIENTS = 2
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1800)
def test_ingest_a_thousand_articles(
    worker_environment: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = list(articles(COUNT))
    floor = _floor(pages[:200])
    _, token = AuthToken.objects.create(UserFactory(roles=["ingest manager"]))

    with (
        real_web(worker_environment | {"API_RATE": "1000000/min"}) as (url, web),
        real_worker(worker_environment, log=tmp_path / "worker.log", concurrency=2) as worker,
    ):
        idle = memory(web), memory(worker.process.pid)
        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as clients:
            answers = set(clients.map(lambda page: post(url, token, page), pages))
        accepted = time.monotonic() - began
        peak = idle
        while Job.objects.unfinished().exists():
            peak = max(peak[0], memory(web)), max(peak[1], memory(worker.process.pid))
            time.sleep(1)
        done = time.monotonic() - began

    assert answers == {202}
    assert Job.objects.filter(state=Job.State.DONE).count() == Article.objects.count() == COUNT
    claims = Claim.objects.count()
    report = f"""
{COUNT} articles, {claims} claims ({claims / COUNT:.1f} an article), {CLIENTS} clients, 2 worker processes
  accepted      {COUNT / accepted:8.1f} articles/s, while the workers work
  done          {COUNT / done:8.1f} articles/s, from the first request to the last claim ({done:.0f} s)
  floor         {floor:8.1f} articles/s, read and split in one process, nothing stored
  done / floor  {COUNT / done / floor:8.2f}
  web memory    {idle[0]:8.0f} MB idle, {peak[0]:.0f} MB at most (all processes, shared pages once)
  worker memory {idle[1]:8.0f} MB idle, {peak[1]:.0f} MB at most (the same, with its readers)
"""
    with capsys.disabled():
        sys.stdout.write(report)


def _floor(pages: list[bytes]) -> float:
    """Pages a second, best of three runs, first imports left out."""
    _read_and_split(pages[0])
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        for page in pages:
            _read_and_split(page)
        seconds.append(time.perf_counter() - began)
    return len(pages) / min(seconds)


def _read_and_split(page: bytes) -> None:
    article = read_document(page, media_type="text/html", now=NOW)
    extract_claims(article.text, title=article.title, outlet=article.outlet)


def post(url: str, token: str, page: bytes) -> int:
    request = urllib.request.Request(  # noqa: S310  our own server
        f"{url}/api/v1/articles/",
        data=json.dumps({"html": page.decode()}).encode(),
        headers={"Authorization": f"Token {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return int(answer.status)


def memory(pid: int) -> float:
    """Megabytes of a process and all below it; shared pages are counted once (Linux only)."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    kilobytes = sum(
        int(line.split()[1]) for line in rollup.read_text().splitlines() if line.startswith("Pss:")
    )
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return kilobytes / 1024 + sum(memory(int(child)) for child in children)
