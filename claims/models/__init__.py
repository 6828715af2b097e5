"""What was said, where, and when we saw it.

Rows of `Snapshot`, `Revision` and `Claim` are facts about a moment: triggers refuse to
change or delete them, as they do those of `EngineSwitch`, `ClaimSuccession` and, but for which is
current, `EngineRun`. What people decide about them lives in other rows.
"""

from claims.models.articles import SEARCH_CONFIG, Article, Outlet, Revision, Snapshot, folded
from claims.models.claims import Claim, ClaimQuerySet, ClaimSuccession, HeldClaim
from claims.models.jobs import Job, JobQuerySet
from claims.models.runs import EngineRun, EngineSwitch, LanguageModelAnswer
from claims.models.speakers import SMALL_WORDS, Speaker
from claims.models.tokens import Scope, TokenScopes

__all__ = [
    "SEARCH_CONFIG",
    "SMALL_WORDS",
    "Article",
    "Claim",
    "ClaimQuerySet",
    "ClaimSuccession",
    "EngineRun",
    "EngineSwitch",
    "HeldClaim",
    "Job",
    "JobQuerySet",
    "LanguageModelAnswer",
    "Outlet",
    "Revision",
    "Scope",
    "Snapshot",
    "Speaker",
    "TokenScopes",
    "folded",
]
