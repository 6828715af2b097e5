"""The export of claims: what stands in a line, which claims are in it, and that it costs what it must."""

import csv
import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from claims.models import Claim
from reviews.api import exports
from reviews.models import Judgement
from reviews.workflow import State
from tests.factories import (
    AssignmentFactory,
    ClaimFactory,
    EngineRunFactory,
    OutletFactory,
    PlacementFactory,
    PositionFactory,
    RevisionFactory,
    SourcingMarkFactory,
    SpeakerFactory,
    UserFactory,
)
from tests.reviews.rows import decide, judged

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
ADDRESS = "/api/v1/claims/export/"


@pytest.fixture
def viewer(api: Api) -> APIClient:
    return api("viewer")


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content
    return response.getvalue().decode()


def lines(client: APIClient, **parameters: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text_of(client.get(ADDRESS, parameters)).splitlines()]


def rows(client: APIClient) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(client.get(ADDRESS, {"format": "csv"})), newline="")))


def ids(client: APIClient, **parameters: object) -> list[int]:
    return [line["id"] for line in lines(client, **parameters)]


# --- What stands in a line


def test_line_is_the_claim_as_the_api_gives_it_with_its_mark_and_where_it_was_confirmed(
    viewer: APIClient,
) -> None:
    placement = PlacementFactory(reason="Its second sentence.")
    claim, question = placement.claim, placement.question
    SourcingMarkFactory(claim=claim, superseded_at="2017-06-21T00:00:00Z", note="Earlier.")
    SourcingMarkFactory(claim=claim, reliability="B", credibility="3", note="Seen from the bridge.")
    PlacementFactory(claim=claim, state="suggested", suggested_by="engine 1", placed_by=None)
    PlacementFactory(claim=claim, state="rejected")

    [line] = lines(viewer)

    mark, [confirmed] = line.pop("mark"), line.pop("confirmed_under")
    assert line == viewer.get(f"/api/v1/claims/{claim.pk}/").json()
    assert mark == viewer.get(f"/api/v1/claims/{claim.pk}/marks/").json()[0]
    assert mark["note"] == "Seen from the bridge."
    assert confirmed == {
        "question": question.pk,
        "wording": question.wording,
        "state": "open",
        "position": placement.position_id,
        "answer": placement.position.answer,
        "reason": "Its second sentence.",
        "placed_by": placement.placed_by.username,
        "placed_at": "2017-06-20T12:00:00Z",
        "verdict": None,
    }


def test_line_of_a_claim_that_nobody_looked_at_says_so(viewer: APIClient) -> None:
    ClaimFactory(speaker=None, revision__article__outlet=None, revision__article__published_at=None)

    [line] = lines(viewer)

    assert (line["mark"], line["confirmed_under"], line["speaker"]) == (None, [], None)
    assert (line["article"]["outlet"], line["article"]["published_at"]) == (None, None)


def test_line_has_the_last_verdict_on_its_position_once_there_is_one(viewer: APIClient) -> None:
    placement = PlacementFactory()
    content = judged(placement.question, Judgement.SUPPORTED)
    other = PositionFactory(question=placement.question)
    content.positions[other.pk] = judged(placement.question, Judgement.REFUTED).positions[other.pk]
    decide(placement.question, content=content)

    [line] = lines(viewer)

    [confirmed] = line["confirmed_under"]
    assert (confirmed["state"], confirmed["verdict"]) == (
        "decided",
        {
            "judgement": "supported",
            "of_position": "supported",
            "as_of": "2017-06-20T12:00:00Z",
            "decided_at": "2017-06-20T12:00:00Z",
            "stale_at": None,
        },
    )


def test_line_tells_nothing_of_a_question_that_is_judged(viewer: APIClient) -> None:
    placement = PlacementFactory(position__question__state=State.IN_REVIEW)
    AssignmentFactory(question=placement.question)

    [line] = lines(viewer)

    assert line["confirmed_under"][0]["verdict"] is None


# --- Which claims are in it


def test_export_leaves_out_what_is_withheld(viewer: APIClient) -> None:
    shown = SourcingMarkFactory().claim
    SourcingMarkFactory(is_withheld=True)

    assert ids(viewer) == [shown.pk]


def test_export_has_the_claims_of_the_list_in_its_order(viewer: APIClient) -> None:
    first, second = ClaimFactory(), ClaimFactory()
    earlier = EngineRunFactory(revision=first.revision, engine_version="0.0.1")
    ClaimFactory(revision=first.revision, engine_run=earlier)

    assert ids(viewer) == [second.pk, first.pk]


