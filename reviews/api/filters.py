"""What questions can be narrowed by, and claims by what reviewers made of them."""

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]

from claims.api.filters import ClaimFilter, IdFilter, SearchFilter
from claims.models import Claim
from reviews.models import Placement, Question


class PlacedClaimFilter(ClaimFilter):
    question = IdFilter(method="confirmed_under", help_text="Id of a question the claim is confirmed under.")

    def confirmed_under(self, claims: QuerySet[Claim], _name: str, question_id: int) -> QuerySet[Claim]:
        return claims.filter(placements__question=question_id, placements__state=Placement.State.CONFIRMED)


class QuestionFilter(FilterSet):
    state = django_filters.ChoiceFilter(choices=Question.State.choices)
    resolution = django_filters.ChoiceFilter(choices=Question.Resolution.choices)
    slot = django_filters.ChoiceFilter(choices=Question.Slot.choices)
    q = SearchFilter()

    class Meta:
        model = Question
        fields: tuple[str, ...] = ()
