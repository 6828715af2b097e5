"""Each constraint has a test that breaks it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from reviews.models import AuditEvent, Placement
from tests.factories import (
    NOW,
    AssessmentFactory,
    ChangeFactory,
    ClaimFactory,
    CompatibilityFactory,
    KeyedRequestFactory,
    OriginClaimFactory,
    OriginFactory,
    PlacementFactory,
    PositionFactory,
    PositionVerdictFactory,
    QuestionFactory,
    RematchedQuestionFactory,
    RematchFactory,
    SourcingMarkFactory,
    UserFactory,
    VerdictFactory,
)
from tests.reviews.test_review_constraints import BREAKS as BREAKS_IN_REVIEW

pytestmark = pytest.mark.django_db


def two_placements_of_one_claim() -> None:
    first = PlacementFactory()
    PlacementFactory(position=PositionFactory(question=first.question), claim=first.claim)


def placement_under_the_position_of_another_question() -> None:
    PlacementFactory(question=QuestionFactory())


def merged_into_itself() -> None:
    question = QuestionFactory()
    QuestionFactory(pk=question.pk + 1000, state="merged", merged_into_id=question.pk + 1000)


BREAKS: dict[str, Callable[[], object]] = {
    "a_persons_key_is_of_one_request": lambda: [
        KeyedRequestFactory(person=person, key="jet-1") for person in [UserFactory()] * 2
    ],
    "question_ends_in_a_question_mark": lambda: QuestionFactory(wording="Where was it"),
    "a_merged_question_says_into_which": lambda: QuestionFactory(state="merged"),
    "a_question_is_not_merged_into_itself": merged_into_itself,
    "a_question_is_not_split_from_itself": lambda: QuestionFactory(pk=10**6, split_from_id=10**6),
    "a_question_taken_away_says_why": lambda: QuestionFactory(state="dismissed"),
    "a_question_has_each_answer_once": lambda: [
        PositionFactory(question=question, answer=answer)
        for question in [QuestionFactory()]
        for answer in ("Raqqa", "raqqa")
    ],
    "a_question_has_each_column_once": lambda: [
        PositionFactory(question=question, number=1, answer=answer)
        for question in [QuestionFactory()]
        for answer in ("Raqqa", "Tabqa")
    ],
    "position_has_an_answer": lambda: PositionFactory(answer=""),
    "a_position_is_not_merged_into_itself": lambda: PositionFactory(pk=10**6, merged_into_id=10**6),
    "two_positions_are_compatible_once": lambda: [
        CompatibilityFactory(first=said.first, second=said.second) for said in [CompatibilityFactory()]
    ],
    "compatible_positions_stand_in_order": lambda: [
        CompatibilityFactory(first=later, second=earlier)
        for earlier, later in [(PositionFactory(), PositionFactory())]
    ],
    "a_claim_meets_a_position_once": lambda: [
        PlacementFactory(position=first.position, claim=first.claim, state="rejected")
        for first in [PlacementFactory()]
    ],
    "at_most_one_confirmed_position_per_claim_and_question": two_placements_of_one_claim,
    "placement_position_is_of_its_question": placement_under_the_position_of_another_question,
    "a_person_confirms_a_placement": lambda: PlacementFactory(placed_by=None),
    "a_suggestion_names_its_engine": lambda: PlacementFactory(state="suggested", placed_by=None),
    "a_placement_is_not_carried_from_itself": lambda: PlacementFactory(pk=10**6, carried_from_id=10**6),
    "only_a_rejected_claim_is_off_topic": lambda: PlacementFactory(is_off_topic=True),
    "a_mark_is_not_carried_from_itself": lambda: SourcingMarkFactory(pk=10**6, carried_from_id=10**6),
    "a_rematch_ends_after_it_began": lambda: RematchFactory(finished_at=NOW - timedelta(seconds=1)),
    "one_unfinished_rematch_of_a_version": lambda: [RematchFactory(matcher_version="1") for _ in range(2)],
    "a_rematch_lists_a_question_once": lambda: [
        RematchedQuestionFactory(rematch=first.rematch, question=first.question)
        for first in [RematchedQuestionFactory()]
    ],
    "an_origin_says_why": lambda: OriginFactory(reason=""),
    "an_origin_is_set_by_somebody_at_a_time_for_a_reason": lambda: OriginClaimFactory(
        set_by=UserFactory(), set_at=NOW
    ),
    "only_a_person_says_that_a_claim_has_no_origin": lambda: OriginClaimFactory(origin=None),
    "reviews_originclaim_claim_id_key": lambda: [
        OriginClaimFactory(claim=claim) for claim in [ClaimFactory()] for _ in range(2)
    ],
    "a_claim_has_one_current_mark": lambda: [
        SourcingMarkFactory(claim=claim) for claim in [ClaimFactory()] for _ in range(2)
    ],
    "a_mark_is_superseded_after_it_was_made": lambda: SourcingMarkFactory(
        superseded_at=NOW.replace(year=NOW.year - 1)
    ),
    "one_assessment_per_question_round_and_reviewer": lambda: [
        AssessmentFactory(question=question, reviewer=reviewer)
        for question, reviewer in [(QuestionFactory(), UserFactory())]
        for _ in range(2)
    ],
    "one_verdict_per_question_and_round": lambda: [
        VerdictFactory(question=question) for question in [QuestionFactory()] for _ in range(2)
    ],
    "a_verdict_has_a_rationale": lambda: VerdictFactory(rationale=""),
    "a_stale_verdict_says_why": lambda: VerdictFactory(stale_at=NOW),
    "a_change_is_undone_by_somebody_at_a_time": lambda: ChangeFactory(undone_at=NOW),
    "a_verdict_judges_a_position_once": lambda: [
        PositionVerdictFactory(verdict=first.verdict, position=first.position)
        for first in [PositionVerdictFactory()]
    ],
}


@pytest.mark.parametrize("constraint", BREAKS)
def test_constraint_refuses(constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BREAKS[constraint]()


def test_answer_of_a_merged_position_may_be_given_again() -> None:
    merged = PositionFactory(answer="Raqqa", merged_into=PositionFactory())

    again = PositionFactory(question=merged.question, answer="raqqa")

    assert list(merged.question.positions.standing()) == [again]


def test_every_constraint_of_ours_is_broken_by_a_test() -> None:
    from django.apps import apps

    declared = {
        constraint.name
        for model in apps.get_app_config("reviews").get_models()
        for constraint in model._meta.constraints
    }

    # position_with_its_question only lets the two-column foreign key of placements refer to it
    assert declared - set(BREAKS) - set(BREAKS_IN_REVIEW) == {"position_with_its_question"}


def test_write_without_an_actor_is_refused() -> None:
    placement = PlacementFactory()

    with pytest.raises(IntegrityError, match="needs an actor"), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(reason="Behind everyone's back.")

    placement.refresh_from_db()
    assert placement.reason == ""


def test_audit_event_cannot_be_changed_or_deleted() -> None:
    PlacementFactory()

    for attempt in (
        lambda: AuditEvent.objects.update(actor="someone else"),
        lambda: AuditEvent.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(Exception, match="only_grows"), transaction.atomic():
            attempt()

    of_placements = AuditEvent.objects.filter(table_name="reviews_placement")
    assert list(of_placements.values_list("actor", flat=True)) == ["factory"]
