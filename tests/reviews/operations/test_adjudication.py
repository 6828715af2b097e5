"""Where assessments differ: who decides, on what, and what stays as it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from reviews import audit, blinding, operations
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.errors import Conflict, NotAllowed, ReviewError
from reviews.models import (
    AdjudicationDraft,
    Assessment,
    AssessmentDraft,
    Assignment,
    AuditEvent,
    Change,
    Evidence,
    Judgement,
    Notification,
    Question,
    Verdict,
)
from reviews.workflow import State
from tests.factories import NOW, ClaimFactory, EvidenceFileFactory, UserFactory
from tests.reviews.courses import Course
from tests.reviews.rows import judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> Course:
    return Course(State.ADJUDICATION)


def adjudicate(course: Course, **given: Any) -> Verdict:
    values: dict[str, Any] = {
        "content": judged(course.question),
        "by": course.people.lead,
        "now": NOW,
    } | given
    return operations.adjudicate_question(question_id=course.pk, **values)


def test_adjudicate_question_opens_the_assessments_as_they_were_sealed(course: Course) -> None:
    sealed = {draft.digest: draft for draft in AssessmentDraft.objects.all()}

    verdict = adjudicate(course, as_of=NOW - timedelta(days=1))

    assert (verdict.manner, verdict.decided_by, verdict.as_of) == (
        Verdict.Manner.ADJUDICATED,
        course.people.lead,
        NOW - timedelta(days=1),
    )
    opened = {assessment.digest: assessment for assessment in Assessment.objects.all()}
    assert opened.keys() == sealed.keys()
    for digest, assessment in opened.items():
        content = AssessmentContent.from_json(sealed[digest].content)
        assert content.digest(assessment.salt) == digest
        assert assessment.judgement == content.judgement
        assert dict(assessment.positions.values_list("position", "judgement")) == {
            pk: said.judgement for pk, said in content.positions.items()
        }
        events = AuditEvent.objects.filter(table_name="reviews_assessment", row_id=assessment.pk)
        assert [event.actor for event in events] == [assessment.reviewer.get_username()]


def test_adjudication_tells_who_assessed(course: Course) -> None:
    verdict = adjudicate(course)

    for person in course.people.assessors:
        notice = Notification.objects.get(person=person)
        assert notice.text == f"“{verdict.question}” was adjudicated. Conflicting evidence"


def test_question_that_was_adjudicated_waits_for_no_other_lead(course: Course) -> None:
    waiting = Notification.objects.filter(kind=Notification.Kind.ADJUDICATION, read_at__isnull=True)
    assert waiting.exists()

    adjudicate(course)

    assert not waiting.exists()


def test_end_of_a_round_that_differs_names_no_assessor(course: Course) -> None:
    assessors = {person.get_username() for person in course.people.assessors}

    ends = AuditEvent.objects.filter(action="complete_assessments")
    listed = Change.objects.filter(question=course.pk)

    assert set(ends.values_list("actor", flat=True)) == {"engine"}
    assert not assessors & set(listed.values_list("made_by__username", flat=True))
    assert set(Assignment.objects.values_list("ended_by__username", flat=True)) == {"engine"}


def test_who_assessed_does_not_adjudicate_even_after_a_withdrawal() -> None:
    course = Course(State.IN_REVIEW)
    lead, other = UserFactory.create_batch(2, roles=["lead"])
    held = Assignment.objects.get(reviewer=course.people.assessors[0])
    operations.withdraw_assignment(assignment_id=held.pk, reason="Ill.", by=other, now=NOW)
    mine = operations.take_question(question_id=course.pk, by=lead, now=NOW)
    course.submit(lead, Judgement.SUPPORTED)
    operations.withdraw_assignment(assignment_id=mine.pk, reason="Busy.", by=other, now=NOW)
    third = UserFactory(roles=["reviewer"])
    operations.take_question(question_id=course.pk, by=third, now=NOW)
    course.submit(third, Judgement.SUPPORTED)
    course.submit(course.people.assessors[1], Judgement.REFUTED)
    assert course.state == State.ADJUDICATION

    with pytest.raises(NotAllowed, match="You assessed this question"):
        adjudicate(course, by=lead)

    assert adjudicate(course, by=other).decided_by == other


def test_lead_who_was_assigned_and_wrote_nothing_may_adjudicate() -> None:
    course = Course(State.IN_REVIEW)
    lead = UserFactory(roles=["lead"])
    held = Assignment.objects.get(reviewer=course.people.assessors[0])
    operations.withdraw_assignment(assignment_id=held.pk, reason="Ill.", by=lead, now=NOW)
    mine = operations.take_question(question_id=course.pk, by=lead, now=NOW)
    operations.release_assignment(assignment_id=mine.pk, by=lead, now=NOW)
    operations.assign_question(question_id=course.pk, reviewer=course.people.assessors[0], by=lead, now=NOW)
    course.differ()

    assert adjudicate(course, by=lead).decided_by == lead


@pytest.mark.parametrize("roles", [["viewer"], ["reviewer"], ["admin"], []])
def test_adjudication_is_for_leads(course: Course, roles: list[str]) -> None:
    with pytest.raises(NotAllowed):
        adjudicate(course, by=UserFactory(roles=roles))

    assert course.state == State.ADJUDICATION


def test_author_does_not_adjudicate(course: Course) -> None:
    lead = course.people.lead
    position = course.question.positions.first()
    with transaction.atomic():
        audit.because(by=lead, action="answer")
        type(position).objects.filter(pk=position.pk).update(added_by=lead)

    with pytest.raises(NotAllowed, match="Nobody decides what they wrote"):
        adjudicate(course)


def _without(content: AssessmentContent, question: Question) -> AssessmentContent:
    first = question.positions.first()
    return replace(content, positions={pk: said for pk, said in content.positions.items() if pk != first.pk})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda content, question: replace(content, rationale="  "), "needs a rationale"),
        (_without, "Judge every position"),
        (
            lambda content, question: replace(content, evidence=[EvidenceItem(claim_id=10**6)]),
            "There is no claim 1000000",
        ),
        (
            lambda content, question: replace(content, evidence=[EvidenceItem(file_sha256="a" * 64)]),
            "A file is missing",
        ),
        (
            lambda content, question: replace(
                content, evidence=[EvidenceItem(file_sha256=EvidenceFileFactory().sha256)]
            ),
            "A file is missing",
        ),
        (
            lambda content, question: replace(
                content, evidence=[EvidenceItem(url="https://x.example/" + "a" * 2000)]
            ),
            "A link is longer",
        ),
    ],
    ids=[
        "no rationale",
        "a position left out",
        "no such claim",
        "no such file",
        "another's file",
        "long link",
    ],
)
def test_adjudication_that_is_incomplete_is_refused(course: Course, change: Any, says: str) -> None:
    content = change(judged(course.question), course.question)

    with pytest.raises(ReviewError, match=says):
        adjudicate(course, content=content)

    assert (course.state, Verdict.objects.count(), Assessment.objects.count()) == (State.ADJUDICATION, 0, 0)


def test_adjudication_keeps_its_evidence(course: Course) -> None:
    claim, file = ClaimFactory(), EvidenceFileFactory(uploaded_by=course.people.lead)
    position = course.question.positions.first()
    evidence = [
        EvidenceItem(claim_id=claim.pk, position_id=position.pk),
        EvidenceItem(url="https://archive.example/"),
        EvidenceItem(file_sha256=file.sha256, note="The map."),
    ]

    verdict = adjudicate(course, content=replace(judged(course.question), evidence=evidence))

    assert list(verdict.evidence.order_by("pk").values_list("claim", "position", "url", "file", "note")) == [
        (claim.pk, position.pk, "", None, ""),
        (None, None, "https://archive.example/", None, ""),
        (None, None, "", file.pk, "The map."),
    ]


def test_adjudicator_cites_the_files_that_are_shown_to_them_and_no_others() -> None:
    course = Course(State.IN_REVIEW)
    assessor = course.people.assessors[0]
    cited, hidden = (EvidenceFileFactory(uploaded_by=assessor) for _ in range(2))
    evidence = {file: [EvidenceItem(file_sha256=file.sha256)] for file in (cited, hidden)}
    content = replace(judged(course.question, Judgement.SUPPORTED), evidence=evidence[cited])
    operations.submit_assessment(question_id=course.pk, content=content, by=assessor, now=NOW)
    course.submit(course.people.assessors[1], Judgement.REFUTED)

    with pytest.raises(ReviewError, match="A file is missing"):
        adjudicate(course, content=replace(judged(course.question), evidence=evidence[hidden]))
    verdict = adjudicate(course, content=replace(judged(course.question), evidence=evidence[cited]))

    assert verdict.evidence.get().file == cited
    course.reopen()
    operations.take_question(question_id=course.pk, by=course.people.assessors[1], now=NOW)
    again = replace(judged(course.question), evidence=evidence[cited])
    operations.submit_assessment(question_id=course.pk, content=again, by=course.people.assessors[1], now=NOW)
    operations.take_question(question_id=course.pk, by=assessor, now=NOW)
    course.submit(assessor, Judgement.CONFLICTING_EVIDENCE)
    assert {each.file for each in Evidence.objects.all()} == {cited}


def test_adjudication_of_what_changed_meanwhile_is_refused(course: Course) -> None:
    with pytest.raises(Conflict, match="The question changed"):
        adjudicate(course, seen_basis="0" * 64)


def test_adjudication_is_not_of_a_time_to_come(course: Course) -> None:
    with pytest.raises(ReviewError, match="a time to come"):
        adjudicate(course, as_of=NOW + timedelta(seconds=1))


# --- What is written of a verdict before it is decided


def save(course: Course, **given: Any) -> AdjudicationDraft:
    values: dict[str, Any] = {"content": AssessmentContent(rationale="The map"), "by": course.people.lead}
    return operations.save_adjudication(question_id=course.pk, now=NOW, **values | given)


def test_draft_of_an_adjudication_is_for_who_writes_it_and_gone_with_the_verdict(course: Course) -> None:
    another = UserFactory(roles=["lead"])
    events = AuditEvent.objects.count()

    save(course, seen_saves=0)
    saved = save(course, content=AssessmentContent(rationale="The map."), as_of="yesterday", seen_saves=1)
    save(course, by=another)

    assert blinding.my_adjudication(course.question, course.people.lead) == saved
    assert (saved.content["rationale"], saved.as_of, saved.saves, saved.saved_at) == (
        *("The map.", "yesterday"),
        *(2, NOW),
    )
    assert AuditEvent.objects.count() == events
    adjudicate(course)
    assert not AdjudicationDraft.objects.exists()


def test_draft_of_an_adjudication_that_another_tab_saved_is_a_conflict(course: Course) -> None:
    with pytest.raises(Conflict, match="of an earlier round"):
        save(course, seen_saves=1)
    save(course)

    with pytest.raises(Conflict, match="saved elsewhere"):
        save(course, seen_saves=0, content=AssessmentContent(rationale="Another map."))
    with pytest.raises(Conflict, match="saved elsewhere"):
        save(course, seen_saves=0, as_of="yesterday")
    assert save(course, seen_saves=0).saves == 1  # a late copy of what is kept


def test_who_may_not_adjudicate_keeps_no_draft_of_it(course: Course) -> None:
    for person in (course.people.author, course.people.assessors[0], UserFactory(roles=["viewer"])):
        with pytest.raises(NotAllowed):
            save(course, by=person)

    with pytest.raises(Conflict, match="that step does not follow"):
        save(Course(State.DECIDED))


def test_second_click_on_the_last_assessment_finds_it() -> None:
    course = Course(State.IN_REVIEW)
    course.agree()
    last = course.people.assessors[1]
    events = AuditEvent.objects.count()

    course.submit(last, Judgement.SUPPORTED)

    assert AuditEvent.objects.count() == events
    with pytest.raises(NotAllowed):
        course.submit(last, Judgement.REFUTED)
