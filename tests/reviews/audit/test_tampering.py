"""The verifier under attack: every change of the trail, or behind its back, is told of, and at its place."""

import random
from collections import Counter

import pytest
from django.db import transaction

from tests.reviews.audit.attacks import ATTACKS, Shows
from tests.reviews.audit.bases import as_superuser, checkpoint, look, make_base, pending_is_chained, write

CLEAN, PER_CHANGE, SOAK = 50, 80, 1_000
RESTORE = "restore_an_older_dump"
KINDS = [*ATTACKS, RESTORE]


def _tamper(times: int, *, seed: int, per_base: int = 20) -> tuple[Counter[str], list[str]]:
    """How often each kind was tried, and what was not told of at its place."""
    tried: Counter[str] = Counter()
    missed: list[str] = []
    for number in range(times // per_base):
        rng = random.Random(f"{seed}-{number}")
        undo = transaction.savepoint()
        base = make_base(rng)
        for attempt in range(per_base):
            kind = KINDS[(number * per_base + attempt) % len(KINDS)]
            tried[kind] += 1
            if kind == RESTORE:
                wrong = _restored(rng)
                missed += [f"{seed}-{number} {RESTORE}: {wrong}"] if wrong else []
                continue
            with as_superuser() as cursor:
                shows = ATTACKS[kind](cursor, rng, base)
                report = look(base.checkpoints)
                first = report.findings.first[:1]
            if not first or not shows.by(first[0]):
                missed.append(f"{seed}-{number} {kind}: {shows}, but {first}")
        transaction.savepoint_rollback(undo)
    return tried, missed


def _restored(rng: random.Random) -> str:
    """What is wrong about the report on a database that was set back to an earlier state; "" if nothing."""
    earlier = checkpoint()
    dump = transaction.savepoint()
    write(rng, steps=1)
    later = checkpoint()
    transaction.savepoint_rollback(dump)
    first = look([earlier, later]).findings.first[:1]
    shows = Shows(earlier.position + 1, "chain behind")
    return "" if first and shows.by(first[0]) else f"{shows}, but {first}"


@pytest.mark.django_db
def test_tampering_is_told_of_at_its_place() -> None:
    tried, missed = _tamper(PER_CHANGE, seed=1)

    assert (sum(tried.values()), len(tried), missed) == (PER_CHANGE, len(KINDS), [])


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.timeout(1_800)
def test_a_thousand_tamperings_are_told_of_at_their_places() -> None:
    tried, missed = _tamper(SOAK, seed=2)

    assert (sum(tried.values()), len(tried), missed) == (SOAK, len(KINDS), [])


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.timeout(1_800)
def test_fifty_clean_trails_raise_no_alarm() -> None:
    for seed in range(CLEAN):
        undo = transaction.savepoint()
        base = make_base(random.Random(seed))
        pending_is_chained()

        report = look(base.checkpoints)

        assert report.findings.first == []
        assert report.links == base.end
        transaction.savepoint_rollback(undo)
