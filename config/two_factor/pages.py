"""The pages: password, then code; and what somebody does with their own second factor."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.generic.base import ContextMixin

from config.sign_in_limits import SignInForm
from config.two_factor import codes
from config.two_factor.forms import EnrolForm


class AdminPage(ContextMixin):
    """A page that looks like the admin's."""

    title: str
    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = admin.site.each_context(self.request) | super().get_context_data(**kwargs)
        return context | {"title": self.title, "is_required": settings.TWO_FACTOR == "required"}


class PasswordStep(AdminPage, LoginView):
    """The admin's sign-in, which ends with a code for those who have a second factor."""

    title = "Log in"
    authentication_form = SignInForm
    template_name = "admin/login.html"
    next_page = "admin:index"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        username = self.request.user.get_username()
        path = self.request.get_full_path()
        return context | {"subtitle": None, "app_path": path, "username": username}

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]  # allauth signs in, if at all
        answer: HttpResponse = perform_login(
            self.request, form.get_user(), redirect_url=self.get_success_url()
        )
        return answer


class CodeStep(AdminPage, AuthenticateView):
    title = "Enter your code"


class Overview(AdminPage, IndexView):
    title = "Second factor"


class Enrol(AdminPage, ActivateTOTPView):
    title = "Set up a second factor"

    def form_valid(self, form: EnrolForm) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            factor = Authenticator.objects.get(user=form.user, type=Authenticator.Type.TOTP)
            codes.use_up(factor, codes.normal(form.cleaned_data["code"]))
        return answer


class SwitchOff(AdminPage, DeactivateTOTPView):
    title = "Remove the second factor"

    def get_form_kwargs(self) -> dict[str, Any]:
        given: dict[str, Any] = super().get_form_kwargs()
        if self.request.method != "POST":
            given.pop("data")  # allauth's, which would find the code missing before anybody could type it
        return given

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        return answer


class RecoveryCodes(AdminPage, ViewRecoveryCodesView):
    title = "Recovery codes"


class NewRecoveryCodes(AdminPage, GenerateRecoveryCodesView):
    title = "New recovery codes"
