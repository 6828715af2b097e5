"""Whatever steps are taken, undone from the last to the first they leave every row as it was."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as RolledBack

from claims.models import Claim
from reviews import operations
from reviews.errors import ReviewError
from reviews.models import Change, Placement, Position, Question
from tests.factories import (
    NOW,
    ClaimFactory,
    OriginClaimFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.rows import all_rows


class _Random:
    """Steps on two questions, chosen by a test; what cannot be done then is refused."""

    def __init__(self, draw: st.DataObject) -> None:
        self.draw = draw
        self.by = UserFactory(roles=["reviewer"])
        self.claims = [ClaimFactory() for _ in range(3)]
        for _ in range(2):
            question = QuestionFactory()
            for answer in ("12", "56", "90"):
                PositionFactory(question=question, answer=answer)
        first, second = Position.objects.order_by("pk")[:2]
        PlacementFactory(position=first, claim=self.claims[0])
        for position, state in ((second, "suggested"), (Position.objects.latest("pk"), "rejected")):
            PlacementFactory(
                position=position, claim=self.claims[1], state=state, suggested_by="matcher 1", placed_by=None
            )
        OriginClaimFactory(claim=self.claims[0])

    def one_of(self, rows: Any) -> int:
        return self.draw.draw(st.sampled_from(list(rows.order_by("pk").values_list("pk", flat=True))))

    def position(self) -> int:
        return self.one_of(Position.objects.all())

    def question(self) -> int:
        return self.one_of(Question.objects.all())

    def claim(self) -> int:
        return self.one_of(Claim.objects.all())

    def word(self) -> str:
        return self.draw.draw(st.sampled_from(["12", "56", "dozens", "none"]))

    def steps(self) -> dict[str, Callable[[], object]]:
        common: dict[str, Any] = {"by": self.by, "now": NOW}
        return {
            "add": lambda: operations.add_position(question_id=self.question(), answer=self.word(), **common),
            "reword": lambda: operations.reword_position(
                position_id=self.position(), answer=self.word(), **common
            ),
            "remove": lambda: operations.remove_position(position_id=self.position(), **common),
            "merge positions": lambda: operations.merge_positions(
                position_id=self.position(), into_id=self.position(), **common
            ),
            "split position": lambda: operations.split_position(
                position_id=self.position(), answer=self.word(), claim_ids=[self.claim()], **common
            ),
            "compatible": lambda: operations.say_compatible(
                first_id=self.position(), second_id=self.position(), reason="Both can be.", **common
            ),
            "competing": lambda: operations.say_competing(
                first_id=self.position(), second_id=self.position(), **common
            ),
            "place": lambda: operations.place_claim(
                claim_id=self.claim(), position_id=self.position(), **common
            ),
            "reject": lambda: operations.reject_placement(
                placement_id=self.one_of(Placement.objects.all()), reason="No.", **common
            ),
            "confirm": lambda: operations.confirm_placements(
                placement_ids=[self.one_of(Placement.objects.all())], **common
            ),
            "off topic": lambda: operations.reject_claim(
                question_id=self.question(), claim_id=self.claim(), **common
            ),
            "dismiss": lambda: operations.dismiss_question(
                question_id=self.question(), reason="Idle.", **common
            ),
            "merge": lambda: operations.merge_questions(
                question_id=self.question(), into_id=self.question(), reason="One.", **common
            ),
            "split": lambda: operations.split_question(
                question_id=self.question(),
                position_ids=[self.position()],
                wording="Who?",
                slot="who",
                event="",
                reason="Two.",
                **common,
            ),
            "trace": lambda: operations.set_origin(
                claim_ids=[self.claim()],
                name=self.draw.draw(st.sampled_from(["", "Wire"])),
                reason="So it says.",
                question_id=self.question(),
                **common,
            ),
            "untrace": lambda: operations.clear_origin(
                claim_ids=[self.claim()], question_id=self.question(), **common
            ),
        }

    def take(self) -> None:
        steps = self.steps()
        try:
            steps[self.draw.draw(st.sampled_from(sorted(steps)))]()
        except ReviewError:
            return  # it does not follow from how things are, and wrote nothing


class TestAnySteps(RolledBack):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_any_steps_undone_in_reverse_order_leave_every_row_as_it_was(self, draw: st.DataObject) -> None:
        world = _Random(draw)
        before, versions = all_rows(), dict(Question.objects.values_list("pk", "version"))

        for _ in range(draw.draw(st.integers(1, 8))):
            world.take()
        for change in Change.objects.order_by("-pk"):
            operations.undo_change(change_id=change.pk, by=world.by, now=NOW)

        assert all_rows() == before
        assert all(version >= versions[pk] for pk, version in Question.objects.values_list("pk", "version"))
