"""What the application's role may do in the database, and that it can do its work."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from config.database_roles import as_owner, grant
from reviews import operations
from reviews.models import AuditEvent
from reviews.trail.guards import application_role, check_grants
from tests.factories import NOW, UserFactory
from tests.reviews.audit.bases import look

ROLE = "crossclaim_test_app"


@pytest.fixture
def as_application(db: None) -> Iterator[None]:
    """The rest of the test is the application's role, which is gone with the test."""
    UserFactory()
    grant(connection, role=ROLE, password="not-logged")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews_auditevent SET actor = 'nobody'",
        "DELETE FROM reviews_auditevent",
        "TRUNCATE reviews_auditevent",
        "ALTER TABLE reviews_auditevent DISABLE TRIGGER ALL",
        "DROP TABLE reviews_auditevent",
        "UPDATE reviews_auditlink SET hash = ''",
        "DELETE FROM reviews_auditlink",
        "TRUNCATE reviews_auditlink",
        "ALTER TABLE reviews_question DISABLE TRIGGER ALL",
        "TRUNCATE claims_claim CASCADE",
        "SET session_replication_role = replica",
        "CREATE TRIGGER own BEFORE UPDATE ON reviews_question FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('reviews', 'x', now())",
    ],
)
def test_application_is_refused(as_application: None, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")

    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_application_does_its_work(as_application: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        by = UserFactory(roles=["reviewer"])
        cursor.execute(f"SET LOCAL ROLE {ROLE}")

    question = operations.open_question(wording="Who?", slot="who", by=by, now=NOW)

    event = AuditEvent.objects.filter(table_name="reviews_question").latest("pk")
    assert (event.row_id, event.actor) == (question.pk, by.username)
    assert look().findings.first == []


@pytest.mark.django_db
def test_grants_that_were_widened_are_told_of() -> None:
    grant(connection, role=ROLE, password="")
    before = list(check_grants(ROLE))

    with connection.cursor() as cursor:
        cursor.execute(f"GRANT DELETE ON reviews_auditlink TO {ROLE}")
        cursor.execute(f"GRANT TRUNCATE ON reviews_question TO {ROLE}")

    assert before == []
    assert [str(finding) for finding in check_grants(ROLE)] == [
        f"table reviews_auditlink: expected no DELETE for {ROLE}; found it is granted.",
        f"table reviews_question: expected no TRUNCATE for {ROLE}; found it is granted.",
    ]


@pytest.mark.django_db
def test_grants_of_an_owner_are_told_of() -> None:
    owner = connection.settings_dict["USER"]

    assert next(check_grants(owner)).where == f"role {owner}"
    assert application_role() is None


@pytest.mark.django_db
def test_grants_are_brought_in_line_again() -> None:
    grant(connection, role=ROLE, password="")
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON reviews_auditevent TO {ROLE}")

    grant(connection, role=ROLE, password="")

    assert list(check_grants(ROLE)) == []


def test_one_role_for_all_is_warned_of(settings: Any) -> None:
    settings.MIGRATION_DATABASE, settings.AUDIT_SIGNING_KEY = None, ""
    warned = {message.id for message in run_checks(include_deployment_checks=True)}

    settings.MIGRATION_DATABASE, settings.AUDIT_SIGNING_KEY = settings.DATABASES["default"], "a key"
    left = {message.id for message in run_checks(include_deployment_checks=True)}

    assert {"config.W001", "config.W002"} <= warned
    assert not {"config.W001", "config.W002"} & left


@pytest.mark.django_db(transaction=True)
def test_migrations_connect_as_the_owner(settings: Any) -> None:
    application = dict(connection.settings_dict)
    settings.MIGRATION_DATABASE = {**application, "USER": "crossclaim_owner_of_a_test"}

    with as_owner():
        during = connection.settings_dict["USER"]
        application_during = settings.DATABASES["default"]["USER"]

    assert (during, application_during) == ("crossclaim_owner_of_a_test", application["USER"])
    assert dict(connection.settings_dict) == application
