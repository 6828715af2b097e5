"""What the application's role may do in the database, and that it can do its work."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from claims.models import Claim
from claims.triggers import AlwaysFires
from config.database_roles import as_owner, grant
from reviews import audit, operations
from reviews.models import AuditEvent
from reviews.trail.grants import application_role, check_grants
from tests.factories import NOW, ClaimFactory, QuestionFactory, UserFactory
from tests.reviews.audit.bases import look, pending_is_chained

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
        "INSERT INTO reviews_auditlink (position, event_id, previous_hash, salt, commitment, hash)"
        " VALUES (9223372036854775807, 1, '', gen_random_uuid(), '', '')",
        "CREATE TEMPORARY TABLE reviews_auditevent (LIKE public.reviews_auditevent)",
        "CREATE TEMPORARY TABLE reviews_verdict (LIKE public.reviews_verdict)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('reviews', 'x', now())",
    ],
)
def test_application_is_refused(as_application: None, statement: str) -> None:
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")

    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_tables_of_a_session_take_nothing_from_the_trail() -> None:
    question = QuestionFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE reviews_auditevent (LIKE public.reviews_auditevent) ON COMMIT DROP"
        )
        cursor.execute(
            "CREATE TEMPORARY TABLE reviews_auditlink (LIKE public.reviews_auditlink) ON COMMIT DROP"
        )
        audit.because(by=UserFactory(), action="reword")
        cursor.execute("UPDATE reviews_question SET wording = 'Whom?' WHERE id = %s", [question.pk])
        pending_is_chained()
        cursor.execute(
            "SELECT e.new ->> 'wording', l.position IS NOT NULL FROM public.reviews_auditevent e"
            " LEFT JOIN public.reviews_auditlink l ON l.event_id = e.id ORDER BY e.id DESC LIMIT 1"
        )
        written = cursor.fetchone()

    assert written == ("Whom?", True)


@pytest.mark.django_db
def test_tables_of_a_session_let_nothing_through() -> None:
    question = QuestionFactory(state="in_review", assessments_required=1)
    with connection.cursor() as cursor:
        for table in ("reviews_verdict", "reviews_assessment"):
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS SELECT * FROM public.{table}")
            cursor.execute(f"INSERT INTO {table} (question_id, round) VALUES (%s, 1)", [question.pk])
        audit.because(by=UserFactory(), action="decide")

        with pytest.raises(DatabaseError, match="without its assessments"), transaction.atomic():
            cursor.execute("UPDATE reviews_question SET state = 'decided' WHERE id = %s", [question.pk])


@pytest.mark.parametrize("triggered", pgtrigger.registered(), ids=lambda each: each[1].get_uri(each[0]))
def test_no_session_gets_round_a_trigger(triggered: tuple[Any, pgtrigger.Trigger]) -> None:
    model, trigger = triggered
    installed = trigger.compile(model).install_sql

    assert isinstance(trigger, AlwaysFires)
    assert trigger.get_condition(model) is None
    assert "_pgtrigger_should_ignore" not in installed
    assert "SET search_path = pg_catalog, public, pg_temp;" in installed


@pytest.mark.django_db
def test_no_setting_lets_facts_change() -> None:
    claim = ClaimFactory()

    with pgtrigger.ignore(), pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(statement="Not so.")


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
        cursor.execute("SELECT tgfoid::regproc::text FROM pg_trigger WHERE tgname LIKE '%is_chained%'")
        (function,) = cursor.fetchone()

        cursor.execute(f"GRANT DELETE ON reviews_auditlink TO {ROLE}")
        cursor.execute(f"GRANT UPDATE (reason) ON reviews_auditevent TO {ROLE}")
        cursor.execute(f"GRANT INSERT (hash) ON reviews_auditlink TO {ROLE}")
        cursor.execute(f"GRANT TRUNCATE ON reviews_question TO {ROLE}")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {ROLE}")
        cursor.execute(f"GRANT CREATE ON SCHEMA public TO {ROLE}")
        cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")

    assert before == []
    assert [str(finding) for finding in check_grants(ROLE)] == [
        f"{what}: expected no {privilege} for {ROLE}; found it is granted."
        for what, privilege in (
            ("schema public", "CREATE"),
            ("setting session_replication_role", "SET"),
            (f"function {function}", "EXECUTE"),
            ("table reviews_auditevent", "UPDATE"),
            ("table reviews_auditlink", "INSERT"),
            ("table reviews_auditlink", "DELETE"),
            ("table reviews_question", "TRUNCATE"),
        )
    ]


@pytest.mark.django_db
def test_role_that_can_become_a_mightier_one_is_told_of() -> None:
    grant(connection, role=ROLE, password="")
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE crossclaim_test_mighty CREATEROLE")
        cursor.execute(f"GRANT crossclaim_test_mighty TO {ROLE} WITH INHERIT FALSE")

    (finding,) = check_grants(ROLE)

    assert (finding.where, finding.expected) == (f"role {ROLE}", "an ordinary role")


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
        cursor.execute(f"GRANT UPDATE (reason) ON reviews_auditevent TO {ROLE}")

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
