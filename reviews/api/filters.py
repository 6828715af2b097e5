"""What questions can be narrowed by, and claims by what reviewers made of them."""

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]

from claims.api.filters import ClaimFilter, IdFilter, SearchFilter
from claims.models import Claim
from reviews.models import Placement, Question

NEWEST, CONTESTED = "newest", "contested"


class PlacedClaimFilter(ClaimFilter):
    question = IdFilter(method="confirmed_under", help_text="Id of a question the claim is confirmed under.")

    def confirmed_under(self, claims: QuerySet[Claim], _name: str, question_id: int) -> QuerySet[Claim]:
        return claims.filter(placements__question=question_id, placements__state=Placement.State.CONFIRMED)


class QuestionFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=Question.State.choices)
    resolution = django_filters.ChoiceFilter(choices=Question.Resolution.choices)
    slot = django_filters.ChoiceFilter(choices=Question.Slot.choices)
    is_evolving = django_filters.ChoiceFilter(
        choices=(("true", "Evolving"), ("false", "Not evolving")),
        method="evolving",
        help_text="Whether its answers follow each other, as a rising toll does.",
    )
    q = SearchFilter()
    order = django_filters.ChoiceFilter(
        choices=((NEWEST, "Newest first"), (CONTESTED, "Most contested first")),
        method="ordered",
        help_text="newest (as without it), or contested: the most independent origins on both sides first.",
    )

    class Meta:
        model = Question
        fields: tuple[str, ...] = ()

    def evolving(self, questions: QuerySet[Question], _name: str, value: str) -> QuerySet[Question]:
        return questions.filter(is_evolving=value == "true")

    def ordered(self, questions: QuerySet[Question], _name: str, value: str) -> QuerySet[Question]:
        """Pages are cut by the view's `keyset`, from the columns that this gives the rows."""
        return questions.most_contested() if value == CONTESTED else questions  # type: ignore[attr-defined]
