"""An assignment given to somebody else, as one step."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from reviews.models import Assignment
from reviews.operations.assignments import assign_question, withdraw_assignment


@transaction.atomic
def reassign_question(
    *,
    assignment_id: int,
    reviewer: User,
    reason: str,
    seen_version: int | None = None,
    by: User,
    now: datetime,
) -> Assignment:
    """Withdraw an assignment and give its place to another reviewer, or do neither.

    Raises what the two raise.
    """
    withdrawn = withdraw_assignment(assignment_id=assignment_id, reason=reason, by=by, now=now)
    return assign_question(
        question_id=withdrawn.question_id, reviewer=reviewer, seen_version=seen_version, by=by, now=now
    )
