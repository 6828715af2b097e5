"""Who assesses what, over REST: assigned, taken, given back, taken away."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from reviews.models import Assignment, Question
from tests.factories import AssignmentFactory, PositionFactory, ProjectFactory, QuestionFactory
from tests.reviews.api.steps import Api, Body, at, basis, content, seen, submit, written

pytestmark = pytest.mark.django_db


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
