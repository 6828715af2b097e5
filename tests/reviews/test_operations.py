import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection

from reviews import operations
from reviews.errors import Conflict, NotAllowed, ReviewError
from reviews.models import AuditEvent, Judgement, Placement, Question, SourcingMark, Verdict
from reviews.operations import Marks
from tests.factories import (
    NOW,
    ClaimFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer() -> User:
    return UserFactory(username="reviewer", roles=["reviewer"])


@pytest.fixture
def lead() -> User:
    return UserFactory(username="lead", roles=["lead"])


@pytest.fixture
def question() -> Question:
    """A question with the positions 1 and 2 and no claim."""
    question = QuestionFactory()
    PositionFactory(question=question, answer="Near Raqqa")
    PositionFactory(question=question, answer="Near Tabqa")
    return question


def actions(row: object) -> list[tuple[str, str, str]]:
    """What the audit trail says of a row, oldest first: actor, action, operation."""
    events = AuditEvent.objects.filter(table_name=row._meta.db_table, row_id=row.pk).order_by("pk")
    return list(events.values_list("actor", "action", "operation"))


def test_open_question_makes_positions_in_the_order_given(reviewer: User) -> None:
    question = operations.open_question(
        wording=" Who shot first? ",
        slot="who",
        event="A clash",
        answers=["The army", "The rebels"],
        by=reviewer,
        now=NOW,
    )

    assert question.wording == "Who shot first?"
    assert question.state == Question.State.OPEN
    assert list(question.positions.values_list("number", "answer", "added_by__username")) == [
        (1, "The army", "reviewer"),
        (2, "The rebels", "reviewer"),
    ]
    assert actions(question) == [("reviewer", "open_question", "insert")]


def test_open_question_without_question_mark_is_refused(reviewer: User) -> None:
    with pytest.raises(ReviewError, match="question mark"):
        operations.open_question(wording="Who shot first", slot="who", by=reviewer, now=NOW)

    assert not Question.objects.exists()


def test_add_position_twice_is_a_conflict_whatever_its_case(reviewer: User, question: Question) -> None:
    operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="already has the position"):
        operations.add_position(question_id=question.pk, answer="RESAFA ", by=reviewer, now=NOW)

    assert list(question.positions.values_list("answer", flat=True)) == ["Near Raqqa", "Near Tabqa", "Resafa"]


def test_place_claim_twice_records_one_event(reviewer: User, question: Question) -> None:
    claim, position = ClaimFactory(), question.positions.first()

    first = operations.place_claim(claim_id=claim.pk, position_id=position.pk, by=reviewer, now=NOW)
    again = operations.place_claim(claim_id=claim.pk, position_id=position.pk, by=reviewer, now=NOW)

    question.refresh_from_db()
    assert first == again
    assert question.version == 2
    assert actions(first) == [("reviewer", "place_claim", "insert")]


def test_place_claim_elsewhere_moves_it_and_remembers_the_rejection(
    reviewer: User, question: Question
) -> None:
    raqqa, tabqa = question.positions.all()
    claim = ClaimFactory()
    operations.place_claim(claim_id=claim.pk, position_id=raqqa.pk, by=reviewer, now=NOW)

    operations.place_claim(
        claim_id=claim.pk, position_id=tabqa.pk, reason="It says so.", by=reviewer, now=NOW
    )

    assert list(claim.placements.order_by("pk").values_list("position", "state", "reason")) == [
        (raqqa.pk, Placement.State.REJECTED, "Moved to “Near Tabqa”. It says so."),
        (tabqa.pk, Placement.State.CONFIRMED, "It says so."),
    ]


def test_place_claim_on_a_question_changed_meanwhile_is_a_conflict(
    reviewer: User, question: Question
) -> None:
    position = question.positions.first()
    operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="changed the question meanwhile"):
        operations.place_claim(
            claim_id=ClaimFactory().pk,
            position_id=position.pk,
            seen_version=question.version,
            by=reviewer,
            now=NOW,
        )

    assert not Placement.objects.exists()


