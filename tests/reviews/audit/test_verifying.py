"""The commands that verify the trail and sign checkpoints, and what they look at besides the chain."""

import base64
import json
import zlib
from dataclasses import asdict
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims.models import Revision, Snapshot
from reviews import tasks
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.models import AssessmentDraft, AuditEvent, AuditLink, Question
from reviews.trail import Finding, checkpoints, taking, verifying
from reviews.trail.contents import check_seals
from reviews.trail.rows import protected_tables
from tests.factories import (
    NOW,
    AssignmentFactory,
    ClaimFactory,
    EvidenceFactory,
    EvidenceFileFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.audit.bases import as_superuser, look, pending_is_chained
from tests.reviews.rows import decide, judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(settings: Any, tmp_path: Path) -> Path:
    """A key to sign with, and where checkpoints go."""
    settings.AUDIT_SIGNING_KEY = base64.b64encode(bytes(range(32))).decode()
    settings.AUDIT_CHECKPOINT_FILE = tmp_path / "kept" / "checkpoints.jsonl"
    return settings.AUDIT_CHECKPOINT_FILE


def verify(*options: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    pending_is_chained()
    out = StringIO()
    try:
        call_command("verify_audit", *options, stdout=out, no_color=True)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_verify_of_an_untouched_trail_finds_nothing(signed: Path) -> None:
    ClaimFactory()
    QuestionFactory()
    pending_is_chained()
    taking.take(now=NOW)

    code, said = verify()

    assert code == 0
    assert said.endswith("Nothing is wrong.\n")


def test_verify_names_the_first_wrong_record_and_counts_the_others(signed: Path) -> None:
    question = QuestionFactory()
    QuestionFactory()
    pending_is_chained()
    link = AuditLink.objects.get(event__table_name="reviews_question", event__row_id=question.pk)

    with as_superuser() as cursor:
        cursor.execute("UPDATE reviews_auditevent SET actor = 'x' WHERE id >= %s", [link.event_id])
        changed = AuditEvent.objects.filter(pk__gte=link.event_id).count()
        code, said = verify()

    assert code == 1
    assert f"WRONG [chain] hash of link {link.position} (event {link.event_id}, insert of" in said
    assert f"And {changed - 1} more." in said


def test_verify_names_the_first_record_of_each_check(signed: Path) -> None:
    question = QuestionFactory()
    QuestionFactory()
    pending_is_chained()
    link = AuditLink.objects.get(event__table_name="reviews_question", event__row_id=question.pk)

    with as_superuser() as cursor:
        cursor.execute("UPDATE reviews_question SET wording = 'What else?' WHERE id = %s", [question.pk])
        cursor.execute("UPDATE reviews_auditevent SET actor = 'x' WHERE id >= %s", [link.event_id])
        _, said = verify()

    assert [line.split("]")[0] for line in said.splitlines() if line.startswith("WRONG")] == [
        "WRONG [chain",
        "WRONG [rows",
    ]


def test_verify_as_json_tells_the_same(signed: Path) -> None:
    question = QuestionFactory()
    pending_is_chained()

    with as_superuser() as cursor:
        cursor.execute("UPDATE reviews_question SET wording = 'What else?' WHERE id = %s", [question.pk])
        code, said = verify("--json")

    report = json.loads(said)
    assert (code, report["clean"], report["findings"], report["by_check"]) == (1, False, 1, {"rows": 1})
    (first,) = report["first"]
    assert first["where"] == f"reviews_question {question.pk}"
    assert first["found"] == "another wording"
    assert report["position"] == AuditLink.objects.count()


def test_verify_since_a_checkpoint_looks_only_at_what_came_after(signed: Path) -> None:
    QuestionFactory()
    pending_is_chained()
    taking.take(now=NOW)
    later = QuestionFactory()

    with as_superuser() as cursor:
        cursor.execute(
            "UPDATE reviews_auditevent SET actor = 'x' WHERE id = (SELECT min(id) FROM reviews_auditevent)"
        )
        before = verify("--since-checkpoint")
        cursor.execute("UPDATE reviews_question SET wording = 'What else?' WHERE id = %s", [later.pk])
        after = verify("--since-checkpoint")

    assert (before[0], after[0]) == (0, 1)
    assert f"reviews_question {later.pk}" in after[1]


@pytest.mark.parametrize(
    ("count", "which", "expected"),
    [
        (1, "link {first}", "one, with its event"),
        (2, "links {first} to {last}", "as many, with their events"),
    ],
)
def test_links_that_are_gone_are_told_of_by_what_stands_around_them(
    signed: Path, count: int, which: str, expected: str
) -> None:
    QuestionFactory.create_batch(4)
    pending_is_chained()
    before, *gone, after = AuditLink.objects.order_by("position")[2 : 4 + count]
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM reviews_auditlink WHERE position = ANY(%s)", [[each.pk for each in gone]])
        finding = look().findings.first[0]

    between = [
        f"link {link.pk} (event {link.event_id}, insert of {link.event.table_name} {link.event.row_id}"
        f" by {link.event.actor} on {link.event.at:%Y-%m-%d at %H:%M:%S} UTC)"
        for link in (before, after)
    ]
    where = which.format(first=gone[0].pk, last=gone[-1].pk)
    assert finding == Finding(
        "chain", f"{where}, between {' and '.join(between)}", expected, "none", gone[0].pk
    )


def test_first_link_that_is_gone_is_told_of(signed: Path) -> None:
    QuestionFactory()
    pending_is_chained()
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM reviews_auditlink WHERE position = 1")
        finding = look().findings.first[0]

    assert finding.where.startswith("link 1, between the beginning and link 2 (event ")


def test_verify_counts_what_it_looked_at(signed: Path) -> None:
    links, tables = AuditLink.objects.count(), len(protected_tables())
    UserFactory()
    pending_is_chained()
    grown = AuditLink.objects.count() - links
    taking.take(now=NOW)

    _, said = verify("--since-checkpoint")
    _, all_said = verify()

    assert f"Looked at 0 links of the chain, {tables} tables and 1 checkpoint." in said
    assert f"Looked at {links + grown:,} link" in all_said


@pytest.mark.parametrize("is_since", [False, True])
def test_verify_tells_its_progress_of_all_that_it_counts(signed: Path, is_since: bool) -> None:
    ClaimFactory()
    EvidenceFileFactory()
    pending_is_chained()
    since = taking.take(now=NOW) if is_since else None
    QuestionFactory()
    pending_is_chained()
    told: list[int] = []

    verifying.verify(since=since, progress=told.append)

    assert sum(told) == verifying.steps_of(since) > len(protected_tables())


def test_verify_since_a_checkpoint_needs_one(signed: Path) -> None:
    with pytest.raises(CommandError, match="no checkpoint"):
        verify("--since-checkpoint")


def test_checkpoints_count_the_events_of_each_table_up_to_them(signed: Path) -> None:
    QuestionFactory()
    pending_is_chained()
    first = taking.take(now=NOW)
    UserFactory()
    pending_is_chained()
    second = taking.take(now=NOW + timedelta(hours=1))
    third = taking.take(now=NOW + timedelta(hours=2))

    assert first is not None
    assert second is not None
    assert third is None
    assert sum(second.tables.values()) == second.position == AuditLink.objects.count()
    assert second.tables["auth_user"] == first.tables["auth_user"] + 1
    assert taking.believed().checkpoints == [first, second]


def test_checkpoint_is_not_signed_over_a_chain_that_is_another(signed: Path) -> None:
    QuestionFactory()
    pending_is_chained()
    taken = taking.take(now=NOW)
    assert taken is not None

    with as_superuser() as cursor:
        cursor.execute("UPDATE reviews_auditlink SET hash = 'x' WHERE position = %s", [taken.position])
        with pytest.raises(taking.Broken, match=f"Link {taken.position}"):
            taking.take(now=NOW)


def test_forged_checkpoints_are_told_of(signed: Path) -> None:
    QuestionFactory()
    pending_is_chained()
    taking.take(now=NOW)
    stranger = checkpoints.read_key(checkpoints.new_key())
    forged = checkpoints.make(position=1, hash="0" * 64, tables={"auth_user": 1}, now=NOW, key=stranger)
    checkpoints.append(signed, forged)
    written = json.loads(signed.read_text().splitlines()[0])
    with signed.open("a") as lines:
        lines.write(json.dumps(written | {"at": "2031-01-01T00:00:00+00:00"}) + "\n")
        lines.write("no JSON\n")

    code, said = verify("--json")

    assert code == 1
    assert [finding["where"] for finding in json.loads(said)["first"]] == [
        f"line {number} of checkpoints.jsonl" for number in (2, 3, 4)
    ]


def test_checkpoints_of_a_key_that_is_named_are_believed(signed: Path, settings: Any) -> None:
    QuestionFactory()
    pending_is_chained()
    taken = taking.take(now=NOW)
    assert taken is not None
    settings.AUDIT_SIGNING_KEY = checkpoints.new_key()

    assert (verify()[0], verify("--public-key", taken.public_key)[0]) == (1, 0)


def test_tail_that_was_cut_off_shows_only_by_a_checkpoint(signed: Path) -> None:
    pending_is_chained()
    QuestionFactory()
    with as_superuser() as cursor:
        pending_is_chained()
        end = AuditLink.objects.count()
        cursor.execute("DELETE FROM reviews_question")
        cursor.execute("DELETE FROM reviews_auditevent WHERE table_name = 'reviews_question'")
        cursor.execute("DELETE FROM reviews_auditlink WHERE position = %s", [end])

        assert look().findings.first == []


def test_beat_has_checkpoints_signed_where_there_is_a_key(signed: Path, settings: Any) -> None:
    QuestionFactory()
    pending_is_chained()
    tasks.checkpoint_audit()
    settings.AUDIT_SIGNING_KEY = ""
    tasks.checkpoint_audit()

    assert len(signed.read_text().splitlines()) == 1
    with pytest.raises(CommandError, match="no key"):
        call_command("checkpoint_audit")


def test_new_key_is_printed_with_its_public_half() -> None:
    out = StringIO()

    call_command("checkpoint_audit", "--new-key", stdout=out)

    key, public = (line.split(maxsplit=1) for line in out.getvalue().splitlines())
    private = checkpoints.read_key(key[0].removeprefix("AUDIT_SIGNING_KEY="))
    assert public[1].endswith(checkpoints.public_key_of(private))


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        (
            "UPDATE claims_snapshot SET content = 'no zlib' WHERE id = {snapshot}",
            "content of claims_snapshot",
        ),
        ("UPDATE claims_snapshot SET content = {other} WHERE id = {snapshot}", "content of claims_snapshot"),
        ("UPDATE claims_revision SET text = text || ' Not so.' WHERE id = {revision}", "claims_revision"),
        ("UPDATE claims_claim SET statement = 'Not so.' WHERE revision_id = {revision}", "claims_claim"),
        ("UPDATE reviews_evidencefile SET content = 'Not so.'", "content of reviews_evidencefile"),
    ],
)
def test_changed_contents_are_told_of(statement: str, where: str) -> None:
    revision: Revision = ClaimFactory().revision
    EvidenceFileFactory()
    snapshot: Snapshot = revision.snapshot
    pending_is_chained()
    other = f"'\\x{zlib.compress(b'Not so.').hex()}'"

    with as_superuser() as cursor:
        cursor.execute(statement.format(snapshot=snapshot.pk, revision=revision.pk, other=other))
        found = [finding.where for finding in look().findings.first]

    assert found
    assert all(each.startswith((where, f"text of {where}")) for each in found)


