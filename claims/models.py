"""What was said, where, and when we saw it.

Rows of `Snapshot`, `Revision` and `Claim` are facts about a moment: triggers refuse to
change or delete them. What people decide about them lives in other rows.
"""

import unicodedata
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5, Cast, Left, Now, Substr
from django.urls import reverse

from claims.triggers import CONTENT_IS_THE_TEXT_AT_ITS_SPANS, never_changes

SEARCH_CONFIG = "english"
KEY_CHARACTERS = 400


def folded(name: str) -> str:
    """Return a name as names are compared: compatibility forms, case and spacing do not count.

    Cut to what the key columns hold, for a single character may fold to eighteen.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:KEY_CHARACTERS]


class Outlet(models.Model):
    """A medium that publishes; never called a source, which is who speaks in a text."""

    name = models.CharField(max_length=200)
    key = models.CharField(max_length=KEY_CHARACTERS, unique=True, editable=False, help_text="folded name")
    homepage_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.CheckConstraint(condition=~Q(name="") & ~Q(key=""), name="outlet_has_a_name"),)

    def __str__(self) -> str:
        return self.name


class ArticleQuerySet(models.QuerySet["Article"]):
    def matching(self, words: str) -> Self:
        """Articles whose title holds the words, as a person types them into a search box."""
        return self.filter(search=SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch"))


class Article(models.Model):
    """One published item, known by its canonical URL or, pasted, by its outlet and content."""

    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, blank=True, related_name="articles")
    canonical_url = models.URLField(max_length=2000, null=True, blank=True)  # noqa: DJ001  unique where known
    pasted_sha256 = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001  the same
    title = models.CharField(max_length=500)
    published_at = models.DateTimeField(null=True, blank=True)
    current_revision = models.ForeignKey(
        "Revision",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="what it said when last seen; not always the newest, for a text may go back",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    search = models.GeneratedField(
        expression=SearchVector("title", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        permissions = (("submit_article", "Can submit an article for ingestion"),)
        constraints = (
            models.UniqueConstraint("canonical_url", name="one_article_per_canonical_url"),
            models.UniqueConstraint(
                fields=("outlet", "pasted_sha256"),
                condition=Q(pasted_sha256__isnull=False),
                nulls_distinct=False,
                name="one_pasted_article_per_outlet_and_text",
            ),
            models.CheckConstraint(
                condition=Q(canonical_url__isnull=False, pasted_sha256__isnull=True)
                | Q(canonical_url__isnull=True, pasted_sha256__isnull=False),
                name="article_is_known_by_its_url_or_by_its_text",
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="article_newest_first"),
            GinIndex("search", name="article_search"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("admin:claims_article_change", args=[self.pk])


class Snapshot(models.Model):
    """The bytes as we received them, before anything read them."""

    sha256 = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField(help_text="zlib-compressed")
    byte_count = models.PositiveIntegerField(help_text="of the bytes as received")
    media_type = models.CharField(max_length=100)
    charset = models.CharField(max_length=40, blank=True, help_text="as declared by who sent it")
    file_name = models.CharField(max_length=255, blank=True)
    final_url = models.URLField(max_length=2000, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = (never_changes("snapshot"),)

    def __str__(self) -> str:
        return f"{self.byte_count:,} bytes of {self.media_type}"


class Revision(models.Model):
    """The text of an article as seen at one moment. Offsets count code points of `text`, half-open."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(help_text="1 for the first text seen of an article")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="revisions")
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    title = models.CharField(max_length=500)
    byline = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=200, blank=True, help_text="the agency it is credited to, if any")
    language = models.CharField(max_length=20, blank=True)
    published_at = models.DateTimeField(null=True)
    published_text = models.CharField(max_length=100, blank=True, help_text="the date as the page writes it")
    published_zone_assumed = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("article_id", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("article", "text_sha256"), name="one_revision_per_text_of_an_article"
            ),
            models.UniqueConstraint(
                fields=("article", "number"), name="revision_numbers_are_unique_in_an_article"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="revision_has_a_text"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revisions_count_from_one"),
        )
        indexes = (models.Index(fields=("text_sha256",), name="revision_by_text"),)
        triggers = (never_changes("revision"),)

    def __str__(self) -> str:
        return f"{self.title} (revision {self.number})"


class Speaker(models.Model):
    """The person or body that asserts a claim."""

    name = models.CharField(max_length=300)
    key = models.CharField(max_length=KEY_CHARACTERS, unique=True, editable=False, help_text="folded name")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.CheckConstraint(condition=~Q(name="") & ~Q(key=""), name="speaker_has_a_name"),)

    def __str__(self) -> str:
        return self.name


