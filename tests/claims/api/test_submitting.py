"""POST /api/v1/articles/: what is taken, what is refused, and that nothing is kept of what is refused."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from claims.ingestion.readable import MAX_DOCUMENT_BYTES
from claims.models import Job, Snapshot
from tests.factories import JobFactory

Api = Callable[..., APIClient]
TEXT = (
    "The coalition said on Sunday that it had shot down a jet near Resafa. "
    "The ministry denied that the aircraft had come close to any of the fighters on the ground."
)
PAGE = f"<html><head><title>Jet shot down</title></head><body><p>{TEXT}</p></body></html>"
NAUGHTY = Path(__file__).parents[4] / "shared" / "data" / "hostile" / "naughty-strings" / "blns.json"


def submit(client: APIClient, **fields: Any) -> Any:
    return client.post("/api/v1/articles/", fields)


def nothing_is_kept() -> bool:
    return (Job.objects.count(), Snapshot.objects.count()) == (0, 0)


def test_submit_text_answers_with_the_job(api: Api, django_capture_on_commit_callbacks: Callable) -> None:
    client = api("reviewer")

    with django_capture_on_commit_callbacks() as rings:
        response = submit(
            client,
            text=TEXT,
            url="https://Outlet.example/jet?utm_source=feed",
            title="Jet shot down",
            outlet="The Meridian Post",
            byline="Foreign desk",
            published_at="2017-06-19T18:52:00+03:00",
        )

    job = Job.objects.get()
    assert (response.status_code, response["Location"]) == (202, f"/api/v1/jobs/{job.pk}/")
    assert response.json() == {
        "id": job.pk,
        "kind": "ingest",
        "state": "queued",
        "stage": "waiting",
        "queue": "interactive",
        "reason_code": "",
        "reason": "",
        "article": None,
        "revision": None,
        "claim_count": None,
        "given": {
            "url": "https://outlet.example/jet",
            "title": "Jet shot down",
            "outlet": "The Meridian Post",
            "byline": "Foreign desk",
            "published_at": "2017-06-19 15:52:00+00:00",
        },
        "requested_by": client.user.username,
        "attempts": 0,
        "may_be_retried": False,
        "created_at": job.created_at.isoformat().replace("+00:00", "Z"),
        "started_at": None,
        "finished_at": None,
    }
    assert client.get(response["Location"]).json() == response.json()
    assert (zlib.decompress(job.snapshot.content).decode(), job.snapshot.media_type) == (TEXT, "text/plain")
    assert len(rings) == 1


def test_submit_html_keeps_its_source(api: Api) -> None:
    response = submit(api("ingest manager"), html=PAGE)

    snapshot = Job.objects.get(pk=response.json()["id"]).snapshot
    assert (response.status_code, zlib.decompress(snapshot.content).decode()) == (202, PAGE)
    assert (snapshot.media_type, snapshot.charset) == ("text/html", "utf-8")


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"text": ""}, 422, "empty"),
        ({"text": " \n\t "}, 422, "empty"),
        ({"text": "12 34"}, 422, "no_text"),
        (
            {"html": "<html><script>var text = 'more words than anybody reads here';</script></html>"},
            422,
            "no_text",
        ),
        ({"text": "\x01\x02\x03\x04" * 200}, 422, "binary"),
        ({"text": TEXT, "published_at": "9999-12-31T23:59:59Z"}, 422, "date_out_of_range"),
        ({"text": TEXT, "published_at": "0001-01-01T00:00:00Z"}, 422, "date_out_of_range"),
        ({"text": TEXT, "url": "ftp://outlet.example/"}, 422, "bad_address"),
        ({"text": TEXT, "url": "not an address"}, 422, "bad_address"),
        ({"text": TEXT, "published_at": "9999-12-31T23:59:59-12:00"}, 400, "invalid"),
        ({"text": TEXT, "published_at": "yesterday"}, 400, "invalid"),
        ({"text": TEXT, "published_at": 1497898320}, 400, "invalid"),
        ({"text": TEXT, "published_at": None}, 400, "invalid"),
        ({"text": TEXT, "title": 5}, 400, "invalid"),
        ({"text": TEXT, "title": ["A"]}, 400, "invalid"),
        ({"text": TEXT, "title": "a" * 501}, 400, "invalid"),
        ({"text": TEXT, "outlet": "a" * 201}, 400, "invalid"),
        ({"text": TEXT, "url": "https://outlet.example/" + "a" * 2000}, 400, "invalid"),
        ({"text": TEXT, "title": "a\0b"}, 400, "parse_error"),
        ({"text": {"a": 1}}, 400, "invalid"),
        ({}, 400, "invalid"),
    ],
)
def test_submit_refuses_bad_input_and_keeps_nothing(
    api: Api, fields: dict[str, Any], status: int, code: str
) -> None:
    response = submit(api("reviewer"), **fields)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"
    assert nothing_is_kept()


def test_submit_wants_either_text_or_html(api: Api) -> None:
    client = api("reviewer")

    answers = [submit(client, text=TEXT, html=PAGE), submit(client, title="Jet shot down")]

    assert [answer.json()["errors"] for answer in answers] == [
        [{"field": "", "code": "text_or_html", "detail": "Give either text or html."}]
    ] * 2


def test_submit_refuses_unknown_fields_by_name(api: Api) -> None:
    response = submit(api("reviewer"), text=TEXT, state="done", requested_by=1)

    known = "known here: text, html, url, title, outlet, byline, published_at."
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"field": "requested_by", "code": "unknown_field", "detail": f"Unknown field; {known}"},
        {"field": "state", "code": "unknown_field", "detail": f"Unknown field; {known}"},
    ]
    assert nothing_is_kept()


@pytest.mark.parametrize(("body", "code"), [(b"[]", "invalid"), (b"null", "invalid"), (b"{", "parse_error")])
def test_submit_refuses_a_body_that_is_no_object(api: Api, body: bytes, code: str) -> None:
    response = api("reviewer").generic("POST", "/api/v1/articles/", body, content_type="application/json")

    assert (response.status_code, response.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_submit_refuses_what_is_not_json(api: Api, media_type: str) -> None:
    response = api("reviewer").generic("POST", "/api/v1/articles/", TEXT.encode(), content_type=media_type)

    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_submit_refuses_20_mb(api: Api) -> None:
    response = submit(api("reviewer"), text="word " * 4_000_000)

    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert nothing_is_kept()


def test_submit_refuses_a_document_over_the_limit_in_a_request_under_it(api: Api) -> None:
    response = submit(api("reviewer"), text="word " * (MAX_DOCUMENT_BYTES // 5 + 1))

    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert nothing_is_kept()


def test_submit_needs_a_role_that_may(api: Api) -> None:
    response = submit(api("viewer"), text=TEXT)

    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")
    assert nothing_is_kept()


def test_submit_twice_with_one_key_makes_one_job(api: Api) -> None:
    client = api("reviewer")
    key = {"idempotency-key": "3f1c"}

    first, again = (client.post("/api/v1/articles/", {"text": TEXT}, headers=key) for _ in range(2))
    other = client.post("/api/v1/articles/", {"text": TEXT + " More."}, headers=key)

    assert (first.status_code, again.json()) == (202, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert Job.objects.count() == 1


def test_submit_with_the_key_of_somebody_else_makes_another_job(api: Api) -> None:
    answers = [
        api("reviewer").post("/api/v1/articles/", {"text": TEXT}, headers={"idempotency-key": "3f1c"})
        for _ in range(2)
    ]

    assert len({answer.json()["id"] for answer in answers}) == 2


@pytest.mark.parametrize("key", ["", "a" * 256, "é", "a\tb"])
def test_submit_refuses_a_key_that_cannot_be_kept(api: Api, key: str) -> None:
    response = api("reviewer").post("/api/v1/articles/", {"text": TEXT}, headers={"idempotency-key": key})

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "Idempotency-Key")


if NAUGHTY.exists():

    def test_no_naughty_string_in_any_field_breaks_the_endpoints(api: Api) -> None:
        client = api("reviewer")
        naughty = json.loads(NAUGHTY.read_text())

        with override_settings(
            CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
        ):
            answers = [
                *(submit(client, text=TEXT, title=one, outlet=one).status_code for one in naughty),
                *(
                    client.get("/api/v1/claims/", {"q": one, "speaker_name": one}).status_code
                    for one in naughty
                ),
                *(client.get("/api/v1/articles/", {"url": one}).status_code for one in naughty),
            ]

        assert len(naughty) == 515
        assert set(answers) == {200, 202, 400}


# --- Trying again


def test_retry_offers_a_failed_job_again(api: Api, django_capture_on_commit_callbacks: Callable) -> None:
    client, job = api("lead"), JobFactory(failed=True)

    with django_capture_on_commit_callbacks() as rings:
        response = client.post(f"/api/v1/jobs/{job.pk}/retry/")

    assert (response.status_code, response["Location"]) == (202, f"/api/v1/jobs/{job.pk}/")
    assert (response.json()["state"], response.json()["reason"], len(rings)) == ("queued", "", 1)


@pytest.mark.parametrize("trait", ["running", "done", "duplicate"])
def test_retry_refuses_a_job_that_has_not_failed(api: Api, trait: str) -> None:
    job = JobFactory(**{trait: True})

    response = api("lead").post(f"/api/v1/jobs/{job.pk}/retry/")

    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    assert Job.objects.get(pk=job.pk).state == trait


def test_retry_needs_a_role_that_may(api: Api) -> None:
    job = JobFactory(failed=True)

    response = api("reviewer").post(f"/api/v1/jobs/{job.pk}/retry/")

    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


def test_retry_takes_no_fields(api: Api) -> None:
    job = JobFactory(failed=True)

    response = api("lead").post(f"/api/v1/jobs/{job.pk}/retry/", {"state": "done"})

    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "unknown_field")


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_retry_of_no_job_is_not_found(api: Api, pk: str) -> None:
    assert api("lead").post(f"/api/v1/jobs/{pk}/retry/").status_code == 404
