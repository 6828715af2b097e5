"""Audit trails to tamper with: made by writes of every kind, then looked at by a superuser."""

import base64
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.models import User
from django.db import connection, transaction

from claims.models import Outlet
from reviews import audit
from reviews.models import Placement, Position, Question
from reviews.trail import Report, verify
from reviews.trail.chain import Link
from reviews.trail.checkpoints import Checkpoint, make, read_key
from reviews.trail.stored import links
from tests.factories import (
    NOW,
    ClaimFactory,
    OutletFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)

KEY: Ed25519PrivateKey = read_key(base64.b64encode(bytes(range(32))).decode())


@dataclass
class Base:
    """A trail with checkpoints at its middle and at its end."""

    links: list[Link]
    checkpoints: list[Checkpoint] = field(default_factory=list)

    @property
    def end(self) -> int:
        return len(self.links)

    def first_checkpoint_from(self, position: int) -> int:
        return min(each.position for each in self.checkpoints if each.position >= position)


def pending_is_chained() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def checkpoint() -> Checkpoint:
    report = look()
    assert report.is_clean, report.findings.first
    return make(position=report.end.position, hash=report.end.hash, tables=report.tables, now=NOW, key=KEY)


def look(checkpoints: list[Checkpoint] | None = None) -> Report:
    pending_is_chained()
    return verify(checkpoints=checkpoints or [])


def make_base(rng: random.Random) -> Base:
    """Some dozens of events on claims, reviews and accounts, by a seed's choice."""
    write(rng, steps=rng.randint(2, 4))
    checkpoints = [checkpoint()]
    write(rng, steps=rng.randint(2, 4))
    checkpoints.append(checkpoint())
    return Base(links=list(links()), checkpoints=checkpoints)


def write(rng: random.Random, *, steps: int) -> None:
    by: User = UserFactory()
    PositionFactory(question=QuestionFactory(wording=f"Who was it, {rng.random()}?"))
    for _ in range(steps):
        rng.choice([_reword, _place, _take_away, _rename, _let_in])(rng, by)


def _reword(rng: random.Random, by: User) -> None:
    with transaction.atomic():
        audit.because(by=by, action="reword", reason="Clearer – and “said” so.")
        Question.objects.update(wording=f"Whom did it meet, {rng.random()}?")


def _place(rng: random.Random, by: User) -> None:
    PlacementFactory(position=Position.objects.order_by("?").first(), claim=ClaimFactory())


def _take_away(rng: random.Random, by: User) -> None:
    with transaction.atomic():
        audit.because(by=by, action="take_away")
        Placement.objects.all().delete()


def _rename(rng: random.Random, by: User) -> None:
    outlet = OutletFactory()
    with transaction.atomic():
        audit.because(by=by, action="rename_outlet", reason=f"Its name is {rng.random()}.")
        Outlet.objects.filter(pk=outlet.pk).update(name=f"The {rng.random()} Courier")


def _let_in(rng: random.Random, by: User) -> None:
    UserFactory(roles=[rng.choice(["viewer", "reviewer", "lead"])])


@contextmanager
def as_superuser() -> Iterator[Any]:
    """A cursor to which no trigger and no foreign key objects; what it does is undone at the end."""
    undo = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield cursor
    finally:
        transaction.savepoint_rollback(undo)


def other_json(text: str, rng: random.Random) -> str:
    """JSON that differs from this in one bit of one character."""
    known = json.loads(text)
    while True:
        flipped = flip(text, rng)
        try:
            if json.loads(flipped) != known:
                return flipped
        except ValueError:
            continue


def flip(text: str, rng: random.Random) -> str:
    """The text with one bit of one of its characters turned round; ASCII stays printable."""
    while True:
        place = rng.randrange(len(text))
        other = chr(ord(text[place]) ^ (1 << rng.randrange(7)))
        if other.isprintable():
            return text[:place] + other + text[place + 1 :]
