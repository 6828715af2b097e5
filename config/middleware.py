"""What every request is known by, and what every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from claims import request_ids

Answer = Callable[[HttpRequest], HttpResponseBase]
REQUEST_ID = "X-Request-ID"


def request_id(get_response: Answer) -> Answer:
    """Give the request the id it came with, or a new one; its answer, log lines and audit events carry it.

    One that is not well formed is replaced, not refused: who sent it may be a proxy in between.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(REQUEST_ID, "")
        own = given if request_ids.is_well_formed(given) else request_ids.new()
        before = request_ids.current.set(own)
        try:
            response = get_response(request)
        finally:
            request_ids.current.reset(before)
        response.headers[REQUEST_ID] = own
        return response

    return middleware


def response_headers(get_response: Answer) -> Answer:
    """Headers that Django has no setting for; pages of signed-in people are never cached."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
