"""What engines did: their passes over revisions, which of those is current, and answers kept for them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models.articles import Revision
from claims.triggers import A_REVISION_WITH_RUNS_HAS_A_CURRENT_ONE, never_changes, only_changes


class EngineRun(models.Model):
    """One pass of an extraction engine over one revision. Of those over a revision one is current."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="engine_runs")
    engine = models.CharField(max_length=100)
    engine_version = models.CharField(max_length=50)
    settings_sha256 = models.CharField(max_length=64, help_text="of what else the engine's result depends on")
    is_current = models.BooleanField(default=False, help_text="whether its claims are those that are shown")
    note = models.TextField(blank=True, help_text="what a reader must know of it, such as why it fell back")
    prompt_version = models.CharField(max_length=50, blank=True, help_text="of a language model's prompt")
    model = models.CharField(max_length=200, blank=True, help_text="the language model, if one was asked")
    ran_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "engine", "engine_version", "settings_sha256"),
                name="an_engine_runs_once_over_a_revision",
            ),
            models.UniqueConstraint(
                fields=("revision",), condition=Q(is_current=True), name="a_revision_has_one_current_run"
            ),
        )
        triggers = (only_changes("engine_run", "is_current"), A_REVISION_WITH_RUNS_HAS_A_CURRENT_ONE)

    def __str__(self) -> str:
        return f"{self.name} over revision {self.revision_id}"

    @property
    def name(self) -> str:
        """What made the claims, for showing: "default 0.4.1"."""
        return f"{self.engine} {self.engine_version}"


class EngineSwitch(models.Model):
    """That one run over a revision took the place of another as the current one, and at whose wish."""

    old_run = models.ForeignKey(EngineRun, models.PROTECT, related_name="+")
    new_run = models.ForeignKey(EngineRun, models.PROTECT, related_name="switches")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    switched_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(old_run=F("new_run")), name="a_switch_is_between_two_engine_runs"
            ),
        )
        triggers = (never_changes("engine_switch"),)

    def __str__(self) -> str:
        return f"{self.old_run.name} → {self.new_run.name}"

    @property
    def reason(self) -> str:
        """Why what people decided was carried over, for the audit trail."""
        return f"Engine {self.new_run.name} took the place of {self.old_run.name}."


class LanguageModelAnswer(models.Model):
    """What a language model once answered, by the hash of all that was asked, so as not to pay twice."""

    key = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of prompt, model and text")
    answer = models.TextField()
    answered_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.key[:12]}…"
