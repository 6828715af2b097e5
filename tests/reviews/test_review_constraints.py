"""Each constraint of assignments, assessments, verdicts and what surrounds them has a test that breaks it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from reviews import audit
from reviews.models import AssessmentDraft, Comment, EvidenceFile
from tests.factories import (
    NOW,
    AdjudicationDraftFactory,
    AssessedPositionFactory,
    AssessmentDraftFactory,
    AssessmentFactory,
    AssignmentFactory,
    ClaimFactory,
    CommentFactory,
    EvidenceFactory,
    EvidenceFileFactory,
    MentionFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    SpeakerReliabilityFactory,
    UserFactory,
    VerdictFactory,
)

pytestmark = pytest.mark.django_db

SEAL = {
    "submitted_at": NOW,
    "question_version": 1,
    "basis": "a" * 64,
    "salt": "b" * 64,
    "digest": "c" * 64,
}
OPENED = {"submitted_at": None, "question_version": None, "basis": "", "salt": "", "digest": ""}


def _two_holders_of_a_slot() -> None:
    held = AssignmentFactory()
    AssignmentFactory(question=held.question, slot=held.slot)


def _two_slots_of_a_reviewer() -> None:
    held = AssignmentFactory()
    AssignmentFactory(question=held.question, reviewer=held.reviewer)


def _two_reliabilities_from_a_day() -> None:
    said = SpeakerReliabilityFactory()
    SpeakerReliabilityFactory(speaker=said.speaker, since=said.since)


def _mentioned_twice() -> None:
    said = MentionFactory()
    MentionFactory(comment=said.comment, person=said.person)


def _uploaded_twice() -> None:
    file = EvidenceFileFactory()
    EvidenceFileFactory(uploaded_by=file.uploaded_by, content=file.content)


def _position_judged_twice() -> None:
    said = AssessedPositionFactory()
    AssessedPositionFactory(assessment=said.assessment, position=said.position)


def _assessed_by_who_opened_it() -> None:
    question = QuestionFactory()
    AssessmentFactory(question=question, reviewer=question.opened_by)


def _assessed_by_who_answered() -> None:
    position = PositionFactory()
    AssessmentFactory(question=position.question, reviewer=position.added_by)


def _decided_by_who_opened_it() -> None:
    question = QuestionFactory()
    VerdictFactory(question=question, decided_by=question.opened_by)


def _adjudicated_by_who_assessed() -> None:
    said = AssessmentFactory()
    VerdictFactory(question=said.question, decided_by=said.reviewer, manner="adjudicated")


BREAKS: dict[str, Callable[[], object]] = {
    "one_project_of_a_name": lambda: [ProjectFactory(name=name) for name in ("Raqqa", "raqqa")],
    "a_project_has_a_name": lambda: ProjectFactory(name=""),
    "a_project_requires_one_to_three_assessments": lambda: ProjectFactory(assessments_required=4),
    "a_project_holds_assignments_for_a_while": lambda: ProjectFactory(lease_hours=0),
    "a_question_asks_for_one_to_three_assessments": lambda: QuestionFactory(assessments_asked=4),
    "a_question_in_review_requires_one_to_three_assessments": lambda: QuestionFactory(
        state="in_review", assessments_required=None
    ),
    "a_question_in_review_says_what_its_adjudicator_sees": lambda: QuestionFactory(
        state="adjudication", adjudicator_sees=""
    ),
    "one_assignment_holds_a_slot": _two_holders_of_a_slot,
    "a_reviewer_holds_a_question_once": _two_slots_of_a_reviewer,
    "a_slot_is_one_to_three": lambda: AssignmentFactory(slot=4),
    "an_assignment_is_ended_by_somebody_in_some_way": lambda: AssignmentFactory(ended_at=NOW),
    "a_lease_lasts_beyond_its_start": lambda: AssignmentFactory(lease_until=NOW),
    "a_submitted_draft_is_sealed": lambda: AssessmentDraftFactory(submitted_at=NOW),
    "one_adjudication_draft_of_a_person_and_round": lambda: [
        AdjudicationDraftFactory(question=first.question, written_by=first.written_by)
        for first in [AdjudicationDraftFactory()]
    ],
    "a_comment_says_something": lambda: CommentFactory(text=""),
    "a_comment_mentions_a_person_once": _mentioned_twice,
    "a_speaker_has_one_reliability_from_a_day_on": _two_reliabilities_from_a_day,
    "a_reliability_says_why": lambda: SpeakerReliabilityFactory(reason=""),
    "a_reliability_is_superseded_after_it_was_set": lambda: SpeakerReliabilityFactory(
        superseded_at=NOW - timedelta(seconds=1)
    ),
    "an_assessment_has_a_rationale": lambda: AssessmentFactory(rationale=""),
    "an_assessment_judges_a_position_once": _position_judged_twice,
    "a_verdict_is_of_what_was_known": lambda: VerdictFactory(as_of=NOW + timedelta(seconds=1)),
    "a_person_uploads_a_file_once": _uploaded_twice,
    "evidence_is_of_an_assessment_or_of_a_verdict": lambda: EvidenceFactory(verdict=None),
    "evidence_is_a_claim_a_link_or_a_file": lambda: EvidenceFactory(claim=ClaimFactory()),
}
# What a trigger refuses, by the name of its check.
BREAKS_A_RULE: list[tuple[str, Callable[[], object]]] = [
    ("nobody assesses what they wrote", _assessed_by_who_opened_it),
    ("nobody assesses what they wrote", _assessed_by_who_answered),
    ("nobody decides what they wrote", _decided_by_who_opened_it),
    ("who assessed does not adjudicate", _adjudicated_by_who_assessed),
]


@pytest.mark.parametrize("constraint", BREAKS)
def test_constraint_refuses(constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BREAKS[constraint]()


@pytest.mark.parametrize(("rule", "break_it"), BREAKS_A_RULE)
def test_trigger_refuses(rule: str, break_it: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        break_it()


def test_slot_may_be_held_again_after_its_assignment_ended() -> None:
    ended = AssignmentFactory(ended_at=NOW, ended_by=UserFactory(), ending="lapsed", slot=1)

    again = AssignmentFactory(question=ended.question, slot=1, reviewer=ended.reviewer)

    assert list(ended.question.assignments.active()) == [again]


def test_author_of_a_merged_answer_may_assess() -> None:
    merged = PositionFactory()
    merged_into = PositionFactory(question=merged.question)
    with transaction.atomic():
        audit.because(by=merged.added_by, action="merge")
        merged.merged_into = merged_into
        merged.save(update_fields=["merged_into"])

    assert AssessmentFactory(question=merged.question, reviewer=merged.added_by).reviewer == merged.added_by


@pytest.mark.parametrize(
    "change",
    [
        {"content": {"judgement": "refuted"}},
        {"digest": "d" * 64},
        {"submitted_at": NOW + timedelta(days=1)},
        {"content": {}, **OPENED},
    ],
)
def test_sealed_draft_is_not_changed(change: dict[str, object]) -> None:
    draft = AssessmentDraftFactory(**SEAL)

    with pytest.raises(IntegrityError, match="a submitted assessment is sealed"), transaction.atomic():
        AssessmentDraft.objects.filter(pk=draft.pk).update(**change)


def test_sealed_draft_is_not_deleted() -> None:
    draft = AssessmentDraftFactory(**SEAL)

    with pytest.raises(IntegrityError, match="a submitted assessment is sealed"), transaction.atomic():
        draft.delete()


def test_sealed_draft_is_taken_back_as_it_is() -> None:
    draft = AssessmentDraftFactory(**SEAL)

    assert AssessmentDraft.objects.filter(pk=draft.pk).update(**OPENED) == 1


@pytest.mark.parametrize("change", [{"text": "Something else."}, {"written_at": NOW + timedelta(days=1)}])
def test_comment_is_not_edited(change: dict[str, object]) -> None:
    comment = CommentFactory()

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**change)


def test_comment_is_withdrawn_once() -> None:
    comment = CommentFactory(withdrawn_at=NOW)

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(withdrawn_at=None)


def test_file_of_evidence_never_changes() -> None:
    file = EvidenceFileFactory()

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        EvidenceFile.objects.filter(pk=file.pk).update(name="other.txt")


def test_reliability_of_another_day_may_stand_beside() -> None:
    said = SpeakerReliabilityFactory()

    later = SpeakerReliabilityFactory(speaker=said.speaker, since=date(2018, 1, 1))

    assert set(said.speaker.reliabilities.current()) == {said, later}
