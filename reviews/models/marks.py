"""How well a claim is sourced, in a reviewer's judgement."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from claims.models import Claim, Speaker
from reviews.audit import AuditedMeta


class SourcingMarkQuerySet(models.QuerySet["SourcingMark"]):
    def current(self) -> Self:
        return self.filter(superseded_at__isnull=True)


class SourcingMark(models.Model):
    """A reviewer's mark on a claim. A newer mark supersedes it; the older stays readable."""

    class Identification(models.TextChoices):
        NAMED = "named", "Named"
        DESCRIBED = "described", "Described, not named"
        ANONYMOUS = "anonymous", "Anonymous"
        ORGANISATION = "organisation", "Organisation"
        NONE = "none", "None stated"

    class Access(models.TextChoices):
        EYEWITNESS = "eyewitness", "Eyewitness"
        PARTICIPANT = "participant", "Participant"
        OFFICIAL = "official", "Official"
        EXPERT = "expert", "Expert"
        DOCUMENT = "document", "Document"
        MEDIA_REPORT = "media_report", "Media report"
        UNKNOWN = "unknown", "Unknown"

    class Directness(models.TextChoices):
        PRIMARY = "primary", "Primary"
        SECONDARY = "secondary", "Secondary"
        UNKNOWN = "unknown", "Unknown"

    class Basis(models.TextChoices):
        WITNESSED = "witnessed", "Witnessed"
        DEDUCED = "deduced", "Deduced"
        INDUCED = "induced", "Induced"
        TOLD = "told", "Told"
        UNKNOWN = "unknown", "Unknown"

    class Reliability(models.TextChoices):
        A = "A", "A - completely reliable"
        B = "B", "B - usually reliable"
        C = "C", "C - fairly reliable"
        D = "D", "D - not usually reliable"
        E = "E", "E - unreliable"
        F = "F", "F - cannot be judged"

    class Credibility(models.TextChoices):
        CONFIRMED = "1", "1 - confirmed by other sources"
        PROBABLY_TRUE = "2", "2 - probably true"
        POSSIBLY_TRUE = "3", "3 - possibly true"
        DOUBTFUL = "4", "4 - doubtful"
        IMPROBABLE = "5", "5 - improbable"
        CANNOT_BE_JUDGED = "6", "6 - cannot be judged"

    class Status(models.TextChoices):
        STANDING = "standing", "Standing"
        PRELIMINARY = "preliminary", "Preliminary"
        CORRECTED = "corrected", "Corrected"
        RETRACTED = "retracted", "Retracted"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="sourcing_marks")
    identification = models.CharField(max_length=20, choices=Identification)
    access = models.CharField(max_length=20, choices=Access, default=Access.UNKNOWN)
    directness = models.CharField(max_length=20, choices=Directness, default=Directness.UNKNOWN)
    basis = models.CharField(max_length=20, choices=Basis, default=Basis.UNKNOWN)
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    credibility = models.CharField(max_length=1, choices=Credibility, default=Credibility.CANNOT_BE_JUDGED)
    status = models.CharField(max_length=20, choices=Status, default=Status.STANDING)
    reliability_reason = models.TextField(
        blank=True, max_length=2000, help_text="why not the speaker's usual reliability"
    )
    note = models.TextField(blank=True, max_length=5000)
    evidence_links = ArrayField(models.URLField(max_length=2000), default=list, blank=True, size=20)
    is_withheld = models.BooleanField(default=False, help_text="whether the claim stays out of exports")
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    marked_at = models.DateTimeField(editable=False)
    superseded_at = models.DateTimeField(null=True, editable=False)
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="carried_to",
        help_text="the mark on an earlier engine's claim that this one repeats",
    )

    objects = SourcingMarkQuerySet.as_manager()

    class Meta(AuditedMeta):
        ordering = ("claim_id", "-marked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(superseded_at__isnull=True),
                name="a_claim_has_one_current_mark",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("marked_at")),
                name="a_mark_is_superseded_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=~Q(carried_from=F("id")), name="a_mark_is_not_carried_from_itself"
            ),
        )
        indexes = (
            # Every part of an export leaves them out; see exporting.py.
            models.Index(
                fields=("claim",),
                condition=Q(is_withheld=True, superseded_at__isnull=True),
                name="claims_withheld_from_exports",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} on claim {self.claim_id}"

    @property
    def code(self) -> str:
        """The two-character Admiralty code, such as B2."""
        return f"{self.reliability}{self.credibility}"


class SpeakerReliabilityQuerySet(models.QuerySet["SpeakerReliability"]):
    def current(self) -> Self:
        return self.filter(superseded_at__isnull=True)

    def of_day(self, day: date) -> Self:
        """Those that had begun on that day, the one that held then first."""
        return self.current().filter(since__lte=day).order_by("-since")


class SpeakerReliability(models.Model):
    """How reliable a speaker usually is, from a day on; a newer one supersedes it, the older stays readable.

    A mark starts from the one that held when the claim was published, and says why where it differs.
    """

    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="reliabilities")
    reliability = models.CharField(max_length=1, choices=SourcingMark.Reliability)
    since = models.DateField(help_text="the day from which it holds")
    reason = models.TextField(max_length=5000)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    set_at = models.DateTimeField(editable=False)
    superseded_at = models.DateTimeField(null=True, editable=False)

    objects = SpeakerReliabilityQuerySet.as_manager()

    class Meta(AuditedMeta):
        verbose_name_plural = "speaker reliabilities"
        ordering = ("speaker_id", "-since", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("speaker", "since"),
                condition=Q(superseded_at__isnull=True),
                name="a_speaker_has_one_reliability_from_a_day_on",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_reliability_says_why"),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("set_at")),
                name="a_reliability_is_superseded_after_it_was_set",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reliability} for speaker {self.speaker_id} since {self.since}"
