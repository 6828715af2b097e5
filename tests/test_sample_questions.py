"""The questions that the machine finds in the sample articles: from the pages to what the screens count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from claims import operations
from claims.ingestion import jobs
from claims.ingestion.readable import Given, Reader
from reviews.models import MatchingDue, Origin, Placement, Position, Question
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SAMPLES = Path(__file__).parents[1] / "samples"


@dataclass(frozen=True)
class Column:
    """What stands under an answer."""

    outlets: frozenset[str]
    origins: int


@pytest.fixture(scope="module")
def printed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """The sample articles read, split, matched and decided on: once for all tests here, and gone after."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        by, out, errors = UserFactory(roles=["reviewer", "lead"]), StringIO(), StringIO()
        with Reader() as reader:
            for page in sorted(SAMPLES.rglob("*.html")):
                document = operations.Document(page.read_bytes(), "text/html", file_name=page.name)
                job = operations.submit_article(document=document, given=Given(), by=by, now=NOW)
                lease = jobs.take(job.pk, worker="test")
                assert lease is not None
                operations.ingest(lease, reader=reader)
        call_command("open_sample_questions", stdout=out, stderr=errors)
        yield out.getvalue() + errors.getvalue()
        transaction.set_rollback(True)


def asked(event: str, slot: str, *words: str) -> Question:
    """The one live question of that slot whose event and wording hold these words."""
    found = Question.objects.exclude(state="dismissed").filter(slot=slot, event__contains=event)
    for word in words:
        found = found.filter(wording__icontains=word)
    question = found.get()
    assert question.wording.endswith("?")
    return question


def contested(event: str, slot: str, *words: str) -> dict[str, Column]:
    """The columns of that question, which is contested."""
    question = asked(event, slot, *words)
    assert question.resolution == "contested"
    return columns_of(question)


def columns_of(question: Question) -> dict[str, Column]:
    return {position.answer: column(position) for position in question.positions.standing()}


def column(position: Position) -> Column:
    standing = Placement.objects.filter(position=position, state__in=("suggested", "confirmed"))
    rows = standing.values_list(
        "claim__revision__article__outlet__name", "claim__origin_member__origin", "claim__revision__article"
    )
    origins = {("origin", origin) if origin else ("article", article) for _, origin, article in rows}
    return Column(frozenset(outlet for outlet, _, _ in rows), len(origins))


def test_toll_of_the_explosion_in_beirut_is_evolving_and_a_wire_copy_counts_once(printed: str) -> None:
    question = asked("Beirut", "how many", "killed")
    columns = columns_of(question)

    assert question.is_evolving
    assert {"more than 50", "at least 78", "135"} <= columns.keys()
    assert columns["more than 50"] == Column(
        frozenset({"Harbour Wire", "Levant Ledger", "Northgate Courier", "The Neva Bulletin"}), 1
    )


def test_size_of_the_march_in_hong_kong_is_contested(printed: str) -> None:
    columns = contested("Hong Kong", "how many", "people")

    assert "338,000" in columns
    assert {"Harbour Wire", "Northgate Courier", "The Meridian Post"} <= columns["338,000"].outlets
    assert columns["338,000"].origins < len(columns["338,000"].outlets)


def test_cause_of_the_explosion_is_contested(printed: str) -> None:
    assert len(contested("Beirut", "why", "caused")) >= 2


def test_toll_of_the_strike_on_shayrat_is_contested(printed: str) -> None:
    assert "6" in contested("Shayrat", "how many", "killed")


def test_copies_share_the_agency_as_their_origin(printed: str) -> None:
    names = [
        name for name in Origin.objects.values_list("name", flat=True) if name.startswith("Harbour Wire")
    ]

    assert {"Harbour Wire report of 4 August 2020", "Harbour Wire report of 16 June 2019"} <= set(names)


def test_some_questions_are_decided_on_and_others_wait(printed: str) -> None:
    assert "of them opened" in printed
    assert "was found" not in printed
    states = list(Question.objects.exclude(state="dismissed").values_list("state", flat=True))
    assert states.count("open") == 3
    assert states.count("proposed") >= 3
    assert not MatchingDue.objects.exists()
    assert Placement.objects.filter(state="confirmed", placed_by__username="samples").count() >= 6


def test_deciding_again_changes_nothing(printed: str) -> None:
    before = list(Placement.objects.order_by("pk").values())

    call_command("open_sample_questions", stdout=StringIO())

    assert list(Placement.objects.order_by("pk").values()) == before
