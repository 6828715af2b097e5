"""What reviewers make of claims.

Every write to these tables needs an actor and a reason: triggers copy the old and the new row
to `AuditEvent`, and refuse when nobody is named (see audit.py).
"""

from reviews.models.marks import SourcingMark
from reviews.models.matching import (
    MatchedClaim,
    MatchingDue,
    Rematch,
    RematchedQuestion,
    SuggestedQuestion,
)
from reviews.models.placements import Origin, OriginClaim, Placement
from reviews.models.questions import Compatibility, Position, Question, QuestionTally
from reviews.models.trail import AuditEvent, Change
from reviews.models.verdicts import Assessment, Judgement, PositionVerdict, Verdict

__all__ = [
    "Assessment",
    "AuditEvent",
    "Change",
    "Compatibility",
    "Judgement",
    "MatchedClaim",
    "MatchingDue",
    "Origin",
    "OriginClaim",
    "Placement",
    "Position",
    "PositionVerdict",
    "Question",
    "QuestionTally",
    "Rematch",
    "RematchedQuestion",
    "SourcingMark",
    "SuggestedQuestion",
    "Verdict",
]
