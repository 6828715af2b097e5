"""What was said: claims, and which claims took the place of which."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5, Cast, Left, Substr
from django.urls import reverse

from claims.models.articles import SEARCH_CONFIG, Revision
from claims.models.runs import EngineRun, EngineSwitch
from claims.models.speakers import Speaker
from claims.triggers import CONTENT_IS_THE_TEXT_AT_ITS_SPANS, never_changes


class ClaimQuerySet(models.QuerySet["Claim"]):
    def matching(self, words: str) -> Self:
        """Claims whose statement or verbatim content holds the words, as typed into a search box."""
        return self.filter(search=SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch"))

    def standing(self) -> Self:
        """Claims of current engine runs, and the earlier ones that are held for what people decided."""
        return self.filter(Q(engine_run__is_current=True) | Q(held__isnull=False))

    def for_display(self) -> Self:
        """With what a claim card shows, in one query; of the text only the `sentence` is read."""
        return (
            self.select_related("speaker", "engine_run", "revision__article__outlet")
            .defer("revision__text", "revision__article__search", "search")
            .annotate(
                sentence=Substr(
                    "revision__text", F("sentence_start") + 1, F("sentence_end") - F("sentence_start")
                )
            )
        )


class Claim(models.Model):
    """One assertion that can be checked, by one speaker, at one place of one revision."""

    class Kind(models.TextChoices):
        DIRECT = "direct", "Direct"
        INDIRECT = "indirect", "Indirect"
        MIXED = "mixed", "Mixed"
        OWN_VOICE = "own_voice", "Outlet's own voice"

    sentence: str  # annotated by ClaimQuerySet.for_display

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="claims")
    engine_run = models.ForeignKey(EngineRun, models.PROTECT, related_name="claims")
    spans = models.JSONField(help_text="[[start, end), ...] in the revision's text, in reading order")
    content = models.TextField(help_text="the revision's text at the spans, joined by ' … '")
    sentence_start = models.PositiveIntegerField()
    sentence_end = models.PositiveIntegerField()
    statement = models.TextField(help_text="the claim as a sentence that can be read alone")
    speaker = models.ForeignKey(Speaker, models.PROTECT, null=True, blank=True, related_name="claims")
    speaker_spans = models.JSONField(default=list, blank=True)
    chain = models.JSONField(default=list, blank=True, help_text="who passed it on, the speaker last")
    cue = models.JSONField(null=True, blank=True, help_text='{"text", "span"} of the words that signal it')
    kind = models.CharField(max_length=10, choices=Kind)
    frame = models.JSONField(default=dict, blank=True)
    check_worthiness = models.FloatField(help_text="0 to 1, a priority only")
    unresolved = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    start = models.GeneratedField(
        expression=Cast(F("spans__0__0"), models.IntegerField()),
        output_field=models.IntegerField(),
        db_persist=True,
    )
    search = models.GeneratedField(
        # PostgreSQL refuses a text search vector of over 1 MB; nobody searches so far into one claim.
        expression=SearchVector(Left("statement", 5000), Left("content", 5000), config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                "engine_run",
                MD5(Cast("spans", models.TextField())),
                MD5("statement"),
                name="claim_once_per_engine_run_spans_and_statement",
            ),
            models.CheckConstraint(
                condition=Q(check_worthiness__gte=0, check_worthiness__lte=1),
                name="check_worthiness_is_between_0_and_1",
            ),
            models.CheckConstraint(
                condition=Q(kind="own_voice", speaker__isnull=True) | ~Q(kind="own_voice"),
                name="own_voice_has_no_speaker",
            ),
            models.CheckConstraint(condition=~Q(statement=""), name="claim_has_a_statement"),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="claim_newest_first"),
            models.Index(fields=("revision", "start"), name="claim_in_reading_order"),
            models.Index(fields=("speaker", "-created_at", "-id"), name="claim_by_speaker"),
            GinIndex("search", name="claim_search"),
        )
        triggers = (
            never_changes("claim"),
            CONTENT_IS_THE_TEXT_AT_ITS_SPANS,
        )

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return reverse("admin:claims_claim_change", args=[self.pk])

    @property
    def asserted_by(self) -> str:
        """Who asserts it, for showing: the speaker, somebody not named, or the outlet in its own voice."""
        if self.speaker is not None:
            return self.speaker.name
        if self.kind != self.Kind.OWN_VOICE:
            return "speaker not named"
        outlet = self.revision.article.outlet
        return f"{outlet.name} (own voice)" if outlet else "own voice"


class ClaimSuccession(models.Model):
    """What became of one claim when the engine run of its revision was switched; see succession.py."""

    class Kind(models.TextChoices):
        KEPT = "kept", "Kept"
        REWORDED = "reworded", "Reworded"
        DROPPED = "dropped", "Dropped"
        ADDED = "added", "Added"

    switch = models.ForeignKey(EngineSwitch, models.PROTECT, related_name="successions")
    kind = models.CharField(max_length=10, choices=Kind)
    old_claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="successions")
    new_claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="precessions")

    class Meta:
        ordering = ("switch_id", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("kept", "reworded"), old_claim__isnull=False, new_claim__isnull=False)
                | Q(kind="dropped", old_claim__isnull=False, new_claim__isnull=True)
                | Q(kind="added", old_claim__isnull=True, new_claim__isnull=False),
                name="a_succession_has_the_claims_its_kind_says",
            ),
            models.UniqueConstraint(
                fields=("switch", "old_claim"), name="a_claim_is_succeeded_once_in_a_switch"
            ),
            models.UniqueConstraint(fields=("switch", "new_claim"), name="a_claim_succeeds_once_in_a_switch"),
        )
        triggers = (never_changes("claim_succession"),)

    def __str__(self) -> str:
        return f"claim {self.old_claim_id} → {self.new_claim_id} ({self.kind})"


class HeldClaim(models.Model):
    """That a claim of an earlier run stays on the screens: people decided on it, and none took its place."""

    claim = models.OneToOneField(Claim, models.PROTECT, primary_key=True, related_name="held")
    held_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"claim {self.claim_id}, held"
