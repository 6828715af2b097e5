"""What guards the trail in the database: each is missed when it is gone, weakened or got round."""

import pytest
from django.db import connection

from reviews.trail import Finding, guards
from reviews.trail.constraints import check_constraints
from reviews.trail.guards import check_triggers
from tests.reviews.audit.bases import as_superuser, look, pending_is_chained

pytestmark = pytest.mark.django_db


def found_after(*statements: str) -> list[Finding]:
    """What is said of the guards once a superuser has done this."""
    pending_is_chained()
    with as_superuser() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return [*check_triggers(), *check_constraints()]


def name_of(trigger: str, *, on: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
            [on, f"pgtrigger_{trigger}%"],
        )
        (name,) = cursor.fetchone()
    return str(name)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("ALTER TABLE reviews_question DISABLE TRIGGER {name}", "an enabled one"),
        ("ALTER TABLE reviews_question ENABLE REPLICA TRIGGER {name}", "an enabled one"),
        ("DROP TRIGGER {name} ON reviews_question", "one"),
        (
            "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN RETURN NULL; END'",
            "the definition this release has",
        ),
        ("ALTER FUNCTION {name} RESET search_path", "the definition this release has"),
        ("ALTER FUNCTION {name} SECURITY DEFINER", "the definition this release has"),
        (
            "CREATE OR REPLACE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON reviews_question"
            " FOR EACH ROW WHEN (pg_trigger_depth() > 9) EXECUTE FUNCTION {name}()",
            "the definition this release has",
        ),
        (
            "CREATE OR REPLACE TRIGGER {name} AFTER INSERT OR UPDATE OF wording OR DELETE ON reviews_question"
            " FOR EACH ROW EXECUTE FUNCTION {name}()",
            "the definition this release has",
        ),
        (
            "DROP TRIGGER {name} ON reviews_question;"
            "CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON reviews_question"
            " DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION {name}()",
            "the definition this release has",
        ),
    ],
)
def test_weakened_triggers_are_told_of(statement: str, expected: str) -> None:
    name = name_of("changes_are_audited", on="reviews_question")

    (finding,) = found_after(statement.format(name=name))

    assert (finding.check, finding.expected) == ("triggers", expected)
    assert finding.where == f"trigger {name} on reviews_question"


@pytest.mark.parametrize("table", ["claims_claim", "reviews_auditlink", "reviews_assessmentdraft"])
def test_triggers_that_are_not_ours_are_told_of(table: str) -> None:
    found = found_after(
        f"CREATE TRIGGER pgtrigger_own BEFORE UPDATE ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
    )

    where = f"trigger pgtrigger_own on {table}"
    assert found == [Finding("triggers", where, "none", "one that is not ours")]


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        (
            "CREATE RULE quietly AS ON UPDATE TO reviews_verdict DO INSTEAD NOTHING",
            "rule quietly on reviews_verdict",
        ),
        (
            "CREATE RULE quietly AS ON INSERT TO reviews_auditevent DO INSTEAD NOTHING",
            "rule quietly on reviews_auditevent",
        ),
        (
            "ALTER TABLE reviews_auditlink ENABLE ROW LEVEL SECURITY",
            "row-level security on reviews_auditlink",
        ),
        (
            "CREATE TABLE beside () INHERITS (reviews_placement)",
            "inheriting table beside on reviews_placement",
        ),
    ],
)
def test_ways_round_triggers_are_told_of(statement: str, where: str) -> None:
    assert found_after(statement) == [Finding("triggers", where, "none", "one that gets round its triggers")]


def test_sessions_that_would_fire_no_trigger_are_told_of() -> None:
    database, role = connection.settings_dict["NAME"], connection.settings_dict["USER"]

    found = found_after(
        f'ALTER DATABASE "{database}" SET session_replication_role = replica',
        f'ALTER ROLE "{role}" SET session_replication_role = replica',
    )

    assert found == [
        Finding(
            "triggers",
            f"setting session_replication_role of {whose}",
            "none",
            "one by which no trigger fires",
        )
        for whose in (f"database {database}", f"role {role}")
    ]


