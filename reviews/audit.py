"""Who acts and why, told to the database, whose triggers write it down.

An operation calls `because` first in its transaction. A write to an audited table with no
actor is refused by the trigger, whichever door it came through: ORM, raw SQL or psql.
"""

import pgtrigger
from django.contrib.auth.models import User
from django.db import connection


def because(*, by: User, action: str, reason: str = "", change_id: int | None = None) -> None:
    """Name the actor, action and reason of the rest of this transaction.

    `change_id` is the Change that the writes belong to, by which they can be undone; see changes.py.
    Raises RuntimeError outside a transaction, where the names would be forgotten at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.because() needs a transaction around it.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('crossclaim.actor_id', %s, true), set_config('crossclaim.actor', %s, true),"
            " set_config('crossclaim.action', %s, true), set_config('crossclaim.reason', %s, true),"
            " set_config('crossclaim.change_id', %s, true)",
            [str(by.pk), by.get_username(), action, reason, "" if change_id is None else str(change_id)],
        )


class AuditedMeta:
    """For a model's Meta to inherit: every change of its rows is written down, or refused."""

    triggers: tuple[pgtrigger.Trigger, ...] = (
        pgtrigger.Trigger(
            name="changes_are_audited",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            declare=[("before", "jsonb"), ("after", "jsonb")],
            func="""
                IF coalesce(current_setting('crossclaim.actor_id', true), '') = '' THEN
                    RAISE EXCEPTION 'a change to % needs an actor: call audit.because()', TG_TABLE_NAME
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'no_actor';
                END IF;
                IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD); END IF;
                IF TG_OP <> 'DELETE' THEN after := to_jsonb(NEW); END IF;
                INSERT INTO reviews_auditevent
                    (at, actor_id, actor, action, reason, change_id, table_name, row_id, operation, old, new)
                VALUES (clock_timestamp(), current_setting('crossclaim.actor_id')::bigint,
                        current_setting('crossclaim.actor'), current_setting('crossclaim.action'),
                        current_setting('crossclaim.reason'),
                        nullif(current_setting('crossclaim.change_id', true), '')::bigint, TG_TABLE_NAME,
                        (coalesce(after, before)->>'id')::bigint, lower(TG_OP), before, after);
                RETURN NULL;
            """,
        ),
    )
