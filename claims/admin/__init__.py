"""The admin's door to claims: read what was sent, call one operation, show what came of it."""

from claims.admin.articles import ArticleAdmin
from claims.admin.claims import ClaimAdmin
from claims.admin.jobs import JobAdmin
from claims.admin.names import OutletAdmin
from claims.admin.speakers import SpeakerAdmin

__all__ = ["ArticleAdmin", "ClaimAdmin", "JobAdmin", "OutletAdmin", "SpeakerAdmin"]
