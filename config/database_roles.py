"""Two roles in the database: the owner, who migrates, and the application's, to whom the trail is closed.

Web, worker and beat connect by DATABASE_URL, migrations by MIGRATION_DATABASE_URL. Where the second is not
set one role does both, and could switch off what guards the audit trail; see docs/audit.md.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from psycopg import sql

from config.roles import LAST_MIGRATED_APP

READ_ONLY: Final = ("django_migrations",)
ONLY_GROWING: Final = ("reviews_auditevent", "reviews_auditlink")
WRITTEN_BY_TRIGGER: Final = "reviews_auditlink"  # as the owner
_WHO_CONNECTS: Final = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect to the same database as its owner meanwhile, if that is another role."""
    if settings.MIGRATION_DATABASE is None:
        yield
        return
    connection = connections["default"]
    application = connection.settings_dict
    owner = {"OPTIONS": {}, **settings.MIGRATION_DATABASE}
    connection.close()
    # Another dictionary, for this one is that of the settings, which say who the application is.
    connection.settings_dict = {**application, **{name: owner[name] for name in _WHO_CONNECTS}}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = application


@receiver(post_migrate, dispatch_uid="config.database_roles")
def let_in_application(sender: AppConfig, using: str, **_: Any) -> None:
    """Bring the grants of the application's role in line with what there is, once all is migrated."""
    if sender.name != LAST_MIGRATED_APP or settings.MIGRATION_DATABASE is None:
        return
    application = settings.DATABASES["default"]
    grant(connections[using], role=application["USER"], password=application["PASSWORD"])


def grant(connection: BaseDatabaseWrapper, *, role: str, password: str) -> None:
    """Make the role where there is none, and let it do what the application has to, and no more."""
    tables = [sql.Identifier(name) for name in connection.introspection.table_names()]
    names = {
        "role": sql.Identifier(role),
        "tables": sql.SQL(", ").join(tables),
        "growing": sql.SQL(", ").join(map(sql.Identifier, ONLY_GROWING)),
        "chain": sql.Identifier(WRITTEN_BY_TRIGGER),
        "database": sql.Identifier(connection.settings_dict["NAME"]),
        "fixed": sql.SQL(", ").join(map(sql.Identifier, READ_ONLY)),
    }
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            _make(connection, role=role, password=password)
        for statement in (
            "REVOKE ALL ON {tables} FROM {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "REVOKE UPDATE, DELETE ON {growing} FROM {role}",
            "REVOKE INSERT ON {chain} FROM {role}",
            "REVOKE INSERT, UPDATE, DELETE ON {fixed} FROM {role}",
            # Does nothing where the tables have another owner than the database; verify_audit says so.
            "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
        ):
            cursor.execute(sql.SQL(statement).format(**names))


def _make(connection: BaseDatabaseWrapper, *, role: str, password: str) -> None:
    options: sql.Composable = sql.SQL("LOGIN")
    if password:  # hashed here, so that the server has no password to log
        hashed = connection.connection.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        )
        options = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(hashed.decode()))
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role), options))


@register(Tags.security, deploy=True)
def check_roles(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """Warn where the application could change the audit trail, or where no change of it would show."""
    warnings: list[CheckMessage] = []
    if settings.MIGRATION_DATABASE is None:
        warnings.append(
            Warning(
                "The application's role owns the tables, and could change the audit trail.",
                hint="Name the owner in MIGRATION_DATABASE_URL, and another role in DATABASE_URL.",
                id="config.W001",
            )
        )
    if not settings.AUDIT_SIGNING_KEY:
        warnings.append(
            Warning(
                "No checkpoints of the audit trail are signed: that its end was cut off would not show.",
                hint="Set AUDIT_SIGNING_KEY; `manage.py checkpoint_audit --new-key` prints one.",
                id="config.W002",
            )
        )
    return warnings
