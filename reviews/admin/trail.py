"""The audit trail: who changed what, when and why; to be looked at only."""

from django.contrib import admin

from claims.admin.lists import LookOnlyAdmin
from reviews.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(LookOnlyAdmin):
    list_display = ("at", "actor", "action", "table_name", "row_id", "operation", "reason")
    list_filter = ("operation",)
    search_fields = ("=actor", "=action")
    search_help_text = "An actor's name or an action, written out"
