"""What a round keeps of the rules it began by: nobody who assesses or adjudicates finds them changed."""

from importlib import import_module

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.state import ProjectState

from reviews import blinding, operations
from reviews.models import AuditEvent, Project, Question
from reviews.operations import ProjectRules
from reviews.trail.rows import check_rows, protected_tables
from reviews.workflow import State
from tests.factories import NOW, ProjectFactory, QuestionFactory
from tests.reviews.audit.bases import pending_is_chained
from tests.reviews.courses import Course

pytestmark = pytest.mark.django_db
Sees = Project.AdjudicatorSees


def reviewed_by(project: Project, course: Course) -> None:
    operations.set_review_rules(
        question_id=course.pk, project=project, assessments=2, reason="So.", by=course.people.lead, now=NOW
    )


def show_names_from_now_on(project: Project, by: User) -> None:
    rules = ProjectRules(name=project.name, adjudicator_sees=Sees.NAMED)
    operations.change_project(project_id=project.pk, rules=rules, reason="To see.", by=by, now=NOW)


def reviewers_shown(course: Course) -> set[User | None]:
    return {each.reviewer for each in blinding.visible_drafts(course.question, course.people.lead)}


def test_adjudicator_sees_what_the_rule_was_when_the_review_began() -> None:
    course, project = Course(State.OPEN), ProjectFactory()
    reviewed_by(project, course)
    course.take()
    course.differ()

    show_names_from_now_on(project, course.people.lead)
    assert reviewers_shown(course) == {None}
    reviewed_by(ProjectFactory(adjudicator_sees=Sees.NAMED), course)

    assert reviewers_shown(course) == {None}


def test_next_round_is_adjudicated_by_the_rule_that_holds_then() -> None:
    course, project = Course(State.OPEN), ProjectFactory()
    reviewed_by(project, course)
    course.take()
    course.agree()
    show_names_from_now_on(project, course.people.lead)
    course.reopen()
    assert course.question.adjudicator_sees == ""

    course.take()
    course.differ()

    assert reviewers_shown(course) == set(course.people.assessors)


def test_migration_keeps_the_rules_of_rounds_under_way() -> None:
    [keep] = (
        operation
        for operation in import_module(
            "reviews.migrations.0017_what_an_adjudicator_sees_is_kept"
        ).Migration.operations
        if isinstance(operation, RunSQL)
    )
    project = ProjectFactory(adjudicator_sees=Sees.NAMES_ONLY)
    differing = QuestionFactory(state=State.ADJUDICATION, project=project, adjudicator_sees=Sees.NAMED)
    put_aside = QuestionFactory(state=State.DISMISSED, state_reason="Idle.", assessments_required=2)
    never_begun = QuestionFactory(project=project)
    pending_is_chained()

    with connection.schema_editor() as editor:
        keep.database_forwards("reviews", editor, ProjectState(), ProjectState())

    assert dict(Question.objects.values_list("pk", "adjudicator_sees")) == {
        differing.pk: Sees.NAMES_ONLY,
        put_aside.pk: Sees.UNNAMED,
        never_begun.pk: "",
    }
    assert AuditEvent.objects.filter(action="keep_review_rules").count() == 2
    pending_is_chained()
    [questions] = (each for each in protected_tables() if each.table == "reviews_question")
    assert list(check_rows(questions)) == []
