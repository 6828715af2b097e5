"""Whether the database still guards the trail: its triggers, and what the application's role may do."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pgtrigger
from django.conf import settings
from django.db import connection, models

from claims.triggers import AlwaysFires, OwnersGuardSql
from reviews.trail.findings import Finding
from reviews.trail.rows import protected_tables

AUDIT_TABLES: Final = ("reviews_auditevent", "reviews_auditlink")
_NEVER_ON_TRAIL: Final = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
_BODY: Final = r"FUNCTION {name}\(\)\s+RETURNS TRIGGER AS \$\$(.*?)\$\$ LANGUAGE plpgsql"
_SEARCH_PATH: Final = "search_path=pg_catalog, public, pg_temp"
_ROW, _BEFORE = 1, 2  # as in pg_trigger.tgtype
_OPERATIONS: Final = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_INSTALLED: Final = """
    SELECT t.tgrelid::regclass::text, t.tgname, t.tgenabled, p.prosrc, t.tgtype, t.tginitdeferred,
           t.tgqual IS NOT NULL,
           ARRAY(SELECT attname::text FROM pg_attribute
                  WHERE attrelid = t.tgrelid AND attnum = ANY(t.tgattr) ORDER BY 1),
           p.proconfig, p.prosecdef
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
"""


def check_triggers() -> Iterator[Finding]:
    """Every trigger our models declare is there, is enabled and does what it should."""
    with connection.cursor() as cursor:
        cursor.execute(_INSTALLED)
        installed = {(table, name): rest for table, name, *rest in cursor.fetchall()}
    ours: set[tuple[str, str]] = set()
    for model, trigger in sorted(pgtrigger.registered(), key=lambda each: each[1].get_uri(each[0])):
        table, name = model._meta.db_table, trigger.get_pgid(model)
        where = f"trigger {name} on {table}"
        ours.add((table, name))
        found = installed.get((table, name))
        if found is None:
            yield Finding("triggers", where, "one", "none")
            continue
        enabled, *definition = found
        if enabled != "O":
            yield Finding("triggers", where, "an enabled one", "one that is switched off or replays only")
        if definition != _definition(model, trigger):
            yield Finding("triggers", where, "the definition this release has", "another")
    guarded = {*AUDIT_TABLES, *(each.table for each in protected_tables())}
    for table, name in sorted(installed.keys() - ours):
        if table in guarded:
            yield Finding("triggers", f"trigger {name} on {table}", "none", "one that is not ours")


def _definition(model: models.Model, trigger: pgtrigger.Trigger) -> list[Any]:
    """As the catalogue has it.

    Body, kind, deferred or not, conditional or not, columns, settings, and whether it acts as the owner.
    """
    sql = trigger.compile(model).install_sql
    body = re.search(_BODY.format(name=re.escape(trigger.get_pgid(model))), sql, re.DOTALL)
    operation = str(trigger.operation)
    kind = sum(bit for word, bit in _OPERATIONS.items() if re.search(rf"\b{word}\b", operation))
    kind += _ROW if trigger.level == pgtrigger.Row else 0
    kind += _BEFORE if trigger.when == pgtrigger.Before else 0
    columns = re.search(r"UPDATE OF (.*?)(?: OR |$)", operation)
    named = sorted(column.strip(' "') for column in columns[1].split(",")) if columns else []
    deferred = trigger.timing == pgtrigger.Deferred
    is_conditional = trigger.get_condition(model) is not None
    is_owners = isinstance(trigger, AlwaysFires) and trigger.sql_class is OwnersGuardSql
    return [body[1] if body else None, kind, deferred, is_conditional, named, [_SEARCH_PATH], is_owners]


def application_role() -> str | None:
    """Whom the database is to refuse changes of the trail; None where one role owns and does everything."""
    role = connection.settings_dict["USER"]
    if settings.MIGRATION_DATABASE is not None:
        return role
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, tableowner, 'MEMBER') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename = 'reviews_auditlink'"
        )
        return None if cursor.fetchone()[0] else role


def check_grants(role: str) -> Iterator[Finding]:
    """What the application's role may do to the trail, and to what it tells of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role]
        )
        known = cursor.fetchone()
        if known is None:
            yield Finding("grants", f"role {role}", "one", "none")
            return
        if known[0]:
            yield Finding("grants", f"role {role}", "an ordinary role", "one that nothing is refused to")
        cursor.execute(
            "SELECT current_database(), has_database_privilege(%s, current_database(), 'TEMP')", [role]
        )
        database, makes_tables = cursor.fetchone()
        if makes_tables:
            yield Finding("grants", f"database {database}", f"no TEMPORARY for {role}", "it is granted")
        forbidden: dict[str, tuple[str, ...]] = dict.fromkeys(AUDIT_TABLES, _NEVER_ON_TRAIL)
        forbidden["reviews_auditlink"] = ("INSERT", *_NEVER_ON_TRAIL)
        forbidden |= {each.table: ("TRUNCATE", "TRIGGER") for each in protected_tables()}
        for table, privileges in sorted(forbidden.items()):
            cursor.execute(
                "SELECT tableowner = %s OR pg_has_role(%s, tableowner, 'MEMBER') FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename = %s",
                [role, role, table],
            )
            owned = cursor.fetchone()
            if owned is not None and owned[0]:
                yield Finding("grants", f"table {table}", f"another owner than {role}", role)
                continue
            for privilege in privileges:
                cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, privilege])
                if cursor.fetchone()[0]:
                    yield Finding("grants", f"table {table}", f"no {privilege} for {role}", "it is granted")