class EngineRun(models.Model):
    """One pass of an extraction engine over one revision."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="engine_runs")
    engine = models.CharField(max_length=100)
    engine_version = models.CharField(max_length=50)
    settings_sha256 = models.CharField(max_length=64, help_text="of what else the engine was told")
    ran_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "engine", "engine_version", "settings_sha256"),
                name="an_engine_runs_once_over_a_revision",
            ),
        )

    def __str__(self) -> str:
        return f"{self.engine} {self.engine_version} over revision {self.revision_id}"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def matching(self, words: str) -> Self:
        """Claims whose statement or verbatim content holds the words, as typed into a search box."""
        return self.filter(search=SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch"))

    def for_display(self) -> Self:
        """With what a claim card shows, in one query; of the text only the `sentence` is read."""
        return (
            self.select_related("speaker", "revision__article__outlet")
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
        """Who asserts it, for showing: the speaker or the outlet in its own voice."""
        if self.speaker is not None:
            return self.speaker.name
        outlet = self.revision.article.outlet
        return f"{outlet.name} (own voice)" if outlet else "own voice"


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=Job.UNFINISHED)


class Job(models.Model):
    """The durable row for one piece of ingestion work; what Celery is rung about.

    `token` fences: each taking raises it, and only who holds the newest may finish.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        DUPLICATE = "duplicate", "Duplicate"
        FAILED = "failed", "Failed"
        QUARANTINED = "quarantined", "Quarantined"

    class Stage(models.TextChoices):
        WAITING = "waiting", "Waiting for a worker"
        READING = "reading", "Reading the document"
        EXTRACTING = "extracting", "Extracting claims"
        FINISHED = "finished", "Finished"

    class Queue(models.TextChoices):
        INTERACTIVE = "interactive", "Interactive"
        INGEST = "ingest", "Ingest"
        BULK = "bulk", "Bulk"

    UNFINISHED = (State.QUEUED, State.RUNNING)
    RETRYABLE = (State.FAILED, State.QUARANTINED)

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="jobs")
    queue = models.CharField(max_length=20, choices=Queue, default=Queue.INTERACTIVE)
    given = models.JSONField(default=dict, blank=True, help_text="what the submitter said of the article")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001  unique where given
    request_sha256 = models.CharField(max_length=64, help_text="of what was asked for, bytes included")

    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.WAITING)
    reason_code = models.CharField(max_length=50, blank=True)
    reason = models.TextField(blank=True, help_text="why it failed or what it duplicates, fit to show")
    article = models.ForeignKey(Article, models.PROTECT, null=True, blank=True, related_name="jobs")
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="jobs")
    claim_count = models.PositiveIntegerField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(db_default=Now(), help_text="on the database's clock")
    attempts = models.PositiveSmallIntegerField(default=0)
    token = models.PositiveIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    worker = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True, editable=False)
    retried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    retried_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        permissions = (("retry_job", "Can retry a failed job"),)
        constraints = (
            models.UniqueConstraint(
                fields=("requested_by", "idempotency_key"),
                condition=Q(idempotency_key__isnull=False),
                name="one_job_per_idempotency_key_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="a_running_job_and_no_other_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running"), finished_at__isnull=True)
                | (~Q(state__in=("queued", "running")) & Q(finished_at__isnull=False)),
                name="a_job_is_finished_when_its_state_says_so",
            ),
            models.CheckConstraint(
                condition=Q(retried_by__isnull=True, retried_at__isnull=True)
                | Q(retried_by__isnull=False, retried_at__isnull=False),
                name="a_retry_has_both_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(revision__isnull=False, claim_count__isnull=False),
                name="a_done_job_has_a_revision",
            ),
            models.CheckConstraint(
                condition=~Q(state="duplicate") | Q(article__isnull=False),
                name="a_duplicate_names_its_article",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("failed", "quarantined")) | ~Q(reason=""),
                name="a_failed_job_says_why",
            ),
        )
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="job_newest_first"),
            models.Index(fields=("due_at", "id"), name="job_due", condition=Q(state="queued")),
            models.Index(fields=("lease_until",), name="job_leases", condition=Q(state="running")),
            models.Index(fields=("state", "-created_at", "-id"), name="job_by_state"),
        )

    def __str__(self) -> str:
        return f"Job {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("admin:claims_job_change", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED

    @property
    def may_be_retried(self) -> bool:
        return self.state in self.RETRYABLE

    @property
    def name(self) -> str:
        """What the submitter would call it: the article, the given title, or the file."""
        given: dict[str, Any] = self.given
        if self.article is not None:
            return self.article.title
        return str(given.get("title") or given.get("url") or self.snapshot.file_name or f"Job {self.pk}")
