"""Projects: bodies of work with rules of review of their own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from reviews.audit import AuditedMeta


class Project(models.Model):
    """Questions that are reviewed by the same rules. A question without one follows the settings."""

    class AdjudicatorSees(models.TextChoices):
        """What an adjudicator is shown of the assessments that differ, until the question is decided."""

        UNNAMED = "unnamed", "The assessments, without names"
        NAMED = "named", "The assessments with their names"
        NAMES_ONLY = "names_only", "Who assessed, not how"

    name = models.CharField(max_length=100)
    assessments_required = models.PositiveSmallIntegerField(
        default=2, help_text="how many independent assessments a question needs, 1 to 3"
    )
    adjudicator_sees = models.CharField(
        max_length=10, choices=AdjudicatorSees, default=AdjudicatorSees.UNNAMED
    )
    lease_hours = models.PositiveSmallIntegerField(
        default=72, help_text="how long an assignment is held without work on it"
    )
    uses_marks = models.BooleanField(default=True, help_text="whether the sourcing of claims is marked")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(editable=False)

    class Meta(AuditedMeta):
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(Lower("name"), name="one_project_of_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="a_project_has_a_name"),
            models.CheckConstraint(
                condition=Q(assessments_required__range=(1, 3)),
                name="a_project_requires_one_to_three_assessments",
            ),
            models.CheckConstraint(
                condition=Q(lease_hours__range=(1, 24 * 60)), name="a_project_holds_assignments_for_a_while"
            ),
        )

    def __str__(self) -> str:
        return self.name
