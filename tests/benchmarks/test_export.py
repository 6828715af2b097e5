"""How fast claims are exported, and with how much memory. Run by `make bench`; nothing fails by time.

The floor is the claims alone, read page by page and thrown away, in the same run.
"""

import resource
import sys
import time
from collections.abc import Iterable
from itertools import islice

import pytest
from rest_framework.test import APIClient

from claims import keyset
from claims.models import Claim
from tests.benchmarks.generated_stories import stories
from tests.benchmarks.stored_stories import Base
from tests.factories import UserFactory

CLAIMS = 100_000
SHARES = (10_000, CLAIMS)
NEWEST_FIRST = ("-id",)
AT_ONCE = 500


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_export_of_a_hundred_thousand_claims(capsys: pytest.CaptureFixture[str]) -> None:
    base, told = Base(), stories(CLAIMS, seed=20191231)
    while base.claims < CLAIMS:
        base.add(islice(told, 200))
    reader = APIClient()
    reader.force_authenticate(UserFactory(roles=["viewer"]))
    lines = [f"the export of {base.claims:,} claims", "    first    claims/s     floor/s  megabytes grown"]
    for first in SHARES:
        floor = _a_second(keyset.all_of(Claim.objects.all(), NEWEST_FIRST, at_once=AT_ONCE), first)
        before = _megabytes()
        answer = reader.get("/api/v1/claims/export/")
        assert answer.status_code == 200
        rate = _a_second(answer.streaming_content, first)
        lines.append(f"{first:9,d}{rate:12,.0f}{floor:12,.0f}{_megabytes() - before:17.0f}")

    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, ""]))


def _a_second(given: Iterable[object], first: int) -> float:
    """How many of the first so many come in a second."""
    began = time.perf_counter()
    read = sum(1 for _ in islice(given, first))
    return read / (time.perf_counter() - began)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
