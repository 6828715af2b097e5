"""How many words a second the engine reads, how much memory it takes, and how both grow with the text."""

import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from claims.extraction.assemble import extract_claims
from claims.extraction.parse.pipeline import load
from claims.extraction.training.measure import read_rows

_KILOBYTE = 1024


def measure_speed(data: Path, *, words: int = 30_000) -> dict[str, float]:
    """Return words per second of the claims layer over GUM's training texts, and the peak memory in MB.

    One process, seconds of CPU, loading the models excluded.
    """
    texts = []
    count = 0
    for row in read_rows(data / "gum" / "train.jsonl.gz"):
        if row["genre"] in {"news", "interview", "court", "speech"} and count < words:
            texts.append(row["text"])
            count += len(row["text"].split())
    load()
    extract_claims("The first text warms the caches up, Roe said.")
    began = time.process_time()
    for text in texts:
        extract_claims(text)
    return {"words per second": round(count / (time.process_time() - began)), "peak MB": _peak_megabytes()}


def measure_growth(data: Path) -> Iterator[tuple[int, float]]:
    """Give (words, seconds of CPU) for one document of 1,000 to 100,000 words."""
    text = "\n\n".join(row["text"] for row in read_rows(data / "gum" / "train.jsonl.gz"))
    words = text.split(" ")
    for size in (1_000, 3_000, 10_000, 30_000, 100_000):
        document = " ".join(words[:size])
        began = time.process_time()
        extract_claims(document)
        yield len(document.split()), time.process_time() - began


def _peak_megabytes() -> float:
    """Return the most memory this process has held; the system counts in bytes on macOS, in kB elsewhere."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / _KILOBYTE / (_KILOBYTE if sys.platform == "darwin" else 1), 1)
