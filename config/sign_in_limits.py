"""What somebody is told who tried to sign in too often: the same whether an account of that name exists."""

import math
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(request: HttpRequest, _original: HttpResponse | None, _given: Any) -> HttpResponse:
    """The page that axes answers with; how long it lasts is also in Retry-After, in seconds."""
    lasts = get_cool_off(request) or timedelta()
    seconds = math.ceil(lasts.total_seconds())
    context = {"minutes": math.ceil(seconds / 60)}
    answer = render(request, "locked_out.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(seconds)
    return answer
