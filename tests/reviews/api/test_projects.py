"""Projects and verdicts over REST, and how lists of questions are narrowed to a reviewer's work."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from reviews.models import AuditEvent, Project
from tests.factories import (
    NOW,
    AssignmentFactory,
    EvidenceFactory,
    PositionFactory,
    PositionVerdictFactory,
    ProjectFactory,
    QuestionFactory,
    VerdictFactory,
)

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
RULES = {
    "name": "Syria 2017",
    "assessments_required": 3,
    "adjudicator_sees": "named",
    "lease_hours": 24,
    "uses_marks": False,
}


def ids(client: APIClient, address: str, **query: object) -> list[int]:
    answer = client.get(f"/api/v1/{address}/", query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


# --- Projects ----------------------------------------------------------------------------------


def test_project_is_begun_with_its_rules(api: Api, lead: APIClient) -> None:
    created = lead.post("/api/v1/projects/", {**RULES, "reason": "A new inquiry."})

    project = Project.objects.get()
    shown = created.json()
    assert (created.status_code, created.headers["Location"]) == (201, f"/api/v1/projects/{project.pk}/")
    assert {name: shown[name] for name in RULES} == RULES
    assert shown["created_by"] == lead.user.username
    read = api("viewer").get(f"/api/v1/projects/{project.pk}/")
    assert (read.json(), read.headers["ETag"]) == (shown, created.headers["ETag"])
    assert AuditEvent.objects.get(table_name="reviews_project").reason == "A new inquiry."


def test_projects_are_found_by_name(lead: APIClient) -> None:
    one, two = ProjectFactory(name="Yemen"), ProjectFactory(name="Syria")

    assert ids(lead, "projects") == [two.pk, one.pk]
    assert ids(lead, "projects", name="YEMEN") == [one.pk]


def test_project_is_changed_as_a_whole(lead: APIClient) -> None:
    project = ProjectFactory()
    address = f"/api/v1/projects/{project.pk}/"
    seen = {"If-Match": lead.get(address).headers["ETag"]}
    body = {**RULES, "reason": "Three pairs of eyes."}

    changed = lead.put(address, body, headers=seen)
    late = lead.put(address, {**body, "name": "Late"}, headers=seen)
    without = lead.put(address, body)

    assert (changed.status_code, late.status_code, without.status_code) == (200, 409, 428)
    assert {name: lead.get(address).json()[name] for name in RULES} == RULES
    assert changed.headers["ETag"] == lead.get(address).headers["ETag"] != seen["If-Match"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": ""}, 400),
        ({"assessments_required": 4}, 400),
        ({"assessments_required": 0}, 400),
        ({"lease_hours": 0}, 400),
        ({"adjudicator_sees": "all"}, 400),
        ({"reason": ""}, 400),
        ({"owner": "me"}, 400),
        ({"name": "TAKEN"}, 409),
    ],
)
def test_project_that_cannot_be_is_refused(lead: APIClient, body: dict[str, Any], status: int) -> None:
    ProjectFactory(name="Taken")

    answer = lead.post("/api/v1/projects/", {**RULES, "reason": "A new inquiry.", **body})

    assert (answer.status_code, Project.objects.count()) == (status, 1)


@pytest.mark.parametrize("role", ["viewer", "reviewer", "ingest manager", "admin"])
def test_projects_are_for_leads_to_make(api: Api, role: str) -> None:
    client, project = api(role), ProjectFactory(name="Old")
    body = {**RULES, "reason": "Mine."}

    made = client.post("/api/v1/projects/", body)
    changed = client.put(f"/api/v1/projects/{project.pk}/", body, headers={"If-Match": "*"})

    assert (made.status_code, changed.status_code) == (403, 403)
    assert list(Project.objects.values_list("name", flat=True)) == ["Old"]


def test_question_is_reviewed_by_the_rules_that_a_lead_sets(api: Api, lead: APIClient) -> None:
    project, question = ProjectFactory(), QuestionFactory()
    address = f"/api/v1/questions/{question.pk}/review-rules/"
    body = {"project": project.pk, "assessments": 3, "reason": "It is disputed."}
    seen = {"If-Match": '"1"'}

    refused = {
        "reviewer": api("reviewer").post(address, body, headers=seen).status_code,
        "no project": lead.post(address, {**body, "project": 999_999}, headers=seen).status_code,
        "too many": lead.post(address, {**body, "assessments": 4}, headers=seen).status_code,
        "unseen": lead.post(address, body).status_code,
        "changed": lead.post(address, body, headers={"If-Match": '"7"'}).status_code,
    }
    answer = lead.post(address, body, headers=seen)
    cleared = lead.post(address, {**body, "project": None, "assessments": None}, headers={"If-Match": "*"})

    assert refused == {"reviewer": 403, "no project": 400, "too many": 400, "unseen": 428, "changed": 409}
    assert (answer.json()["project"], answer.json()["assessments_asked"]) == (project.pk, 3)
    assert (cleared.json()["project"], cleared.json()["assessments_asked"]) == (None, None)


# --- Lists of questions ------------------------------------------------------------------------


def test_questions_are_narrowed_to_a_project_and_to_their_age(lead: APIClient) -> None:
    project = ProjectFactory()
    old = QuestionFactory(project=project, opened_at=NOW - timedelta(days=9))
    new = QuestionFactory()

    assert ids(lead, "questions") == [new.pk, old.pk]
    assert ids(lead, "questions", project=project.pk) == [old.pk]
    assert ids(lead, "questions", opened_before=NOW.isoformat()) == [old.pk]
    assert ids(lead, "questions", opened_after=NOW.isoformat()) == [new.pk]


def test_questions_are_narrowed_to_ones_own_work(api: Api) -> None:
    ann = api("reviewer")
    mine = AssignmentFactory(reviewer=ann.user).question
    PositionFactory(question=mine)
    free = PositionFactory(question=QuestionFactory()).question
    wrote = PositionFactory(question=QuestionFactory(opened_by=ann.user)).question

    assert ids(ann, "questions", assigned_to_me="true") == [mine.pk]
    assert ids(ann, "questions", assigned_to_me="false") == [wrote.pk, free.pk]
    assert ids(ann, "questions", waiting="true") == [free.pk]
    assert ids(ann, "questions", waiting="false") == [wrote.pk, mine.pk]
    assert ann.get("/api/v1/questions/", {"waiting": "maybe"}).status_code == 400


def test_questions_that_wait_take_as_many_queries_for_three_as_for_one(
    api: Api, django_assert_num_queries: Any
) -> None:
    ann = api("reviewer")
    for more, all_of_them in ((1, 1), (2, 3)):
        for _ in range(more):
            PositionFactory(question=QuestionFactory())
        with django_assert_num_queries(5):
            assert len(ids(ann, "questions", waiting="true")) == all_of_them


# --- Verdicts ----------------------------------------------------------------------------------


def test_verdicts_are_listed_with_what_they_rest_on(api: Api) -> None:
    verdict = PositionVerdictFactory(judgement="refuted").verdict
    EvidenceFactory(verdict=verdict, note="Its second page.")

    row = api("viewer").get(f"/api/v1/verdicts/{verdict.pk}/").json()

    position = verdict.positions.get().position_id
    assert row == {
        "question": verdict.question_id,
        "id": verdict.pk,
        "round": 1,
        "question_version": 1,
        "manner": "single",
        "judgement": "conflicting_evidence",
        "positions": [{"position": position, "judgement": "refuted"}],
        "is_contradictory": False,
        "rationale": "Two officials contradict each other.",
        "as_of": "2017-06-20T12:00:00Z",
        "decided_by": [verdict.decided_by.username],
        "decided_at": "2017-06-20T12:00:00Z",
        "stale_at": None,
        "stale_reason": "",
        "evidence": [
            {
                "claim": None,
                "url": "https://archive.example/report",
                "file": "",
                "note": "Its second page.",
                "position": None,
            }
        ],
    }


def test_verdicts_are_narrowed(lead: APIClient) -> None:
    project = ProjectFactory()
    stale = VerdictFactory(
        question=QuestionFactory(project=project), judgement="supported", stale_at=NOW, stale_reason="New."
    )
    holds = VerdictFactory(manner="adjudicated", decided_at=NOW + timedelta(days=1))

    narrowed = {
        "none": ids(lead, "verdicts"),
        "judgement": ids(lead, "verdicts", judgement="supported"),
        "stale": ids(lead, "verdicts", is_stale="true"),
        "holds": ids(lead, "verdicts", is_stale="false"),
        "manner": ids(lead, "verdicts", manner="adjudicated"),
        "project": ids(lead, "verdicts", project=project.pk),
        "question": ids(lead, "verdicts", question=holds.question_id),
        "after": ids(lead, "verdicts", decided_after=(NOW + timedelta(hours=1)).isoformat()),
        "before": ids(lead, "verdicts", decided_before=(NOW + timedelta(hours=1)).isoformat()),
    }

    assert narrowed == {
        "none": [holds.pk, stale.pk],
        **{key: [stale.pk] for key in ("judgement", "stale", "project", "before")},
        **{key: [holds.pk] for key in ("holds", "manner", "question", "after")},
    }


def test_verdicts_take_as_many_queries_for_three_as_for_one(
    lead: APIClient, django_assert_num_queries: Any
) -> None:
    for more, all_of_them in ((1, 1), (2, 3)):
        for _ in range(more):
            EvidenceFactory(verdict=PositionVerdictFactory().verdict)
        with django_assert_num_queries(4):
            assert len(ids(lead, "verdicts")) == all_of_them
