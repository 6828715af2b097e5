"""The rules of review of a question: what a lead set for it, else those of its project, else the settings."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from reviews.errors import ReviewError
from reviews.models import Project, Question


@dataclass(frozen=True)
class Rules:
    assessments: int
    lease: timedelta
    adjudicator_sees: Project.AdjudicatorSees
    uses_marks: bool


def check_has_marks(question: Question) -> None:
    """Raise ReviewError where the question's project does without marks on the sourcing of claims."""
    if not rules_of(question).uses_marks:
        raise ReviewError(f"The project “{question.project}” does without marks on the sourcing of claims.")


def rules_of(question: Question) -> Rules:
    project = question.project
    if project is None:
        rules = Rules(
            assessments=settings.ASSESSMENTS_REQUIRED,
            lease=timedelta(hours=settings.LEASE_HOURS),
            adjudicator_sees=Project.AdjudicatorSees.UNNAMED,
            uses_marks=True,
        )
    else:
        rules = Rules(
            assessments=project.assessments_required,
            lease=timedelta(hours=project.lease_hours),
            adjudicator_sees=Project.AdjudicatorSees(project.adjudicator_sees),
            uses_marks=project.uses_marks,
        )
    if question.assessments_asked is None:
        return rules
    return Rules(question.assessments_asked, rules.lease, rules.adjudicator_sees, rules.uses_marks)
