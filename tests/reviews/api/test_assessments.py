"""Drafts and assessments over REST, each blind until a question is decided."""

import pytest
from rest_framework.test import APIClient

from reviews.models import Assessment, AssessmentDraft, Question
from tests.factories import PlacementFactory
from tests.reviews.api.steps import Api, Body, at, basis, content, seen, submit, written

pytestmark = pytest.mark.django_db


# --- Drafts ------------------------------------------------------------------------------------


def test_draft_is_kept_as_it_was_written(ann: APIClient, question: Question) -> None:
    ann.post(at(question, "take/"))
    body = content(question, confidence="", rationale="  So far\n")

    none = ann.get(at(question, "draft/"))
    saved = ann.put(at(question, "draft/"), body, headers=seen(0))
    again = ann.put(at(question, "draft/"), {"rationale": "Anew."}, headers=seen(1))
    read = ann.get(at(question, "draft/"))

    assert (none.status_code, none.headers["ETag"], none.content) == (204, '"0"', b"")
    assert (saved.status_code, saved.headers["ETag"], saved.json()["content"]) == (200, '"1"', body)
    assert (again.headers["ETag"], read.headers["ETag"], read.json()) == ('"2"', '"2"', again.json())
    assert read.json()["content"] == {
        "judgement": "",
        "confidence": "",
        "rationale": "Anew.",
        "positions": [],
        "evidence": [],
    }


def test_draft_that_was_saved_elsewhere_is_not_overwritten(ann: APIClient, question: Question) -> None:
    ann.post(at(question, "take/"))
    ann.put(at(question, "draft/"), {"rationale": "One tab."}, headers=seen(0))

    late = ann.put(at(question, "draft/"), {"rationale": "Another tab."}, headers=seen(0))
    without = ann.put(at(question, "draft/"), {"rationale": "Another tab."})
    anyway = ann.put(at(question, "draft/"), {"rationale": "Whatever."}, headers={"If-Match": "*"})

    assert (late.status_code, without.status_code, anyway.status_code) == (409, 428, 200)


def test_draft_is_nobody_elses(ann: APIClient, ben: APIClient, lead: APIClient, question: Question) -> None:
    for client in (ann, ben):
        client.post(at(question, "take/"))
    ann.put(at(question, "draft/"), {"rationale": "Mine."}, headers=seen(0))

    answers = [client.get(at(question, "draft/")) for client in (ben, lead)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b""), (204, b"")]


def test_draft_is_for_who_holds_the_question(lead: APIClient, question: Question) -> None:
    answer = lead.put(at(question, "draft/"), {"rationale": "Mine."}, headers=seen(0))

    assert (answer.status_code, AssessmentDraft.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"judgement": "true"}, "judgement"),
        ({"confidence": "sure"}, "confidence"),
        ({"rationale": 5}, "rationale"),
        ({"rationale": "x" * 20_001}, "rationale"),
        ({"truth": 0.9}, "truth"),
        ({"positions": [{"judgement": "supported"}]}, "positions.0.position"),
        ({"positions": [{"position": 1}, {"position": 1}]}, "positions"),
        ({"positions": [{"position": 2**63}]}, "positions.0.position"),
        ({"positions": [{"position": 1, "score": 1}]}, "positions.0.score"),
        ({"evidence": [{"file": "ABC"}]}, "evidence.0.file"),
        ({"evidence": [{"url": f"https://a.example/{'x' * 2000}"}]}, "evidence.0.url"),
        ({"evidence": [{"note": "So."}] * 51}, "evidence"),
    ],
)
def test_draft_that_is_malformed_is_refused(
    ann: APIClient, question: Question, body: Body, field: str
) -> None:
    ann.post(at(question, "take/"))

    answer = ann.put(at(question, "draft/"), body, headers=seen(0))

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not AssessmentDraft.objects.exists()


@pytest.mark.parametrize(
    "evidence", [{}, {"claim": 1, "url": "https://a.example/"}, {"url": "javascript:alert(1)"}]
)
def test_draft_with_evidence_that_is_none_is_refused(
    ann: APIClient, question: Question, evidence: Body
) -> None:
    ann.post(at(question, "take/"))

    answer = ann.put(at(question, "draft/"), {"evidence": [evidence]}, headers=seen(0))

    assert (answer.status_code, answer.json()["code"]) == (422, "refused")


# --- Assessments -------------------------------------------------------------------------------


