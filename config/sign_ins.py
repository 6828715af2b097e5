"""Who signed in and out, who tried, and who was locked out, written into the audit trail.

No row changes then, so no trigger writes it down: these are the only events that our own code appends. The
database chains them as it does the others. What is written of a name that no account has is nothing, for it
may be a password typed into the wrong field.
"""

from datetime import timedelta
from typing import Any

from axes.helpers import get_client_ip_address, get_cool_off
from axes.signals import user_locked_out
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import DateTimeField, Func
from django.db.models.functions import Now
from django.dispatch import receiver
from django.http import HttpRequest

from claims import request_ids
from reviews.models import AuditEvent

SIGN_IN, SIGN_IN_FAILED, SIGN_OUT, LOCK_OUT = "sign_in", "sign_in_failed", "sign_out", "lock_out"
NOBODY = "nobody"
USER_AGENT_CHARACTERS = 300


def write_down(action: str, *, account: User | None, by: User | None, request: HttpRequest | None) -> None:
    """Append an event about an account, None where nobody's was meant; `by` is None where nobody is known."""
    AuditEvent.objects.create(
        at=Func(function="clock_timestamp", output_field=DateTimeField()),
        actor_id=by.pk if by else 0,
        actor=by.get_username() if by else NOBODY,
        action=action,
        request_id=request_ids.current.get(),
        table_name=User._meta.db_table,
        row_id=account.pk if account else 0,
        operation=AuditEvent.Operation.NOTE,
        new=_came_from(request),
    )


@receiver(user_logged_in, dispatch_uid="config.sign_ins.signed_in")
def _signed_in(request: HttpRequest | None, user: User, **_: Any) -> None:
    write_down(SIGN_IN, account=user, by=user, request=request)


@receiver(user_logged_out, dispatch_uid="config.sign_ins.signed_out")
def _signed_out(request: HttpRequest | None, user: User | None, **_: Any) -> None:
    if user is not None:  # somebody whose session had ended already
        write_down(SIGN_OUT, account=user, by=user, request=request)


@receiver(user_login_failed, dispatch_uid="config.sign_ins.failed")
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # Once locked out nothing is tried any more, and who goes on does not make the trail grow.
    if not getattr(request, "axes_locked_out", False):
        write_down(SIGN_IN_FAILED, account=_meant(credentials.get("username")), by=None, request=request)


@receiver(user_locked_out, dispatch_uid="config.sign_ins.locked_out")
def _locked_out(request: HttpRequest, username: str | None, **_: Any) -> None:
    """Axes says so at each further attempt; it is written down once for as long as the lock lasts."""
    account = _meant(username)
    same = AuditEvent.objects.filter(
        action=LOCK_OUT,
        row_id=account.pk if account else 0,
        new__address=_came_from(request)["address"],
        at__gte=Now() - (get_cool_off(request) or timedelta()),
    )
    if not same.exists():
        write_down(LOCK_OUT, account=account, by=None, request=request)


def _meant(username: str | None) -> User | None:
    return User.objects.filter(username=(username or "").replace("\x00", "")).first()


def _came_from(request: HttpRequest | None) -> dict[str, str]:
    if request is None:
        return {"address": "", "user_agent": ""}
    agent = request.headers.get("User-Agent", "")[:USER_AGENT_CHARACTERS]
    return {"address": get_client_ip_address(request) or "", "user_agent": agent.replace("\x00", "")}
