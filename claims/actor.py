"""Who acts and why, told to the database for the rest of a transaction; its triggers write it down."""

from django.contrib.auth.models import User
from django.db import connection

from claims.request_ids import current as request_id


def name_actor(*, by: User, action: str, reason: str = "", change_id: int | None = None) -> None:
    """Name the actor, action and reason of the rest of this transaction; a later call names others.

    `change_id` groups the writes of one step, by which they can be taken back. Raises RuntimeError outside
    a transaction, where the names would be forgotten at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Naming who acts needs a transaction around it.")
    names = {
        "actor_id": str(by.pk),
        "actor": by.get_username(),
        "action": action,
        "reason": reason,
        "change_id": "" if change_id is None else str(change_id),
        "request_id": request_id.get(),
    }
    told = ", ".join(f"set_config('crossclaim.{name}', %s, true)" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told}", list(names.values()))
