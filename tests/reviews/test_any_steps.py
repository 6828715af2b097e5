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

    def origin(self) -> str:
        return self.draw.draw(st.sampled_from(["", "Wire"]))

    def placement(self) -> int:
        return self.one_of(Placement.objects.all())

    def steps(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """What each operation is given, drawn when it is called."""
        position, question, claim, word = self.position, self.question, self.claim, self.word
        return {
            "add_position": lambda: {"question_id": question(), "answer": word()},
            "reword_position": lambda: {"position_id": position(), "answer": word()},
            "remove_position": lambda: {"position_id": position()},
            "merge_positions": lambda: {"position_id": position(), "into_id": position()},
            "split_position": lambda: {
                "position_id": position(),
                "answer": word(),
                "claim_ids": [claim()],
            },
            "say_compatible": lambda: {
                "first_id": position(),
                "second_id": position(),
                "reason": "Both can be.",
            },
            "say_competing": lambda: {"first_id": position(), "second_id": position()},
            "place_claim": lambda: {"claim_id": claim(), "position_id": position()},
            "reject_placement": lambda: {"placement_id": self.placement(), "reason": "No."},
            "confirm_placements": lambda: {"placement_ids": [self.placement()]},
            "reject_claim": lambda: {"question_id": question(), "claim_id": claim()},
            "dismiss_question": lambda: {"question_id": question(), "reason": "Idle."},
            "merge_questions": lambda: {"question_id": question(), "into_id": question(), "reason": "One."},
            "split_question": lambda: {
                "question_id": question(),
                "position_ids": [position()],
                "wording": "Who?",
                "slot": "who",
                "event": "",
                "reason": "Two.",
            },
            "set_origin": lambda: {
                "claim_ids": [claim()],
                "name": self.origin(),
                "reason": "So it says.",
                "question_id": question(),
            },
            "clear_origin": lambda: {"claim_ids": [claim()], "question_id": question()},
        }

    def take(self) -> None:
        steps = self.steps()
        name = self.draw.draw(st.sampled_from(sorted(steps)))
        try:
            getattr(operations, name)(**steps[name](), by=self.by, now=NOW)
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
