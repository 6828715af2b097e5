"""Many take steps at the same moment, over connections of their own: each is taken as a whole or refused.

Nothing but a ReviewError may end a step that was not taken: a deadlock or a broken constraint would be shown
to somebody as an error of ours, and fails the test as it rises.
"""

from functools import partial

import pytest

from reviews import operations
from reviews.assessing import AssessmentContent
from reviews.errors import Conflict, NotAllowed
from reviews.models import (
    AssessmentDraft,
    Assignment,
    Change,
    Judgement,
    Placement,
    Position,
    Question,
    SourcingMark,
    Verdict,
)
from reviews.operations import Marks
from reviews.workflow import State
from tests.factories import (
    NOW,
    AssessmentDraftFactory,
    AssignmentFactory,
    ClaimFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
)
from tests.reviews.clients import (
    CLIENTS,
    asked_once,
    check_trail,
    clients,
    leads,
    refused,
    reviewers,
    taken,
)
from tests.reviews.courses import Course
from tests.reviews.rows import decide, judged

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_who_take_the_next_of_thirty_questions_get_one_each() -> None:
    questions = {asked_once().pk for _ in range(30)}
    people = reviewers(50)

    with clients(50) as many:
        endings = many.take([lambda by=by: operations.take_next(by=by, now=NOW) for by in people])

    got = [assignment for assignment in taken(endings) if assignment is not None]
    assert {assignment.question_id for assignment in got} == questions
    assert (len(got), len(taken(endings)), refused(endings)) == (30, 50, [])


def test_eight_who_take_the_next_of_two_slots_get_two() -> None:
    question = PositionFactory(question=QuestionFactory(assessments_asked=2)).question

    with clients() as many:
        endings = many.take([lambda by=by: operations.take_next(by=by, now=NOW) for by in reviewers(CLIENTS)])

    assert refused(endings) == []
    assert sorted(question.assignments.values_list("slot", flat=True)) == [1, 2]
    assert len([assignment for assignment in taken(endings) if assignment is not None]) == 2


def test_eight_leads_who_assign_two_slots_fill_two() -> None:
    question = PositionFactory(question=QuestionFactory(assessments_asked=2)).question
    pairs = list(zip(leads(CLIENTS), reviewers(CLIENTS), strict=True))

    with clients() as many:
        endings = many.take(
            [
                lambda by=by, reviewer=reviewer: operations.assign_question(
                    question_id=question.pk, reviewer=reviewer, by=by, now=NOW
                )
                for by, reviewer in pairs
            ]
        )

    assert refused(endings) == [Conflict] * 6
    assert sorted(question.assignments.values_list("slot", flat=True)) == [1, 2]


def test_leads_who_assign_one_reviewer_at_once_assign_one() -> None:
    question = PositionFactory(question=QuestionFactory(assessments_asked=2)).question
    [reviewer] = reviewers(1)

    with clients() as many:
        endings = many.take(
            [
                lambda by=by: operations.assign_question(
                    question_id=question.pk, reviewer=reviewer, by=by, now=NOW
                )
                for by in leads(CLIENTS)
            ]
        )

    assert {assignment.pk for assignment in taken(endings)} == {question.assignments.get().pk}


