"""What is decided: assessments, and verdicts of questions and positions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.audit import AuditedMeta
from reviews.models.questions import Position, Question


class Judgement(models.TextChoices):
    """What the evidence says of an answer; the names are AVeriTeC's."""

    SUPPORTED = "supported", "Supported"
    REFUTED = "refuted", "Refuted"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "Not enough evidence"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "Conflicting evidence"


class Assessment(models.Model):
    """One reviewer's own judgement of a question, blind until all required ones are in."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="assessments")
    round = models.PositiveSmallIntegerField()
    question_version = models.PositiveIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assessments")
    judgements = models.JSONField(help_text="position id -> judgement")
    rationale = models.TextField(max_length=20_000)
    submitted_at = models.DateTimeField()

    class Meta(AuditedMeta):
        constraints = (
            models.UniqueConstraint(
                fields=("question", "round", "reviewer"),
                name="one_assessment_per_question_round_and_reviewer",
            ),
        )

    def __str__(self) -> str:
        return f"Assessment of question {self.question_id}, round {self.round}"


class Verdict(models.Model):
    """The decided result of one round. Nothing is overwritten: a later round has its own."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="verdicts")
    round = models.PositiveSmallIntegerField()
    question_version = models.PositiveIntegerField()
    judgement = models.CharField(max_length=30, choices=Judgement)
    rationale = models.TextField(max_length=20_000)
    as_of = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    stale_at = models.DateTimeField(null=True)
    stale_reason = models.TextField(blank=True)

    class Meta(AuditedMeta):
        ordering = ("question_id", "-round")
        constraints = (
            models.UniqueConstraint(fields=("question", "round"), name="one_verdict_per_question_and_round"),
            models.CheckConstraint(condition=~Q(rationale=""), name="a_verdict_has_a_rationale"),
            models.CheckConstraint(
                condition=Q(stale_at__isnull=True, stale_reason="")
                | (Q(stale_at__isnull=False) & ~Q(stale_reason="")),
                name="a_stale_verdict_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_judgement_display()} (round {self.round})"


class PositionVerdict(models.Model):
    """What a verdict says of one position."""

    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="positions")
    position = models.ForeignKey(Position, models.PROTECT, related_name="verdicts")
    judgement = models.CharField(max_length=30, choices=Judgement)

    class Meta(AuditedMeta):
        constraints = (
            models.UniqueConstraint(fields=("verdict", "position"), name="a_verdict_judges_a_position_once"),
        )

    def __str__(self) -> str:
        return f"{self.position_id}: {self.get_judgement_display()}"
