"""What there is to do, and how far it is."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from claims.models.articles import Article, Revision, Snapshot


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=Job.UNFINISHED)


class Job(models.Model):
    """The durable row for one piece of work on an article; what Celery is rung about.

    `token` fences: each taking raises it, and only who holds the newest may finish.
    """

    class Kind(models.TextChoices):
        INGEST = "ingest", "Take in a document"
        REEXTRACT = "reextract", "Run the engine again"

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

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INGEST)
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
            models.UniqueConstraint(
                fields=("revision",),
                condition=Q(kind="reextract", state__in=("queued", "running")),
                name="one_unfinished_reextraction_per_revision",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reextract") | Q(article__isnull=False, revision__isnull=False),
                name="a_reextraction_names_article_and_revision",
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
