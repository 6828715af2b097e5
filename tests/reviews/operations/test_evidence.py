"""Files of evidence: kept as given, once per person, without a trace that somebody is at work."""

import hashlib
from dataclasses import replace
from functools import partial

import pytest
from django.contrib.auth.models import User

from reviews import blinding, operations
from reviews.admin.panel import panel
from reviews.assessing import EvidenceItem
from reviews.errors import NotAllowed, ReviewError
from reviews.models import AuditEvent, Evidence, EvidenceFile, Judgement, Question
from reviews.operations.evidence import MAX_FILE_BYTES, FileTooLarge
from tests.factories import NOW, PositionFactory, QuestionFactory, UserFactory
from tests.reviews.rows import judged

pytestmark = pytest.mark.django_db
CONTENT = b"A map, as published.\n"


@pytest.fixture
def reviewer() -> User:
    return UserFactory(roles=["reviewer"])


def upload(
    by: User, content: bytes = CONTENT, *, name: str = "map.txt", media_type: str = "text/plain"
) -> EvidenceFile:
    return operations.upload_evidence(name=name, media_type=media_type, content=content, by=by, now=NOW)


def test_upload_evidence_keeps_the_bytes_by_their_hash(reviewer: User) -> None:
    file = upload(reviewer)

    stored = EvidenceFile.objects.get()
    assert stored == file
    assert (bytes(stored.content), stored.byte_count) == (CONTENT, len(CONTENT))
    assert (stored.sha256, stored.uploaded_by) == (hashlib.sha256(CONTENT).hexdigest(), reviewer)


def test_upload_evidence_twice_keeps_one_file_under_its_first_name(reviewer: User) -> None:
    again = [upload(reviewer), upload(reviewer, name="other.txt")]

    assert (again[0], again[1].name, EvidenceFile.objects.count()) == (again[1], "map.txt", 1)


def test_upload_evidence_of_two_people_is_kept_for_each(reviewer: User) -> None:
    other = UserFactory(roles=["reviewer"])

    assert upload(reviewer).sha256 == upload(other).sha256
    assert set(EvidenceFile.objects.values_list("uploaded_by", flat=True)) == {reviewer.pk, other.pk}


def test_upload_evidence_leaves_no_event(reviewer: User) -> None:
    upload(reviewer)

    assert not AuditEvent.objects.filter(table_name="reviews_evidencefile").exists()


def test_upload_evidence_of_the_largest_size_is_kept(reviewer: User) -> None:
    assert upload(reviewer, b"x" * MAX_FILE_BYTES).byte_count == 10 * 1024 * 1024


@pytest.mark.parametrize(
    ("content", "error"), [(b"", ReviewError), (b"x" * (MAX_FILE_BYTES + 1), FileTooLarge)]
)
def test_upload_evidence_refuses_what_is_empty_or_too_large(
    reviewer: User, content: bytes, error: type[ReviewError]
) -> None:
    with pytest.raises(error):
        upload(reviewer, content)

    assert not EvidenceFile.objects.exists()


def test_upload_evidence_is_for_those_who_assess() -> None:
    with pytest.raises(NotAllowed):
        upload(UserFactory(roles=["viewer"]))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\scans\\map.png", "map.png"),
        ("../../etc/passwd", "passwd"),
        ("ma\u202ep\r\n.txt", "map.txt"),
        ("\u200b", "file"),
        (f"{'long' * 100}.png", f"{'long' * 100}.png"[-255:]),
    ],
)
def test_upload_evidence_keeps_a_name_that_can_be_shown(reviewer: User, given: str, kept: str) -> None:
    assert upload(reviewer, name=given).name == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Image/PNG; charset=binary", "image/png"),
        ("text/html\r\nX-Made-Up: 1", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_upload_evidence_keeps_a_media_type_or_none(reviewer: User, given: str, kept: str) -> None:
    assert upload(reviewer, media_type=given).media_type == kept


def test_key_of_a_file_does_not_count_those_of_others(reviewer: User) -> None:
    files = [upload(reviewer, content) for content in (b"A map.", b"A list.")]

    assert [file.pk.version for file in files] == [4, 4]


# --- Whose file, where several uploaded the same bytes


@pytest.fixture
def question() -> Question:
    """Of which one person who has nothing to do with it uploaded first what others cite."""
    upload(UserFactory(roles=["reviewer"]), name="hidden.txt")
    return PositionFactory(question=QuestionFactory(assessments_asked=2)).question


def assess(question: Question, by: User, judgement: Judgement, *, name: str = "") -> None:
    """Submit, resting on the file if it is named."""
    evidence = [EvidenceItem(file_sha256=upload(by, name=name).sha256)] if name else []
    operations.take_question(question_id=question.pk, by=by, now=NOW)
    content = replace(judged(question, judgement), evidence=evidence)
    operations.submit_assessment(question_id=question.pk, content=content, by=by, now=NOW)
    question.refresh_from_db()


def test_evidence_is_the_file_of_who_cites_it(question: Question, reviewer: User) -> None:
    other = UserFactory(roles=["reviewer"])
    upload(other, name="not-cited.txt")  # for another question

    assess(question, reviewer, Judgement.SUPPORTED, name="map.txt")
    assess(question, other, Judgement.SUPPORTED)

    evidence = Evidence.objects.order_by("pk")
    named = evidence.values_list("assessment__reviewer", "verdict__decided_by", "file__name")
    assert list(named) == [(reviewer.pk, None, "map.txt"), (None, other.pk, "map.txt")]
    seen = partial(blinding.visible_file, question, hashlib.sha256(CONTENT).hexdigest())
    names = [file.name for role in ("viewer", "lead") if (file := seen(UserFactory(roles=[role])))]
    assert names == ["map.txt", "map.txt"]


def test_adjudicator_sees_each_file_by_the_name_of_who_cites_it(question: Question, reviewer: User) -> None:
    lead = UserFactory(roles=["lead"])
    assess(question, reviewer, Judgement.SUPPORTED, name="map.txt")
    assess(question, UserFactory(roles=["reviewer"]), Judgement.REFUTED, name="chart.txt")

    shown = panel(question, list(question.positions.standing()), lead)
    file = blinding.visible_file(question, hashlib.sha256(CONTENT).hexdigest(), lead)

    assert sorted(cited.label for each in shown.sealed_evidence for cited in each) == ["chart.txt", "map.txt"]
    assert file is not None
    assert file.name in ("chart.txt", "map.txt")
