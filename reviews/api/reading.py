"""The querysets behind what goes out: a fixed number of queries, however many rows a page has."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, JSONObject

from claims.models import Claim
from reviews.models import (
    Assessment,
    Compatibility,
    Evidence,
    Placement,
    Position,
    PositionVerdict,
    Question,
    QuestionTally,
    SourcingMark,
    Verdict,
)


def questions() -> QuerySet[Question]:
    """Questions with their `counts`, their standing positions as `shown_positions`, and `all_verdicts`."""
    return _with_what_they_carry(_positions())


def questions_in_detail() -> QuerySet[Question]:
    """The same, and under each position its `shown_placements`."""
    placements = (
        Placement.objects.exclude(state=Placement.State.CARRIED)
        .select_related("placed_by", "claim__origin_member__origin", "claim__origin_member__set_by")
        .defer("claim__search")
        .order_by("claim_id", "pk")
    )
    return _with_what_they_carry(
        _positions().prefetch_related(Prefetch("placements", placements, to_attr="shown_placements"))
    )


def _with_what_they_carry(positions: QuerySet[Position]) -> QuerySet[Question]:
    tally = QuestionTally.objects.filter(question=OuterRef("pk"))
    counts = JSONObject(**{name: F(name) for name in ("claims", "suggested", "outlets", "origins")})
    return (
        Question.objects.select_related("opened_by")
        # Not by a join, which would keep PostgreSQL from reading a page in the order of an index.
        .annotate(counts=Subquery(tally.values(json=counts)))
        .prefetch_related(
            Prefetch("positions", positions, to_attr="shown_positions"),
            Prefetch("verdicts", _verdicts(), to_attr="all_verdicts"),
        )
    )


def _positions() -> QuerySet[Position]:
    there = Placement.objects.filter(position=OuterRef("pk")).order_by()
    pairs = Compatibility.objects.filter(
        Q(first=OuterRef("pk"), second__merged_into__isnull=True)
        | Q(second=OuterRef("pk"), first__merged_into__isnull=True)
    )
    other = Case(When(first=OuterRef("pk"), then="second_id"), default="first_id")

    def count(what: F | Coalesce | str) -> Coalesce:
        each = there.counted().values("position").annotate(n=Count(what, distinct=True))
        return Coalesce(Subquery(each.values("n"), output_field=IntegerField()), 0)

    return Position.objects.standing().annotate(
        claim_ids=ArraySubquery(there.standing().order_by("claim_id").values("claim_id")),
        claim_count=count("claim"),
        outlet_count=count("claim__revision__article__outlet"),
        # A claim without an origin goes back to its own article; ids are positive, so this keeps both apart.
        origin_count=count(Coalesce(F("claim__origin_member__origin_id"), -F("claim__revision__article_id"))),
        compatible_ids=ArraySubquery(pairs.annotate(other=other).order_by("other").values("other")),
    )


def claims_with_what_was_made_of_them(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """The claims with their `current_marks`, at most one each, and the placements that `confirmed` them."""
    marks = SourcingMark.objects.current().select_related("marked_by")
    asked = Question.objects.prefetch_related(Prefetch("verdicts", _verdicts(), to_attr="all_verdicts"))
    confirmed = (
        Placement.objects.filter(state=Placement.State.CONFIRMED)
        .select_related("position", "placed_by")
        .prefetch_related(Prefetch("question", asked))
        .order_by("question_id")
    )
    return claims.prefetch_related(
        Prefetch("sourcing_marks", marks, to_attr="current_marks"),
        Prefetch("placements", confirmed, to_attr="confirmed"),
    )


def verdicts() -> QuerySet[Verdict]:
    """The verdicts with their evidence, and with what each says of each position as `judged`."""
    evidence = Evidence.objects.order_by("position_id", "pk")
    return _verdicts().order_by().prefetch_related(Prefetch("evidence", evidence, to_attr="rests_on"))


def _verdicts() -> QuerySet[Verdict]:
    """The verdicts, the last round first, with what each says of each position as `judged`.

    `assessors` are the names of all who assessed its round.
    """
    judged = PositionVerdict.objects.filter(verdict=OuterRef("pk")).order_by("position__number")
    as_json = judged.values(json=JSONObject(position=F("position_id"), judgement=F("judgement")))
    verdicts = Verdict.objects.with_contradictions().order_by("question_id", "-round")
    assessed = Assessment.objects.filter(question=OuterRef("question"), round=OuterRef("round"))
    assessors = assessed.order_by("reviewer__username").values("reviewer__username")
    return verdicts.select_related("decided_by").annotate(
        judged=ArraySubquery(as_json), assessors=ArraySubquery(assessors)
    )
