"""Migrations that change what a protected table has of columns, and what the verifier says after them."""

from collections.abc import Callable

import pytest
from django.db import connection, models
from django.db.migrations import RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from reviews.audit import migrating
from reviews.audit.migrating import WriteDownAnew
from reviews.models import AuditEvent, Placement
from reviews.trail import Finding
from reviews.trail.rows import check_rows, protected_tables
from tests import factories
from tests.factories import OutletFactory, PlacementFactory, QuestionFactory, UserFactory
from tests.reviews.audit.bases import as_superuser, pending_is_chained

pytestmark = pytest.mark.django_db

TABLES = pytest.mark.parametrize(
    ("table", "make"),
    [("reviews_question", QuestionFactory), ("claims_outlet", OutletFactory), ("auth_user", UserFactory)],
)


def add_column(table: str) -> RunSQL:
    return RunSQL(
        f"ALTER TABLE {table} ADD COLUMN colour text DEFAULT 'red' NOT NULL",
        f"ALTER TABLE {table} DROP COLUMN colour",
    )


def migrate(operation: Operation, *, backwards: bool = False) -> None:
    pending_is_chained()
    step = operation.database_backwards if backwards else operation.database_forwards
    with connection.schema_editor() as editor:
        step("reviews", editor, ProjectState(), ProjectState())
    pending_is_chained()


def differing(table: str) -> list[Finding]:
    """What the verifier says of the table's rows."""
    pending_is_chained()
    (protected,) = (each for each in protected_tables() if each.table == table)
    return list(check_rows(protected))


@TABLES
def test_column_that_comes_alone_is_reported_for_each_row(
    table: str, make: Callable[[], models.Model]
) -> None:
    row = make()

    migrate(add_column(table))

    assert f"{table} {row.pk}" in {finding.where for finding in differing(table)}


@TABLES
def test_rows_that_are_written_down_anew_raise_no_alarm(table: str, make: Callable[[], models.Model]) -> None:
    row = make()
    anew = WriteDownAnew(table, [add_column(table)], reason="Rows have a colour.")

    migrate(anew)

    written = AuditEvent.objects.filter(table_name=table, action="write_down_anew")
    assert {(event.operation, event.reason) for event in written} == {("base", "Rows have a colour.")}
    assert differing(table) == []
    with factories.acting(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET colour = 'blue' WHERE id = %s", [row.pk])
    assert differing(table) == []
    migrate(anew, backwards=True)
    assert differing(table) == []


def test_rows_are_written_down_together_where_they_are_written_so() -> None:
    outlets = {str(outlet.pk) for outlet in OutletFactory.create_batch(3)}

    migrate(WriteDownAnew("claims_outlet", [], reason="To see it."))

    event = AuditEvent.objects.get(table_name="claims_outlet", action="write_down_anew")
    assert (event.row_id, event.new and set(event.new["rows"])) == (0, outlets)


def test_row_that_was_changed_before_is_not_covered_up() -> None:
    question = QuestionFactory()
    pending_is_chained()

    with as_superuser() as cursor:
        cursor.execute("UPDATE reviews_question SET wording = 'Where was it?' WHERE id = %s", [question.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
        migrate(WriteDownAnew("reviews_question", [add_column("reviews_question")], reason="Colour."))
        (finding,) = differing("reviews_question")

    event = f"reviews_question {question.pk} before event "
    assert (finding.check, finding.where[: len(event)], finding.found) == ("rows", event, "something else")


@TABLES
def test_row_that_was_put_in_before_is_not_covered_up(table: str, make: Callable[[], models.Model]) -> None:
    make()
    pending_is_chained()

    with as_superuser() as cursor:
        row = make()
        cursor.execute("SET LOCAL session_replication_role = origin")
        migrate(WriteDownAnew(table, [add_column(table)], reason="Rows have a colour."))
        (finding,) = differing(table)

    before = f"{table} {row.pk} before event "
    assert (finding.where[: len(before)], finding.expected) == (before, "an event that put it in")


def test_row_that_was_put_in_again_before_is_not_covered_up() -> None:
    placement = PlacementFactory()
    again = Placement.objects.get()
    with factories.acting():
        placement.delete()
    deleted = AuditEvent.objects.get(table_name="reviews_placement", operation="delete")
    pending_is_chained()

    with as_superuser() as cursor:
        again.save(force_insert=True)
        cursor.execute("SET LOCAL session_replication_role = origin")
        migrate(WriteDownAnew("reviews_placement", [add_column("reviews_placement")], reason="Colour."))
        (finding,) = differing("reviews_placement")

    before = f"reviews_placement {again.pk} before event "
    assert finding.where[: len(before)] == before
    assert finding.expected == f"what event {deleted.pk} had made of it"


REWRITTEN = pytest.mark.parametrize(
    ("table", "make", "rewrite"),
    [
        ("reviews_question", QuestionFactory, "UPDATE reviews_question SET wording = 'Where was it?'"),
        ("claims_outlet", OutletFactory, "UPDATE claims_outlet SET name = 'The Other Courier'"),
    ],
)


@REWRITTEN
def test_row_that_was_changed_is_not_covered_up_as_if_the_trail_began(
    table: str, make: Callable[[], models.Model], rewrite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "WRITTEN_ANEW", "baseline")
    row = make()
    baseline = WriteDownAnew(table, [], reason="As if the trail began here.")
    migrate(baseline)
    make()
    pending_is_chained()

    with as_superuser() as cursor:
        cursor.execute(f"{rewrite} WHERE id = %s", [row.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
        migrate(baseline)
        found = differing(table)

    assert f"{table} {row.pk}" in {finding.where.split(" before ")[0] for finding in found}


@REWRITTEN
def test_rows_may_have_been_anything_when_the_trail_began(
    table: str, make: Callable[[], models.Model], rewrite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "WRITTEN_ANEW", "baseline")
    make()
    pending_is_chained()

    with as_superuser() as cursor:
        cursor.execute("DELETE FROM reviews_auditevent WHERE action = 'baseline'")
        cursor.execute(rewrite)
        make()
        cursor.execute("SET LOCAL session_replication_role = origin")
        migrate(WriteDownAnew(table, [], reason="The trail begins here."))

        assert differing(table) == []


def test_table_of_which_nothing_is_written_down_is_refused() -> None:
    with pytest.raises(ValueError, match="Nothing is written down of reviews_comment"):
        migrate(WriteDownAnew("reviews_comment", [], reason="To see it."))
