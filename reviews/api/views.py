"""Questions over REST, and claims with what reviewers made of them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch, QuerySet
from django.db.models.functions import JSONObject

from claims.api.views import ClaimViewSet, ReadViewSet
from reviews.api.filters import PlacedClaimFilter, QuestionFilter
from reviews.api.serializers import QuestionOutput
from reviews.models import Placement, Position, PositionVerdict, Question, Verdict


def _positions_with_claims() -> QuerySet[Position]:
    confirmed = Placement.objects.filter(position=OuterRef("pk"), state=Placement.State.CONFIRMED)
    return Position.objects.annotate(
        claim_ids=ArraySubquery(confirmed.order_by("claim_id").values("claim_id"))
    )


def _verdicts() -> QuerySet[Verdict]:
    """The verdicts, the last round first, with what each says of each position as `judged`."""
    judged = PositionVerdict.objects.filter(verdict=OuterRef("pk")).order_by("position__number")
    as_json = judged.values(json=JSONObject(position=F("position_id"), judgement=F("judgement")))
    verdicts = Verdict.objects.order_by("question_id", "-round")
    return verdicts.select_related("decided_by").annotate(judged=ArraySubquery(as_json))


class PlacedClaimViewSet(ClaimViewSet):
    """Assertions, each at its place in one revision of an article."""

    filterset_class = PlacedClaimFilter


class QuestionViewSet(ReadViewSet):
    """Factual points, the positions that compete to answer them, and the verdicts."""

    # Two more queries for positions and verdicts, however many questions there are.
    queryset = (
        Question.objects.with_counts()
        .select_related("opened_by")
        .prefetch_related(
            Prefetch("positions", _positions_with_claims()),
            Prefetch("verdicts", _verdicts(), to_attr="all_verdicts"),
        )
    )
    serializer_class = QuestionOutput
    filterset_class = QuestionFilter
    keyset = ("-opened_at", "-id")
