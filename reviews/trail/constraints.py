"""Whether columns, constraints and indexes stand in the database as the models name them, and are enforced.

A condition reads otherwise once it is stored. So the planner is shown both, what the model says and what is
there, and they are the same if it makes the same of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db import connection, models
from django.db.models.sql import Query

from reviews.trail.findings import Finding
from reviews.trail.rows import protected_tables

_OURS: Final = ("claims", "reviews")
_PLANNED: Final = "EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT {} FROM {}"
_COLUMNS: Final = """
    SELECT c.relname, a.attname, a.attnotnull FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
"""
_CHECKS: Final = """
    SELECT c.relname, n.conname, n.convalidated, pg_get_expr(n.conbin, n.conrelid)
      FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
     WHERE n.contype = 'c' AND c.relnamespace = 'public'::regnamespace
"""
_FOREIGN_KEYS: Final = """
    SELECT c.relname, a.attname, t.relname,
           n.convalidated AND n.confdeltype = 'a' AND n.confupdtype = 'a' AND NOT EXISTS (
               SELECT FROM pg_trigger WHERE tgconstraint = n.oid AND tgenabled NOT IN ('O', 'A'))
      FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid JOIN pg_class t ON t.oid = n.confrelid
      JOIN pg_attribute a ON a.attrelid = n.conrelid AND a.attnum = n.conkey[1]
     WHERE n.contype = 'f' AND cardinality(n.conkey) = 1 AND c.relnamespace = 'public'::regnamespace
"""
# References that migrations make themselves, for no model can name one over two columns: as the catalogue
# writes them, by their tables and names.
_MADE_BY_HAND: Final = {
    ("reviews_placement", "placement_position_is_of_its_question"): (
        "FOREIGN KEY (position_id, question_id) REFERENCES reviews_position(id, question_id) DEFERRABLE"
    ),
}
_BY_NAME: Final = """
    SELECT pg_get_constraintdef(n.oid), EXISTS (
               SELECT FROM pg_trigger WHERE tgconstraint = n.oid AND tgenabled NOT IN ('O', 'A'))
      FROM pg_constraint n
     WHERE n.conrelid = to_regclass('public.' || %s) AND n.conname = %s
"""
_INDEXES: Final = """
    SELECT c.relname, i.relname, x.indisunique, x.indisvalid AND x.indisready,
           pg_get_expr(x.indpred, x.indrelid),
           ARRAY(SELECT pg_get_indexdef(x.indexrelid, n, false) FROM generate_series(1, x.indnkeyatts) n)
      FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
     WHERE c.relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Index:
    """An index as it stands; `condition` is None for one of all rows."""

    name: str
    is_unique: bool
    is_usable: bool
    condition: str | None
    keys: list[str]


@dataclass
class Table:
    """What stands in the database of one table: columns by whether they take no NULL, checks, references."""

    columns: dict[str, bool] = field(default_factory=dict)
    checks: dict[str, tuple[bool, str]] = field(default_factory=dict)  # whether it holds for all rows; text
    foreign_keys: dict[tuple[str, str], bool] = field(default_factory=dict)  # whether it is enforced
    indexes: dict[str, Index] = field(default_factory=dict)


@dataclass(frozen=True)
class Same:
    """Two pieces of SQL on a table that must mean the same, and what is wrong if they do not."""

    expected: str
    found: str
    finding: Finding


def check_constraints() -> Iterator[Finding]:
    """Every column, constraint and index that a model names is there, holds for all rows and is the same."""
    standing = _standing()
    same: dict[str, list[Same]] = {}
    for model in _models():
        table = model._meta.db_table
        found = standing.get(table, Table())
        missing = [*_missing_columns(model, found)]
        yield from missing
        if not missing:
            yield from _check_named(model, found, same.setdefault(table, []))
            yield from _check_unnamed(model, found)
    yield from _differing({table: each for table, each in same.items() if each})
    yield from _check_made_by_hand()


def _models() -> list[type[models.Model]]:
    protected = {each.table for each in protected_tables()}
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and (model._meta.app_label in _OURS or model._meta.db_table in protected)
    ]


def _standing() -> dict[str, Table]:
    tables: dict[str, Table] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column, is_required in cursor.fetchall():
            tables.setdefault(table, Table()).columns[column] = is_required
        cursor.execute(_CHECKS)
        for table, name, *check in cursor.fetchall():
            tables[table].checks[name] = (check[0], check[1])
        cursor.execute(_FOREIGN_KEYS)
        for table, column, target, is_enforced in cursor.fetchall():
            tables[table].foreign_keys[column, target] = is_enforced
        cursor.execute(_INDEXES)
        for table, *index in cursor.fetchall():
            tables[table].indexes[index[0]] = Index(*index)
    return tables


def _wrong(what: str, table: str, expected: str = "one", found: str = "none") -> Finding:
    return Finding("constraints", f"{what} of {table}", expected, found)


def _missing_columns(model: type[models.Model], found: Table) -> Iterator[Finding]:
    table = model._meta.db_table
    for each in model._meta.local_concrete_fields:
        is_required = found.columns.get(str(each.column))
        if is_required is None:
            yield _wrong(f"column {each.column}", table)
        elif is_required is each.null and not each.generated:
            yield _wrong(f"column {each.column}", table, *_null_or_not(may_be_null=each.null))


