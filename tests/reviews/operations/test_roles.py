"""Who may take which step."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.errors import NotAllowed
from reviews.models import AssessmentDraft, AuditEvent, Change, Question
from reviews.operations import Marks, ProjectRules
from tests.factories import (
    NOW,
    AssessmentDraftFactory,
    AssignmentFactory,
    ClaimFactory,
    CommentFactory,
    OriginClaimFactory,
    PlacementFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    SpeakerFactory,
    UserFactory,
)
from tests.reviews.rows import decide, judged

pytestmark = pytest.mark.django_db
REVIEWERS = {"reviewer", "lead"}
LEADS = {"lead"}
MAY = dict.fromkeys(operations.__all__, REVIEWERS) | dict.fromkeys(
    (
        *("adjudicate_question", "assign_question", "change_project", "create_project", "reassign_question"),
        *("reopen_question", "save_adjudication", "set_review_rules", "undo_change", "withdraw_assignment"),
    ),
    LEADS,
)
# What is asked, what the system does by itself, and what is everybody's own.
NO_STEPS = {"Marks", "ProjectRules", "once", "origin_version", "waiting_for", "where_now"}
OF_THE_SYSTEM = {"end_lapsed", "forget_keys", "return_assignments", "return_from_former_assessors"}
OF_EVERYBODY = {"change_notification_settings", "mark_all_read", "mark_read", "stop_digests"}
STEPS = set(operations.__all__) - NO_STEPS - OF_THE_SYSTEM - OF_EVERYBODY
# An audit event of these would tell what is hidden while a question is judged blind.
UNTOLD = {
    *("reconsider_assessment", "save_adjudication", "save_draft", "submit_assessment"),
    *("upload_evidence", "withdraw_comment", "write_comment"),
}
ROLES = ("viewer", "reviewer", "lead", "ingest manager", "admin")
# Whoever holds an assignment may give it back, whatever became of their roles.
MAY["release_assignment"] = set(ROLES)
Given = dict[str, Any]


def test_who_may_not_is_told_so_before_anything_about_the_question(question: Question) -> None:
    viewer = UserFactory(roles=["viewer"])

    with pytest.raises(NotAllowed):
        operations.add_position(question_id=question.pk, answer="Resafa", seen_version=99, by=viewer, now=NOW)


def given_to_steps(*, lead: User) -> dict[str, Given]:
    """What every step on questions takes, each on rows on which it can be taken."""
    question = QuestionFactory()
    first, second, empty, *two = (PositionFactory(question=question) for _ in range(5))
    placement, beside = PlacementFactory(position=first), PlacementFactory(position=second)
    suggested = PlacementFactory(position=second, state="suggested", suggested_by="matcher 1", placed_by=None)
    proposed, decided = QuestionFactory(state="proposed"), PositionFactory().question
    decide(decided)
    traced = OriginClaimFactory(set_by=lead, set_at=NOW, reason="So.").claim_id
    compatible = {"first_id": two[0].pk, "second_id": two[1].pk}
    operations.say_compatible(**compatible, reason="Both.", by=lead, now=NOW)
    on_first, on_question = {"position_id": first.pk}, {"question_id": question.pk}
    asked, claims = {"wording": "Who?", "slot": "who"}, [placement.claim_id]
    split = {"position_ids": [first.pk], "event": "", "reason": "Two.", **asked}
    return {
        "add_position": {"answer": "Resafa", **on_question},
        "clear_origin": {"claim_ids": [traced]},
        "confirm_placements": {"placement_ids": [suggested.pk]},
        "dismiss_question": {"reason": "Idle.", **on_question},
        "mark_sourcing": {"claim_id": placement.claim_id, "marks": Marks(identification="named")},
        "merge_positions": {"into_id": second.pk, **on_first},
        "merge_questions": {"question_id": proposed.pk, "into_id": question.pk, "reason": "One."},
        "open_proposed": {"question_id": proposed.pk},
        "open_question": asked,
        "place_claim": {"claim_id": ClaimFactory().pk, **on_first},
        "propose_question": asked,
        "reject_claim": {"claim_id": beside.claim_id, **on_question},
        "reject_placement": {"placement_id": placement.pk, "reason": "No."},
        "remove_position": {"position_id": empty.pk},
        "reopen_question": {"question_id": decided.pk, "reason": "New."},
        "reword_position": {"answer": "Resafa", **on_first},
        "reword_question": {"wording": "Who?", "event": "", **on_question},
        "say_compatible": {"first_id": first.pk, "second_id": second.pk, "reason": "Both."},
        "say_competing": compatible,
        "set_origin": {"claim_ids": claims, "reason": "Its own."},
        "split_position": {"answer": "Resafa", "claim_ids": claims, **on_first},
        "split_question": {**on_question, **split},
        "undo_change": {"change_id": Change.objects.latest("pk").pk},
    }


def given_to_steps_of_review(by: User) -> dict[str, Given]:
    """What the steps of a review take, each on rows on which it can be taken."""
    question = PositionFactory().question
    held, resting = AssignmentFactory(reviewer=by), AssignmentFactory(reviewer=by)
    PositionFactory(question=held.question)
    seal(AssessmentDraftFactory(assignment=resting))
    differing = PositionFactory(question__state="adjudication", question__assessments_required=1).question
    assessed = AssignmentFactory(question=differing, ending="closed", ended_at=NOW, ended_by=UserFactory())
    seal(AssessmentDraftFactory(assignment=assessed, content=judged(differing).to_json()))
    others = AssignmentFactory()
    PositionFactory(question=others.question)
    project, reviewer = ProjectFactory(), UserFactory(roles=["reviewer"])
    on_question = {"question_id": question.pk}
    on_held = {"question_id": held.question_id, "content": judged(held.question)}
    on_differing = {"question_id": differing.pk, "content": judged(differing)}
    on_others = {"assignment_id": others.pk, "reason": "So."}
    usual = {"speaker_id": SpeakerFactory().pk, "reliability": "B", "since": NOW.date()}
    return {
        "adjudicate_question": on_differing,
        "assign_question": {"reviewer": reviewer, **on_question},
        "change_project": {"project_id": project.pk, "rules": ProjectRules(name="Harbour"), "reason": "So."},
        "create_project": {"rules": ProjectRules(name="Airport"), "reason": "So."},
        "reassign_question": {"reviewer": reviewer, **on_others},
        "reconsider_assessment": {"question_id": resting.question_id},
        "release_assignment": {"assignment_id": held.pk},
        "save_adjudication": on_differing,
        "save_draft": on_held,
        "set_review_rules": {"project": project, "assessments": 1, "reason": "So.", **on_question},
        "set_speaker_reliability": {"reason": "So.", **usual},
        "submit_assessment": on_held,
        "take_next": {},
        "take_question": on_question,
        "upload_evidence": {"name": "map.png", "media_type": "image/png", "content": b"A map."},
        "withdraw_assignment": on_others,
        "withdraw_comment": {"comment_id": CommentFactory(written_by=by).pk},
        "write_comment": {"text": "Which map?", **on_question},
    }


def seal(draft: AssessmentDraft) -> None:
    """As submitted when the question was another one."""
    draft.submitted_at, draft.question_version = NOW, 1
    draft.basis = draft.salt = draft.digest = "0" * 64
    draft.save()


@pytest.mark.parametrize("role", ROLES)
def test_each_step_is_only_for_its_roles(role: str, lead: User) -> None:
    by = UserFactory(roles=[role])
    allowed = set()
    given: dict[str, Given] = {}

    for name in sorted(STEPS):
        given = given or (given_to_steps(lead=lead) | given_to_steps_of_review(by))
        written = AuditEvent.objects.filter(actor_id=by.pk)
        before = written.count()
        try:
            getattr(operations, name)(**given[name], by=by, now=NOW)
        except NotAllowed:
            assert written.count() == before
        else:
            assert (written.count() > before) == (name not in UNTOLD)
            allowed.add(name)
            given = {}  # what it was taken on is not as it was

    assert allowed == {name for name in STEPS if role in MAY[name]}


def test_deactivated_reviewer_may_do_nothing(reviewer: User, question: Question) -> None:
    reviewer.is_active = False
    reviewer.save()

    with pytest.raises(NotAllowed):
        operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)
