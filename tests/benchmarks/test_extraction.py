"""How many words a second the engine reads, its memory, and how both grow with the length of one document.

The floor is the parse of the same texts in the same run: what is above it is the price of finding claims.
Run by `make bench`; nothing passes or fails by time.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from claims.extraction import extract_claims
from claims.extraction.parse.document import read_document
from claims.ingestion.readable import read_document as read_page
from tests.benchmarks.generated import articles

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LENGTHS = (1_000, 3_000, 10_000, 30_000, 100_000)
WORDS = 30_000

# In a process of its own, so that the peak is the engine's alone.
ALONE = """
import json, resource, sys
from claims.extraction import extract_claims
for text in json.load(sys.stdin):
    extract_claims(text)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def texts_of(words: int) -> list[str]:
    found: list[str] = []
    for page in articles(words // 100):
        found.append(read_page(page, media_type="text/html", now=NOW).text)
        words -= len(found[-1].split())
        if words <= 0:
            break
    return found


def seconds(texts: list[str], read: Callable[[str], object]) -> float:
    began = time.process_time()
    for text in texts:
        read(text)
    return time.process_time() - began


def peak_megabytes(texts: list[str]) -> float:
    done = subprocess.run(
        [sys.executable, "-c", ALONE], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    kilobytes = int(done.stdout) / (1024 if sys.platform == "darwin" else 1)
    return kilobytes / 1024


def test_extraction_speed_memory_and_growth(capsys: pytest.CaptureFixture[str]) -> None:
    texts = texts_of(WORDS)
    count = sum(len(text.split()) for text in texts)
    extract_claims("The first text loads the models, Roe said.")

    floor = seconds(texts, read_document)
    whole = seconds(texts, extract_claims)
    report = [
        "",
        f"{count} words in {len(texts)} articles, one process, seconds of CPU, models loaded before",
        f"  parse only (the floor)   {count / floor:8.0f} words/s",
        f"  claims                   {count / whole:8.0f} words/s",
        f"  peak memory, claims      {peak_megabytes(texts):8.0f} MB",
        "one document of so many words",
    ]
    long = "\n\n".join(texts_of(LENGTHS[-1])).split(" ")
    for length in LENGTHS:
        document = " ".join(long[:length])
        report.append(
            f"  {len(document.split()):8d} words        {seconds([document], extract_claims):8.2f} s"
        )
    with capsys.disabled():
        print("\n".join(report))  # noqa: T201 - a benchmark is there to report

    assert count >= WORDS
