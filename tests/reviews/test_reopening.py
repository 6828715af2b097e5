"""What makes a verdict stale: more than it rests on. It opens the question again and says why."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from claims.models import EngineRun
from claims.signals import claims_extracted
from reviews import operations
from reviews.basis import basis_of
from reviews.claim_words import first_in_words, in_words
from reviews.engine_user import engine_user
from reviews.errors import Conflict
from reviews.models import Change, Judgement, Notification, Placement, Question, Verdict
from reviews.operations import Marks
from reviews.workflow import State
from tests.factories import (
    NOW,
    ClaimFactory,
    EngineRunFactory,
    PlacementFactory,
    PositionFactory,
    RevisionFactory,
    UserFactory,
)
from tests.reviews.courses import Course
from tests.reviews.rows import decide, judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> User:
    return UserFactory(roles=["reviewer"])


@pytest.fixture
def placement() -> Placement:
    return PlacementFactory()


@pytest.fixture
def verdict(placement: Placement) -> Verdict:
    return decide(placement.question)


def publish(revision_of: Placement, text: str) -> None:
    """The article of a placed claim gets another text, as ingestion stores one."""
    article = revision_of.claim.revision.article
    with transaction.atomic():
        revision = RevisionFactory(article=article, number=2, text=text)
        run = EngineRunFactory(revision=revision)
        claims_extracted.send(sender=EngineRun, run=run, switch=None)


Evidence = Callable[[Placement, User], str]


def _place(placement: Placement, by: User) -> str:
    claim = ClaimFactory()
    operations.place_claim(claim_id=claim.pk, position_id=placement.position_id, by=by, now=NOW)
    return f"{in_words(claim)} was placed under “{placement.position}”."


def _confirm(placement: Placement, by: User) -> str:
    waiting = PlacementFactory(
        position=placement.position, state="suggested", suggested_by="engine 1", placed_by=None
    )
    operations.confirm_placements(placement_ids=[waiting.pk], by=by, now=NOW)
    return f"Confirmed under it: {in_words(waiting.claim)}."


def _take_out(placement: Placement, by: User) -> str:
    operations.reject_placement(placement_id=placement.pk, reason="Another jet.", by=by, now=NOW)
    return f"{in_words(placement.claim)} was taken out from under “{placement.position}”."


def _say_off_topic(placement: Placement, by: User) -> str:
    operations.reject_claim(question_id=placement.question_id, claim_id=placement.claim_id, by=by, now=NOW)
    return f"{in_words(placement.claim)} was found not to be about the question."


def _retract(placement: Placement, by: User) -> str:
    operations.mark_sourcing(
        claim_id=placement.claim_id,
        marks=Marks(identification="named", status="retracted"),
        by=by,
        now=NOW,
    )
    return f"The sourcing of {in_words(placement.claim)} was marked anew (F6): retracted."


def _revise(placement: Placement, by: User) -> str:
    publish(placement, "The ministry took it back.")
    claim = placement.claim
    said = f"“{claim.revision.article.title}” has a new text (revision 2)"
    return f"{said}, which no longer holds {in_words(claim)}."


def _revise_beside(placement: Placement, by: User) -> str:
    publish(placement, f"{placement.claim.revision.text} Correction: the jet was another one.")
    title = placement.claim.revision.article.title
    return f"“{title}” has a new text (revision 2); the words of its claims here still stand in it."


@pytest.mark.parametrize(
    "evidence", [_place, _confirm, _take_out, _say_off_topic, _retract, _revise, _revise_beside]
)
def test_new_evidence_makes_a_verdict_stale_and_begins_a_round(
    placement: Placement, verdict: Verdict, reviewer: User, evidence: Evidence
) -> None:
    why = evidence(placement, reviewer)

    verdict.refresh_from_db()
    question = Question.objects.get()
    assert (verdict.stale_reason, verdict.stale_at is not None) == (why, True)
    assert (question.state, question.round) == (Question.State.REOPENED, 2)
    told = Notification.objects.filter(kind=Notification.Kind.REOPENED)
    assert [notice.person for notice in told] == [verdict.decided_by]


def test_claims_are_named_by_their_words_who_said_them_and_where() -> None:
    claims = ClaimFactory.create_batch(3)
    first, second, third = claims
    outlet = first.revision.article.outlet

    assert in_words(first) == f"“{first.content}” ({first.asserted_by}, {outlet}; claim {first.pk})"
    assert first_in_words(claims) == f"{in_words(first)} and 2 more (claims {second.pk}, {third.pk})"


def test_who_adjudicated_is_told_that_their_verdict_is_stale() -> None:
    course = Course(State.ADJUDICATION)
    course.adjudicate()

    course.reopen()

    told = Notification.objects.filter(kind=Notification.Kind.REOPENED).values_list("person", flat=True)
    assert sorted(told) == sorted(person.pk for person in (*course.people.assessors, course.people.lead))


def test_new_text_opens_a_question_again_in_the_name_of_the_engine(
    placement: Placement, verdict: Verdict
) -> None:
    publish(placement, "The ministry took it back.")

    assert Change.objects.get(action="reopen_question").made_by == engine_user()


def test_suggestion_that_is_turned_down_leaves_a_verdict_as_it_is(
    placement: Placement, verdict: Verdict, reviewer: User
) -> None:
    waiting = PlacementFactory(
        position=placement.position, state="suggested", suggested_by="engine 1", placed_by=None
    )

    operations.reject_placement(placement_id=waiting.pk, by=reviewer, now=NOW)

    verdict.refresh_from_db()
    assert (verdict.stale_at, Question.objects.get().state) == (None, Question.State.DECIDED)


def test_placement_that_opened_a_question_again_is_undone_without_the_verdict(
    placement: Placement, verdict: Verdict, reviewer: User
) -> None:
    _place(placement, reviewer)

    operations.undo_change(change_id=Change.objects.get(action="place_claim").pk, by=reviewer, now=NOW)

    assert list(Placement.objects.filter(state="confirmed")) == [placement]
    assert Question.objects.get().state == Question.State.REOPENED


def test_second_round_leaves_the_first_verdict_and_its_assessments(
    placement: Placement, verdict: Verdict, reviewer: User
) -> None:
    _place(placement, reviewer)

    second = decide(Question.objects.get())

    question = Question.objects.get()
    assert list(question.verdicts.all()) == [second, verdict]
    assert list(question.assessments.order_by("round").values_list("round", "reviewer")) == [
        (1, verdict.decided_by_id),
        (2, second.decided_by_id),
    ]


def test_new_text_tells_who_is_assessing_and_changes_what_they_judge(
    placement: Placement, reviewer: User
) -> None:
    question = placement.question
    PositionFactory(question=question)
    operations.take_question(question_id=question.pk, by=reviewer, now=NOW)
    seen = basis_of(question)

    publish(placement, "The ministry took it back.")

    assert list(Notification.objects.values_list("person", "kind")) == [(reviewer.pk, "changed")]
    with pytest.raises(Conflict, match="changed while you were assessing"):
        operations.submit_assessment(
            question_id=question.pk, content=judged(question), seen_basis=seen, by=reviewer, now=NOW
        )


def test_who_is_assessing_is_told_once_until_they_have_read_it(placement: Placement, reviewer: User) -> None:
    operations.take_question(question_id=placement.question_id, by=reviewer, now=NOW)

    _place(placement, UserFactory(roles=["reviewer"]))
    _place(placement, UserFactory(roles=["reviewer"]))

    assert Notification.objects.filter(person=reviewer, kind="changed").count() == 1


def test_new_text_during_adjudication_is_listed_and_makes_pages_outdated(placement: Placement) -> None:
    question, lead = placement.question, UserFactory(roles=["lead"])
    for judgement in (Judgement.SUPPORTED, Judgement.REFUTED):
        by = UserFactory(roles=["reviewer"])
        operations.take_question(question_id=question.pk, by=by, now=NOW)
        content = judged(question, judgement)
        operations.submit_assessment(question_id=question.pk, content=content, by=by, now=NOW)
    seen = basis_of(question)
    before = Question.objects.get().version

    publish(placement, "The ministry took it back.")

    assert Question.objects.get().version == before + 1
    assert Change.objects.filter(question=question, action="new_text", made_by=engine_user()).exists()
    with pytest.raises(Conflict):
        operations.adjudicate_question(
            question_id=question.pk, content=judged(question), seen_basis=seen, by=lead, now=NOW
        )
