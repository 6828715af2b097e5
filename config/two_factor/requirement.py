"""`TWO_FACTOR=required`: who is signed in without a second factor sets one up before anything else."""

from collections.abc import Callable
from http import HTTPStatus

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from config import problems

_OPEN = ("mfa_activate_totp", "admin:login", "admin:logout")


def second_factor_first(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lead to the page that sets one up. A request with a token only has no session, and is let through."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.TWO_FACTOR != "required" or not _lacks_one(request):
            return get_response(request)
        if request.path_info in [reverse(name) for name in _OPEN]:
            return get_response(request)
        if request.path_info.startswith(problems.API_ROOT):
            detail = "Set up your second factor in the admin first."
            return problems.problem(status=HTTPStatus.FORBIDDEN, code="not_allowed", detail=detail)
        return redirect("mfa_activate_totp")

    return middleware


def _lacks_one(request: HttpRequest) -> bool:
    user = request.user
    return user.is_authenticated and not is_mfa_enabled(user, [Authenticator.Type.TOTP])
