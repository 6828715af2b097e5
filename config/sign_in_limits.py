"""Who tries to sign in from where, and what is told to who tried too often."""

import math
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class SignInForm(AdminAuthenticationForm):
    """A name that is longer than any account's is refused like an unknown one, before axes would store it."""

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        if len(name) > (User._meta.get_field("username").max_length or 0):
            raise self.get_invalid_login_error()
        return name


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; behind a proxy the last of the forwarded addresses, which that one wrote.

    Those before it are the client's own words.
    """
    forwarded: str = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if settings.REST_FRAMEWORK["NUM_PROXIES"] and forwarded:
        return forwarded.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def locked_out(request: HttpRequest, _original: HttpResponse | None, _given: Any) -> HttpResponse:
    """The page that axes answers with, the same whether there is an account of that name.

    How long it lasts is also in Retry-After, in seconds.
    """
    lasts = get_cool_off(request) or timedelta()
    seconds = math.ceil(lasts.total_seconds())
    context = {"minutes": math.ceil(seconds / 60)}
    answer = render(request, "locked_out.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(seconds)
    return answer
