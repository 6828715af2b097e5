"""Files of evidence: kept as given, once per person, without a trace that somebody is at work."""

import hashlib

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.errors import NotAllowed, ReviewError
from reviews.models import AuditEvent, EvidenceFile
from reviews.operations.evidence import MAX_FILE_BYTES, FileTooLarge
from tests.factories import NOW, UserFactory

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