@pytest.mark.parametrize(
    ("judgements", "state"),
    [
        ((Judgement.SUPPORTED, Judgement.SUPPORTED), State.DECIDED),
        ((Judgement.SUPPORTED, Judgement.REFUTED), State.ADJUDICATION),
    ],
)
def test_last_submits_at_once_clicked_again_and_again_end_the_round_once(
    judgements: tuple[str, str], state: State
) -> None:
    course = Course(State.IN_REVIEW)
    clicks = list(zip(course.people.assessors, judgements, strict=True)) * (CLIENTS // 2)

    with clients() as many:
        endings = many.take([lambda by=by, said=said: course.submit(by, said) for by, said in clicks])

    assert refused(endings) == []
    assert course.state == state
    decided = state == State.DECIDED
    assert course.question.assessments.count() == (2 if decided else 0)
    assert list(Change.objects.filter(action__in=("decide", "differ")).values_list("action", flat=True)) == [
        "decide" if decided else "differ"
    ]
    assert AssessmentDraft.objects.filter(submitted_at__isnull=False).count() == 2
    check_trail()


def test_adjudication_by_eight_leads_is_one_verdict() -> None:
    course = Course(State.ADJUDICATION)

    with clients() as many:
        endings = many.take(
            [
                lambda by=by: operations.adjudicate_question(
                    question_id=course.pk, content=judged(course.question), by=by, now=NOW
                )
                for by in leads(CLIENTS)
            ]
        )

    assert refused(endings) == [Conflict] * 7
    assert [Verdict.objects.get()] == taken(endings)
    assert course.question.assessments.count() == 2


def test_questions_merged_in_all_directions_at_once_lead_to_one_that_stands() -> None:
    questions = [PositionFactory(answer="12").question.pk for _ in range(4)]
    [by] = reviewers(1)
    ways = [(one, other) for n in range(4) for one, other in [(n, (n + 1) % 4), ((n + 1) % 4, n)]]

    with clients() as many:
        endings = many.take(
            [
                lambda one=one, other=other: operations.merge_questions(
                    question_id=questions[one], into_id=questions[other], reason="One.", by=by, now=NOW
                )
                for one, other in ways
            ]
        )

    merged = Question.objects.filter(state=State.MERGED)
    # One whose target was merged away between its look and its lock is refused, and can be tried again.
    assert 1 <= len(taken(endings)) == merged.count() <= 3
    assert {operations.where_now(question).state for question in merged} == {State.OPEN}
    check_trail()


def test_claim_placed_under_eight_positions_at_once_is_placed_once() -> None:
    question, claim = QuestionFactory(), ClaimFactory()
    positions = PositionFactory.create_batch(CLIENTS, question=question)
    people = reviewers(CLIENTS)

    with clients() as many:
        endings = many.take(
            [
                lambda by=by, pk=position.pk: operations.place_claim(
                    claim_id=claim.pk, position_id=pk, seen_version=1, by=by, now=NOW
                )
                for by, position in zip(people, positions, strict=True)
            ]
        )

    assert refused(endings) == [Conflict] * 7
    assert [Placement.objects.get()] == taken(endings)


def test_claim_moved_to_eight_positions_at_once_stands_under_one() -> None:
    question, claim = QuestionFactory(), ClaimFactory()
    positions = PositionFactory.create_batch(CLIENTS, question=question)
    [by] = reviewers(1)

    with clients() as many:
        endings = many.take(
            [
                lambda pk=position.pk: operations.place_claim(
                    claim_id=claim.pk, position_id=pk, by=by, now=NOW
                )
                for position in positions
            ]
        )

    assert len(taken(endings)) == CLIENTS
    assert sorted(Placement.objects.values_list("state", flat=True)) == ["confirmed"] + ["rejected"] * 7
    question.refresh_from_db()
    assert question.version == 1 + CLIENTS
    check_trail()


def test_marks_of_eight_at_once_follow_each_other() -> None:
    claim = ClaimFactory()
    PlacementFactory(claim=claim)

    with clients() as many:
        endings = many.take(
            [
                lambda by=by, note=str(number): operations.mark_sourcing(
                    claim_id=claim.pk, marks=Marks(identification="named", note=note), by=by, now=NOW
                )
                for number, by in enumerate(reviewers(CLIENTS))
            ]
        )

    assert len(taken(endings)) == SourcingMark.objects.count() == CLIENTS
    assert SourcingMark.objects.current().count() == 1
    assert Question.objects.get().version == 1 + CLIENTS
    check_trail()


def test_step_undone_by_eight_at_once_is_undone_once() -> None:
    [by] = reviewers(1)
    question = QuestionFactory()
    operations.add_position(question_id=question.pk, answer="12", by=by, now=NOW)
    change = Change.objects.get()

    with clients() as many:
        endings = many.take(
            [lambda: operations.undo_change(change_id=change.pk, by=by, now=NOW) for _ in range(CLIENTS)]
        )

    assert refused(endings) == [Conflict] * 7
    assert not Position.objects.exists()


@pytest.mark.parametrize("round_", range(4))
def test_last_submit_and_its_withdrawal_at_once_do_not_both_win(round_: int) -> None:
    course = Course(State.IN_REVIEW)
    first, last = course.people.assessors
    course.submit(first, Judgement.SUPPORTED)
    held = Assignment.objects.get(reviewer=last)

    with clients(2) as many:
        submitted, withdrawn = many.take(
            [
                lambda: course.submit(last, Judgement.SUPPORTED),
                lambda: operations.withdraw_assignment(
                    assignment_id=held.pk, reason="Too late.", by=course.people.lead, now=NOW
                ),
            ]
        )

    held.refresh_from_db()
    assert withdrawn.error is None
    assert (held.ending, refused([submitted]), course.state) in (
        (Assignment.Ending.CLOSED, [], State.DECIDED),
        (Assignment.Ending.WITHDRAWN, [NotAllowed], State.IN_REVIEW),
    )
    assert AssessmentDraft.objects.filter(assignment=held).exists() == (course.state == State.DECIDED)


def test_reopening_and_marking_at_once_begin_one_round() -> None:
    placement = PlacementFactory()
    PositionFactory(question=placement.question)
    verdict = decide(placement.question)
    people = leads(CLIENTS)
    marking = [
        lambda by=by, note=str(number): operations.mark_sourcing(
            claim_id=placement.claim_id, marks=Marks(identification="named", note=note), by=by, now=NOW
        )
        for number, by in enumerate(people[4:])
    ]
    reopening = [
        lambda by=by: operations.reopen_question(
            question_id=placement.question_id, reason="A new video.", by=by, now=NOW
        )
        for by in people[:4]
    ]

    with clients() as many:
        endings = many.take([*marking, *reopening])

    placement.question.refresh_from_db()
    verdict.refresh_from_db()
    assert len(taken(endings[:4])) == 4
    assert len(taken(endings[4:])) <= 1
    assert (placement.question.state, placement.question.round) == (State.REOPENED, 2)
    assert verdict.stale_at == NOW
    check_trail()


def test_draft_begun_in_eight_tabs_at_once_is_begun_once() -> None:
    course = Course(State.IN_REVIEW)
    by = course.people.assessors[0]
    save = partial(operations.save_draft, question_id=course.pk, seen_saves=0, by=by, now=NOW)

    with clients() as many:
        endings = many.take(
            [partial(save, content=AssessmentContent(rationale=f"Of tab {tab}.")) for tab in range(CLIENTS)]
        )

    assert refused(endings) == [Conflict] * 7
    assert AssessmentDraft.objects.get().saves == 1


def test_draft_saved_while_it_is_submitted_is_lost_to_what_was_submitted() -> None:
    course = Course(State.IN_REVIEW)
    by = course.people.assessors[0]
    earlier = judged(course.question, Judgement.REFUTED)

    with clients(4) as many:
        endings = many.take(
            [
                lambda: course.submit(by, Judgement.SUPPORTED),
                *[
                    lambda: operations.save_draft(question_id=course.pk, content=earlier, by=by, now=NOW)
                    for _ in range(3)
                ],
            ]
        )

    assert endings[0].error is None
    assert set(refused(endings)) <= {Conflict}
    assert AssessmentDraft.objects.get().content == judged(course.question, Judgement.SUPPORTED).to_json()


@pytest.mark.parametrize("round_", range(4))
def test_release_while_one_saves_ends_with_a_released_assignment(round_: int) -> None:
    draft = AssessmentDraftFactory(assignment=AssignmentFactory())
    by = draft.assignment.reviewer

    with clients(4) as many:
        endings = many.take(
            [
                lambda: operations.release_assignment(assignment_id=draft.pk, by=by, now=NOW),
                *[
                    lambda: operations.save_draft(
                        question_id=draft.assignment.question_id,
                        content=judged(draft.assignment.question),
                        by=by,
                        now=NOW,
                    )
                    for _ in range(3)
                ],
            ]
        )

    draft.assignment.refresh_from_db()
    assert draft.assignment.ending == Assignment.Ending.RELEASED
    assert set(refused(endings)) <= {NotAllowed}
