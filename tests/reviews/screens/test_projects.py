"""The pages of projects and of a question's rules, and what the dashboard says of review."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import User

from reviews.admin.projects import ProjectForm
from reviews.models import AuditEvent, Change, Project, Question
from tests.factories import AssignmentFactory, PositionFactory, ProjectFactory
from tests.reviews.rows import decide
from tests.reviews.screens.acting import QUEUE, browser, person, submit, take, url

pytestmark = pytest.mark.django_db


def rules(**changed: object) -> dict[str, object]:
    given = {
        "name": "Elections",
        "assessments_required": 3,
        "adjudicator_sees": "named",
        "lease_hours": 24,
        "reason": "Agreed on Monday.",
    }
    return given | changed


# --- Projects and rules -----------------------------------------------------------------------------


def test_making_a_project_takes_a_name_and_changing_it_a_reason(lea: User) -> None:
    client, project = browser(lea), ProjectFactory(name="Elections 2")
    named = rules()
    del named["reason"]

    asked = client.get(url("project_add")).text
    made = client.post(url("project_add"), named)
    changed = client.post(url("project_change", project.pk), named | {"name": "Elections 3"})

    assert ("Reason" in asked, "How long a reviewer may take, in hours" in asked) == (False, True)
    assert (made.status_code, changed.status_code) == (HTTPStatus.FOUND, HTTPStatus.OK)
    assert [each.name for each in Project.objects.order_by("pk")] == ["Elections 2", "Elections"]


def test_lead_makes_a_project_and_changes_it_with_a_reason(lea: User) -> None:
    client = browser(lea)

    client.post(url("project_add"), rules())
    project = Project.objects.get()
    client.post(url("project_change", project.pk), rules(lease_hours=48, reason="Too short."))

    project.refresh_from_db()
    assert (project.name, project.lease_hours, project.uses_marks, project.created_by) == (
        "Elections",
        48,
        False,
        lea,
    )
    events = AuditEvent.objects.filter(table_name="reviews_project").order_by("pk")
    assert list(events.values_list("actor", "action", "reason")) == [
        ("lea", "create_project", ""),
        ("lea", "change_project", "Too short."),
    ]


def test_project_whose_name_is_taken_after_the_form_had_looked_says_so(
    lea: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProjectFactory(name="Elections")
    monkeypatch.setattr(ProjectForm, "clean_name", lambda form: form.cleaned_data["name"])
    monkeypatch.setattr(Project, "validate_constraints", lambda *_, **__: None)

    page = browser(lea).post(url("project_add"), rules(), follow=True)

    assert (page.redirect_chain, Project.objects.count()) == ([(url("project_add"), 302)], 1)
    assert "There is another project of the name “Elections”." in page.text


@pytest.mark.parametrize("given", [{"assessments_required": 4}, {"name": "ELECTIONS 2"}, {"lease_hours": 0}])
def test_project_that_cannot_be_is_refused(lea: User, given: dict[str, object]) -> None:
    ProjectFactory(name="Elections 2")

    answer = browser(lea).post(url("project_add"), rules(**given))

    assert answer.status_code == HTTPStatus.OK
    assert "Constraint" not in answer.content.decode()
    assert Project.objects.count() == 1


@pytest.mark.parametrize("role", ["viewer", "reviewer", "ingest manager", "admin"])
def test_projects_are_looked_at_by_all_and_changed_by_leads(role: str) -> None:
    project = ProjectFactory()
    client = browser(person(role))

    assert client.get(url("project_changelist")).status_code == HTTPStatus.OK
    assert client.get(url("project_change", project.pk)).status_code == HTTPStatus.OK
    assert client.post(url("project_change", project.pk), rules()).status_code == HTTPStatus.FORBIDDEN
    assert client.post(url("project_add"), rules()).status_code == HTTPStatus.FORBIDDEN


def test_lead_sets_by_whose_rules_a_question_is_reviewed(question: Question, lea: User) -> None:
    project = ProjectFactory()

    browser(lea).post(
        url("question_set_review_rules", question.pk),
        {"seen_version": question.version, "project": project.pk, "assessments": "3", "reason": "At stake."},
    )

    question.refresh_from_db()
    assert (question.project, question.assessments_asked) == (project, 3)
    assert Change.objects.get().summary == f"set the rules of review: {project}, 3 asked for here"


# --- The dashboard ----------------------------------------------------------------------------------


def test_dashboard_shows_own_queue_and_what_waits_for_adjudication(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    mine = PositionFactory().question
    take(mine, ana)
    submit(question, ana, "supported")
    submit(question, ben, "refuted")

    page = browser(lea).get("/admin/").content.decode()
    hers = browser(ana).get("/admin/").content.decode()

    assert "You hold no question now." in page
    assert page.index("Waiting for your adjudication") < page.index(f">{question.wording}</a>")
    assert "Waiting for your adjudication" not in hers
    assert hers.index("Your queue") < hers.index(f">{mine.wording}</a>") < hers.index("not begun")


def test_dashboard_shows_what_was_decided_lately(question: Question, lea: User) -> None:
    decide(question)

    page = browser(lea).get("/admin/").content.decode()

    assert page.index("Decided lately") < page.index("Conflicting evidence")


def test_assignment_without_a_lease_left_says_so(ana: User) -> None:
    AssignmentFactory(reviewer=ana)  # of some years ago

    assert "its time is over" in browser(ana).get(url(QUEUE)).content.decode()
