"""Locks on what has no row yet, held until the transaction ends."""

from django.contrib.auth.models import User
from django.db import connection

KEY_OF_ANOTHER = "This Idempotency-Key came with another request before; use a new one."


def lock_identity(identity: str) -> None:
    """Make others who act on the same identity wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [identity])


def lock_key(key: str, *, by: User) -> None:
    """Make this person's other requests with the same Idempotency-Key wait."""
    lock_identity(f"idempotency:{by.pk}:{key}")
