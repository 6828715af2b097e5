"""What changed, written down by the database, and the steps people can take back."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q


class AuditEvent(models.Model):
    """What changed, old and new, by whom, when, why. Written by triggers, never by our code."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(help_text="user id; kept as a number, for it outlives the user")
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=100)
    reason = models.TextField(blank=True)
    change_id = models.BigIntegerField(null=True, help_text="the Change it is part of")
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=6)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("table_name", "row_id", "-id"), name="audit_of_a_row"),
            models.Index(fields=("actor_id", "-id"), name="audit_of_an_actor"),
            models.Index(
                fields=("change_id", "id"), condition=Q(change_id__isnull=False), name="audit_of_a_change"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="audit_only_grows", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"


class Change(models.Model):
    """One step taken on a question, as its page lists it; its audit events say what it wrote.

    It is undone as a whole, and only while nothing it wrote has changed since; see changes.py. Neither the
    row nor what it says is audited itself: the events of a step, and of its undoing, are.
    """

    question = models.ForeignKey("Question", models.PROTECT, related_name="changes")
    action = models.CharField(max_length=100)
    summary = models.CharField(max_length=300, help_text='for the list: "placed claim 12 under “56”"')
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="a_change_is_undone_by_somebody_at_a_time",
            ),
        )
        indexes = (models.Index(fields=("question", "-id"), name="changes_of_a_question"),)

    def __str__(self) -> str:
        return self.summary