@pytest.mark.parametrize("at_once", [1, 2, 3, 4])
def test_export_has_each_claim_once_however_many_are_read_at_once(
    viewer: APIClient, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", at_once)
    # In one transaction their times are equal, and only their ids tell them apart.
    claims = [ClaimFactory().pk for _ in range(3)]

    assert ids(viewer) == claims[::-1]


def test_export_is_narrowed_as_the_list_is(viewer: APIClient) -> None:
    placement = PlacementFactory(claim__statement="A freighter sank.")
    claim = placement.claim
    ClaimFactory(kind="direct")
    narrowings: list[dict[str, object]] = [
        {"article": claim.revision.article_id},
        {"outlet": claim.revision.article.outlet_id},
        {"speaker_name": claim.speaker.name},
        {"kind": "indirect"},
        {"question": placement.question_id},
        {"q": "freighter", "format": "ndjson"},
    ]

    assert [ids(viewer, **each) for each in narrowings] == [[claim.pk]] * len(narrowings)


@pytest.mark.parametrize(
    "parameters", [{"knid": "direct"}, {"kind": ""}, {"kind": "loud"}, {"limit": 5}, {"cursor": "x"}]
)
def test_export_refuses_what_it_does_not_understand(viewer: APIClient, parameters: dict[str, Any]) -> None:
    response = viewer.get(ADDRESS, parameters)

    assert (response.status_code, response.json()["code"]) == (400, "invalid")


# --- In which form


@pytest.mark.parametrize(
    ("parameters", "headers", "form"),
    [
        ({}, {}, "ndjson"),
        ({"format": "ndjson"}, {}, "ndjson"),
        ({"format": "csv"}, {}, "csv"),
        ({}, {"accept": "text/csv"}, "csv"),
        ({}, {"accept": "application/x-ndjson"}, "ndjson"),
    ],
)
def test_export_comes_in_the_form_that_is_asked_for(
    viewer: APIClient, parameters: dict[str, str], headers: dict[str, str], form: str
) -> None:
    response = viewer.get(ADDRESS, parameters, headers=headers)

    media_type = {"csv": "text/csv", "ndjson": "application/x-ndjson"}[form]
    assert response.status_code == 200
    assert response["Content-Type"] == f"{media_type}; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="claims.{form}"'


@pytest.mark.parametrize(
    ("parameters", "headers", "status"),
    [({"format": "xml"}, {}, 404), ({}, {"accept": "application/json"}, 406)],
)
def test_export_in_an_unknown_form_is_refused(
    viewer: APIClient, parameters: dict[str, str], headers: dict[str, str], status: int
) -> None:
    assert viewer.get(ADDRESS, parameters, headers=headers).status_code == status


def test_table_has_cells_for_what_one_sorts_by(viewer: APIClient) -> None:
    claim = PlacementFactory(
        claim__speaker=SpeakerFactory(name="The ministry"),
        claim__revision__article__outlet=OutletFactory(name="The Meridian Post"),
        claim__revision__article__title="Jet shot down",
    ).claim
    SourcingMarkFactory(claim=claim, reliability="B", credibility="3", evidence_links=["https://a.example"])

    [row], [line] = rows(viewer), lines(viewer)

    assert tuple(row) == exports.COLUMNS
    told = {name: row[name] for name in ("speaker", "outlet", "title", "url", "published_at", "code")}
    assert told == {
        "speaker": "The ministry",
        "outlet": "The Meridian Post",
        "title": "Jet shot down",
        "url": claim.revision.article.canonical_url,
        "published_at": "2017-06-19T18:52:00Z",
        "code": "B3",
    }
    nested = ("spans", "evidence_links", "confirmed_under")
    assert {name: json.loads(row[name]) for name in nested} == {
        "spans": line["spans"],
        "evidence_links": ["https://a.example"],
        "confirmed_under": line["confirmed_under"],
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_table_has_no_cell_that_a_spreadsheet_would_calculate(viewer: APIClient, start: str) -> None:
    name = f'{start}HYPERLINK("https://x.example")'
    ClaimFactory(
        statement=name,
        speaker__name=name,
        revision=RevisionFactory(
            article__title=name,
            article__outlet__name=name,
            article__canonical_url=None,
            article__pasted_sha256="0" * 64,
        ),
    )

    [row] = rows(viewer)

    assert [row[column] for column in ("statement", "speaker", "outlet", "title")] == [f"'{name}"] * 4


def test_list_of_claims_leads_to_the_files(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True, roles=["viewer"]))
    claim = ClaimFactory(statement="Freighter & tug sank.")
    ClaimFactory()

    page = client.get("/admin/claims/claim/", {"q": "freighter & tug"}).content.decode()

    links = re.findall(r'href="(/api/v1/claims/export/[^"]*)"', page)
    assert [link.partition("?")[2] for link in map(unescape, links)] == [
        "format=csv&q=freighter%20%26%20tug",
        "format=ndjson&q=freighter%20%26%20tug",
    ]
    assert [json.loads(text_of(client.get(unescape(links[1]))))["id"]] == [claim.pk]


# --- What it costs


def test_export_asks_as_often_for_many_claims_as_for_one(viewer: APIClient) -> None:
    def made() -> None:
        placement = PlacementFactory()
        decide(placement.question)
        SourcingMarkFactory(claim=placement.claim)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert len(lines(viewer)) == Claim.objects.count()
        return len(queries)

    made()
    of_one = asked()
    for _ in range(3):
        made()

    assert asked() == of_one
