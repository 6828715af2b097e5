"""Where claims come from, where a reviewer knows it better than the machine."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Claim
from reviews import audit, operations
from reviews.basis import basis_of
from reviews.claim_words import in_words
from reviews.errors import Conflict, ReviewError
from reviews.models import (
    AuditEvent,
    Change,
    Judgement,
    MatchingDue,
    Notification,
    Origin,
    OriginClaim,
    Question,
)
from reviews.workflow import State
from tests.factories import (
    NOW,
    ClaimFactory,
    OriginClaimFactory,
    OriginFactory,
    PlacementFactory,
    PositionFactory,
    acting,
)
from tests.reviews.courses import Course
from tests.reviews.rows import decide

pytestmark = pytest.mark.django_db
Callbacks = Any  # what pytest-django gives


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that workers were told of."""
    rung: list[int] = []
    monkeypatch.setattr("reviews.operations.steps.ring", rung.append)
    return rung


@pytest.fixture
def copies(question: Question) -> list[int]:
    """Three claims under one position, which the machine traced to one wire."""
    wire, raqqa = OriginFactory(), question.positions.first()
    claims = [PlacementFactory(position=raqqa).claim for _ in range(3)]
    for claim in claims:
        OriginClaimFactory(origin=wire, claim=claim)
    return [claim.pk for claim in claims]


def origins_counted(question: Question) -> int:
    return Question.objects.get(pk=question.pk).tally.origins


def test_set_origin_to_none_makes_claims_independent(
    reviewer: User, question: Question, copies: list[int]
) -> None:
    members = operations.set_origin(
        claim_ids=copies[:2], reason="Their own reporters.", seen_version=1, by=reviewer, now=NOW
    )

    question.refresh_from_db()
    assert [(each.origin, each.reason, each.set_by, each.set_at) for each in members] == [
        (None, "Their own reporters.", reviewer, NOW)
    ] * 2
    assert (origins_counted(question), question.version) == (3, 2)
    assert question.changes.get().summary == (
        f"traced claims {copies[0]}, {copies[1]} back to their own articles"
    )


def test_set_origin_to_the_same_again_changes_nothing(
    reviewer: User, question: Question, copies: list[int]
) -> None:
    for _ in range(2):
        members = operations.set_origin(claim_ids=copies, reason="Their own.", by=reviewer, now=NOW)

    question.refresh_from_db()
    assert ([member.claim_id for member in members], question.version) == (copies, 2)


def test_set_origin_with_a_name_makes_one_for_all_of_them(reviewer: User, question: Question) -> None:
    claims = [PlacementFactory(position=question.positions.first()).claim_id for _ in range(2)]

    members = operations.set_origin(
        claim_ids=claims, name=" River Radio ", reason="Both quote it.", by=reviewer, now=NOW
    )

    assert {(each.origin.name, each.origin.certainty, each.origin.found_by) for each in members} == {
        ("River Radio", "certain", "")
    }
    assert origins_counted(question) == 1


def test_set_origin_joins_one_that_is_known(reviewer: User, question: Question, copies: list[int]) -> None:
    another = PlacementFactory(position=question.positions.last()).claim_id
    wire = OriginClaim.objects.get(claim=copies[0]).origin

    operations.set_origin(claim_ids=[another], origin_id=wire.pk, reason="A rewrite.", by=reviewer, now=NOW)

    assert (wire.members.count(), origins_counted(question)) == (4, 1)


def test_set_origin_counts_anew_wherever_the_claims_stand(reviewer: User, copies: list[int]) -> None:
    elsewhere = PlacementFactory(claim_id=copies[0]).question
    decided = PositionFactory()
    PlacementFactory(position=decided, claim_id=copies[0])
    PlacementFactory(position=decided, claim_id=copies[1])
    decide(decided.question, by=reviewer)

    operations.set_origin(claim_ids=[copies[0]], reason="Its own.", by=reviewer, now=NOW)

    elsewhere.refresh_from_db()
    assert (elsewhere.version, origins_counted(elsewhere), origins_counted(decided.question)) == (2, 1, 2)


@pytest.fixture
def rested_on(question: Question, copies: list[int]) -> Question:
    """A decided question whose verdict rests on two of the copies; another one is only suggested there."""
    decided = PositionFactory()
    for copy in copies[:2]:
        PlacementFactory(position=decided, claim_id=copy)
    PlacementFactory(
        position=decided, claim_id=copies[2], state="suggested", suggested_by="engine 1", placed_by=None
    )
    decide(decided.question)
    return decided.question


