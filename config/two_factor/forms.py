"""What somebody has to type in: a code, and the password where a stolen session must not be enough."""

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError

from config.two_factor import codes


def _code_field(help_text: str) -> forms.CharField:
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "size": 12}
    return forms.CharField(
        label="Code", max_length=20, help_text=help_text, widget=forms.TextInput(attrs=attributes)
    )


_ANY_CODE = "The six digits that your app shows now, or one of your recovery codes."


class SignInForm(AuthenticateForm):
    """The step after the password."""

    code = _code_field(_ANY_CODE)

    def clean_code(self) -> str:
        given: str = self.cleaned_data["code"]
        self.authenticator = codes.check(given, by=self.user, request=context.request)
        return given


class EnrolForm(ActivateTOTPForm):
    """A code of the new app, to see that it works."""

    code = _code_field("The six digits that your app shows now.")
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_password(self) -> str:
        # By way of axes, which counts wrong ones.
        given: str = self.cleaned_data["password"]
        username = self.user.get_username()
        if authenticate(context.request, username=username, password=given) is None:
            raise ValidationError("This is not your password.", code="wrong")
        return given


class SwitchOffForm(DeactivateTOTPForm):
    code = _code_field(_ANY_CODE)

    def clean_code(self) -> str:
        given: str = self.cleaned_data["code"]
        codes.check(given, by=self.authenticator.user, request=context.request)
        return given


class NewRecoveryCodesForm(GenerateRecoveryCodesForm):
    code = _code_field("The six digits that your app shows now.")

    def clean_code(self) -> str:
        given: str = self.cleaned_data["code"]
        codes.check(given, by=self.user, request=context.request)
        return given
