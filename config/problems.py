"""Errors as RFC 9457 problems: one shape for all that goes wrong under /api/."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.request import Request

from claims import errors as claims_errors
from claims.ingestion.readable import MAX_DOCUMENT_BYTES
from claims.requests import read_to_the_end
from reviews import errors as reviews_errors

API_ROOT = "/api/"
PROBLEM_MEDIA_TYPE = "application/problem+json"

# Each code that a problem can carry, with the title it always has.
PROBLEMS = {
    "authentication_failed": "The token is not accepted",
    "bad_address": "The address is not that of a web page",
    "bad_request": "The request is not understood",
    "binary": "The document is not text",
    "conflict": "Something changed, or is not in a state for this step",
    "date_out_of_range": "The date cannot be that of an article",
    "empty": "The document is empty",
    "invalid": "Fields or parameters are not as they should be",
    "method_not_allowed": "The method does not exist here",
    "no_text": "There is no article in the document",
    "not_acceptable": "The answer cannot be given in that form",
    "not_allowed": "You may not do that",
    "not_authenticated": "A token is needed",
    "not_found": "There is no such thing",
    "parse_error": "The body is not JSON as it should be",
    "permission_denied": "You may not see that",
    "precondition_required": "The step must say which version was seen",
    "refused": "The step cannot be taken",
    "server_error": "Something went wrong on our side",
    "throttled": "Too many requests",
    "too_complex": "The document is built in too complex a way",
    "too_large": "The request or document is too large",
    "unknown_type": "The document is of a type we cannot read",
    "unsupported_media_type": "The body is of a type that is not taken here",
    "wrong_encoding": "The document is not in the encoding it is said to be in",
}
_STATUS_OF_UNREADABLE = {
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unknown_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field or parameter; `field` is its path, "" for the whole."""

    field: str
    code: str
    detail: str


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """An answer with `code` for programs, `detail` for people, and what is wrong field by field."""
    known = code in PROBLEMS
    body: dict[str, Any] = {
        "type": f"{reverse('api:docs')}#problem-{code}" if known else "about:blank",
        "title": PROBLEMS[code] if known else HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = [vars(error) for error in errors]
    return JsonResponse(body, status=status, content_type=PROBLEM_MEDIA_TYPE, headers=headers)


def problem_response(exc: Exception, context: dict[str, Any]) -> HttpResponseBase | None:
    """DRF's exception handler: what is raised on purpose becomes a problem, the rest rises."""
    if isinstance(exc, claims_errors.ClaimsError | reviews_errors.ReviewError):
        status, code = _status_and_code(exc)
        return problem(status=status, code=code, detail=str(exc))
    if isinstance(exc, RequestDataTooBig):
        return _too_large(context["request"])
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    return _api_problem(exc) if isinstance(exc, exceptions.APIException) else None


def _status_and_code(exc: Exception) -> tuple[int, str]:
    match exc:
        case claims_errors.Unreadable(code=code):
            return _STATUS_OF_UNREADABLE.get(code, HTTPStatus.UNPROCESSABLE_ENTITY), code
        case claims_errors.NotAllowed() | reviews_errors.NotAllowed():
            return HTTPStatus.FORBIDDEN, "not_allowed"
        case claims_errors.Conflict() | reviews_errors.Conflict():
            return HTTPStatus.CONFLICT, "conflict"
        case reviews_errors.TooLarge():
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large"
    return HTTPStatus.UNPROCESSABLE_ENTITY, "refused"


def _too_large(request: Request) -> JsonResponse:
    read_to_the_end(request._request)  # or the client meets a broken connection instead of our answer
    request_limit, document_limit = (
        f"{limit // 1024**2} MB" for limit in (settings.DATA_UPLOAD_MAX_MEMORY_SIZE, MAX_DOCUMENT_BYTES)
    )
    return problem(
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        code="too_large",
        detail=f"A request may have {request_limit}, and a document in it {document_limit}. "
        "Send the article's text alone, without images.",
    )


def _api_problem(exc: exceptions.APIException) -> JsonResponse:
    headers = {}
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait_seconds := getattr(exc, "wait", None):
        headers["Retry-After"] = f"{wait_seconds:.0f}"
    if not isinstance(exc, exceptions.ValidationError):
        detail = exc.detail
        code = getattr(detail, "code", exc.default_code)
        return problem(status=exc.status_code, code=code, detail=str(detail), headers=headers)
    errors = list(_field_errors(exc.detail))
    told = " ".join(f"{error.field}: {error.detail}" if error.field else error.detail for error in errors)
    return problem(status=exc.status_code, code="invalid", detail=told, errors=errors, headers=headers)


def _field_errors(detail: Any, path: str = "") -> Iterator[FieldError]:
    """Flatten DRF's nested details: {"a": {"b": ["No."]}} is one error, of field a.b."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, ".".join(filter(None, (path, own))))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _field_errors(inner, path)
    else:
        yield FieldError(field=path, code=detail.code, detail=str(detail))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """Django's handler400, for what is refused before a view is found."""
    if not request.path.startswith(API_ROOT):
        return defaults.bad_request(request, exception)
    return problem(
        status=HTTPStatus.BAD_REQUEST, code="bad_request", detail="The request is not one we can read."
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Django's handler404, and the view of every address under /api/ that is none of ours."""
    if not request.path.startswith(API_ROOT):
        return defaults.page_not_found(request, exception or Http404())
    hint = "" if request.path.endswith("/") else " Addresses of the API end in a slash."
    return problem(status=HTTPStatus.NOT_FOUND, code="not_found", detail=f"Nothing is at this address.{hint}")


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Django's handler500. What happened stands in the log, not in the answer."""
    if not request.path.startswith(API_ROOT):
        return defaults.server_error(request)
    return problem(
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        code="server_error",
        detail="Something went wrong on our side. It is logged; try again later.",
    )
