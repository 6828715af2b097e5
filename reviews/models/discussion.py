"""What people say to each other about a question, and how they are told of it."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.triggers import AlwaysFires
from reviews.audit.triggers import NEVER_TRUNCATED
from reviews.models.questions import Question


class Comment(models.Model):
    """A remark on a question, never edited; it says nothing about how anybody judges.

    Not audited: it is written once, which a trigger sees to, and an event would tell of it while it is
    hidden. Its key is drawn at random, for numbers would tell of those that are hidden between them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="comments")
    round = models.PositiveSmallIntegerField()
    reply_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replies")
    text = models.TextField(max_length=10_000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("written_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="a_comment_says_something"),)
        indexes = (models.Index(fields=("question", "written_at"), name="comments_of_a_question"),)
        triggers = (
            AlwaysFires(
                name="a_comment_is_only_withdrawn",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        IF to_jsonb(OLD) - 'withdrawn_at' = to_jsonb(NEW) - 'withdrawn_at'
                            AND OLD.withdrawn_at IS NULL THEN RETURN NEW; END IF;
                    END IF;
                    RAISE EXCEPTION 'Cannot update or delete rows from % table', TG_TABLE_NAME;
                """,
            ),
            NEVER_TRUNCATED,
        )

    def __str__(self) -> str:
        return f"{self.written_by}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}#comment-{self.pk}"


class Mention(models.Model):
    """That a comment names somebody, as in "@name"."""

    comment = models.ForeignKey(Comment, models.PROTECT, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("comment", "person"), name="a_comment_mentions_a_person_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} in comment {self.comment_id}"


class Notification(models.Model):
    """Something one person should know, in their inbox and, if they like, by e-mail."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", "A question was assigned to me"
        WITHDRAWN = "withdrawn", "My assignment was withdrawn, or lapsed"
        CHANGED = "changed", "A question I am assessing changed"
        ADJUDICATION = "adjudication", "A question waits for adjudication"
        DECIDED = "decided", "A question I assessed was decided"
        REOPENED = "reopened", "A question I assessed was opened again"
        MENTIONED = "mentioned", "Somebody mentioned me"
        REPLIED = "replied", "Somebody answered my comment"
        RETURNED = "returned", "An assignment came back, and a reviewer is to be found (for leads)"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=12, choices=Kind)
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    comment = models.ForeignKey(Comment, models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=500, help_text='"Question X was decided: supported"')
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    emailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("person", "-at", "-id"), name="inbox_of_a_person"),
            models.Index(fields=("person",), condition=Q(read_at__isnull=True), name="unread_of_a_person"),
            models.Index(
                fields=("person",),
                condition=Q(emailed_at__isnull=True, read_at__isnull=True),
                name="notices_to_email",
            ),
        )

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Where to look: the comment it is about, else the question."""
        return (self.comment or self.question).get_absolute_url()


class NotificationSettings(models.Model):
    """What a person is told of, and how; without a row, everything in the inbox and a daily e-mail."""

    class Digest(models.TextChoices):
        NEVER = "never", "Never"
        HOURLY = "hourly", "Every hour, when there is something new"
        DAILY = "daily", "Every day, when there is something new"
        WEEKLY = "weekly", "Every week, when there is something new"

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notification_settings"
    )
    muted = models.JSONField(default=list, blank=True, help_text="kinds that are not told of at all")
    digest = models.CharField(max_length=6, choices=Digest, default=Digest.DAILY)
    digested_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "notification settings"

    def __str__(self) -> str:
        return f"of {self.person_id}"
