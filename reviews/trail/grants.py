"""What the application's role may do in the database to the trail, to what it tells of, and to its guards."""

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.db import connection

from reviews.trail.findings import Finding
from reviews.trail.rows import protected_tables

AUDIT_TABLES: Final = ("reviews_auditevent", "reviews_auditlink")
_ON_TRAIL: Final = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
_ON_PROTECTED: Final = ("TRUNCATE", "TRIGGER")
_OF_COLUMNS: Final = ("INSERT", "UPDATE")  # which may be granted for some columns of a table only
_ROLES_IT_CAN_BE: Final = """
    SELECT bool_or(rolsuper OR rolreplication OR rolbypassrls OR rolcreaterole) FROM pg_roles
     WHERE pg_has_role(%s, oid, 'MEMBER')
"""
# What would let it get round the triggers: the object, what is not to be granted on it, and whether it is.
_AROUND: Final = """
    SELECT 'database ' || current_database(), 'TEMPORARY',
           has_database_privilege(%(role)s, current_database(), 'TEMPORARY')
    UNION ALL SELECT 'schema public', 'CREATE', has_schema_privilege(%(role)s, 'public', 'CREATE')
    UNION ALL SELECT 'setting session_replication_role', 'SET',
           has_parameter_privilege(%(role)s, 'session_replication_role', 'SET')
    UNION ALL (SELECT 'function ' || p.proname, 'EXECUTE', has_function_privilege(%(role)s, p.oid, 'EXECUTE')
        FROM pg_proc p WHERE p.oid IN (SELECT tgfoid FROM pg_trigger WHERE NOT tgisinternal)
       ORDER BY p.proname)
"""


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
    """What the application's role may do to the trail, to what it tells of, and to get round the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            yield Finding("grants", f"role {role}", "one", "none")
            return
        cursor.execute(_ROLES_IT_CAN_BE, [role])
        if cursor.fetchone()[0]:
            yield Finding("grants", f"role {role}", "an ordinary role", "one that nothing is refused to")
        cursor.execute(_AROUND, {"role": role})
        for what, privilege, is_granted in cursor.fetchall():
            if is_granted:
                yield _granted(what, privilege, role)
        forbidden: dict[str, tuple[str, ...]] = {each.table: _ON_PROTECTED for each in protected_tables()}
        forbidden |= dict.fromkeys(AUDIT_TABLES, _ON_TRAIL) | {"reviews_auditlink": ("INSERT", *_ON_TRAIL)}
        for table, privileges in sorted(forbidden.items()):
            yield from _check_table(cursor, role, table, privileges)


def _check_table(cursor: Any, role: str, table: str, privileges: tuple[str, ...]) -> Iterator[Finding]:
    cursor.execute(
        "SELECT tableowner = %s OR pg_has_role(%s, tableowner, 'MEMBER') FROM pg_tables"
        " WHERE schemaname = 'public' AND tablename = %s",
        [role, role, table],
    )
    owned = cursor.fetchone()
    if owned is not None and owned[0]:
        yield Finding("grants", f"table {table}", f"another owner than {role}", role)
        return
    for privilege in privileges:
        of = "any_column" if privilege in _OF_COLUMNS else "table"
        cursor.execute(f"SELECT has_{of}_privilege(%s, %s, %s)", [role, table, privilege])
        if cursor.fetchone()[0]:
            yield _granted(f"table {table}", privilege, role)


def _granted(what: str, privilege: str, role: str) -> Finding:
    return Finding("grants", what, f"no {privilege} for {role}", "it is granted")
