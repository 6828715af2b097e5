"""Who may take which step."""

from collections.abc import Callable

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
NO_STEPS = {"Marks", "ProjectRules", "origin_version", "waiting_for", "where_now"}
OF_THE_SYSTEM = {"end_lapsed", "return_assignments", "return_from_former_assessors"}
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
Step = Callable[[], object]


def test_who_may_not_is_told_so_before_anything_about_the_question(question: Question) -> None:
    viewer = UserFactory(roles=["viewer"])

    with pytest.raises(NotAllowed):
        operations.add_position(question_id=question.pk, answer="Resafa", seen_version=99, by=viewer, now=NOW)


def steps_of(by: User, *, lead: User) -> dict[str, Step]:
    """Every step there is, each on rows on which it can be taken."""
    question = QuestionFactory()
    first, second, empty = (PositionFactory(question=question) for _ in range(3))
    placement, beside = PlacementFactory(position=first), PlacementFactory(position=second)
    suggested = PlacementFactory(position=second, state="suggested", suggested_by="matcher 1", placed_by=None)
    proposed, decided = QuestionFactory(state="proposed"), PositionFactory().question
    decide(decided)
    traced = OriginClaimFactory(set_by=lead, set_at=NOW, reason="So.").claim_id
    compatible = [PositionFactory(question=question) for _ in range(2)]
    operations.say_compatible(
        first_id=compatible[0].pk, second_id=compatible[1].pk, reason="Both.", by=lead, now=NOW
    )
    others = Change.objects.latest("pk").pk
    common = {"by": by, "now": NOW}
    asked = {"wording": "Who?", "slot": "who"}
    return {
        "add_position": lambda: operations.add_position(question_id=question.pk, answer="Resafa", **common),
        "clear_origin": lambda: operations.clear_origin(claim_ids=[traced], **common),
        "confirm_placements": lambda: operations.confirm_placements(placement_ids=[suggested.pk], **common),
        "dismiss_question": lambda: operations.dismiss_question(
            question_id=question.pk, reason="Idle.", **common
        ),
        "mark_sourcing": lambda: operations.mark_sourcing(
            claim_id=placement.claim_id, marks=Marks(identification="named"), **common
        ),
        "merge_positions": lambda: operations.merge_positions(
            position_id=first.pk, into_id=second.pk, **common
        ),
        "merge_questions": lambda: operations.merge_questions(
            question_id=proposed.pk, into_id=question.pk, reason="One.", **common
        ),
        "open_proposed": lambda: operations.open_proposed(question_id=proposed.pk, **common),
        "open_question": lambda: operations.open_question(**asked, **common),
        "place_claim": lambda: operations.place_claim(
            claim_id=ClaimFactory().pk, position_id=first.pk, **common
        ),
        "propose_question": lambda: operations.propose_question(**asked, **common),
        "reject_claim": lambda: operations.reject_claim(
            question_id=question.pk, claim_id=beside.claim_id, **common
        ),
        "reject_placement": lambda: operations.reject_placement(
            placement_id=placement.pk, reason="No.", **common
        ),
        "remove_position": lambda: operations.remove_position(position_id=empty.pk, **common),
        "reopen_question": lambda: operations.reopen_question(
            question_id=decided.pk, reason="New.", **common
        ),
        "reword_position": lambda: operations.reword_position(
            position_id=first.pk, answer="Resafa", **common
        ),
        "reword_question": lambda: operations.reword_question(
            question_id=question.pk, wording="Who?", event="", **common
        ),
        "say_compatible": lambda: operations.say_compatible(
            first_id=first.pk, second_id=second.pk, reason="Both.", **common
        ),
        "say_competing": lambda: operations.say_competing(
            first_id=compatible[0].pk, second_id=compatible[1].pk, **common
        ),
        "set_origin": lambda: operations.set_origin(
            claim_ids=[placement.claim_id], reason="Its own.", **common
        ),
        "split_position": lambda: operations.split_position(
            position_id=first.pk, answer="Resafa", claim_ids=[placement.claim_id], **common
        ),
        "split_question": lambda: operations.split_question(
            question_id=question.pk, position_ids=[first.pk], event="", reason="Two.", **asked, **common
        ),
        "undo_change": lambda: operations.undo_change(change_id=others, **common),
    }


