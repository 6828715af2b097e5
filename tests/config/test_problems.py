import json
import re
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from rest_framework import exceptions
from rest_framework.test import APIClient

from claims import errors as claims_errors
from config.problems import PROBLEMS, bad_request, not_found, problem_response, server_error
from reviews import errors as reviews_errors
from tests.processes import real_web

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (claims_errors.NotAllowed("No."), 403, "not_allowed"),
        (reviews_errors.NotAllowed("No."), 403, "not_allowed"),
        (claims_errors.Conflict("No."), 409, "conflict"),
        (reviews_errors.Conflict("No."), 409, "conflict"),
        (claims_errors.Unreadable("no_text", "No."), 422, "no_text"),
        (claims_errors.Unreadable("too_large", "No."), 413, "too_large"),
        (claims_errors.Unreadable("unknown_type", "No."), 415, "unknown_type"),
        (claims_errors.ClaimsError("No."), 422, "refused"),
        (reviews_errors.ReviewError("No."), 422, "refused"),
    ],
)
def test_error_of_ours_becomes_a_problem_with_its_message(error: Exception, status: int, code: str) -> None:
    response = problem_response(error, {})

    assert response is not None
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert json.loads(response.content) == {
        "type": f"/api/v1/docs/#problem-{code}",
        "title": PROBLEMS[code],
        "status": status,
        "detail": "No.",
        "code": code,
    }


@pytest.mark.parametrize(
    ("error", "status", "code", "detail"),
    [
        (Http404("Job matching query does not exist."), 404, "not_found", "Not found."),
        (
            PermissionDenied("in the database"),
            403,
            "permission_denied",
            "You do not have permission to perform this action.",
        ),
        (exceptions.MethodNotAllowed("TRACE"), 405, "method_not_allowed", 'Method "TRACE" not allowed.'),
    ],
)
def test_error_of_the_frameworks_becomes_a_problem_that_tells_no_inner_words(
    error: Exception, status: int, code: str, detail: str
) -> None:
    response = problem_response(error, {})

    assert response is not None
    problem = json.loads(response.content)
    assert (response.status_code, problem["status"]) == (status, status)
    assert (problem["code"], problem["title"], problem["detail"]) == (code, PROBLEMS[code], detail)


@pytest.mark.django_db(transaction=True)
def test_request_that_is_too_large_is_answered_to_clients_that_send_before_they_listen(
    worker_environment: dict[str, str], api: Callable[..., APIClient]
) -> None:
    client = api("reviewer")
    headers = {
        "Authorization": client._credentials["HTTP_AUTHORIZATION"],
        "Content-Type": "application/json",
    }
    body = json.dumps({"text": "x" * 20 * 1024**2}).encode()

    with real_web(worker_environment) as (url, _), pytest.raises(HTTPError) as refused:
        urlopen(Request(f"{url}/api/v1/articles/", data=body, headers=headers))  # noqa: S310

    with refused.value as answer:
        told = json.load(answer)
    assert (answer.code, told["code"]) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
    assert told["detail"] == (
        "A request may have 8 MB, and a document in it 5 MB. Send the article's text alone, without images."
    )


def test_error_nobody_foresaw_rises() -> None:
    assert problem_response(ZeroDivisionError(), {}) is None


def test_nested_errors_are_told_by_their_path() -> None:
    error = exceptions.ValidationError(
        {"positions": [{}, {"answer": ["Too long."]}], "non_field_errors": ["No."]}
    )

    response = problem_response(error, {})

    assert response is not None
    assert json.loads(response.content)["errors"] == [
        {"field": "positions.answer", "code": "invalid", "detail": "Too long."},
        {"field": "", "code": "invalid", "detail": "No."},
    ]


def test_problem_of_a_code_without_a_title_is_still_one() -> None:
    response = problem_response(claims_errors.Unreadable("haunted", "No."), {})

    assert response is not None
    problem = json.loads(response.content)
    assert (problem["type"], problem["title"]) == ("about:blank", "Unprocessable Entity")


def test_every_code_of_an_unreadable_document_has_a_title() -> None:
    sources = [*(ROOT / "claims").rglob("*.py")]
    codes = {code for source in sources for code in re.findall(r'Unreadable\(\s*"(\w+)"', source.read_text())}

    assert {"empty", "too_large", "no_text"} <= codes
    # These two are found out by a worker only, and stand as the reason of a job.
    assert codes - {"timed_out", "reader_died"} <= set(PROBLEMS)


@pytest.mark.parametrize("path", ["/admin/", "/", "/apis/"])
def test_pages_outside_the_api_keep_djangos_errors(path: str, rf: RequestFactory) -> None:
    request = rf.get(path)

    answers = [bad_request(request, ValueError()), not_found(request), server_error(request)]

    assert [answer.status_code for answer in answers] == [400, 404, 500]
    assert {answer["Content-Type"].partition(";")[0] for answer in answers} == {"text/html"}
