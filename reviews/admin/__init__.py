"""The admin's door to reviews: read what was sent, call one operation, show what came of it."""

from reviews.admin.inbox import InboxAdmin
from reviews.admin.matching import MatchingDueAdmin, RematchAdmin
from reviews.admin.placing import PlacingArticleAdmin, PlacingClaimAdmin
from reviews.admin.projects import ProjectAdmin
from reviews.admin.questions import QuestionAdmin
from reviews.admin.speakers import ReviewedSpeakerAdmin
from reviews.admin.trail import AuditEventAdmin

__all__ = [
    "AuditEventAdmin",
    "InboxAdmin",
    "MatchingDueAdmin",
    "PlacingArticleAdmin",
    "PlacingClaimAdmin",
    "ProjectAdmin",
    "QuestionAdmin",
    "RematchAdmin",
    "ReviewedSpeakerAdmin",
]
