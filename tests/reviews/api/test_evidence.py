"""Files of evidence over REST: nobody else's before the round is open, and never shown by a browser."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from reviews.models import EvidenceFile, Question
from reviews.operations.evidence import MAX_FILE_BYTES
from tests.factories import EvidenceFileFactory, PositionFactory, QuestionFactory
from tests.reviews.api.steps import at, basis, content, submit

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
MAP = b"<script>alert(1)</script> A map.\n"
SHA256 = hashlib.sha256(MAP).hexdigest()


@pytest.fixture
def question(db: None) -> Question:
    return PositionFactory(question=QuestionFactory()).question


def upload(client: APIClient, question: Question, content: bytes = MAP, name: str = "map.html") -> Any:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post(at(question, "evidence-files/"), {"file": file}, format="multipart")


def read(client: APIClient, question: Question, sha256: str = SHA256) -> Any:
    return client.get(at(question, f"evidence-files/{sha256}/"))


def test_file_is_kept_once_and_given_back_as_it_was(ann: APIClient, question: Question) -> None:
    kept = [upload(ann, question), upload(ann, question, name="again.html")]

    given = read(ann, question)
    assert [answer.status_code for answer in kept] == [201, 201]
    assert kept[0].json() == kept[1].json()
    assert {name: kept[0].json()[name] for name in ("sha256", "name", "media_type", "byte_count")} == {
        "sha256": SHA256,
        "name": "map.html",
        "media_type": "text/html",
        "byte_count": len(MAP),
    }
    assert (given.status_code, given.content) == (200, MAP)


def test_file_is_saved_rather_than_shown(ann: APIClient, question: Question) -> None:
    upload(ann, question, name="Karte „Nord“.html")

    headers = read(ann, question).headers

    shown = {
        name: headers[name]
        for name in (
            *("Content-Type", "X-Content-Type-Options", "Content-Security-Policy"),
            *("Content-Disposition", "Cache-Control"),
        )
    }
    assert shown == {
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Disposition": "attachment; filename*=utf-8''Karte%20%E2%80%9ENord%E2%80%9C.html",
        "Cache-Control": "no-store",
    }


def test_file_of_somebody_else_is_as_if_it_were_not_there(
    api: Api, ann: APIClient, ben: APIClient, question: Question
) -> None:
    upload(ann, question)
    submit(ann, question, evidence=[{"file": SHA256}])

    for client in (ben, api("viewer"), api("lead")):
        answer, missing = read(client, question), read(client, question, "0" * 64)
        assert (answer.status_code, answer.content) == (404, missing.content)


def test_file_opens_with_the_assessment_that_rests_on_it(
    api: Api, ann: APIClient, ben: APIClient, question: Question
) -> None:
    other = QuestionFactory()
    upload(ann, question)
    submit(ann, question, evidence=[{"file": SHA256, "note": "North is up."}])
    submit(ben, question)
    viewer = api("viewer")

    verdict = viewer.get(at(question, "verdicts/")).json()[0]

    assert [(each["file"], each["note"]) for each in verdict["evidence"]] == [(SHA256, "North is up.")]
    assert (read(viewer, question).content, read(viewer, other).status_code) == (MAP, 404)


def test_file_opens_to_who_adjudicates_before(
    api: Api, ann: APIClient, ben: APIClient, question: Question
) -> None:
    upload(ann, question)
    ann.post(at(question, "take/"))
    body = content(question, evidence=[{"file": SHA256}])
    ann.post(at(question, "assessments/"), body, headers=basis(ann, question))
    submit(ben, question, "refuted")

    answers = {role: read(api(role), question).status_code for role in ("lead", "reviewer", "viewer")}

    assert answers == {"lead": 200, "reviewer": 404, "viewer": 404}


def test_file_of_somebody_else_cannot_be_cited(ann: APIClient, question: Question) -> None:
    file = EvidenceFileFactory()

    assert submit(ann, question, evidence=[{"file": file.sha256}]).status_code == 422


def test_file_that_is_too_large_is_refused(ann: APIClient, question: Question) -> None:
    little = upload(ann, question, b"x" * (MAX_FILE_BYTES + 1))
    much = upload(ann, question, b"x" * (MAX_FILE_BYTES + 100_000))

    for answer in (little, much):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert answer.json()["detail"] == "A file may have 10 MB. Link to larger ones instead."
    assert not EvidenceFile.objects.exists()


def test_form_without_a_file_of_its_own_is_refused(ann: APIClient, question: Question) -> None:
    empty = upload(ann, question, b"")
    more = {"file": SimpleUploadedFile("map.txt", MAP), "owner": "me"}
    address = at(question, "evidence-files/")
    answers = [
        empty,
        ann.post(address, {}, format="multipart"),
        ann.post(address, more, format="multipart"),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert [answer.json()["errors"][0]["field"] for answer in answers] == ["file", "file", "owner"]
    assert ann.post(address, {"file": "map"}).status_code == 415
    assert not EvidenceFile.objects.exists()


def test_files_are_kept_for_those_who_assess(api: Api, question: Question) -> None:
    answer = upload(api("viewer"), question)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert not EvidenceFile.objects.exists()
