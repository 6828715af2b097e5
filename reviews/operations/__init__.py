"""Every change to what reviewers make of claims. All doors call these.

The shape repeats: lock the question, check, name the step, write, all in one transaction.
`seen_version` is the question's version the caller last saw; None skips that check.
"""

from reviews.operations.marks import Marks, mark_sourcing
from reviews.operations.origins import clear_origin, origin_version, set_origin
from reviews.operations.placements import confirm_placements, place_claim, reject_claim, reject_placement
from reviews.operations.positions import (
    add_position,
    merge_positions,
    remove_position,
    reword_position,
    say_compatible,
    say_competing,
    split_position,
)
from reviews.operations.questions import (
    dismiss_question,
    merge_questions,
    open_proposed,
    open_question,
    propose_question,
    reword_question,
    split_question,
    where_now,
)
from reviews.operations.undoing import undo_change
from reviews.operations.verdicts import record_verdict, reopen_question

__all__ = [
    "Marks",
    "add_position",
    "clear_origin",
    "confirm_placements",
    "dismiss_question",
    "mark_sourcing",
    "merge_positions",
    "merge_questions",
    "open_proposed",
    "open_question",
    "origin_version",
    "place_claim",
    "propose_question",
    "record_verdict",
    "reject_claim",
    "reject_placement",
    "remove_position",
    "reopen_question",
    "reword_position",
    "reword_question",
    "say_compatible",
    "say_competing",
    "set_origin",
    "split_position",
    "split_question",
    "undo_change",
    "where_now",
]
