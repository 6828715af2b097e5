"""Who may be the same speaker by another name, and who quotes a speaker."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims import speakers
from claims.admin.speakers import CLAIMS_PER_PAGE
from claims.models import Claim, Speaker, folded
from claims.speakers import near_names, quoted
from tests.factories import (
    ArticleFactory,
    ClaimFactory,
    EngineRunFactory,
    OutletFactory,
    RevisionFactory,
    SpeakerFactory,
    acting,
)

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db

OBSERVATORY = "Harbour Observatory for Human Rights"


def names(found: list[Speaker]) -> list[str]:
    return [speaker.name for speaker in found]


def sharing(count: int, *, revision: object, speaker: Speaker) -> list[Claim]:
    return [ClaimFactory(revision=revision, speaker=speaker) for _ in range(count)]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Jane Roe", ["Minister Jane Roe", "Roe"]),
        ("HOHR", [OBSERVATORY, f"{OBSERVATORY} (HOHR)"]),
        (OBSERVATORY, ["HOHR", f"{OBSERVATORY} (HOHR)"]),
        (f"{OBSERVATORY} (HOHR)", ["HOHR", OBSERVATORY]),
        ("U.N.", ["United Nations"]),
        ("United Nations", ["U.N."]),
        ("The Of", []),
        ("–", []),
        ("Ministry of Defence", ["Defence Ministry", "Defence Committee"]),
    ],
)
def test_near_names_share_an_abbreviation_or_the_last_word(name: str, near: list[str]) -> None:
    for other in ("Janet Doe", "Unrelated Body", *near):
        SpeakerFactory(name=other)
    speaker = SpeakerFactory(name=name)

    assert names(near_names(speaker)) == near


@pytest.mark.parametrize("name", ['"', "a:b & !c", "\\m(", "((", "x" * 300, "\u202e", "'; drop", "-not"])
def test_near_names_of_odd_names_are_none(name: str) -> None:
    assert near_names(SpeakerFactory(name=name)) == []


def test_near_names_are_found_by_their_indexes() -> None:
    with acting():
        Speaker.objects.bulk_create(
            Speaker(name=name, key=folded(name))
            for name in (f"Officer {n} Brown{n % 999}" for n in range(5000))
        )
    speaker = SpeakerFactory(name="HOHR")
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('speaker_search')")
        cursor.execute("ANALYZE claims_speaker")

    with CaptureQueriesContext(connection) as captured:
        near_names(speaker)

    [sql] = [query["sql"] for query in captured]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "speaker_search" in plan
    assert "speaker_initials" in plan
    assert "Seq Scan" not in plan


def test_outlets_that_quote_most_come_first() -> None:
    speaker = SpeakerFactory()
    daily, wire = OutletFactory(name="Daily"), OutletFactory(name="Wire")
    for outlet, count in ((daily, 1), (wire, 2), (None, 1)):
        sharing(count, revision=RevisionFactory(article=ArticleFactory(outlet=outlet)), speaker=speaker)
    ClaimFactory()

    found = quoted(speaker)

    assert (found.claims, found.outlet_count, found.is_capped) == (4, 2, False)
    assert found.outlets == [(wire, 2), (None, 1), (daily, 1)]


def test_outlets_are_counted_among_the_newest_claims_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speakers, "COUNTED_CLAIMS", 2)
    speaker, outlet = SpeakerFactory(), OutletFactory()
    ClaimFactory(speaker=speaker)
    sharing(2, revision=RevisionFactory(article__outlet=outlet), speaker=speaker)

    found = quoted(speaker)

    assert (found.claims, found.is_capped) == (2, True)
    assert found.outlets == [(outlet, 2)]


def test_page_shows_all_they_claimed_newest_first(sign_in: SignIn) -> None:
    speaker = SpeakerFactory(name="Jane Roe")
    claims = sharing(CLAIMS_PER_PAGE + 2, revision=RevisionFactory(), speaker=speaker)
    superseded = EngineRunFactory(revision=claims[0].revision, engine_version="0.1.0", is_current=False)
    ClaimFactory(speaker=speaker, revision=claims[0].revision, engine_run=superseded)
    ClaimFactory()
    client = sign_in("viewer")

    first = client.get(speaker.get_absolute_url())
    second = client.get(f"{speaker.get_absolute_url()}?after={first.context['next']}")

    newest_first = claims[::-1]
    assert list(first.context["claims"]) == newest_first[:CLAIMS_PER_PAGE]
    assert list(second.context["claims"]) == newest_first[CLAIMS_PER_PAGE:]
    assert second.context["next"] is None
    assert f"{CLAIMS_PER_PAGE + 2} claims, 1 outlet, 1 origin" in first.text
    assert "Newest</a>" in second.text


@pytest.mark.parametrize("after", ["", "0", "x", "-1", "9" * 30, "%00"])
def test_page_shows_the_newest_whatever_it_is_asked_after(sign_in: SignIn, after: str) -> None:
    claim = ClaimFactory()

    page = sign_in("viewer").get(f"{claim.speaker.get_absolute_url()}?after={after}")

    assert list(page.context["claims"]) == [claim]
    assert page.context["is_first_page"]


def test_page_costs_as_many_queries_for_three_claims_as_for_one(sign_in: SignIn) -> None:
    speaker, client = SpeakerFactory(name="Jane Roe"), sign_in("viewer")
    sharing(1, revision=RevisionFactory(), speaker=speaker)
    client.get(speaker.get_absolute_url())  # what is read once for a process is read now

    with CaptureQueriesContext(connection) as one:
        client.get(speaker.get_absolute_url())
    sharing(2, revision=RevisionFactory(), speaker=speaker)
    SpeakerFactory(name="Roe")
    with CaptureQueriesContext(connection) as three:
        client.get(speaker.get_absolute_url())

    assert len(three) == len(one)


def test_deep_page_is_read_from_a_place_in_the_index(sign_in: SignIn) -> None:
    claim = ClaimFactory(statement="The first.")
    with acting():
        Claim.objects.bulk_create(
            Claim(
                revision=claim.revision,
                engine_run=claim.engine_run,
                speaker=claim.speaker,
                spans=claim.spans,
                content=claim.content,
                sentence_start=0,
                sentence_end=claim.sentence_end,
                statement=f"Statement {n}.",
                kind=Claim.Kind.INDIRECT,
                check_worthiness=0.5,
            )
            for n in range(5000)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_claim, claims_speaker")

    with CaptureQueriesContext(connection) as captured:
        page = sign_in("viewer").get(f"{claim.speaker.get_absolute_url()}?after={claim.pk + 3000}")

    assert page.status_code == 200
    [sql] = [query["sql"] for query in captured if f"LIMIT {CLAIMS_PER_PAGE + 1}" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "claim_by_speaker" in plan or "claim_newest_first" in plan
    assert "created_at <=" in plan.split("Index Cond")[1]


def test_list_of_claims_leads_to_the_speaker(sign_in: SignIn) -> None:
    claim = ClaimFactory(speaker__name="Jane Roe")

    page = sign_in("viewer").get("/admin/claims/claim/").text

    assert f'<a href="{claim.speaker.get_absolute_url()}">Jane Roe</a>' in page


def test_page_is_closed_to_those_without_a_role(sign_in: SignIn) -> None:
    assert sign_in().get(SpeakerFactory().get_absolute_url()).status_code == 403
