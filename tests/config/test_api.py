"""What every endpoint does alike: who gets in, pages, filters, problems."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from claims.models import Job
from tests.factories import (
    NOW,
    ArticleFactory,
    ClaimFactory,
    JobFactory,
    OutletFactory,
    QuestionFactory,
    SpeakerFactory,
    UserFactory,
    acting,
)

Api = Callable[..., APIClient]
LISTS = {
    "articles": ArticleFactory,
    "claims": ClaimFactory,
    "jobs": JobFactory,
    "outlets": OutletFactory,
    "questions": QuestionFactory,
    "speakers": SpeakerFactory,
}


def found(client: APIClient, address: str) -> list[int]:
    """Ids on a page of a list."""
    response = client.get(address)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


# --- Who gets in


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_endpoint_wants_a_token(client: APIClient, name: str) -> None:
    row = LISTS[name]()

    answers = [
        client.get(f"/api/v1/{name}/"),
        client.get(f"/api/v1/{name}/{row.pk}/"),
        client.options(f"/api/v1/{name}/"),
    ]

    assert [(answer.status_code, answer["WWW-Authenticate"]) for answer in answers] == [(401, "Token")] * 3
    assert [answer.json()["code"] for answer in answers] == ["not_authenticated"] * 3


@pytest.mark.parametrize("name", LISTS)
def test_endpoint_refuses_who_may_not_view(api: Api, name: str) -> None:
    row, client = LISTS[name](), api()

    answers = [
        client.get(f"/api/v1/{name}/"),
        client.get(f"/api/v1/{name}/{row.pk}/"),
        client.get(f"/api/v1/{name}/0/"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert [answer.json()["code"] for answer in answers] == ["permission_denied"] * 3


@pytest.mark.parametrize("role", ["viewer", "reviewer", "lead", "ingest manager", "admin"])
@pytest.mark.parametrize("name", LISTS)
def test_endpoint_answers_every_role(api: Api, name: str, role: str) -> None:
    row, client = LISTS[name](), api(role)

    assert found(client, f"/api/v1/{name}/") == [row.pk]
    assert client.get(f"/api/v1/{name}/{row.pk}/").json()["id"] == row.pk


def test_token_of_a_deactivated_user_is_refused(api: Api) -> None:
    client = api("viewer")
    client.user.is_active = False
    client.user.save()

    response = client.get("/api/v1/claims/")

    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")


def test_token_is_refused_once_it_has_expired(api: Api) -> None:
    client = api("viewer")
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))

    response = client.get("/api/v1/claims/")

    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "header", ["Token", "Token a b", "Token cct_unknown", "Token \xff\xfe", "Token a\0b"]
)
def test_token_that_is_none_is_refused(client: APIClient, header: str) -> None:
    response = client.get("/api/v1/claims/", headers={"authorization": header})

    assert (response.status_code, response.json()["code"]) == (401, "authentication_failed")


@pytest.mark.django_db
def test_session_of_the_browser_may_read_but_needs_a_csrf_token_to_act() -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(UserFactory(roles=["lead"]), backend="django.contrib.auth.backends.ModelBackend")
    job = JobFactory(failed=True)

    answers = [client.get("/api/v1/jobs/"), client.post(f"/api/v1/jobs/{job.pk}/retry/")]

    assert [answer.status_code for answer in answers] == [200, 403]
    assert answers[1].json()["detail"].startswith("CSRF Failed")


# --- Pages


def test_pages_hold_each_row_once_in_both_directions(api: Api) -> None:
    client = api("viewer")
    # Two share a time, so that the id has to decide.
    times = [NOW, NOW + timedelta(seconds=1), NOW + timedelta(seconds=1), NOW + timedelta(seconds=2), NOW]
    rows = [JobFactory() for _ in times]
    for row, time in zip(rows, times, strict=True):
        Job.objects.filter(pk=row.pk).update(created_at=time)
    newest_first = [rows[index].pk for index in (3, 2, 1, 4, 0)]

    address, forward, pages = "/api/v1/jobs/?limit=2", [], []
    while address:
        page = client.get(address).json()
        pages.append(page)
        forward.append([row["id"] for row in page["results"]])
        address = page["next"]
    second = client.get(pages[2]["previous"]).json()
    first = client.get(second["previous"]).json()

    assert forward == [newest_first[:2], newest_first[2:4], newest_first[4:]]
    assert [[row["id"] for row in page["results"]] for page in (first, second)] == forward[:2]
    assert (first["previous"], pages[0]["previous"]) == (None, None)
    assert found(client, first["next"]) == forward[1]


def test_page_is_not_shifted_by_newer_rows(api: Api) -> None:
    client = api("viewer")
    rows = [SpeakerFactory() for _ in range(4)]

    page = client.get("/api/v1/speakers/?limit=2").json()
    SpeakerFactory()

    assert found(client, page["next"]) == [rows[1].pk, rows[0].pk]


def test_page_keeps_the_filters_in_its_links(api: Api) -> None:
    client = api("viewer")
    failed = [JobFactory(failed=True), JobFactory(), JobFactory(failed=True)]

    page = client.get("/api/v1/jobs/?state=failed&limit=1").json()

    assert found(client, page["next"]) == [failed[0].pk]
    assert page["next"].startswith("http://testserver/api/v1/jobs/?")


def test_page_whose_rows_are_gone_leads_back_to_the_first(api: Api) -> None:
    client = api("viewer")
    rows = [SpeakerFactory() for _ in range(2)]
    page = client.get("/api/v1/speakers/?limit=1").json()
    with acting():
        rows[0].delete()

    beyond = client.get(page["next"]).json()

    assert beyond == {"next": None, "previous": "http://testserver/api/v1/speakers/?limit=1", "results": []}


@pytest.mark.parametrize("cursor", ["x", "a:b", "WzEsMl0:x", "%00", "%FF%FE", "é", "a" * 3000, "null"])
def test_cursor_that_is_none_of_ours_is_refused(api: Api, cursor: str) -> None:
    response = api("viewer").get(f"/api/v1/claims/?cursor={cursor}")

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "cursor")


def test_cursor_of_another_list_is_refused(api: Api) -> None:
    client = api("viewer")
    SpeakerFactory(), SpeakerFactory()
    next_speakers = client.get("/api/v1/speakers/?limit=1").json()["next"]

    response = client.get(next_speakers.replace("speakers", "outlets"))

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "cursor")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "many", "1e1", "٣", "9" * 5000])
def test_limit_out_of_range_is_refused(api: Api, limit: str) -> None:
    response = api("viewer").get(f"/api/v1/claims/?limit={limit}")

    assert (response.status_code, response.json()["detail"]) == (
        400,
        "limit: Give a whole number from 1 to 100.",
    )


# --- Filters


@pytest.mark.parametrize("name", LISTS)
def test_unknown_parameter_is_refused_with_the_known_ones(api: Api, name: str) -> None:
    response = api("viewer").get(f"/api/v1/{name}/?colour=red")

    assert response.status_code == 400
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [
        ("colour", "unknown_parameter")
    ]
    assert response.json()["detail"].endswith("limit, cursor.")


@pytest.mark.parametrize("name", LISTS)
def test_single_row_takes_no_parameters(api: Api, name: str) -> None:
    row = LISTS[name]()

    response = api("viewer").get(f"/api/v1/{name}/{row.pk}/?limit=1")

    assert (response.status_code, response.json()["detail"]) == (
        400,
        "limit: Unknown parameter; none is known here.",
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("state=done&state=failed", "repeated"),
        ("state=", "blank"),
        ("state=finished", "invalid_choice"),
        ("mine=banana", "invalid_choice"),
    ],
)
def test_parameter_that_would_be_ignored_is_refused(api: Api, query: str, code: str) -> None:
    response = api("viewer").get(f"/api/v1/jobs/?{query}")

    assert (response.status_code, [error["code"] for error in response.json()["errors"]]) == (400, [code])


# --- Problems


def test_problem_has_the_shape_of_rfc_9457(api: Api) -> None:
    response = api("viewer").get("/api/v1/jobs/?state=finished")

    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "/api/v1/docs/#problem-invalid",
        "title": "Fields or parameters are not as they should be",
        "status": 400,
        "detail": "state: Select a valid choice. finished is not one of the available choices.",
        "code": "invalid",
        "errors": [
            {
                "field": "state",
                "code": "invalid_choice",
                "detail": "Select a valid choice. finished is not one of the available choices.",
            }
        ],
    }


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "pk", ["0", str(2**63 - 1), str(2**63), "9" * 40, "9" * 5000, "-1", "one", "1%00"], ids=str.__len__
)
def test_row_that_cannot_be_is_not_found(api: Api, name: str, pk: str) -> None:
    response = api("viewer").get(f"/api/v1/{name}/{pk}/")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/nothing/", "/api/v2/claims/", "/api/v1/claims", "/api/v1/claims/%FF/"]
)
def test_address_under_api_that_is_none_is_a_problem(client: APIClient, path: str) -> None:
    response = client.get(path)

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_no_method_at_an_address_that_is_none_is_answered_with_a_page(method: str) -> None:
    client = APIClient(enforce_csrf_checks=True)

    response = getattr(client, method)("/api/v1/nothing/", {}, headers={"authorization": "Token cct_x"})

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_post_without_the_last_slash_is_not_turned_into_a_get(api: Api) -> None:
    response = api("reviewer").post("/api/v1/articles", {"text": "x"})

    assert response.status_code == 404
    assert response.json()["detail"] == "Nothing is at this address. Addresses of the API end in a slash."


def test_method_that_is_not_there_is_a_problem(api: Api) -> None:
    response = api("admin").delete("/api/v1/claims/")

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_answer_in_another_form_is_a_problem(api: Api) -> None:
    response = api("viewer").get("/api/v1/claims/", headers={"accept": "text/csv"})

    assert (response.status_code, response["Content-Type"]) == (406, "application/problem+json")


def test_host_that_is_not_ours_is_a_problem(client: APIClient) -> None:
    response = client.get("/api/v1/claims/", headers={"host": "evil.example"})

    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_failure_of_ours_is_a_problem_that_tells_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = api("viewer")
    client.raise_request_exception = False
    monkeypatch.setattr("claims.api.views.JobViewSet.list", lambda *_: 1 / 0)
    response = client.get("/api/v1/jobs/")

    assert (response.status_code, response.json()["code"]) == (500, "server_error")
    assert "division" not in response.content.decode()
    assert "division" in caplog.text


def test_requests_over_the_rate_are_told_when_to_come_back(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rest_framework.throttling.UserRateThrottle.rate", "2/min", raising=False)
    client = api("viewer")

    answers = [client.get("/api/v1/outlets/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "throttled"
    assert 0 < int(answers[2]["Retry-After"]) <= 60


# --- How many statements


@pytest.mark.parametrize("name", LISTS)
def test_list_takes_as_many_statements_for_three_rows_as_for_one(
    api: Api, name: str, django_assert_max_num_queries: Callable
) -> None:
    client = api("viewer")
    LISTS[name]()

    with django_assert_max_num_queries(5) as for_one:
        assert len(found(client, f"/api/v1/{name}/")) == 1
    LISTS[name](), LISTS[name]()
    with django_assert_max_num_queries(5) as for_three:
        assert len(found(client, f"/api/v1/{name}/")) == 3

    assert len(for_three) == len(for_one)
