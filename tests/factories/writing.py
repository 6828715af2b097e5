"""How the factories write: as the user "factory", or behind the back of the triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Model

from reviews import audit

NOW = datetime(2017, 6, 20, 12, 0, tzinfo=UTC)
TEXT = "The coalition said it had shot down a jet near Resafa. The ministry denied it."


@contextmanager
def acting() -> Iterator[None]:
    """What is written meanwhile is written by the user "factory", who is forgotten after it."""
    actor, _ = User.objects.get_or_create(username="factory", defaults={"is_active": False})
    with transaction.atomic():
        audit.because(by=actor, action="factory")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('crossclaim.actor_id', '', true)")


@contextmanager
def without_triggers() -> Iterator[None]:
    """Write what no operation would, as a superuser can; foreign keys are not looked at either."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def written_down(row: Model) -> None:
    """Write down a new row as the trigger would have."""
    with acting(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reviews_auditevent (at, actor_id, actor, action, reason, request_id,"
            "                                table_name, row_id, operation, new)"
            " SELECT clock_timestamp(), current_setting('crossclaim.actor_id')::bigint,"
            "        current_setting('crossclaim.actor'), 'factory', '', '', %s, t.id, 'insert', to_jsonb(t)"
            f"  FROM {row._meta.db_table} t WHERE t.id = %s",
            [row._meta.db_table, row.pk],
        )


class Audited:
    """For factories of audited models: names an actor for the insert, and forgets it."""

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with acting():
            return super()._create(model_class, *args, **kwargs)  # type: ignore[misc]