def test_origin_that_a_person_changes_is_evidence_for_what_was_decided(
    reviewer: User, rested_on: Question, copies: list[int]
) -> None:
    operations.set_origin(claim_ids=[copies[0]], reason="Its own.", by=reviewer, now=NOW)

    rested_on.refresh_from_db()
    said = in_words(Claim.objects.get(pk=copies[0]))
    assert (rested_on.state, rested_on.round) == ("reopened", 2)
    assert rested_on.verdicts.get().stale_reason == f"{said} was traced back to its own article: Its own."
    actions = AuditEvent.objects.filter(table_name="reviews_question", row_id=rested_on.pk).order_by("-pk")
    assert actions[0].action == "reopen_question"


def test_origin_of_what_is_only_suggested_leaves_a_verdict_as_it_is(
    reviewer: User, rested_on: Question, copies: list[int]
) -> None:
    operations.set_origin(claim_ids=[copies[2]], reason="Its own.", by=reviewer, now=NOW)
    operations.clear_origin(claim_ids=[copies[0]], by=reviewer, now=NOW)  # nobody set it

    rested_on.refresh_from_db()
    assert rested_on.state == "decided"


def test_origin_is_given_back_and_taken_back_as_evidence_too(
    reviewer: User, rested_on: Question, copies: list[int]
) -> None:
    reasons = []
    for step in (
        lambda: operations.set_origin(claim_ids=[copies[0]], reason="Its own.", by=reviewer, now=NOW),
        lambda: operations.undo_change(
            change_id=Change.objects.get(action="set_origin").pk, by=reviewer, now=NOW
        ),
        lambda: operations.set_origin(claim_ids=[copies[0]], reason="Its own.", by=reviewer, now=NOW),
        lambda: operations.clear_origin(claim_ids=[copies[0]], by=reviewer, now=NOW),
    ):
        step()
        reasons.append(rested_on.verdicts.first().stale_reason.partition("was ")[2])
        decide(rested_on)

    assert reasons == [
        "traced back to its own article: Its own.",
        "traced as before.",
        "traced back to its own article: Its own.",
        "left to the machine to trace.",
    ]


def test_origin_that_a_person_changes_is_to_be_looked_at_by_who_assesses(
    reviewer: User, copies: list[int]
) -> None:
    course = Course(State.IN_REVIEW)
    PlacementFactory(position=course.question.positions.first(), claim_id=copies[0])
    course.submit(course.people.assessors[0], Judgement.SUPPORTED)
    before = basis_of(course.question)

    operations.set_origin(claim_ids=[copies[0]], name="River Radio", reason="So.", by=reviewer, now=NOW)

    told = Notification.objects.filter(question=course.pk, kind=Notification.Kind.CHANGED)
    assert basis_of(course.question) != before
    assert {notice.person for notice in told} == set(course.people.assessors)


def test_basis_knows_which_confirmed_claims_share_an_origin_and_not_how_it_is_stored(
    question: Question, copies: list[int]
) -> None:
    apart = PlacementFactory(position=question.positions.first()).claim_id
    bases = [basis_of(question)]
    again = OriginFactory(name="The same wire, named anew")
    with acting():
        OriginClaim.objects.filter(claim__in=copies).update(origin=again)
    bases.append(basis_of(question))
    OriginClaimFactory(origin=OriginFactory(), claim_id=apart)
    bases.append(basis_of(question))
    with acting():
        OriginClaim.objects.filter(claim=apart).update(origin=again)
    bases.append(basis_of(question))

    assert bases[0] == bases[1] == bases[2] != bases[3]


def test_basis_is_the_same_when_a_machine_renames_the_origin_a_person_traced_a_claim_to(
    reviewer: User, question: Question
) -> None:
    placed = PlacementFactory(position=question.positions.last()).claim_id
    wires = [OriginFactory(name=name, found_by="engine 1") for name in ("Harbour Wire", "Coast Wire")]
    trace = {"claim_ids": [placed], "reason": "A rewrite.", "by": reviewer, "now": NOW}
    operations.set_origin(**trace, origin_id=wires[0].pk)
    bases = [basis_of(question)]
    with acting():
        Origin.objects.filter(pk=wires[0].pk).update(name="Harbour Wire report of 18 June 2017")
    bases.append(basis_of(question))
    operations.set_origin(**trace, origin_id=wires[1].pk)
    bases.append(basis_of(question))

    assert bases[0] == bases[1] != bases[2]


def adjudicated_with(claim_id: int, **placed: Any) -> Course:
    course = Course(State.IN_REVIEW)
    PlacementFactory(position=course.question.positions.first(), claim_id=claim_id, **placed)
    course.differ()
    return course


