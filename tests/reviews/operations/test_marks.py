"""The sourcing of claims, marked."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.errors import Conflict, ReviewError
from reviews.models import Placement, Question, SourcingMark
from reviews.operations import Marks
from tests.factories import (
    NOW,
    ClaimFactory,
    OriginClaimFactory,
    OriginFactory,
    PlacementFactory,
    PositionFactory,
)
from tests.reviews.rows import actions, at_once, decide

pytestmark = pytest.mark.django_db
CONFIRMED = Marks(identification="named", credibility="1")


def test_mark_sourcing_again_supersedes_and_keeps_the_older(reviewer: User) -> None:
    placement = PlacementFactory()
    claim = placement.claim

    first = operations.mark_sourcing(
        claim_id=claim.pk, marks=Marks(identification="named", reliability="B"), by=reviewer, now=NOW
    )
    second = operations.mark_sourcing(
        claim_id=claim.pk,
        marks=Marks(identification="anonymous", note="On background."),
        by=reviewer,
        now=NOW,
    )

    first.refresh_from_db()
    placement.question.refresh_from_db()
    assert list(SourcingMark.objects.current().filter(claim=claim)) == [second]
    assert (first.code, first.superseded_at) == ("B6", NOW)
    assert placement.question.version == 3


def test_mark_sourcing_the_same_again_changes_nothing(reviewer: User) -> None:
    claim = ClaimFactory()
    first = operations.mark_sourcing(
        claim_id=claim.pk, marks=Marks(identification="named"), by=reviewer, now=NOW
    )

    again = operations.mark_sourcing(
        claim_id=claim.pk, marks=Marks(identification="named"), by=reviewer, now=NOW
    )

    assert again == first
    assert actions(first) == [("reviewer", "mark_sourcing", "insert")]


def test_mark_on_a_claim_of_a_decided_question_makes_its_verdict_stale_and_reopens_it(
    reviewer: User, question: Question
) -> None:
    placement = PlacementFactory(position=question.positions.first())
    verdict = decide(question, by=reviewer)

    operations.mark_sourcing(
        claim_id=placement.claim_id,
        marks=Marks(identification="named", status=SourcingMark.Status.RETRACTED),
        by=reviewer,
        now=NOW,
    )

    question.refresh_from_db()
    verdict.refresh_from_db()
    assert (question.state, question.round) == (Question.State.REOPENED, 2)
    assert verdict.stale_at == NOW
    assert verdict.stale_reason == f"The sourcing of claim {placement.claim_id} was marked anew (F6)."


@pytest.mark.django_db(transaction=True)
def test_mark_sourcing_by_many_at_once_leaves_one_current(reviewer: User) -> None:
    claim = ClaimFactory()

    def mark(number: int) -> Callable[[], object]:
        marks = Marks(identification="named", note=f"Note {number}")
        return lambda: operations.mark_sourcing(claim_id=claim.pk, marks=marks, by=reviewer, now=NOW)

    ended = at_once(*[mark(number) for number in range(8)])

    assert ended == ["taken"] * 8
    assert SourcingMark.objects.filter(claim=claim).count() == 8
    assert SourcingMark.objects.current().filter(claim=claim).count() == 1


def two_reports() -> list[Placement]:
    """Two claims of different articles, confirmed under one position."""
    position = PositionFactory()
    return [PlacementFactory(position=position) for _ in range(2)]


def mark_as_confirmed(placement: Placement, *, by: User) -> SourcingMark:
    return operations.mark_sourcing(claim_id=placement.claim_id, marks=CONFIRMED, by=by, now=NOW)


def test_mark_sourcing_as_confirmed_rests_on_two_independent_origins(reviewer: User) -> None:
    first, _ = two_reports()

    assert mark_as_confirmed(first, by=reviewer).code == "F1"


def test_mark_sourcing_as_confirmed_by_copies_of_one_report_is_refused(reviewer: User) -> None:
    first, second = two_reports()
    wire = OriginFactory()
    for placement in (first, second):
        OriginClaimFactory(origin=wire, claim=placement.claim)

    with pytest.raises(ReviewError, match="only 1 stands confirmed behind its answer"):
        mark_as_confirmed(first, by=reviewer)

    assert not SourcingMark.objects.exists()


@pytest.mark.parametrize("state", ["suggested", "rejected"])
def test_mark_sourcing_as_confirmed_by_what_nobody_confirmed_is_refused(reviewer: User, state: str) -> None:
    first = PlacementFactory()
    PlacementFactory(position=first.position, state=state, suggested_by="matcher 1")
    PlacementFactory(position=PositionFactory(question=first.question))  # another answer

    with pytest.raises(ReviewError, match="only 1 stands confirmed"):
        mark_as_confirmed(first, by=reviewer)


def test_mark_sourcing_as_confirmed_of_a_claim_that_stands_nowhere_is_refused(reviewer: User) -> None:
    with pytest.raises(ReviewError, match="stands confirmed nowhere yet"):
        operations.mark_sourcing(claim_id=ClaimFactory().pk, marks=CONFIRMED, by=reviewer, now=NOW)


def test_mark_sourcing_from_a_page_that_is_stale_is_a_conflict(reviewer: User, question: Question) -> None:
    placement = PlacementFactory(position=question.positions.first())
    operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="changed the question meanwhile"):
        operations.mark_sourcing(
            claim_id=placement.claim_id,
            marks=Marks(identification="named"),
            question_id=question.pk,
            seen_version=1,
            by=reviewer,
            now=NOW,
        )

    assert not SourcingMark.objects.exists()


def test_mark_sourcing_is_listed_with_each_question_the_claim_stands_under(reviewer: User) -> None:
    placement = PlacementFactory()
    PlacementFactory(claim=placement.claim)

    mark = operations.mark_sourcing(
        claim_id=placement.claim_id, marks=Marks(identification="named"), by=reviewer, now=NOW
    )

    told = [change.summary for question in Question.objects.all() for change in question.changes.all()]
    assert told == [f"marked claim {mark.claim_id} F6"] * 2