def test_reject_placement_needs_a_reason_and_keeps_it(reviewer: User) -> None:
    placement = PlacementFactory()

    with pytest.raises(ReviewError, match="Say why"):
        operations.reject_placement(placement_id=placement.pk, reason=" ", by=reviewer, now=NOW)
    operations.reject_placement(placement_id=placement.pk, reason="Another jet.", by=reviewer, now=NOW)

    placement.refresh_from_db()
    assert (placement.state, placement.reason, placement.placed_by) == ("rejected", "Another jet.", reviewer)


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


def test_mark_sourcing_confirmed_by_others_is_refused_until_origins_are_counted(reviewer: User) -> None:
    with pytest.raises(ReviewError, match="two independent origins"):
        operations.mark_sourcing(
            claim_id=ClaimFactory().pk,
            marks=Marks(identification="named", credibility="1"),
            by=reviewer,
            now=NOW,
        )

    assert not SourcingMark.objects.exists()


def test_record_verdict_decides_the_question_and_each_position(reviewer: User, question: Question) -> None:
    raqqa, tabqa = question.positions.all()

    verdict = operations.record_verdict(
        question_id=question.pk,
        judgement=Judgement.SUPPORTED,
        position_judgements={raqqa.pk: Judgement.SUPPORTED, tabqa.pk: Judgement.REFUTED},
        rationale=" Two maps agree. ",
        by=reviewer,
        now=NOW,
    )

    question.refresh_from_db()
    assert (question.state, question.resolution) == (Question.State.DECIDED, Question.Resolution.RESOLVED)
    assert (verdict.rationale, verdict.round, verdict.question_version) == ("Two maps agree.", 1, 1)
    assert dict(verdict.positions.values_list("position", "judgement")) == {
        raqqa.pk: "supported",
        tabqa.pk: "refuted",
    }


@pytest.mark.parametrize(
    ("judged", "rationale", "says"),
    [
        ({}, "Because.", "Judge every position"),
        ({"raqqa": "supported"}, "Because.", "Judge every position"),
        ({"raqqa": "supported", "tabqa": "refuted"}, "  ", "needs a rationale"),
    ],
)
def test_record_verdict_incomplete_is_refused(
    reviewer: User, question: Question, judged: dict[str, str], rationale: str, says: str
) -> None:
    names = dict(zip(("raqqa", "tabqa"), question.positions.all(), strict=True))

    with pytest.raises(ReviewError, match=says):
        operations.record_verdict(
            question_id=question.pk,
            judgement=Judgement.SUPPORTED,
            position_judgements={names[name].pk: judgement for name, judgement in judged.items()},
            rationale=rationale,
            by=reviewer,
            now=NOW,
        )

    assert not Verdict.objects.exists()


def decide(question: Question, *, by: User) -> Verdict:
    judgements = {position.pk: Judgement.CONFLICTING_EVIDENCE for position in question.positions.all()}
    return operations.record_verdict(
        question_id=question.pk,
        judgement=Judgement.CONFLICTING_EVIDENCE,
        position_judgements=judgements,
        rationale="They differ.",
        by=by,
        now=NOW,
    )


def test_decided_question_takes_no_step_but_reopening(reviewer: User, question: Question) -> None:
    placement = PlacementFactory(position=question.positions.first())
    decide(question, by=reviewer)

    for step in (
        lambda: decide(question, by=reviewer),
        lambda: operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW),
        lambda: operations.reject_placement(placement_id=placement.pk, reason="No.", by=reviewer, now=NOW),
        lambda: operations.place_claim(
            claim_id=ClaimFactory().pk, position_id=placement.position_id, by=reviewer, now=NOW
        ),
    ):
        with pytest.raises(Conflict):
            step()

    assert Verdict.objects.count() == 1


def test_reopen_question_begins_a_round_and_keeps_the_stale_verdict(
    reviewer: User, lead: User, question: Question
) -> None:
    verdict = decide(question, by=reviewer)

    operations.reopen_question(question_id=question.pk, reason="A new video.", by=lead, now=NOW)
    second = decide(question, by=reviewer)

    verdict.refresh_from_db()
    assert (verdict.stale_at, verdict.stale_reason, verdict.round) == (NOW, "A new video.", 1)
    assert (second.round, second.stale_at) == (2, None)
    assert list(question.verdicts.all()) == [second, verdict]


def test_reopen_question_that_is_open_is_a_conflict(lead: User, question: Question) -> None:
    with pytest.raises(Conflict, match="does not follow"):
        operations.reopen_question(question_id=question.pk, reason="A new video.", by=lead, now=NOW)


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


