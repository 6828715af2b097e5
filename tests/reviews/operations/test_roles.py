"""Who may take which step."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.errors import NotAllowed
from reviews.models import AuditEvent, Change, Question
from reviews.operations import Marks
from tests.factories import (
    NOW,
    ClaimFactory,
    OriginClaimFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.rows import decide

pytestmark = pytest.mark.django_db
REVIEWERS = {"reviewer", "lead"}
MAY = dict.fromkeys(operations.__all__, REVIEWERS) | {"reopen_question": {"lead"}, "undo_change": {"lead"}}
NO_STEPS = {"Marks", "origin_version", "where_now"}
ROLES = ("viewer", "reviewer", "lead", "ingest manager", "admin")
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
    decide(decided, by=lead)
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
        "record_verdict": lambda: decide(question, by=by),
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


@pytest.mark.parametrize("role", ROLES)
def test_each_step_is_only_for_its_roles(role: str, lead: User) -> None:
    by = UserFactory(roles=[role])
    allowed = set()

    for name in sorted(set(operations.__all__) - NO_STEPS):
        step = steps_of(by, lead=lead)[name]
        written = AuditEvent.objects.count()
        try:
            step()
        except NotAllowed:
            assert AuditEvent.objects.count() == written
        else:
            assert AuditEvent.objects.count() > written
            allowed.add(name)

    assert allowed == {name for name in set(operations.__all__) - NO_STEPS if role in MAY[name]}


def test_deactivated_reviewer_may_do_nothing(reviewer: User, question: Question) -> None:
    reviewer.is_active = False
    reviewer.save()

    with pytest.raises(NotAllowed):
        operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)
