"""What reviewers make of claims.

Every write to these tables needs an actor and a reason: triggers copy the old and the new row
to `AuditEvent`, and refuse when nobody is named (see audit.py).
"""

from reviews.models.marks import SourcingMark
from reviews.models.placements import Origin, OriginClaim, Placement
from reviews.models.questions import Position, Question
from reviews.models.trail import AuditEvent
from reviews.models.verdicts import Assessment, Judgement, PositionVerdict, Verdict

__all__ = [
    "Assessment",
    "AuditEvent",
    "Judgement",
    "Origin",
    "OriginClaim",
    "Placement",
    "Position",
    "PositionVerdict",
    "Question",
    "SourcingMark",
    "Verdict",
]
