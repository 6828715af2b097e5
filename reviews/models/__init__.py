"""What reviewers make of claims.

Every write to these tables needs an actor and a reason: triggers copy the old and the new row
to `AuditEvent`, and refuse when nobody is named (see audit/).
"""

from reviews.models import protected
from reviews.models.assignments import AdjudicationDraft, AssessmentDraft, Assignment
from reviews.models.discussion import Comment, Mention, Notification, NotificationSettings
from reviews.models.marks import SourcingMark, SpeakerReliability
from reviews.models.matching import (
    MatchedClaim,
    MatchingDue,
    Rematch,
    RematchedQuestion,
    SuggestedQuestion,
)
from reviews.models.placements import Origin, OriginClaim, Placement
from reviews.models.projects import Project
from reviews.models.questions import Compatibility, Position, Question, QuestionTally
from reviews.models.requests import KeyedRequest
from reviews.models.trail import AuditEvent, AuditLink, Change
from reviews.models.verdicts import (
    AssessedPosition,
    Assessment,
    Confidence,
    Evidence,
    EvidenceFile,
    Judgement,
    PositionVerdict,
    Verdict,
)

__all__ = [
    "AdjudicationDraft",
    "AssessedPosition",
    "Assessment",
    "AssessmentDraft",
    "Assignment",
    "AuditEvent",
    "AuditLink",
    "Change",
    "Comment",
    "Compatibility",
    "Confidence",
    "Evidence",
    "EvidenceFile",
    "Judgement",
    "KeyedRequest",
    "MatchedClaim",
    "MatchingDue",
    "Mention",
    "Notification",
    "NotificationSettings",
    "Origin",
    "OriginClaim",
    "Placement",
    "Position",
    "PositionVerdict",
    "Project",
    "Question",
    "QuestionTally",
    "Rematch",
    "RematchedQuestion",
    "SourcingMark",
    "SpeakerReliability",
    "SuggestedQuestion",
    "Verdict",
    "protected",
]
