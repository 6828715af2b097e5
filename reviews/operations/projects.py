"""Projects and their rules of review, and by which of them a question is reviewed."""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from reviews import audit, changes, policies
from reviews.errors import Conflict, ReviewError
from reviews.models import Project, Question
from reviews.operations import steps


@dataclass(frozen=True)
class ProjectRules:
    """A project's name and its rules; see the columns of Project."""

    name: str
    assessments_required: int = 2
    adjudicator_sees: str = Project.AdjudicatorSees.UNNAMED
    lease_hours: int = 72
    uses_marks: bool = True


@transaction.atomic
def create_project(*, rules: ProjectRules, reason: str = "", by: User, now: datetime) -> Project:
    """Raises NotAllowed, ReviewError for rules that cannot be, Conflict where the name is taken."""
    policies.check_may_assign(by)
    _check(rules)
    audit.because(by=by, action="create_project", reason=reason.strip())
    project = Project(created_by=by, created_at=now)
    _write(project, rules)
    return project


@transaction.atomic
def change_project(
    *, project_id: int, rules: ProjectRules, reason: str, seen: str | None = None, by: User, now: datetime
) -> Project:
    """Change a project's rules; a round that has begun keeps its number, and what its adjudicator sees.

    `seen` is the `rules_version` that was seen. Raises as `create_project`, ReviewError where there is no
    such project, and Conflict where its rules changed meanwhile.
    """
    policies.check_may_assign(by)
    project = Project.objects.select_for_update(no_key=True).filter(pk=project_id).first()
    if project is None:
        raise ReviewError(f"There is no project {project_id}.")
    if seen is not None and seen != rules_version(project):
        raise Conflict("Somebody changed the project meanwhile. Look at its rules again.")
    _check(rules)
    reason = steps.check_reason(reason, "Say why the rules are as they are.")
    audit.because(by=by, action="change_project", reason=reason)
    _write(project, rules)
    return project


def rules_version(project: Project) -> str:
    """Its rules as a short hash, which another set of them does not have."""
    rules = [getattr(project, field.name) for field in fields(ProjectRules)]
    return hashlib.sha256(json.dumps(rules).encode()).hexdigest()[:16]


def _check(rules: ProjectRules) -> None:
    """Raise ReviewError where a rule cannot be."""
    if not rules.name.strip() or len(rules.name) > 100:
        raise ReviewError("A project has a name, of at most 100 characters.")
    if not 1 <= rules.assessments_required <= 3:
        raise ReviewError("A question needs one to three assessments.")
    if not 1 <= rules.lease_hours <= 24 * 60:
        raise ReviewError("An assignment is held for 1 to 1,440 hours.")
    if rules.adjudicator_sees not in Project.AdjudicatorSees.values:
        raise ReviewError(f"An adjudicator sees one of: {', '.join(Project.AdjudicatorSees.values)}.")


def _write(project: Project, rules: ProjectRules) -> None:
    project.name = rules.name.strip()
    project.assessments_required = rules.assessments_required
    project.adjudicator_sees = rules.adjudicator_sees
    project.lease_hours = rules.lease_hours
    project.uses_marks = rules.uses_marks
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        raise Conflict(f"There is another project of the name “{project.name}”.") from error


@transaction.atomic
def set_review_rules(
    *,
    question_id: int,
    project: Project | None,
    assessments: int | None,
    reason: str,
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> Question:
    """Say whose rules a question is reviewed by, and how many assessments it needs instead of their number.

    A round that has begun keeps its number, and what its adjudicator sees. What is set already changes
    nothing. Raises Conflict if the question changed since `seen_version`, ReviewError for a number other than
    1 to 3 or without a reason.
    """
    question = steps.lock(question_id)
    policies.check_may_assign(by)
    steps.check_version(question, seen_version)
    if assessments is not None and not 1 <= assessments <= 3:
        raise ReviewError("A question needs one to three assessments.")
    reason = steps.check_reason(reason, "Say why it is reviewed by these rules.")
    if (question.project, question.assessments_asked) == (project, assessments):
        return question
    audit.because(by=by, action="set_review_rules", reason=reason)
    question.project, question.assessments_asked = project, assessments
    question.save(update_fields=["project", "assessments_asked"])
    asked = f", {assessments} asked for here" if assessments else ""
    changes.note(
        question=question,
        action="set_review_rules",
        summary=f"set the rules of review: {project or 'those of the settings'}{asked}",
        reason=reason,
        by=by,
        now=now,
    )
    return question