def steps_of_review(by: User) -> dict[str, Step]:
    """The steps of a review, each on rows on which it can be taken."""
    question = PositionFactory().question
    held, resting = AssignmentFactory(reviewer=by), AssignmentFactory(reviewer=by)
    PositionFactory(question=held.question)
    sealed = AssessmentDraftFactory(assignment=resting)
    seal(sealed)
    differing = PositionFactory(question__state="adjudication", question__assessments_required=1).question
    seal(
        AssessmentDraftFactory(
            assignment=AssignmentFactory(
                question=differing, ending="closed", ended_at=NOW, ended_by=UserFactory()
            ),
            content=judged(differing).to_json(),
        )
    )
    others = AssignmentFactory()
    PositionFactory(question=others.question)
    comment = CommentFactory(written_by=by)
    project = ProjectFactory()
    reviewer = UserFactory(roles=["reviewer"])
    common = {"by": by, "now": NOW}
    given = {"reason": "So.", **common}
    return {
        "adjudicate_question": lambda: operations.adjudicate_question(
            question_id=differing.pk, content=judged(differing), **common
        ),
        "assign_question": lambda: operations.assign_question(
            question_id=question.pk, reviewer=reviewer, **common
        ),
        "change_project": lambda: operations.change_project(
            project_id=project.pk, rules=ProjectRules(name="Harbour"), **given
        ),
        "create_project": lambda: operations.create_project(rules=ProjectRules(name="Airport"), **given),
        "reassign_question": lambda: operations.reassign_question(
            assignment_id=others.pk, reviewer=reviewer, **given
        ),
        "reconsider_assessment": lambda: operations.reconsider_assessment(
            question_id=resting.question_id, **common
        ),
        "release_assignment": lambda: operations.release_assignment(assignment_id=held.pk, **common),
        "save_adjudication": lambda: operations.save_adjudication(
            question_id=differing.pk, content=judged(differing), **common
        ),
        "save_draft": lambda: operations.save_draft(
            question_id=held.question_id, content=judged(held.question), **common
        ),
        "set_review_rules": lambda: operations.set_review_rules(
            question_id=question.pk, project=project, assessments=1, **given
        ),
        "set_speaker_reliability": lambda: operations.set_speaker_reliability(
            speaker_id=SpeakerFactory().pk, reliability="B", since=NOW.date(), **given
        ),
        "submit_assessment": lambda: operations.submit_assessment(
            question_id=held.question_id, content=judged(held.question), **common
        ),
        "take_next": lambda: operations.take_next(**common),
        "take_question": lambda: operations.take_question(question_id=question.pk, **common),
        "upload_evidence": lambda: operations.upload_evidence(
            name="map.png", media_type="image/png", content=b"A map.", **common
        ),
        "withdraw_assignment": lambda: operations.withdraw_assignment(assignment_id=others.pk, **given),
        "withdraw_comment": lambda: operations.withdraw_comment(comment_id=comment.pk, **common),
        "write_comment": lambda: operations.write_comment(
            question_id=question.pk, text="Which map?", **common
        ),
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

    for name in sorted(STEPS):
        step = (steps_of(by, lead=lead) | steps_of_review(by))[name]
        written = AuditEvent.objects.filter(actor_id=by.pk)
        before = written.count()
        try:
            step()
        except NotAllowed:
            assert written.count() == before
        else:
            assert (written.count() > before) == (name not in UNTOLD)
            allowed.add(name)

    assert allowed == {name for name in STEPS if role in MAY[name]}


def test_deactivated_reviewer_may_do_nothing(reviewer: User, question: Question) -> None:
    reviewer.is_active = False
    reviewer.save()

    with pytest.raises(NotAllowed):
        operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)