def test_server_on_which_no_trigger_fires_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after ALTER SYSTEM, which would be felt by all other tests: here a connection asks for it."""
    theirs = connection.copy()
    theirs.settings_dict["OPTIONS"] = {"options": "-c session_replication_role=replica"}
    monkeypatch.setattr(guards, "connection", theirs)

    found = list(check_triggers())
    theirs.close()

    where = "setting session_replication_role of this session"
    assert found == [Finding("triggers", where, "none", "one by which no trigger fires")]


ANOTHER = ("the one this release has", "another")
NONE = ("one", "none")


@pytest.mark.parametrize(
    ("statement", "where", "expected", "found"),
    [
        (
            "ALTER TABLE reviews_verdict DROP CONSTRAINT a_verdict_has_a_rationale",
            "constraint a_verdict_has_a_rationale of reviews_verdict",
            *NONE,
        ),
        (
            "ALTER TABLE reviews_verdict DROP CONSTRAINT a_verdict_has_a_rationale;"
            "ALTER TABLE reviews_verdict ADD CONSTRAINT a_verdict_has_a_rationale CHECK (true)",
            "constraint a_verdict_has_a_rationale of reviews_verdict",
            *ANOTHER,
        ),
        (
            "ALTER TABLE reviews_verdict DROP CONSTRAINT a_verdict_is_of_what_was_known;"
            "ALTER TABLE reviews_verdict ADD CONSTRAINT a_verdict_is_of_what_was_known"
            " CHECK (as_of >= decided_at)",
            "constraint a_verdict_is_of_what_was_known of reviews_verdict",
            *ANOTHER,
        ),
        (
            "ALTER TABLE reviews_verdict DROP CONSTRAINT a_verdict_has_a_rationale;"
            "ALTER TABLE reviews_verdict ADD CONSTRAINT a_verdict_has_a_rationale"
            " CHECK (NOT rationale = '') NOT VALID",
            "constraint a_verdict_has_a_rationale of reviews_verdict",
            "one that holds for every row",
            "one that was not validated",
        ),
        (
            "ALTER TABLE reviews_assessment DROP CONSTRAINT one_assessment_per_question_round_and_reviewer",
            "constraint one_assessment_per_question_round_and_reviewer of reviews_assessment",
            *NONE,
        ),
        (
            "DROP INDEX one_assignment_holds_a_slot",
            "constraint one_assignment_holds_a_slot of reviews_assignment",
            *NONE,
        ),
        (
            "DROP INDEX one_assignment_holds_a_slot;"
            "CREATE INDEX one_assignment_holds_a_slot ON reviews_assignment (question_id, round, slot)"
            " WHERE ended_at IS NULL",
            "constraint one_assignment_holds_a_slot of reviews_assignment",
            *ANOTHER,
        ),
        (
            "DROP INDEX one_assignment_holds_a_slot;"
            "CREATE UNIQUE INDEX one_assignment_holds_a_slot ON reviews_assignment (question_id, round, slot)"
            " WHERE ended_at IS NULL AND slot > 1",
            "constraint one_assignment_holds_a_slot of reviews_assignment",
            *ANOTHER,
        ),
        (
            "DROP INDEX one_assignment_holds_a_slot;"
            "CREATE UNIQUE INDEX one_assignment_holds_a_slot ON reviews_assignment (question_id, round, id)"
            " WHERE ended_at IS NULL",
            "constraint one_assignment_holds_a_slot of reviews_assignment",
            *ANOTHER,
        ),
        (
            "ALTER TABLE reviews_placement DROP CONSTRAINT placement_position_is_of_its_question",
            "constraint placement_position_is_of_its_question of reviews_placement",
            *NONE,
        ),
        (
            "ALTER TABLE reviews_placement DROP CONSTRAINT placement_position_is_of_its_question;"
            "ALTER TABLE reviews_placement ADD CONSTRAINT placement_position_is_of_its_question"
            " FOREIGN KEY (position_id, question_id) REFERENCES reviews_position (id, question_id)"
            " DEFERRABLE NOT VALID",
            "constraint placement_position_is_of_its_question of reviews_placement",
            *ANOTHER,
        ),
        (
            "UPDATE pg_trigger SET tgenabled = 'D' FROM pg_constraint n WHERE tgconstraint = n.oid"
            " AND conname = 'placement_position_is_of_its_question'",
            "constraint placement_position_is_of_its_question of reviews_placement",
            "one that is enforced",
            "one that is not",
        ),
        ("DROP INDEX audit_of_a_row", "index audit_of_a_row of reviews_auditevent", *NONE),
        (
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'audit_of_a_row'::regclass",
            "index audit_of_a_row of reviews_auditevent",
            "one that is in use",
            "one that is not valid",
        ),
        (
            "ALTER TABLE reviews_auditlink DROP CONSTRAINT reviews_auditlink_previous_hash_key",
            "uniqueness of previous_hash of reviews_auditlink",
            *NONE,
        ),
        (
            "ALTER TABLE reviews_verdict ALTER COLUMN decided_by_id DROP NOT NULL",
            "column decided_by_id of reviews_verdict",
            "one that takes no NULL",
            "one that does",
        ),
        (
            "ALTER TABLE reviews_mention DROP COLUMN person_id",
            "column person_id of reviews_mention",
            *NONE,
        ),
    ],
)
def test_weakened_constraints_are_told_of(statement: str, where: str, expected: str, found: str) -> None:
    assert found_after(statement) == [Finding("constraints", where, expected, found)]


@pytest.mark.parametrize(
    ("statement", "expected", "found"),
    [
        ("ALTER TABLE reviews_evidence DROP CONSTRAINT {name}", *NONE),
        (
            "ALTER TABLE reviews_evidence DROP CONSTRAINT {name};"
            "ALTER TABLE reviews_evidence ADD CONSTRAINT {name} FOREIGN KEY (verdict_id)"
            " REFERENCES reviews_verdict ON DELETE CASCADE",
            "one that is enforced",
            "one that is not",
        ),
        ("ALTER TABLE reviews_evidence DISABLE TRIGGER ALL", "one that is enforced", "one that is not"),
    ],
)
def test_weakened_references_are_told_of(statement: str, expected: str, found: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'reviews_evidence'::regclass"
            " AND confrelid = 'reviews_verdict'::regclass"
        )
        (name,) = cursor.fetchone()

    told = found_after(statement.format(name=name))

    assert Finding("constraints", "foreign key verdict_id of reviews_evidence", expected, found) in told


def test_constraints_of_a_restored_dump_raise_no_alarm() -> None:
    """A dump has them as the database reads them, which is not as they were written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
        )
        checks = cursor.fetchall()
        cursor.execute(
            "SELECT i.indexrelid::regclass, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace"
            " WHERE NOT EXISTS (SELECT FROM pg_constraint n WHERE n.conindid = i.indexrelid)"
        )
        indexes = cursor.fetchall()
    rebuilt = [
        f"ALTER TABLE {table} DROP CONSTRAINT {name}; ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
        for table, name, definition in checks
    ]
    rebuilt += [f"DROP INDEX {name}; {definition}" for name, definition in indexes]

    assert len(rebuilt) > len(checks) > 0
    assert found_after(*rebuilt) == []


def test_guards_as_they_are_raise_no_alarm() -> None:
    assert found_after() == []


def test_verifier_looks_at_all_guards() -> None:
    pending_is_chained()

    with as_superuser() as cursor:
        cursor.execute("CREATE RULE quietly AS ON UPDATE TO reviews_verdict DO INSTEAD NOTHING")
        cursor.execute("DROP INDEX one_assignment_holds_a_slot")
        counts = look().findings.counts

    assert counts == {"triggers": 1, "constraints": 1}
