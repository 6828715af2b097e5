"""The table of a question's states: which step leads from which state to which, and who may take it.

Operations ask it under the row lock, a trigger on the table of questions refuses every other change of
state whoever writes, and the diagram in docs/review.md is drawn from it. It knows no models, for they
are made from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models


class State(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    OPEN = "open", "Open"
    IN_REVIEW = "in_review", "In review"
    ADJUDICATION = "adjudication", "Adjudication"
    DECIDED = "decided", "Decided"
    REOPENED = "reopened", "Reopened"
    DISMISSED = "dismissed", "Dismissed"
    MERGED = "merged", "Merged"


@dataclass(frozen=True)
class Step:
    """`who` is in words, for the diagram; policies.py holds the checks. `takes_back` steps are undoings."""

    name: str
    before: frozenset[State]
    after: State
    who: str
    begins_round: bool = False
    takes_back: bool = False


# Claims may be placed and positions worded until the judging is over.
EDITABLE = frozenset({State.PROPOSED, State.OPEN, State.IN_REVIEW, State.REOPENED})
# What waits for reviewers to take it.
REVIEWABLE = frozenset({State.OPEN, State.REOPENED})

OPEN = Step("open", frozenset({State.PROPOSED}), State.OPEN, "reviewer")
DISMISS = Step("dismiss", EDITABLE, State.DISMISSED, "reviewer")
MERGE = Step("merge", EDITABLE, State.MERGED, "reviewer")
BEGIN_REVIEW = Step("assign", REVIEWABLE, State.IN_REVIEW, "lead, or a reviewer who takes it")
AGREE = Step("last assessment, all agree", frozenset({State.IN_REVIEW}), State.DECIDED, "the assigned")
DIFFER = Step(
    "last assessment, they differ", frozenset({State.IN_REVIEW}), State.ADJUDICATION, "the assigned"
)
ADJUDICATE = Step("adjudicate", frozenset({State.ADJUDICATION}), State.DECIDED, "a lead who did not assess")
REOPEN = Step(
    "reopen", frozenset({State.DECIDED}), State.REOPENED, "lead, or new evidence", begins_round=True
)
# The only steps on a state that can be undone; see changes.py.
UNDO_OPEN = Step(
    "undo open", frozenset({State.OPEN}), State.PROPOSED, "who took the step, lead", takes_back=True
)
UNDO_DISMISS = tuple(
    Step("undo dismiss", frozenset({State.DISMISSED}), state, "who took the step, lead", takes_back=True)
    for state in sorted(EDITABLE)
)
UNDO_MERGE = tuple(
    Step("undo merge", frozenset({State.MERGED}), state, "who took the step, lead", takes_back=True)
    for state in sorted(EDITABLE)
)

STEPS: tuple[Step, ...] = (
    *(OPEN, DISMISS, MERGE, BEGIN_REVIEW, AGREE, DIFFER, ADJUDICATE, REOPEN),
    *(UNDO_OPEN, *UNDO_DISMISS, *UNDO_MERGE),
)
FIRST = frozenset({State.PROPOSED, State.OPEN})


def transitions() -> Iterator[tuple[State, State, bool]]:
    """Every change of state that may be: from, to, and whether it begins the next round."""
    seen = {(before, step.after, step.begins_round) for step in STEPS for before in step.before}
    yield from sorted(seen)