def _null_or_not(*, may_be_null: bool) -> tuple[str, str]:
    both = ("one that takes no NULL", "one that does")
    return both[::-1] if may_be_null else both


def _check_named(model: type[models.Model], found: Table, same: list[Same]) -> Iterator[Finding]:
    """What has a name of its own; `same` is added to by what only the planner can tell."""
    table = model._meta.db_table
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            yield from _check_check(model, constraint, found, same)
        elif isinstance(constraint, models.UniqueConstraint):
            yield from _check_unique(model, constraint, found, same)
    for index in model._meta.indexes:
        stands = found.indexes.get(index.name)
        if stands is None:
            yield _wrong(f"index {index.name}", table)
        elif not stands.is_usable:
            yield _wrong(f"index {index.name}", table, "one that is in use", "one that is not valid")


def _check_check(
    model: type[models.Model], constraint: models.CheckConstraint, found: Table, same: list[Same]
) -> Iterator[Finding]:
    table, what = model._meta.db_table, f"constraint {constraint.name}"
    if constraint.name not in found.checks:
        yield _wrong(what, table)
        return
    is_validated, condition = found.checks[constraint.name]
    if not is_validated:
        yield _wrong(what, table, "one that holds for every row", "one that was not validated")
    same.append(Same(_condition_sql(model, constraint.condition), condition, _other(what, table)))


def _check_unique(
    model: type[models.Model], constraint: models.UniqueConstraint, found: Table, same: list[Same]
) -> Iterator[Finding]:
    table, what = model._meta.db_table, f"constraint {constraint.name}"
    index = found.indexes.get(constraint.name)
    if index is None:
        yield _wrong(what, table)
        return
    expressions = constraint.expressions or [models.F(name) for name in constraint.fields]
    keys = [_expression_sql(model, each) for each in expressions]
    if not (index.is_unique and index.is_usable) or len(keys) != len(index.keys):
        yield _other(what, table)
        return
    same.extend(Same(*pair, _other(what, table)) for pair in zip(keys, index.keys, strict=True))
    condition = _condition_sql(model, constraint.condition) if constraint.condition else "true"
    same.append(Same(condition, index.condition or "true", _other(what, table)))


def _other(what: str, table: str) -> Finding:
    return _wrong(what, table, "the one this release has", "another")


def _check_unnamed(model: type[models.Model], found: Table) -> Iterator[Finding]:
    """References, and columns that are unique by themselves; the database has made up their names."""
    table = model._meta.db_table
    unique: set[tuple[str, ...]] = {
        tuple(key.strip('"') for key in index.keys)
        for index in found.indexes.values()
        if index.is_unique and index.is_usable and index.condition is None
    }
    alone = [(str(each.column),) for each in model._meta.local_concrete_fields if each.unique]
    together = [tuple(_column(model, name) for name in names) for names in model._meta.unique_together]
    for columns in (*alone, *together):
        if columns not in unique:
            yield _wrong(f"uniqueness of {', '.join(columns)}", table)
    for each in model._meta.local_concrete_fields:
        if not isinstance(each, models.ForeignKey) or not each.db_constraint:  # type: ignore[attr-defined]
            continue
        what = f"foreign key {each.column}"
        is_enforced = found.foreign_keys.get((str(each.column), each.related_model._meta.db_table))
        if is_enforced is None:
            yield _wrong(what, table)
        elif not is_enforced:
            yield _wrong(what, table, "one that is enforced", "one that is not")


def _check_made_by_hand() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for (table, name), definition in _MADE_BY_HAND.items():
            what = f"constraint {name}"
            cursor.execute(_BY_NAME, [table, name])
            found = cursor.fetchone()
            if found is None:
                yield _wrong(what, table)
            elif found[0] != definition:
                yield _other(what, table)
            elif found[1]:
                yield _wrong(what, table, "one that is enforced", "one that is not")


def _column(model: type[models.Model], name: str) -> str:
    return next(str(each.column) for each in model._meta.local_concrete_fields if each.name == name)


def _differing(same: Mapping[str, Sequence[Same]]) -> Iterator[Finding]:
    """Those of which the planner makes two things; it is asked for all tables at once."""
    asked = [
        _PLANNED.format(
            ", ".join(f"({each.expected}), ({each.found})" for each in pairs),
            connection.ops.quote_name(table),
        )
        for table, pairs in same.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(asked))
        for pairs in same.values():
            ((plan,),) = cursor.fetchall()
            planned = iter(plan[0]["Plan"]["Output"])
            for each, expected, found in zip(pairs, planned, planned, strict=True):
                if expected != found:
                    yield each.finding
            cursor.nextset()


# What models say does not change while a program runs.
@cache
def _condition_sql(model: type[models.Model], condition: models.Q) -> str:
    query = Query(model, alias_cols=False)
    return _as_sql(query, query.build_where(condition))


@cache
def _expression_sql(model: type[models.Model], expression: Any) -> str:
    query = Query(model, alias_cols=False)
    return _as_sql(query, expression.resolve_expression(query))


def _as_sql(query: Query, node: Any) -> str:
    compiled = query.get_compiler(connection=connection).compile(node)
    return str(connection.ops.compose_sql(*compiled))  # type: ignore[attr-defined]  # PostgreSQL's have it
