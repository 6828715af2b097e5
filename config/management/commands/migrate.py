"""Django's `migrate`, as the role that owns the tables."""

from typing import Any

from django.core.management.commands import migrate

from config.database_roles import as_owner


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        # Not `handle`: the checks before it ask the database too, where there may be no other role yet.
        with as_owner():
            return super().execute(*args, **options)
