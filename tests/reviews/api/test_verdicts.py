"""Adjudication, verdicts and another round over REST, and what a question says of its review."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from reviews.models import Project, Question, Verdict
from tests.factories import (
    ClaimFactory,
    EvidenceFactory,
    PlacementFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    SourcingMarkFactory,
    VerdictFactory,
)
from tests.reviews.api.steps import Api, at, basis, content, differ, submit

pytestmark = pytest.mark.django_db


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