def test_question_is_contested_while_two_of_its_answers_have_claims(
    reviewer: User, question: Question
) -> None:
    placed = [
        operations.place_claim(claim_id=ClaimFactory().pk, position_id=position.pk, by=reviewer, now=NOW)
        for position in question.positions.all()
    ]
    question.refresh_from_db()
    contested = question.resolution

    operations.reject_placement(placement_id=placed[0].pk, reason="Another jet.", by=reviewer, now=NOW)

    question.refresh_from_db()
    assert (contested, question.resolution) == (Question.Resolution.CONTESTED, Question.Resolution.OPEN)


def test_who_may_not_is_told_so_before_anything_about_the_question(question: Question) -> None:
    viewer = UserFactory(roles=["viewer"])

    with pytest.raises(NotAllowed):
        operations.add_position(question_id=question.pk, answer="Resafa", seen_version=99, by=viewer, now=NOW)


MAY = {
    "open_question": {"reviewer", "lead"},
    "add_position": {"reviewer", "lead"},
    "place_claim": {"reviewer", "lead"},
    "reject_placement": {"reviewer", "lead"},
    "mark_sourcing": {"reviewer", "lead"},
    "record_verdict": {"reviewer", "lead"},
    "reopen_question": {"lead"},
}
ROLES = ("viewer", "reviewer", "lead", "ingest manager", "admin")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("step", MAY)
def test_each_step_is_only_for_its_roles(step: str, role: str, question: Question, lead: User) -> None:
    by = UserFactory(roles=[role])
    placement = PlacementFactory(position=question.positions.first())
    if step == "reopen_question":
        decide(question, by=lead)
    steps = {
        "open_question": lambda: operations.open_question(wording="Who?", slot="who", by=by, now=NOW),
        "add_position": lambda: operations.add_position(
            question_id=question.pk, answer="Resafa", by=by, now=NOW
        ),
        "place_claim": lambda: operations.place_claim(
            claim_id=placement.claim_id, position_id=question.positions.last().pk, by=by, now=NOW
        ),
        "reject_placement": lambda: operations.reject_placement(
            placement_id=placement.pk, reason="No.", by=by, now=NOW
        ),
        "mark_sourcing": lambda: operations.mark_sourcing(
            claim_id=placement.claim_id, marks=Marks(identification="named"), by=by, now=NOW
        ),
        "record_verdict": lambda: decide(question, by=by),
        "reopen_question": lambda: operations.reopen_question(
            question_id=question.pk, reason="New.", by=by, now=NOW
        ),
    }

    if role in MAY[step]:
        steps[step]()
    else:
        written = AuditEvent.objects.count()
        with pytest.raises(NotAllowed):
            steps[step]()
        assert AuditEvent.objects.count() == written


def test_steps_are_named_in_the_role_table() -> None:
    public = {name for name in vars(operations) if name in MAY}

    assert public == set(MAY)


def test_deactivated_reviewer_may_do_nothing(reviewer: User, question: Question) -> None:
    reviewer.is_active = False
    reviewer.save()

    with pytest.raises(NotAllowed):
        operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_mark_sourcing_by_many_at_once_leaves_one_current(reviewer: User) -> None:
    claim = ClaimFactory()
    together = threading.Barrier(8)

    def mark(number: int) -> None:
        together.wait()
        try:
            operations.mark_sourcing(
                claim_id=claim.pk,
                marks=Marks(identification="named", note=f"Note {number}"),
                by=reviewer,
                now=NOW,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        list(people.map(mark, range(8)))

    assert SourcingMark.objects.filter(claim=claim).count() == 8
    assert SourcingMark.objects.current().filter(claim=claim).count() == 1


@pytest.mark.django_db(transaction=True)
def test_verdict_by_many_at_once_is_recorded_once(reviewer: User, question: Question) -> None:
    together = threading.Barrier(8)

    def record(_: int) -> str:
        together.wait()
        try:
            decide(question, by=reviewer)
        except Conflict:
            return "refused"
        finally:
            connection.close()
        return "recorded"

    with ThreadPoolExecutor(8) as people:
        outcomes = sorted(people.map(record, range(8)))

    assert outcomes == ["recorded"] + ["refused"] * 7
    assert Verdict.objects.count() == 1
