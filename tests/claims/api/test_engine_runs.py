"""Having the engine run again over an article, and reading what that changed."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from claims.engine_runs import store_run
from claims.engines import Extraction
from claims.extraction import ExtractedClaim
from claims.models import EngineRun, EngineSwitch, Job, Revision
from tests.engines import FakeEngine, found
from tests.factories import NOW, TEXT, ArticleFactory, RevisionFactory, UserFactory

Api = Callable[..., APIClient]
pytestmark = pytest.mark.django_db
SHOT = found("it had shot down a jet near Resafa", text=TEXT, speaker="The coalition")
REWORDED = found(
    "it had shot down a jet near Resafa", text=TEXT, says="The coalition shot a jet.", speaker="The coalition"
)
DENIED = found("The ministry denied it", text=TEXT)


def read_by(version: str, revision: Revision, *claims: ExtractedClaim) -> EngineRun:
    extraction = Extraction(claims, made_by=FakeEngine(claims, version).identity)
    return store_run(revision, extraction, requested_by=UserFactory(username=f"by-{version}"), now=NOW)


def test_reextract_answers_with_the_job(api: Api) -> None:
    revision, client = RevisionFactory(), api("lead")

    response = client.post(f"/api/v1/articles/{revision.article_id}/reextract/")

    job = Job.objects.get()
    assert (response.status_code, response["Location"]) == (202, f"/api/v1/jobs/{job.pk}/")
    body = response.json()
    assert {name: body[name] for name in ("id", "kind", "state", "queue", "revision", "requested_by")} == {
        "id": job.pk,
        "kind": "reextract",
        "state": "queued",
        "queue": "bulk",
        "revision": revision.pk,
        "requested_by": client.user.username,
    }


def test_reextract_needs_a_role_that_may(api: Api) -> None:
    revision = RevisionFactory()

    response = api("reviewer").post(f"/api/v1/articles/{revision.article_id}/reextract/")

    assert (response.status_code, response.json()["code"], Job.objects.count()) == (403, "not_allowed", 0)


def test_reextract_of_an_article_without_a_text_is_a_conflict(api: Api) -> None:
    response = api("lead").post(f"/api/v1/articles/{ArticleFactory().pk}/reextract/")

    assert (response.status_code, response.json()["code"]) == (409, "conflict")


def test_reextract_takes_no_fields(api: Api) -> None:
    response = api("lead").post(
        f"/api/v1/articles/{RevisionFactory().article_id}/reextract/", {"engine": "llm"}
    )

    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_jobs_are_narrowed_by_kind(api: Api) -> None:
    client = api("lead")
    client.post(f"/api/v1/articles/{RevisionFactory().article_id}/reextract/")

    found = [len(client.get("/api/v1/jobs/", {"kind": kind}).json()["results"]) for kind in Job.Kind]

    assert found == [0, 1]


def test_engine_runs_say_what_became_of_the_claims(api: Api) -> None:
    revision = RevisionFactory()
    old = read_by("1", revision, SHOT, DENIED)
    new = read_by("2", revision, REWORDED)
    [switch] = EngineSwitch.objects.all()
    shot, denied, reworded = (
        run.claims.get(statement=claim.statement)
        for run, claim in ((old, SHOT), (old, DENIED), (new, REWORDED))
    )

    body = api("viewer").get(f"/api/v1/articles/{revision.article_id}/engine-runs/").json()

    assert [(run["id"], run["engine"], run["version"], run["is_current"]) for run in body["runs"]] == [
        (new.pk, "fake", "2", True),
        (old.pk, "fake", "1", False),
    ]
    assert [run["claim_count"] for run in body["runs"]] == [1, 2]
    assert body["changes"] == [
        {
            "id": switch.pk,
            "old_run": old.pk,
            "new_run": new.pk,
            "switched_at": "2017-06-20T12:00:00Z",
            "requested_by": "by-2",
            "counts": {"kept": 0, "reworded": 1, "dropped": 1, "added": 0},
            "changed": [
                {"kind": "reworded", "old": told(shot), "new": told(reworded)},
                {"kind": "dropped", "old": told(denied), "new": None},
            ],
        }
    ]


def told(claim: Any) -> dict[str, Any]:
    return {
        "id": claim.pk,
        "statement": claim.statement,
        "speaker": claim.speaker and claim.speaker.name,
        "spans": claim.spans,
    }


def test_engine_runs_of_an_article_that_was_read_once_have_no_change(api: Api) -> None:
    run = read_by("1", RevisionFactory(), SHOT)

    body = api("viewer").get(f"/api/v1/articles/{run.revision.article_id}/engine-runs/").json()

    assert ([run["claim_count"] for run in body["runs"]], body["changes"]) == ([1], [])


def test_engine_runs_cost_as_many_queries_for_many_changes_as_for_one(
    api: Api, django_assert_num_queries: Callable[..., Any]
) -> None:
    revision, client = RevisionFactory(), api("viewer")
    for version in range(5):
        read_by(str(version), revision, SHOT, DENIED)

    with django_assert_num_queries(7):
        body = client.get(f"/api/v1/articles/{revision.article_id}/engine-runs/").json()

    assert len(body["changes"]) == 4


def test_claim_lists_hold_claims_that_stand_and_addresses_all(api: Api) -> None:
    revision, client = RevisionFactory(), api("viewer")
    old = read_by("1", revision, SHOT).claims.get()
    new = read_by("2", revision, REWORDED).claims.get()

    lists = [
        [row["id"] for row in client.get("/api/v1/claims/", narrowed).json()["results"]]
        for narrowed in ({}, {"revision": revision.pk}, {"q": "shot"}, {"speaker": old.speaker_id})
    ]
    rows = [client.get(f"/api/v1/claims/{claim.pk}/").json() for claim in (old, new)]

    assert lists == [[new.pk]] * 4
    assert [(row["engine"]["is_current"], row["successor"]) for row in rows] == [
        (False, new.pk),
        (True, None),
    ]


def test_claim_that_was_dropped_has_no_successor(api: Api) -> None:
    revision = RevisionFactory()
    old = read_by("1", revision, DENIED).claims.get()
    read_by("2", revision, SHOT)

    row = api("viewer").get(f"/api/v1/claims/{old.pk}/").json()

    assert (row["engine"]["is_current"], row["successor"]) == (False, None)