def test_files_that_were_exchanged_are_told_of() -> None:
    given, other = EvidenceFileFactory(), EvidenceFileFactory()
    evidence = EvidenceFactory(url="", file=given, file_sha256=given.sha256)
    before = look().findings.first
    swap = "UPDATE reviews_evidencefile SET sha256 = %s, content = %s WHERE id = %s"

    with as_superuser() as cursor:
        cursor.execute(swap, [other.sha256, other.content, given.pk])
        swapped = look().findings.first
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM reviews_evidencefile WHERE id = %s", [given.pk])
        gone = look().findings.first

    where = f"file of reviews_evidence {evidence.pk}"
    assert before == []
    assert swapped == [Finding("contents", where, f"SHA-256 {given.sha256}", other.sha256)]
    assert gone == [Finding("contents", where, f"SHA-256 {given.sha256}", "none")]


def test_files_of_sealed_assessments_that_are_gone_are_told_of() -> None:
    question: Question = PositionFactory().question
    by = UserFactory(roles=["reviewer"])
    given = EvidenceFileFactory(uploaded_by=by)
    item = EvidenceItem(file_sha256=given.sha256)
    assign = AssignmentFactory(question=question, reviewer=by)
    content = AssessmentContent.from_json({**judged(question).to_json(), "evidence": [asdict(item)]})
    salt = "a" * 64
    AssessmentDraft.objects.create(
        assignment=assign,
        content=content.to_json(),
        saved_at=NOW,
        submitted_at=NOW,
        question_version=1,
        basis="b" * 64,
        salt=salt,
        digest=content.digest(salt),
    )
    before = look().findings.first

    with as_superuser() as cursor:
        cursor.execute("DELETE FROM reviews_evidencefile WHERE id = %s", [given.pk])
        gone = look().findings.first

    where = f"file of sealed assessment {assign.pk}"
    assert (before, gone) == ([], [Finding("contents", where, f"SHA-256 {given.sha256}", "none")])