def test_origin_stays_while_a_question_that_rests_on_it_is_adjudicated(
    reviewer: User, question: Question, copies: list[int]
) -> None:
    trace = {"claim_ids": copies, "by": reviewer, "now": NOW}
    operations.set_origin(**trace, reason="So.", name="River Radio")
    change = Change.objects.get()
    course = adjudicated_with(copies[1])
    before = basis_of(course.question)

    for step in (
        lambda: operations.set_origin(**trace, reason="Its own."),
        lambda: operations.set_origin(**trace, reason="Its own.", question_id=question.pk),
        lambda: operations.clear_origin(**trace),
        lambda: operations.undo_change(change_id=change.pk, by=reviewer, now=NOW),
    ):
        with pytest.raises(Conflict) as refused:
            step()
        assert str(refused.value) == (
            f"Claim {copies[1]} is confirmed under “Where was it?” (question {course.pk}), which is in"
            " adjudication; leave its claims as they are."
        )

    assert basis_of(course.question) == before
    course.adjudicate()
    operations.undo_change(change_id=change.pk, by=reviewer, now=NOW)
    assert course.state == State.REOPENED


def test_origin_of_what_is_only_suggested_in_an_adjudicated_question_may_change(
    reviewer: User, copies: list[int]
) -> None:
    suggested = {"state": "suggested", "suggested_by": "engine 1", "placed_by": None}
    course = adjudicated_with(copies[0], **suggested)
    before = basis_of(course.question)

    operations.set_origin(claim_ids=copies, reason="Their own.", by=reviewer, now=NOW)

    assert (course.state, basis_of(course.question)) == (State.ADJUDICATION, before)


def test_set_origin_needs_claims_a_reason_and_an_origin_that_is_there(
    reviewer: User, copies: list[int]
) -> None:
    for given, says in (
        ({"claim_ids": [], "reason": "So."}, "Choose the claims"),
        ({"claim_ids": copies, "reason": " "}, "how you know"),
        ({"claim_ids": copies, "reason": "So.", "origin_id": 999999}, "no origin 999999"),
        ({"claim_ids": [999999], "reason": "So."}, "no claim 999999"),
    ):
        with pytest.raises(ReviewError, match=says):
            operations.set_origin(**given, by=reviewer, now=NOW)

    assert not OriginClaim.objects.filter(set_by__isnull=False).exists()


def test_set_origin_from_a_stale_page_is_a_conflict(
    reviewer: User, question: Question, copies: list[int]
) -> None:
    operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="meanwhile"):
        operations.set_origin(
            claim_ids=copies, reason="So.", question_id=question.pk, seen_version=1, by=reviewer, now=NOW
        )


def test_set_origin_of_a_claim_that_stands_nowhere_is_audited(reviewer: User) -> None:
    [member] = operations.set_origin(claim_ids=[ClaimFactory().pk], reason="Its own.", by=reviewer, now=NOW)

    event = AuditEvent.objects.get(table_name="reviews_originclaim", row_id=member.pk)
    assert (event.actor, event.action, event.reason) == ("reviewer", "set_origin", "Its own.")
    assert not Change.objects.exists()


def test_clear_origin_gives_back_what_people_set_and_leaves_what_machines_found(
    reviewer: User, question: Question, copies: list[int]
) -> None:
    operations.set_origin(claim_ids=[copies[0]], name="River", reason="So.", by=reviewer, now=NOW)

    for _ in range(2):
        operations.clear_origin(claim_ids=copies, by=reviewer, now=NOW)

    assert set(OriginClaim.objects.values_list("claim", flat=True)) == set(copies[1:])
    assert question.changes.filter(action="clear_origin").count() == 1
    assert origins_counted(question) == 2


def test_clear_origin_has_the_claims_matched_again(
    reviewer: User, copies: list[int], rings: list[int], django_capture_on_commit_callbacks: Callbacks
) -> None:
    operations.set_origin(claim_ids=copies[:2], reason="Their own.", by=reviewer, now=NOW)
    runs = set(Claim.objects.filter(pk__in=copies[:2]).values_list("engine_run_id", flat=True))
    before = list(MatchingDue.objects.all())

    with django_capture_on_commit_callbacks(execute=True):
        operations.clear_origin(claim_ids=copies, by=reviewer, now=NOW)

    assert before == []
    assert set(MatchingDue.objects.values_list("pk", flat=True)) == runs == set(rings)


def test_undoing_that_claims_were_traced_has_them_matched_again(
    reviewer: User, question: Question, copies: list[int]
) -> None:
    operations.set_origin(claim_ids=[copies[0]], name="River", reason="So.", by=reviewer, now=NOW)

    operations.undo_change(change_id=question.changes.get().pk, by=reviewer, now=NOW)

    assert MatchingDue.objects.get().engine_run.claims.get().pk == copies[0]


def test_set_origin_to_one_that_is_gone_is_a_conflict(reviewer: User, copies: list[int]) -> None:
    gone = OriginFactory()
    with transaction.atomic():
        audit.because(by=reviewer, action="delete")
        Origin.objects.filter(pk=gone.pk).delete()

    with pytest.raises(Conflict, match="no origin"):
        operations.set_origin(claim_ids=copies, origin_id=gone.pk, reason="So.", by=reviewer, now=NOW)
