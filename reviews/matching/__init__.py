"""Claims in; questions, their competing answers and origins out. Pure Python; no Django, network or clock.

The same claims and the same `MATCHER_VERSION` give the same questions, whatever the order of the claims.
"""

from reviews.matching.questions import match, match_story
from reviews.matching.stories import is_same_story, keys_of
from reviews.matching.types import (
    MatchClaim,
    MatchedPosition,
    MatchedQuestion,
    OriginGroup,
    Slot,
    UnreadableClaim,
)

MATCHER_VERSION = "1.0.0"

__all__ = [
    "MATCHER_VERSION",
    "MatchClaim",
    "MatchedPosition",
    "MatchedQuestion",
    "OriginGroup",
    "Slot",
    "UnreadableClaim",
    "is_same_story",
    "keys_of",
    "match",
    "match_story",
]
