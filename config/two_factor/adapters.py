"""What django-allauth asks of its surroundings: who is let in how, and where secrets are hidden."""

import base64
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from config.sign_in_limits import address_of

_PURPOSE = b"crossclaim: secrets of second factors"


class AccountAdapter(DefaultAccountAdapter):
    """Signing in takes a password and a code, and there is nothing else."""

    def get_login_stages(self) -> list[str]:
        return ["allauth.mfa.stages.AuthenticateStage"]

    def login(self, request: HttpRequest, user: User) -> None:
        if not user.is_active:  # deactivated between password and code
            raise PermissionDenied
        # Else allauth takes the first backend, that of axes, which knows no users.
        user.backend = "django.contrib.auth.backends.ModelBackend"
        super().login(request, user)

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *given: Any, **options: Any) -> None:
        """None of allauth's: our pages say what is the case."""


class SecretsAdapter(DefaultMFAAdapter):
    """Secrets are encrypted in the database; the key is made of SECRET_KEY and stored nowhere."""

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def encrypt(self, text: str) -> str:
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken for what was encrypted under another SECRET_KEY."""
        return _cipher(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()


@cache
def _cipher(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
