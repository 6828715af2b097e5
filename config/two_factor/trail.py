"""Second factors that come and go, written into the audit trail in the transaction that changes them.

What is in them is not: the trail is for reading. Which code signed somebody in is written by `codes`.
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from config.sign_ins import write_down

# Their stock pages would show secrets, and change them past everything here.
admin.site.unregister([Authenticator, EmailAddress])


@receiver(post_save, sender=Authenticator, dispatch_uid="config.two_factor.added")
def _added(instance: Authenticator, created: bool, **_: Any) -> None:
    if created:
        _write_down(f"add_{instance.type}", instance)


@receiver(post_delete, sender=Authenticator, dispatch_uid="config.two_factor.removed")
def _removed(instance: Authenticator, **_: Any) -> None:
    _write_down(f"remove_{instance.type}", instance)


def _write_down(action: str, factor: Authenticator) -> None:
    request = context.request  # None outside the web
    by = request.user if request is not None and request.user.is_authenticated else None
    account = User.objects.get(pk=factor.user_id)
    write_down(action, account=account, by=by, request=request)
