"""What is decided: assessments, and verdicts of questions and positions, with their evidence."""

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from claims.models import Claim
from claims.triggers import never_changes
from reviews.audit import AuditedMeta
from reviews.models.questions import Compatibility, Position, Question
from reviews.presentation import decided, decided_in_short
from reviews.triggers import ASSESSED_BY_OTHERS, VERDICT_BY_OTHERS

SHA256_CHARACTERS = 64


class Judgement(models.TextChoices):
    """What the evidence says of an answer; the names are AVeriTeC's."""

    SUPPORTED = "supported", "Supported"
    REFUTED = "refuted", "Refuted"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "Not enough evidence"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "Conflicting evidence"


class Confidence(models.TextChoices):
    """How sure of a judgement, in the three levels of ICD 203 (US intelligence community, 2015)."""

    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class Assessment(models.Model):
    """One reviewer's own judgement of a question, as it was submitted.

    Written when the round is decided, from the sealed draft; until then there is only that.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="assessments")
    round = models.PositiveSmallIntegerField()
    question_version = models.PositiveIntegerField()
    basis = models.CharField(max_length=SHA256_CHARACTERS, help_text="SHA-256 of what was judged")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assessments")
    judgement = models.CharField(max_length=30, choices=Judgement, help_text="of the question as a whole")
    confidence = models.CharField(max_length=10, choices=Confidence)
    rationale = models.TextField(max_length=20_000)
    submitted_at = models.DateTimeField()
    salt = models.CharField(max_length=SHA256_CHARACTERS)
    digest = models.CharField(
        max_length=SHA256_CHARACTERS, help_text="SHA-256 of salt and content, the reviewer's receipt"
    )

    class Meta(AuditedMeta):
        constraints = (
            models.UniqueConstraint(
                fields=("question", "round", "reviewer"),
                name="one_assessment_per_question_round_and_reviewer",
            ),
            models.CheckConstraint(condition=~Q(rationale=""), name="an_assessment_has_a_rationale"),
        )
        indexes = (models.Index(fields=("reviewer", "-submitted_at"), name="assessments_of_a_reviewer"),)
        triggers = (*AuditedMeta.triggers, ASSESSED_BY_OTHERS)

    def __str__(self) -> str:
        return f"Assessment of question {self.question_id}, round {self.round}"


class AssessedPosition(models.Model):
    """What an assessment says of one position."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="positions")
    position = models.ForeignKey(Position, models.PROTECT, related_name="assessed")
    judgement = models.CharField(max_length=30, choices=Judgement)
    confidence = models.CharField(max_length=10, choices=Confidence)
    rationale = models.TextField(max_length=5000, blank=True)

    class Meta(AuditedMeta):
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "position"), name="an_assessment_judges_a_position_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.position_id}: {self.get_judgement_display()}"


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def current(self) -> "VerdictQuerySet":
        """Those that hold: of the round their question was decided in, and not stale."""
        return self.filter(stale_at__isnull=True, question__state=Question.State.DECIDED)

    def with_contradictions(self) -> "VerdictQuerySet":
        """Each with `is_contradictory`: whether it supports answers that cannot both be true.

        By what is said of the answers now; none where they follow each other, as a rising toll does.
        """
        together = Compatibility.objects.filter(first=OuterRef("position"), second=OuterRef("other"))
        pairs = (
            PositionVerdict.objects.filter(
                verdict=OuterRef("pk"), judgement=Judgement.SUPPORTED, verdict__question__is_evolving=False
            )
            .annotate(other=F("verdict__positions__position"), beside=F("verdict__positions__judgement"))
            .filter(beside=Judgement.SUPPORTED, other__gt=F("position"))
        )
        return self.annotate(is_contradictory=Exists(pairs.filter(~Exists(together))))