@pytest.mark.parametrize("rounds", [1, 3])
def test_seals_of_all_rounds_are_looked_at_in_one_query(rounds: int, django_assert_num_queries: Any) -> None:
    for _ in range(rounds):
        decide(PositionFactory().question)
    pending_is_chained()

    with django_assert_num_queries(5):
        assert list(check_seals()) == []


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE reviews_assessmentdraft SET content = content || \'{"rationale": "Another."}\'',
        "UPDATE reviews_assessmentdraft SET salt = repeat('a', 64)",
        "UPDATE reviews_assessmentdraft SET content = '{}'",
        "DELETE FROM reviews_assessmentdraft",
    ],
)
def test_broken_seals_are_told_of(statement: str) -> None:
    question: Question = PositionFactory().question
    decide(question)
    assert AssessmentDraft.objects.filter(submitted_at__isnull=False).exists()
    assert look().findings.first == []

    with as_superuser() as cursor:
        cursor.execute(statement)
        found = {finding.check for finding in look().findings.first}

    assert found == {"seals"}


def test_setting_of_a_session_switches_off_nothing() -> None:
    question = QuestionFactory()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'reviews_question'::regclass"
            " AND tgname LIKE 'pgtrigger_changes_are_audited%'"
        )
        (name,) = cursor.fetchone()
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{name}}}"])

    with pytest.raises(Exception, match="needs an actor"):
        Question.objects.filter(pk=question.pk).update(wording="Whom?")
