"""What is asked, the positions that compete, and what stands under them."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from reviews import workflow
from reviews.matching import MATCHER_VERSION
from reviews.models import (
    Change,
    Compatibility,
    MatchedClaim,
    MatchingDue,
    Origin,
    OriginClaim,
    Placement,
    Position,
    Project,
    Question,
    QuestionTally,
    Rematch,
    RematchedQuestion,
    SuggestedQuestion,
)
from tests.factories.accounts import UserFactory
from tests.factories.articles import ClaimFactory, EngineRunFactory
from tests.factories.writing import NOW, Audited, acting, without_triggers, written_down


class ProjectFactory(Audited, DjangoModelFactory[Project]):
    class Meta:
        model = Project

    name = factory.Sequence(lambda n: f"Project {n}")
    created_by = factory.SubFactory(UserFactory)
    created_at = NOW


class QuestionFactory(Audited, DjangoModelFactory[Question]):
    """In any state at once, without the steps that lead there."""

    class Meta:
        model = Question

    @classmethod
    def _create(cls, model_class: type[Question], *args: Any, **kwargs: Any) -> Question:
        if kwargs.get("state") in ("in_review", "adjudication"):
            kwargs.setdefault("assessments_required", 2)
            kwargs.setdefault("adjudicator_sees", Project.AdjudicatorSees.UNNAMED)
        if kwargs.get("state", Question.State.OPEN) in workflow.FIRST and kwargs.get("round", 1) == 1:
            return super()._create(model_class, *args, **kwargs)
        with acting(), without_triggers():
            question = super()._create(model_class, *args, **kwargs)
        written_down(question)
        return question

    wording = factory.Sequence(lambda n: f"Where was jet {n}?")
    slot = Question.Slot.WHERE
    opened_by = factory.SubFactory(UserFactory)
    opened_at = NOW


class PositionFactory(Audited, DjangoModelFactory[Position]):
    class Meta:
        model = Position

    question = factory.SubFactory(QuestionFactory)
    number = factory.LazyAttribute(lambda position: position.question.positions.count() + 1)
    answer = factory.LazyAttribute(lambda position: f"Answer {position.number}")
    added_by = factory.SubFactory(UserFactory)
    added_at = NOW


class CompatibilityFactory(Audited, DjangoModelFactory[Compatibility]):
    """Two positions of one new question; of given ones the older must be the first."""

    class Meta:
        model = Compatibility

    first = factory.SubFactory(PositionFactory)
    second = factory.SubFactory(PositionFactory, question=factory.SelfAttribute("..first.question"))
    reason = "The one holds the other."
    said_by = factory.SubFactory(UserFactory)
    said_at = NOW


class QuestionTallyFactory(DjangoModelFactory[QuestionTally]):
    class Meta:
        model = QuestionTally

    question = factory.SubFactory(QuestionFactory)


class ChangeFactory(DjangoModelFactory[Change]):
    """A step that wrote nothing."""

    class Meta:
        model = Change

    question = factory.SubFactory(QuestionFactory)
    action = "place_claim"
    summary = "placed claim 12 under “56”"
    made_by = factory.SubFactory(UserFactory)
    made_at = NOW


class PlacementFactory(Audited, DjangoModelFactory[Placement]):
    """Confirmed; for a suggestion give `state="suggested", suggested_by="engine 1", placed_by=None`."""

    class Meta:
        model = Placement

    position = factory.SubFactory(PositionFactory)
    question = factory.SelfAttribute("position.question")
    claim = factory.SubFactory(ClaimFactory)
    state = Placement.State.CONFIRMED
    placed_by = factory.SubFactory(UserFactory)
    placed_at = NOW


class OriginFactory(Audited, DjangoModelFactory[Origin]):
    class Meta:
        model = Origin

    name = "Harbour Wire"
    certainty = Origin.Certainty.CERTAIN
    reason = "All carry the same wire credit."


class OriginClaimFactory(Audited, DjangoModelFactory[OriginClaim]):
    class Meta:
        model = OriginClaim

    origin = factory.SubFactory(OriginFactory)
    claim = factory.SubFactory(ClaimFactory)


class MatchedClaimFactory(DjangoModelFactory[MatchedClaim]):
    """A claim that is a story of its own."""

    class Meta:
        model = MatchedClaim

    claim = factory.SubFactory(ClaimFactory)
    keys = factory.Sequence(lambda n: [n])
    story = factory.SelfAttribute("claim.pk")
    matcher_version = MATCHER_VERSION


class MatchingDueFactory(DjangoModelFactory[MatchingDue]):
    class Meta:
        model = MatchingDue

    engine_run = factory.SubFactory(EngineRunFactory)


class SuggestedQuestionFactory(DjangoModelFactory[SuggestedQuestion]):
    class Meta:
        model = SuggestedQuestion

    question = factory.SubFactory(QuestionFactory)
    topic = "jet where"


class RematchFactory(DjangoModelFactory[Rematch]):
    class Meta:
        model = Rematch

    matcher_version = factory.Sequence(lambda n: f"0.{n}")  # one pass of a version at a time
    started_by = factory.SubFactory(UserFactory)
    started_at = NOW


class RematchedQuestionFactory(DjangoModelFactory[RematchedQuestion]):
    class Meta:
        model = RematchedQuestion

    rematch = factory.SubFactory(RematchFactory)
    question = factory.SubFactory(QuestionFactory)