def test_submitted_assessment_is_answered_with_its_receipt(ann: APIClient, question: Question) -> None:
    claim = PlacementFactory(position=question.positions.first()).claim
    evidence = {"claim": claim.pk, "url": "", "file": "", "note": "See there.", "position": None}

    answer = submit(ann, question, evidence=[evidence])

    draft = AssessmentDraft.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "round": 1,
        "reviewer": ann.user.username,
        "content": content(question, evidence=[evidence]),
        "question_version": question.version,
        "basis": ann.get(at(question)).json()["basis"],
        "submitted_at": answer.json()["submitted_at"],
        "salt": draft.salt,
        "digest": draft.digest,
    }
    assert ann.get(at(question, "assessments/")).json() == [answer.json()]


def test_submitting_the_same_again_answers_the_same(
    ann: APIClient, ben: APIClient, question: Question
) -> None:
    first = submit(ann, question)
    again = submit(ann, question)
    submit(ben, question)
    after = ann.post(at(question, "assessments/"), content(question), headers={"If-Match": "*"})

    assert first.json() == again.json() == after.json()
    assert (first.status_code, again.status_code, after.status_code) == (201, 201, 201)
    assert Assessment.objects.count() == 2


def test_submitting_something_else_afterwards_is_refused(ann: APIClient, question: Question) -> None:
    submit(ann, question)

    answer = submit(ann, question, "refuted")

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert ann.get(at(question, "assessments/")).json()[0]["content"]["judgement"] == "supported"


def test_submitting_what_was_judged_on_other_grounds_is_refused(ann: APIClient, question: Question) -> None:
    ann.post(at(question, "take/"))
    before = basis(ann, question)
    PlacementFactory(position=question.positions.first())

    answer = ann.post(at(question, "assessments/"), content(question), headers=before)
    without = ann.post(at(question, "assessments/"), content(question))

    assert (answer.status_code, without.status_code) == (409, 428)
    assert written() == (1, 0, 0)


@pytest.mark.parametrize("missing", ["judgement", "confidence", "rationale", "positions"])
def test_submitting_what_is_not_finished_is_refused(ann: APIClient, question: Question, missing: str) -> None:
    ann.post(at(question, "take/"))
    body = content(question)
    del body[missing]

    answer = ann.post(at(question, "assessments/"), body, headers=basis(ann, question))

    assert (answer.status_code, answer.json()["code"], written()) == (422, "refused", (1, 0, 0))


def test_submitting_with_evidence_that_is_not_there_is_refused(ann: APIClient, question: Question) -> None:
    for evidence in ({"claim": 999_999}, {"file": "0" * 64}):
        assert submit(ann, question, evidence=[evidence]).status_code == 422

    assert written() == (1, 0, 0)


@pytest.mark.parametrize("role", ["viewer", "reviewer", "lead"])
def test_submitting_what_one_does_not_hold_is_refused(api: Api, question: Question, role: str) -> None:
    client = api(role)

    answer = client.post(at(question, "assessments/"), content(question), headers=basis(client, question))

    assert (answer.status_code, written()) == (403, (0, 0, 0))


def test_nobody_learns_what_another_submitted_while_in_review(
    api: Api, ann: APIClient, ben: APIClient, lead: APIClient, question: Question
) -> None:
    addresses = ["", "assessments/", "assignments/", "draft/", "verdicts/", "changes/"]
    lists = ["/api/v1/queue/", "/api/v1/assignments/", "/api/v1/questions/", "/api/v1/verdicts/"]
    for client in (ann, ben):
        client.post(at(question, "take/"))
    others = [ben, lead, api("viewer"), api("admin")]

    def told() -> list[tuple[int, bytes, str | None]]:
        asked = [at(question, path) for path in addresses] + lists
        answers = [client.get(address) for client in others for address in asked]
        return [(answer.status_code, answer.content, answer.headers.get("ETag")) for answer in answers]

    before = told()
    assert submit(ann, question).status_code == 201

    assert told() == before


def test_agreeing_assessments_are_opened_for_everybody(
    api: Api, ann: APIClient, ben: APIClient, question: Question
) -> None:
    submitted = [submit(client, question).json() for client in (ann, ben)]

    shown = api("viewer").get(at(question, "assessments/")).json()

    assert shown == sorted(submitted, key=lambda each: each["reviewer"])
    assert ann.get(at(question)).json()["verdict"]["manner"] == "agreed"


def test_reconsidering_opens_ones_own_when_the_question_changed(ann: APIClient, question: Question) -> None:
    submit(ann, question)
    early = ann.post(at(question, "assessments/reconsider/"))
    PlacementFactory(position=question.positions.first())

    opened = ann.post(at(question, "assessments/reconsider/"))

    assert (early.status_code, opened.status_code) == (409, 200)
    assert (opened.json()["content"], opened.json()["submitted_at"]) == (content(question), None)
    assert opened.headers["ETag"] == ann.get(at(question, "draft/")).headers["ETag"]
    assert ann.get(at(question, "assessments/")).json() == []
