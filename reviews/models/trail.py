"""What changed, written down by the database, and the steps people can take back."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Index, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from claims.triggers import Refused
from reviews.audit.triggers import NEVER_TRUNCATED, IsChained
from reviews.triggers import A_CHANGE_IS_ONLY_UNDONE

# What events are looked for by when the row itself may be gone: what it belonged to.
_BELONGS_TO = ("question_id", "claim_id", "user_id", "speaker_id", "revision_id", "article_id")
_ONLY_GROWS = (
    Refused(name="only_grows", operation=pgtrigger.Update | pgtrigger.Delete),
    NEVER_TRUNCATED,
)


def _index_on(key: str) -> Index:
    value = KeyTextTransform(key, Coalesce("new", "old"))
    return Index(
        value, F("id").desc(), condition=Q(IsNull(value, False)), name=f"audit_by_{key.removesuffix('_id')}"
    )


class AuditEvent(models.Model):
    """What changed, old and new, by whom, when, why. Written by triggers; docs/audit.md says how."""

    class Operation(models.TextChoices):
        INSERT = "insert", "Inserted"
        UPDATE = "update", "Updated"
        DELETE = "delete", "Deleted"
        BULK = "bulk", "Inserted together"  # `new` is {"rows": {id: SHA-256 of its image}, ...}
        BASE = "base", "Found as it is"
        NOTE = "note", "Took place"  # something that wrote no row, such as a sign-in

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(
        help_text="user id; kept as a number, for it outlives the user; 0: none"
    )
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=100)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=100, blank=True, db_default="")
    change_id = models.BigIntegerField(null=True, help_text="the Change it is part of")
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField(help_text="0 where it is of several rows, or of one without a number")
    operation = models.CharField(max_length=6, choices=Operation)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            Index(fields=("table_name", "row_id", "-id"), name="audit_of_a_row"),
            Index(fields=("actor_id", "-id"), name="audit_of_an_actor"),
            Index(fields=("change_id", "id"), condition=Q(change_id__isnull=False), name="audit_of_a_change"),
            Index(fields=("action", "-id"), name="audit_of_an_action"),
            Index(fields=("table_name", "-id"), name="audit_of_a_table"),
            Index(fields=("-at", "-id"), name="audit_newest_first"),
            Index(fields=("request_id", "-id"), condition=~Q(request_id=""), name="audit_of_a_request"),
            *(_index_on(key) for key in _BELONGS_TO),
        )
        triggers = (IsChained(name="is_chained"), *_ONLY_GROWS)

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"


class AuditLink(models.Model):
    """The place of an event in the chain of hashes, by which a change of it or of its order shows."""

    position = models.BigIntegerField(primary_key=True, help_text="1 for the first; there are no gaps")
    # No foreign key: events never go, and its check would lock each one at its commit.
    event = models.OneToOneField(AuditEvent, models.PROTECT, related_name="link", db_constraint=False)
    previous_hash = models.CharField(max_length=64, unique=True)
    salt = models.UUIDField()
    commitment = models.CharField(max_length=64, help_text="SHA-256 of salt, reason, old and new image")
    hash = models.CharField(
        max_length=64, help_text="SHA-256 of all that the event is, and the hash before it"
    )

    class Meta:
        ordering = ("position",)
        triggers = _ONLY_GROWS

    def __str__(self) -> str:
        return f"{self.position}: {self.hash}"


class Change(models.Model):
    """One step taken on a question, as its page lists it; its audit events say what it wrote.

    It is undone as a whole, and only while nothing it wrote has changed since; see changes.py. The row is not
    audited itself: the events of a step, and of its undoing, are, and trail/steps.py holds it against them.
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
        triggers = (A_CHANGE_IS_ONLY_UNDONE, NEVER_TRUNCATED)

    def __str__(self) -> str:
        return self.summary
