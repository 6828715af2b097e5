"""Agreement as a page, as a file and over REST."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from reviews.models import Project
from tests.factories import (
    NOW,
    AssessedPositionFactory,
    AssessmentFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    UserFactory,
    VerdictFactory,
)

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
PAGE, API = "/admin/reviews/question/agreement/", "/api/v1/agreement/"
YES, NO = "supported", "refuted"


@pytest.fixture
def viewer(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, roles=["viewer"]))
    return client


@pytest.fixture
def ferry() -> Project:
    """With two questions that ann and ben judged, alike in June, differently in July."""
    project = ProjectFactory(name="Ferry")
    ann, ben = UserFactory(username="ann"), UserFactory(username="ben")
    for at, said in ((NOW, YES), (datetime(2017, 7, 31, 23, 59, tzinfo=UTC), NO)):
        question = QuestionFactory(state="decided", project=project)
        position = PositionFactory(question=question)
        for reviewer, judgement in ((ann, YES), (ben, said)):
            assessment = AssessmentFactory(question=question, reviewer=reviewer, judgement=judgement)
            AssessedPositionFactory(assessment=assessment, position=position, judgement=judgement)
        manner = "agreed" if said == YES else "adjudicated"
        VerdictFactory(question=question, manner=manner, as_of=at, decided_at=at)
    return project


def words(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# --- The page -----------------------------------------------------------------------------------
def test_page_has_n_beside_every_figure(viewer: Client, ferry: Project) -> None:
    shown = words(viewer.get(PAGE))

    assert shown.count("2 items: too few to mean anything") == 2
    assert shown.count("of 2 pairs of judgements are equal") == 2
    assert shown.count("4 judgements of 2 items") == 2
    assert "<strong>1 of 2</strong>" in shown
    assert '<a href="?pair=ann%2Cben">ann and ben</a>' in shown


def test_page_leads_with_positions_beside_questions_as_a_whole(viewer: Client) -> None:
    question = QuestionFactory(state="decided")
    position = PositionFactory(question=question)
    for judgement in (YES, NO):
        assessment = AssessmentFactory(question=question, judgement=YES)
        AssessedPositionFactory(assessment=assessment, position=position, judgement=judgement)
    VerdictFactory(question=question, manner="adjudicated")

    page = viewer.get(PAGE)

    figures = [(field.value, group.percent.value) for field, group in page.context["side_by_side"]]
    assert figures == [("position", 0.0), ("question", 1.0)]
    assert words(page).index("Each position</h3>") < words(page).index("Questions as a whole</h3>")
    assert page.context["report"].narrowed.field == "position"


def test_page_of_questions_judged_alone_or_without_positions_says_so(viewer: Client) -> None:
    question = QuestionFactory(state="decided")
    AssessmentFactory.create_batch(2, question=question)
    VerdictFactory(question=question, manner="agreed")

    shown = words(viewer.get(PAGE))

    assert "Each position: nothing to detail, for nothing was judged by two." in shown


def test_page_of_a_pair_has_kappa_and_who_judged_what(viewer: Client, ferry: Project) -> None:
    page = viewer.get(PAGE, {"pair": "ben,ann"})

    assert "two reviewers, 2 items" in words(page)
    assert "Rows: ann. Columns: ben." in words(page)
    [supported, *_] = page.context["heat"].rows
    assert [cell.count for cell in supported[1]] == [1, 1, 0, 0]


def test_page_without_anything_judged_by_two_says_what_comes_next(viewer: Client) -> None:
    assert "is counted once a question that two or three reviewers assessed is decided" in words(
        viewer.get(PAGE)
    )


def test_page_narrowed_to_nothing_leads_back(viewer: Client, ferry: Project) -> None:
    assert "Look at everything" in words(viewer.get(PAGE, {"until": "2017-01-01"}))


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({"since": "yesterday"}, "Enter a valid date."),
        ({"project": "999"}, "Select a valid choice."),
        ({"field": "colour"}, "Select a valid choice."),
        ({"pair": "ann,nobody"}, "The pair is two reviewers"),
        ({"pair": "ann\0,ben"}, "Null characters are not allowed."),
    ],
)
def test_page_asked_for_what_is_not_there_says_so(
    viewer: Client, ferry: Project, parameters: dict[str, str], why: str
) -> None:
    assert why in words(viewer.get(PAGE, parameters))


def test_page_escapes_the_name_of_a_project(viewer: Client, ferry: Project) -> None:
    question = QuestionFactory(state="decided", project=ProjectFactory(name="<b>Bold</b>"))
    AssessmentFactory.create_batch(2, question=question)
    VerdictFactory(question=question)

    assert "<b>Bold</b>" not in words(viewer.get(PAGE))


def test_page_downloads_as_a_file_what_it_shows(viewer: Client, ferry: Project) -> None:
    file = viewer.get(PAGE, {"since": "2017-07-01", "format": "csv"})

    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert file["Content-Disposition"] == 'attachment; filename="agreement.csv"'
    names = [line.split(",")[1:4] for line in file.content.decode().splitlines()[1:]]
    assert names == [
        ["all", "All", "1"],
        ["month", "2017-07", "1"],
        ["project", "Ferry", "1"],
        ["pair", "ann and ben", "1"],
    ]


def test_page_is_not_for_who_may_not_see_verdicts(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))

    assert client.get(PAGE).status_code == 403


def test_page_takes_as_many_queries_for_three_projects_as_for_one(viewer: Client, ferry: Project) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            viewer.get(PAGE)
        return len(queries)

    with_one = count()
    for _ in range(2):
        question = QuestionFactory(state="decided", project=ProjectFactory())
        AssessmentFactory.create_batch(3, question=question)
        VerdictFactory(question=question)

    assert count() == with_one


# --- REST ---------------------------------------------------------------------------------------
def test_agreement_over_rest_has_every_group(api: Api, ferry: Project) -> None:
    found = api("viewer").get(API).json()

    assert [(each["by"], each["name"], each["items"]) for each in found] == [
        ("all", "All", 2),
        ("month", "2017-07", 1),
        ("month", "2017-06", 1),
        ("project", "Ferry", 2),
        ("pair", "ann and ben", 2),
    ]
    assert found[-1] == {
        "field": "question",
        "by": "pair",
        "name": "ann and ben",
        "items": 2,
        "ratings": 4,
        "pairs": 2,
        "rated_once": 0,
        "percent_agreement": {"value": 0.5, "undefined": None},
        "cohen_kappa": {"value": 0.0, "undefined": None},
        "krippendorff_alpha": {"value": 0.0, "undefined": None},
        "caution": "too few to mean anything",
        "chosen": {"supported": 3, "refuted": 1, "not_enough_evidence": 0, "conflicting_evidence": 0},
        "rounds": 2,
        "adjudicated": 1,
    }


def test_agreement_over_rest_is_narrowed_by_period_project_and_pair(api: Api, ferry: Project) -> None:
    parameters = {"since": "2017-06-20", "until": "2017-06-20", "project": ferry.pk, "pair": "ann,ben"}

    whole = api("viewer").get(API, parameters).json()[0]

    assert (whole["name"], whole["items"], whole["percent_agreement"]["value"]) == ("ann and ben", 1, 1.0)


@pytest.mark.parametrize("asked", [{"HTTP_ACCEPT": "text/csv"}, {"QUERY_STRING": "format=csv"}])
def test_agreement_over_rest_comes_as_csv(api: Api, ferry: Project, asked: dict[str, str]) -> None:
    response = api("viewer").get(API, **asked)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.decode().splitlines()[1].startswith("question,all,All,2,4,2,0,0.5,")


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("colour=red", "colour", "unknown_parameter"),
        ("limit=3", "limit", "unknown_parameter"),
        ("field=colour", "field", "invalid_choice"),
        ("since=2017-13-01", "since", "invalid"),
        ("project=999", "project", "does_not_exist"),
        ("pair=ann", "pair", "invalid"),
        ("pair=", "pair", "blank"),
        ("field=question&field=position", "field", "repeated"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
def test_agreement_over_rest_asked_wrongly_is_refused(
    api: Api, query: str, field: str, code: str, accept: str
) -> None:
    response = api("viewer").get(API, QUERY_STRING=query, HTTP_ACCEPT=accept)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert [(error["field"], error["code"]) for error in response.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize(("role", "status"), [("viewer", 200), ("reviewer", 200), ("lead", 200), (None, 403)])
def test_agreement_over_rest_is_for_who_may_see_verdicts(api: Api, role: str | None, status: int) -> None:
    client = api(role) if role else api()

    assert client.get(API).status_code == status
    assert APIClient().get(API).status_code == 401