class Verdict(models.Model):
    """The decided result of one round. Nothing is overwritten: a later round has its own."""

    class Manner(models.TextChoices):
        SINGLE = "single", "One assessment"
        AGREED = "agreed", "Independent assessments that agree"
        ADJUDICATED = "adjudicated", "Adjudicated"

    question = models.ForeignKey(Question, models.PROTECT, related_name="verdicts")
    round = models.PositiveSmallIntegerField()
    question_version = models.PositiveIntegerField()
    basis = models.CharField(max_length=SHA256_CHARACTERS, blank=True, help_text="SHA-256 of what was judged")
    manner = models.CharField(max_length=12, choices=Manner, default=Manner.SINGLE)
    judgement = models.CharField(max_length=30, choices=Judgement)
    rationale = models.TextField(max_length=70_000)
    as_of = models.DateTimeField(help_text="evidence known at this time was judged, none later")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        help_text="the adjudicator, or whose assessment was the last to agree",
    )
    decided_at = models.DateTimeField()
    stale_at = models.DateTimeField(null=True)
    stale_reason = models.TextField(blank=True)

    objects = VerdictQuerySet.as_manager()

    class Meta(AuditedMeta):
        ordering = ("question_id", "-round")
        constraints = (
            models.UniqueConstraint(fields=("question", "round"), name="one_verdict_per_question_and_round"),
            models.CheckConstraint(condition=~Q(rationale=""), name="a_verdict_has_a_rationale"),
            models.CheckConstraint(
                condition=Q(as_of__lte=F("decided_at")), name="a_verdict_is_of_what_was_known"
            ),
            models.CheckConstraint(
                condition=Q(stale_at__isnull=True, stale_reason="")
                | (Q(stale_at__isnull=False) & ~Q(stale_reason="")),
                name="a_stale_verdict_says_why",
            ),
        )
        triggers = (*AuditedMeta.triggers, VERDICT_BY_OTHERS)

    def __str__(self) -> str:
        return f"{self.get_judgement_display()} (round {self.round})"

    @property
    def headline(self) -> str:
        """The judgement with all answers it supports; several verdicts want `positions__position` fetched."""
        return decided(self.get_judgement_display(), self._supported())

    @property
    def short_headline(self) -> str:
        return decided_in_short(self.get_judgement_display(), self._supported())

    def _supported(self) -> list[str]:
        """None where the question as a whole is judged otherwise: then no answer is the verdict."""
        if self.judgement != Judgement.SUPPORTED:
            return []
        judged = sorted(self.positions.all(), key=lambda each: each.position.number)
        return [each.position.answer for each in judged if each.judgement == Judgement.SUPPORTED]


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


class EvidenceFile(models.Model):
    """A file that somebody rests a judgement on, kept as it was given.

    Not audited, for reviewers upload while their round is blind; what is submitted carries its hash. Nor is
    it numbered: its key stands in the trail with what rests on it, and would count what others uploaded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=SHA256_CHARACTERS)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    byte_count = models.PositiveIntegerField()
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("uploaded_by", "sha256"), name="a_person_uploads_a_file_once"),
        )
        triggers = (never_changes("evidence_file"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_intact(self) -> bool:
        """Whether the bytes are those that were hashed."""
        return hashlib.sha256(bytes(self.content)).hexdigest() == self.sha256


class Evidence(models.Model):
    """What an assessment or a verdict rests on: a claim, a link or a file; for one position, or for all."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, related_name="evidence")
    verdict = models.ForeignKey(Verdict, models.PROTECT, null=True, related_name="evidence")
    position = models.ForeignKey(Position, models.PROTECT, null=True, related_name="+")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="evidence_for")
    url = models.URLField(max_length=2000, blank=True)
    file = models.ForeignKey(EvidenceFile, models.PROTECT, null=True, related_name="evidence")
    file_sha256 = models.CharField(max_length=SHA256_CHARACTERS, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(AuditedMeta):
        verbose_name_plural = "evidence"
        constraints = (
            models.CheckConstraint(
                condition=Q(assessment__isnull=False, verdict__isnull=True)
                | Q(assessment__isnull=True, verdict__isnull=False),
                name="evidence_is_of_an_assessment_or_of_a_verdict",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=False, url="", file__isnull=True, file_sha256="")
                | (Q(claim__isnull=True, file__isnull=True, file_sha256="") & ~Q(url=""))
                | (Q(claim__isnull=True, url="", file__isnull=False) & ~Q(file_sha256="")),
                name="evidence_is_a_claim_a_link_or_a_file",
            ),
        )

    def __str__(self) -> str:
        return self.url or self.file_sha256 or f"claim {self.claim_id}"
