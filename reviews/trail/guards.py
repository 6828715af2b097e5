"""Whether the triggers that write and guard the trail are those of this release, and nothing gets round."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import pgtrigger
from django.db import connection, models

from claims.triggers import AlwaysFires, OwnersGuardSql
from reviews.trail.findings import Finding

_BODY: Final = r"FUNCTION {name}\(\)\s+RETURNS TRIGGER AS \$\$(.*?)\$\$ LANGUAGE plpgsql"
_SEARCH_PATH: Final = "search_path=pg_catalog, public, pg_temp"
_ROW, _BEFORE = 1, 2  # as in pg_trigger.tgtype
_OPERATIONS: Final = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_INSTALLED: Final = """
    SELECT t.tgrelid::regclass::text, t.tgname, t.tgenabled, p.prosrc, t.tgtype,
           ARRAY[t.tgdeferrable, t.tginitdeferred], t.tgqual IS NULL, coalesce(t.tgnewtable, ''),
           ARRAY(SELECT attname::text FROM pg_attribute
                  WHERE attrelid = t.tgrelid AND attnum = ANY(t.tgattr) ORDER BY 1),
           p.proconfig, p.prosecdef
      FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
"""
# What changes, hides or adds rows of a table while its triggers stand there as they should.
_WAYS_ROUND: Final = """
    SELECT c.relname, 'rule ' || r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
     WHERE c.relname = ANY(%(tables)s) AND c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT c.relname, 'row-level security' FROM pg_class c
     WHERE c.relname = ANY(%(tables)s) AND c.relnamespace = 'public'::regnamespace
       AND (c.relrowsecurity OR c.relforcerowsecurity)
    UNION ALL
    SELECT c.relname, 'inheriting table ' || i.inhrelid::regclass FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhparent
     WHERE c.relname = ANY(%(tables)s) AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""
# Of a database or a role, for each of its sessions from then on; and what this session began with, which may
# also be from the configuration of the server, or from its own address.
_REPLICAS: Final = """
    SELECT coalesce('role ' || r.rolname, 'database ' || d.datname, 'every role')
      FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole
      LEFT JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS setting
     WHERE lower(setting) = 'session_replication_role=replica'
       AND (s.setdatabase = 0 OR d.datname = current_database())
    UNION ALL
    SELECT 'this session' FROM pg_settings
     WHERE name = 'session_replication_role' AND reset_val = 'replica' ORDER BY 1
"""


def check_triggers() -> Iterator[Finding]:
    """Every trigger our models declare is there, is enabled and does what it should."""
    with connection.cursor() as cursor:
        cursor.execute(_INSTALLED)
        installed = {(table, name): rest for table, name, *rest in cursor.fetchall()}
    ours = _ours()
    for (table, name), expected in ours.items():
        where = f"trigger {name} on {table}"
        found = installed.get((table, name))
        if found is None:
            yield Finding("triggers", where, "one", "none")
            continue
        enabled, *definition = found
        if enabled != "O":
            yield Finding("triggers", where, "an enabled one", "one that is switched off or replays only")
        if definition != expected:
            yield Finding("triggers", where, "the definition this release has", "another")
    tables = {table for table, _ in ours}
    for table, name in sorted(installed.keys() - ours.keys()):
        if table in tables:
            yield Finding("triggers", f"trigger {name} on {table}", "none", "one that is not ours")
    yield from _check_ways_round(sorted(tables))


def _check_ways_round(tables: list[str]) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_WAYS_ROUND, {"tables": tables})
        for table, way in cursor.fetchall():
            yield Finding("triggers", f"{way} on {table}", "none", "one that gets round its triggers")
        cursor.execute(_REPLICAS)
        for (whose,) in cursor.fetchall():
            where = f"setting session_replication_role of {whose}"
            yield Finding("triggers", where, "none", "one by which no trigger fires")


@cache
def _ours() -> dict[tuple[str, str], list[Any]]:
    """The definitions of this release's triggers, by their tables and names."""
    registered = sorted(pgtrigger.registered(), key=lambda each: each[1].get_uri(each[0]))
    return {
        (model._meta.db_table, trigger.get_pgid(model)): _definition(model, trigger)
        for model, trigger in registered
    }


def _definition(model: models.Model, trigger: pgtrigger.Trigger) -> list[Any]:
    """As the catalogue has it.

    Body, kind, whether it is deferrable and deferred, that it has no condition, what it calls the new rows,
    columns, settings, and whether it acts as the owner.
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
    new_rows = (trigger.referencing.new or "") if trigger.referencing else ""
    is_owners = isinstance(trigger, AlwaysFires) and trigger.sql_class is OwnersGuardSql
    when = [body[1] if body else None, kind, [deferred, deferred], True]
    return [*when, new_rows, named, [_SEARCH_PATH], is_owners]
