"""What changed, written down by the database."""

import pgtrigger
from django.db import models


class AuditEvent(models.Model):
    """What changed, old and new, by whom, when, why. Written by triggers, never by our code."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(help_text="user id; kept as a number, for it outlives the user")
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=100)
    reason = models.TextField(blank=True)
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
        )
        triggers = (
            pgtrigger.Protect(name="audit_only_grows", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"
