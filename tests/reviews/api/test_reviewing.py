"""The review of a question over REST: who may, blind until it is decided, and nothing overwritten."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from reviews.models import Assessment, AssessmentDraft, Assignment, Project, Question, Verdict
from tests.factories import (
    AssignmentFactory,
    ClaimFactory,
    EvidenceFactory,
    PlacementFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    SourcingMarkFactory,
    VerdictFactory,
)
from tests.reviews.api.steps import Body, at, basis, content, differ, seen, submit

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]


@pytest.fixture
def question(db: None) -> Question:
    question = QuestionFactory()
    PositionFactory.create_batch(2, question=question)
    return question


@pytest.fixture
def ann(api: Api) -> APIClient:
    return api("reviewer")


@pytest.fixture
def ben(api: Api) -> APIClient:
    return api("reviewer")


@pytest.fixture
def lead(api: Api) -> APIClient:
    return api("lead")


def written() -> tuple[int, int, int]:
    return (
        Assignment.objects.count(),
        AssessmentDraft.objects.filter(submitted_at__isnull=False).count(),
        Verdict.objects.count(),
    )


# --- Assignments -------------------------------------------------------------------------------


def test_lead_assigns_a_question_which_begins_its_review(
    lead: APIClient, ann: APIClient, question: Question
) -> None:
    answer = lead.post(at(question, "assignments/"), {"reviewer": ann.user.username}, headers=seen(1))

    shown = answer.json()
    assert (answer.status_code, shown["question"], shown["wording"]) == (201, question.pk, question.wording)
    assert (shown["reviewer"], shown["assigned_by"]) == (ann.user.username, lead.user.username)
    assert (shown["ended_at"], shown["ended_by"], shown["ending"]) == (None, None, "")
    assert ann.get(at(question)).json()["state"] == "in_review"
    assert [row["id"] for row in ann.get("/api/v1/queue/").json()["results"]] == [shown["id"]]


def test_assigning_the_same_person_again_changes_nothing(
    lead: APIClient, ann: APIClient, question: Question
) -> None:
    body = {"reviewer": ann.user.username}

    answers = [lead.post(at(question, "assignments/"), body, headers=seen(1)).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "headers", "reviewer", "status", "code"),
    [
        ("lead", {}, "ann", 428, "precondition_required"),
        ("lead", seen(7), "ann", 409, "conflict"),
        ("lead", {"If-Match": "1"}, "ann", 400, "invalid"),
        ("lead", seen(1), "nobody", 400, "invalid"),
        ("lead", seen(1), "viewer", 403, "not_allowed"),
        ("reviewer", seen(1), "ann", 403, "not_allowed"),
        ("reviewer", seen(1), "nobody", 403, "not_allowed"),
        ("viewer", seen(1), "ann", 403, "not_allowed"),
    ],
)
def test_assigning_is_refused(
    api: Api,
    ann: APIClient,
    question: Question,
    role: str,
    headers: Any,
    reviewer: str,
    status: int,
    code: str,
) -> None:
    name = {"ann": ann.user.username, "viewer": api("viewer").user.username}.get(reviewer, reviewer)

    answer = api(role).post(at(question, "assignments/"), {"reviewer": name}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert written() == (0, 0, 0)


def test_assignments_are_all_for_a_lead_and_their_own_for_others(
    api: Api, lead: APIClient, ann: APIClient, question: Question
) -> None:
    own = AssignmentFactory(question=question, reviewer=ann.user)
    other = AssignmentFactory(question=question)

    shown = {
        name: [row["id"] for row in client.get(at(question, "assignments/")).json()]
        for name, client in {"lead": lead, "ann": ann, "viewer": api("viewer")}.items()
    }

    assert shown == {"lead": [other.pk, own.pk], "ann": [own.pk], "viewer": []}


def test_assignments_are_listed_and_narrowed(lead: APIClient, ann: APIClient) -> None:
    project = ProjectFactory()
    one = AssignmentFactory(reviewer=ann.user)
    two = AssignmentFactory(question=QuestionFactory(state="in_review", project=project))
    ann.post(f"/api/v1/assignments/{one.pk}/release/")

    def listed(**query: object) -> list[int]:
        return [row["id"] for row in lead.get("/api/v1/assignments/", query).json()["results"]]

    assert listed() == [two.pk, one.pk]
    assert listed(is_active="true") == listed(project=project.pk) == [two.pk]
    assert listed(is_active="false") == listed(reviewer=ann.user.username) == [one.pk]
    assert listed(question=one.question_id) == [one.pk]
    assert lead.get("/api/v1/assignments/", {"state": "open"}).status_code == 400


def test_release_gives_back_what_one_holds(ann: APIClient, question: Question) -> None:
    taken = ann.post(at(question, "take/")).json()

    answers = [ann.post(f"/api/v1/assignments/{taken['id']}/release/") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["ending"] == "released"
    assert ann.get("/api/v1/queue/").json()["results"] == []


def test_release_of_what_one_submitted_is_refused(ann: APIClient, question: Question) -> None:
    submit(ann, question)
    assignment = Assignment.objects.get()

    answer = ann.post(f"/api/v1/assignments/{assignment.pk}/release/")

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert ann.get("/api/v1/queue/").json()["results"][0]["work"] == "submitted"


@pytest.mark.parametrize("step", ["", "release/", "withdraw/"])
def test_assignment_of_somebody_else_is_as_if_it_were_not_there(ann: APIClient, step: str) -> None:
    def asked(assignment_id: int) -> tuple[int, bytes]:
        address = f"/api/v1/assignments/{assignment_id}/{step}"
        answer = ann.post(address, {"reason": "Mine."}) if step else ann.get(address)
        return answer.status_code, answer.content

    other, missing = asked(AssignmentFactory().pk), asked(999_999)

    assert other == missing
    assert other[0] == 404


def test_lead_withdraws_an_assignment_without_learning_what_its_holder_did(
    lead: APIClient, ann: APIClient, ben: APIClient
) -> None:
    answers = []
    for client, has_submitted in ((ann, True), (ben, False)):
        question = PositionFactory(question=QuestionFactory()).question
        if has_submitted:
            submit(client, question)
        else:
            client.post(at(question, "take/"))
        assignment = Assignment.objects.get(question=question)
        answers.append(lead.post(f"/api/v1/assignments/{assignment.pk}/withdraw/", {"reason": "On leave."}))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json()["ending"] for answer in answers] == ["withdrawn", "withdrawn"]
    assert answers[0].json().keys() == answers[1].json().keys()


@pytest.mark.parametrize(
    ("body", "status"), [({}, 400), ({"reason": " "}, 400), ({"reason": "x", "by": 1}, 400)]
)
def test_withdrawing_needs_a_reason_and_nothing_else(lead: APIClient, body: Body, status: int) -> None:
    assignment = AssignmentFactory()

    assert lead.post(f"/api/v1/assignments/{assignment.pk}/withdraw/", body).status_code == status


def test_lead_gives_an_assignment_to_somebody_else(
    api: Api, lead: APIClient, ann: APIClient, ben: APIClient, question: Question
) -> None:
    taken = ann.post(at(question, "take/")).json()
    address = f"/api/v1/assignments/{taken['id']}/reassign/"
    body = {"reviewer": ben.user.username, "reason": "On leave."}

    refused = [
        api("reviewer").post(address, body).status_code,
        lead.post(address, {"reviewer": ben.user.username}).status_code,
        lead.post(address, {**body, "reviewer": "nobody"}).status_code,
        lead.post(address, {**body, "reviewer": api("viewer").user.username}).status_code,
    ]
    answer = lead.post(address, body)

    assert refused == [403, 400, 400, 403]
    assert (answer.status_code, answer.json()["reviewer"]) == (201, ben.user.username)
    assert lead.get(f"/api/v1/assignments/{taken['id']}/").json()["ended_by"] == lead.user.username
    assert [client.get("/api/v1/queue/").json()["results"] != [] for client in (ann, ben)] == [False, True]


# --- The queue ---------------------------------------------------------------------------------


def test_next_takes_what_has_waited_longest_until_none_is_left(ann: APIClient) -> None:
    waiting = [PositionFactory(question=QuestionFactory()).question for _ in range(2)]

    answers = [ann.post("/api/v1/queue/next/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 204]
    assert [answer.json()["question"] for answer in answers[:2]] == [question.pk for question in waiting]
    assert answers[2].content == b""


def test_next_can_be_of_one_project(ann: APIClient, question: Question) -> None:
    project = ProjectFactory()
    of_project = PositionFactory(question=QuestionFactory(project=project)).question

    answers = [ann.post("/api/v1/queue/next/", {"project": project.pk}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 204]
    assert answers[0].json()["question"] == of_project.pk


def test_next_is_for_those_who_assess(api: Api, question: Question) -> None:
    answer = api("viewer").post("/api/v1/queue/next/")

    assert (answer.status_code, written()) == (403, (0, 0, 0))


def test_queue_shows_ones_own_work(ann: APIClient, ben: APIClient, question: Question) -> None:
    ann.post(at(question, "take/"))
    ben.post(at(question, "take/"))

    before = ann.get("/api/v1/queue/").json()["results"]
    ann.put(at(question, "draft/"), content(question), headers=seen(0))
    begun = ann.get("/api/v1/queue/").json()["results"]
    ann.post(at(question, "assessments/"), content(question), headers=basis(ann, question))
    submitted = ann.get("/api/v1/queue/").json()["results"]

    assert [row["work"] for rows in (before, begun, submitted) for row in rows] == [
        "not_begun",
        "begun",
        "submitted",
    ]
    assert before[0]["held_until"] == before[0]["lease_until"] <= begun[0]["held_until"]
    assert submitted[0]["held_until"] is None


@pytest.mark.parametrize(("address", "queries"), [("queue", 3), ("assignments", 5)])
def test_lists_of_assignments_take_as_many_queries_for_three_as_for_one(
    ann: APIClient, address: str, queries: int, django_assert_num_queries: Any
) -> None:
    for more, all_of_them in ((1, 1), (2, 3)):
        AssignmentFactory.create_batch(more, reviewer=ann.user)
        with django_assert_num_queries(queries):
            assert len(ann.get(f"/api/v1/{address}/").json()["results"]) == all_of_them


def test_taking_a_question_one_wrote_is_refused(ann: APIClient) -> None:
    own = PositionFactory(question=QuestionFactory(opened_by=ann.user)).question

    answer = ann.post(at(own, "take/"))

    assert (answer.status_code, written()) == (403, (0, 0, 0))


def test_taking_a_question_whose_reviewers_are_found_is_refused(api: Api, question: Question) -> None:
    answers = [api("reviewer").post(at(question, "take/")) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 409]


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


# --- Adjudication, verdicts, another round -----------------------------------------------------


@pytest.mark.parametrize(
    ("sees", "shows_names", "shows_contents"),
    [("unnamed", False, True), ("named", True, True), ("names_only", True, False)],
)
def test_adjudicator_reads_what_the_project_shows(
    ann: APIClient, ben: APIClient, lead: APIClient, sees: str, shows_names: bool, shows_contents: bool
) -> None:
    project: Project = ProjectFactory(adjudicator_sees=sees)
    question = PositionFactory(question=QuestionFactory(project=project)).question
    differ(question, ann, ben)

    shown = lead.get(at(question, "assessments/")).json()

    names = {ann.user.username, ben.user.username} if shows_names else {None}
    said = {"supported", "refuted"} if shows_contents else {None}
    assert {each["reviewer"] for each in shown} == names
    assert {each["content"] and each["content"]["judgement"] for each in shown} == said
    assert len(shown) == 2
    for each in shown:
        assert {each[name] for name in ("submitted_at", "digest", "salt", "basis", "question_version")} == {
            None
        }


def test_assessments_that_differ_stay_closed_to_those_who_do_not_adjudicate(
    api: Api, ann: APIClient, ben: APIClient, question: Question
) -> None:
    differ(question, ann, ben)

    shown = {
        role: client.get(at(question, "assessments/")).json()
        for role, client in {"ann": ann, "viewer": api("viewer"), "reviewer": api("reviewer")}.items()
    }

    assert [each["reviewer"] for each in shown["ann"]] == [ann.user.username]
    assert (shown["viewer"], shown["reviewer"]) == ([], [])


def test_adjudication_decides_and_opens_the_assessments(
    ann: APIClient, ben: APIClient, lead: APIClient, question: Question
) -> None:
    differ(question, ann, ben)
    body = content(
        question,
        "refuted",
        rationale="The map shows it.",
        evidence=[{"url": "https://archive.example/map"}],
        as_of="2017-06-20T12:00:00Z",
    )

    answer = lead.post(at(question, "adjudication/"), body, headers=basis(lead, question))

    verdict = answer.json()
    assert answer.status_code == 201
    assert (verdict["question"], verdict["manner"], verdict["judgement"]) == (
        question.pk,
        "adjudicated",
        "refuted",
    )
    assert (verdict["rationale"], verdict["as_of"]) == ("The map shows it.", "2017-06-20T12:00:00Z")
    assert [each["url"] for each in verdict["evidence"]] == ["https://archive.example/map"]
    assert {each["judgement"] for each in verdict["positions"]} == {"refuted"}
    assert {each["reviewer"] for each in ann.get(at(question, "assessments/")).json()} == {
        ann.user.username,
        ben.user.username,
    }
    assert lead.get(at(question, "verdicts/")).json() == [verdict]


def test_adjudication_is_refused(api: Api, ann: APIClient, lead: APIClient, question: Question) -> None:
    assessing_lead = api("lead")
    grounds = basis(lead, question)
    early = lead.post(at(question, "adjudication/"), content(question), headers=grounds)
    differ(question, ann, assessing_lead)
    refused = {
        "reviewer": api("reviewer").post(at(question, "adjudication/"), content(question), headers=grounds),
        "assessor": assessing_lead.post(at(question, "adjudication/"), content(question), headers=grounds),
        "unseen": lead.post(at(question, "adjudication/"), content(question)),
        "silent": lead.post(at(question, "adjudication/"), content(question, rationale=" "), headers=grounds),
        "to come": lead.post(
            at(question, "adjudication/"), content(question, as_of="2999-01-01T00:00:00Z"), headers=grounds
        ),
    }
    PlacementFactory(position=question.positions.first())
    late = lead.post(at(question, "adjudication/"), content(question), headers=grounds)

    assert (early.status_code, late.status_code) == (409, 409)
    assert {name: answer.status_code for name, answer in refused.items()} == {
        "reviewer": 403,
        "assessor": 403,
        "unseen": 428,
        "silent": 422,
        "to come": 422,
    }
    assert not Verdict.objects.exists()


def test_reopening_makes_the_verdict_stale_and_keeps_it(
    ann: APIClient, ben: APIClient, lead: APIClient, question: Question
) -> None:
    for client in (ann, ben):
        submit(client, question)

    refused = ann.post(at(question, "reopen/"), {"reason": "A second map."})
    reopened = lead.post(at(question, "reopen/"), {"reason": "A second map."})
    again = lead.post(at(question, "reopen/"), {"reason": "A second map."})

    assert (refused.status_code, reopened.status_code, again.status_code) == (403, 200, 409)
    assert (reopened.json()["state"], reopened.json()["round"]) == ("reopened", 2)
    assert reopened.headers["ETag"] == f'"{reopened.json()["version"]}"'
    verdict = lead.get(at(question, "verdicts/")).json()[0]
    assert (verdict["round"], verdict["stale_reason"]) == (1, "A second map.")
    assert len(ann.get(at(question, "assessments/")).json()) == 2


def test_verdicts_of_a_question_take_as_many_queries_for_three_as_for_one(
    ann: APIClient, question: Question, django_assert_num_queries: Any
) -> None:
    for rounds in ([1], [2, 3]):
        for round_ in rounds:
            EvidenceFactory(verdict=VerdictFactory(question=question, round=round_))
        with django_assert_num_queries(5):
            assert len(ann.get(at(question, "verdicts/")).json()) == rounds[-1]


# --- What a question says of its review --------------------------------------------------------


def test_assessments_take_as_many_queries_for_three_rounds_as_for_one(
    ann: APIClient, ben: APIClient, lead: APIClient, question: Question, django_assert_num_queries: Any
) -> None:
    for round_ in (1, 2, 3):
        for client in (ann, ben):
            submit(client, question, evidence=[{"url": "https://archive.example/"}])
        with django_assert_num_queries(8):
            assert len(ann.get(at(question, "assessments/")).json()) == 2 * round_
        lead.post(at(question, "reopen/"), {"reason": "Look again."})


def test_assignment_of_a_round_that_is_over_does_not_tell_whose_was_the_last(
    ann: APIClient, ben: APIClient, question: Question
) -> None:
    differ(question, ann, ben)

    (row,) = ann.get(at(question, "assignments/")).json()

    assert (row["ending"], row["ended_by"]) == ("closed", None)


def test_basis_changes_with_what_is_judged_only(ann: APIClient, question: Question) -> None:
    def now() -> str:
        return str(ann.get(at(question)).json()["basis"])

    told = [now()]
    submit(ann, question)
    told.append(now())
    placement = PlacementFactory(position=question.positions.first())
    told.append(now())
    SourcingMarkFactory(claim=placement.claim)
    told.append(now())
    PlacementFactory(
        position=question.positions.first(),
        state="suggested",
        suggested_by="m",
        placed_by=None,
        claim=ClaimFactory(),
    )
    told.append(now())

    assert told[0] == told[1]
    assert told[3] == told[4]
    assert len(set(told)) == 3
