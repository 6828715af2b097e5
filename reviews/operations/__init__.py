"""Every change to what reviewers make of claims. All doors call these.

The shape repeats: lock the question, check, name the step, write, all in one transaction.
`seen_version` is the question's version the caller last saw; None skips that check.
"""

from reviews.operations.adjudication import adjudicate_question, save_adjudication
from reviews.operations.assessments import reconsider_assessment, save_draft, submit_assessment
from reviews.operations.assignments import (
    assign_question,
    release_assignment,
    return_assignments,
    take_next,
    take_question,
    waiting_for,
    withdraw_assignment,
)
from reviews.operations.discussion import withdraw_comment, write_comment
from reviews.operations.evidence import upload_evidence
from reviews.operations.inbox import (
    change_notification_settings,
    mark_all_read,
    mark_read,
    stop_digests,
)
from reviews.operations.keyed import forget_keys, once
from reviews.operations.lapses import end_lapsed, return_from_former_assessors
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
from reviews.operations.projects import ProjectRules, change_project, create_project, set_review_rules
from reviews.operations.questions import (
    dismiss_question,
    merge_questions,
    open_proposed,
    open_question,
    propose_question,
    reword_question,
    split_question,
)
from reviews.operations.reassigning import reassign_question
from reviews.operations.reliability import set_speaker_reliability
from reviews.operations.steps import where_now
from reviews.operations.undoing import undo_change
from reviews.operations.verdicts import reopen_question

__all__ = [
    "Marks",
    "ProjectRules",
    "add_position",
    "adjudicate_question",
    "assign_question",
    "change_notification_settings",
    "change_project",
    "clear_origin",
    "confirm_placements",
    "create_project",
    "dismiss_question",
    "end_lapsed",
    "forget_keys",
    "mark_all_read",
    "mark_read",
    "mark_sourcing",
    "merge_positions",
    "merge_questions",
    "once",
    "open_proposed",
    "open_question",
    "origin_version",
    "place_claim",
    "propose_question",
    "reassign_question",
    "reconsider_assessment",
    "reject_claim",
    "reject_placement",
    "release_assignment",
    "remove_position",
    "reopen_question",
    "return_assignments",
    "return_from_former_assessors",
    "reword_position",
    "reword_question",
    "save_adjudication",
    "save_draft",
    "say_compatible",
    "say_competing",
    "set_origin",
    "set_review_rules",
    "set_speaker_reliability",
    "split_position",
    "split_question",
    "stop_digests",
    "submit_assessment",
    "take_next",
    "take_question",
    "undo_change",
    "upload_evidence",
    "waiting_for",
    "where_now",
    "withdraw_assignment",
    "withdraw_comment",
    "write_comment",
]
