"""The table of a question's states: what may follow what, by which step.

Read by operations under the row lock. Steps that the later review issues add go here.
"""

from dataclasses import dataclass

from reviews.models import Question

State = Question.State


@dataclass(frozen=True)
class Step:
    name: str
    before: frozenset[str]
    after: str


OPEN = Step("open", frozenset({State.PROPOSED}), State.OPEN)
DISMISS = Step(
    "dismiss", frozenset({State.PROPOSED, State.OPEN, State.IN_REVIEW, State.REOPENED}), State.DISMISSED
)
MERGE = Step("merge", DISMISS.before, State.MERGED)
RECORD_VERDICT = Step(
    "record_verdict", frozenset({State.OPEN, State.IN_REVIEW, State.REOPENED}), State.DECIDED
)
REOPEN = Step("reopen", frozenset({State.DECIDED}), State.REOPENED)

DECIDABLE = RECORD_VERDICT.before
# Claims may be placed and positions worded until the question is closed for good.
EDITABLE = frozenset({State.PROPOSED, State.OPEN, State.IN_REVIEW, State.REOPENED})
