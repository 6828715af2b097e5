"""Whether a code is right: each once, and only so many wrong ones.

Kept in the database, under the lock of the person's factors: a cache would be one for each web process.
"""

import re
import time
from datetime import timedelta
from typing import Final

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from axes.helpers import get_cool_off
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from config.sign_ins import write_down
from reviews.models import AuditEvent

WRONG_CODE: Final = "wrong_code"
_SHAPE: Final = re.compile(r"[0-9]{6}|[0-9]{8}")
_ACCEPTED: Final = "accepted"  # in a factor's data: [code, seconds since 1970] of each that is still young


def check(given: str, *, by: User, request: HttpRequest) -> Authenticator:
    """Return the factor that the code is of, and use the code up; raise ValidationError for any other.

    A wrong one counts for the person, wherever it comes from: who gets this far knows the password.
    """
    code = normal(given)
    if not _SHAPE.fullmatch(code):
        raise ValidationError("A code has six digits, a recovery code has eight.", code="shape")
    with transaction.atomic():
        factors = list(Authenticator.objects.select_for_update(no_key=True).filter(user=by).order_by("pk"))
        closed = _wrong_codes(by, request) >= settings.AXES_FAILURE_LIMIT
        right = None if closed else next((each for each in factors if _accepts(each, code)), None)
        if right is not None:
            right.record_usage()
            write_down(f"use_{right.type}", account=by, by=by, request=request)
        elif not closed:
            write_down(WRONG_CODE, account=by, by=None, request=request)
    if closed:
        raise ValidationError("Too many wrong codes. Wait a quarter of an hour.", code="closed")
    if right is None:
        raise ValidationError("This code is wrong, or was used already.", code="wrong")
    return right


def normal(given: str) -> str:
    """A code as it is compared, without the blanks and dashes that people and apps put into it."""
    return re.sub(r"[\s-]", "", given)


def use_up(factor: Authenticator, code: str) -> None:
    """Remember that an app's code was accepted, for as long as it would be right."""
    now = time.time()
    lasts_seconds = (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD
    young = [[used, at] for used, at in factor.data.get(_ACCEPTED, []) if at > now - lasts_seconds]
    factor.data[_ACCEPTED] = [*young, [code, now]]
    factor.save(update_fields=["data"])


def _accepts(factor: Authenticator, code: str) -> bool:
    if any(used == code for used, _at in factor.data.get(_ACCEPTED, [])):
        return False
    try:
        if not factor.wrap().validate_code(code):
            return False
    except InvalidToken as error:
        raise ValidationError(
            "Your second factor cannot be read any more. Whoever runs this installation can remove it.",
            code="unreadable",
        ) from error
    if factor.type == Authenticator.Type.TOTP:
        use_up(factor, code)
    return True


def _wrong_codes(person: User, request: HttpRequest) -> int:
    recent = AuditEvent.objects.filter(
        table_name=User._meta.db_table,
        row_id=person.pk,
        action=WRONG_CODE,
        at__gte=Now() - (get_cool_off(request) or timedelta()),
    )
    return recent.count()
