"""Requests with a key, which make something once, however often they are sent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from claims.locks import KEY_OF_ANOTHER, lock_key
from reviews.errors import Conflict
from reviews.models import KeyedRequest

Made = TypeVar("Made", int, int | None)
KEPT: Final = timedelta(days=7)
TAKEN_BACK: Final = "What this Idempotency-Key made was taken back since; use a new one."


def once(make: Callable[[], Made], *, key: str | None, request_sha256: str, by: User, now: datetime) -> Made:
    """The id of what `make` makes, or of what it made when this person's request came with this key before.

    One that made nothing may be sent again, as may one without a key. Raises Conflict where the key came with
    another request, and what `make` raises.
    """
    if key is None:
        return make()
    with transaction.atomic():
        lock_key(key, by=by)
        earlier = KeyedRequest.objects.filter(person=by, key=key).first()
        if earlier is not None:
            if earlier.request_sha256 != request_sha256:
                raise Conflict(KEY_OF_ANOTHER)
            return earlier.made_id
        made = make()
        if made is not None:
            KeyedRequest.objects.create(
                person=by, key=key, request_sha256=request_sha256, made_id=made, asked_at=now
            )
        return made


def forget_keys(*, now: datetime) -> int:
    """Forget requests whose senders no longer wait for an answer, and return how many."""
    forgotten, _ = KeyedRequest.objects.filter(asked_at__lt=now - KEPT).delete()
    return forgotten
