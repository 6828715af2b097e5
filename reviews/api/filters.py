"""What questions can be narrowed by, and claims by what reviewers made of them."""

import django_filters  # type: ignore[import-untyped]
from django.db.models import Exists, OuterRef, QuerySet
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]

from claims.api.filters import ClaimFilter, IdFilter, SearchFilter, YesNoFilter
from claims.models import Claim
from reviews import operations, workflow
from reviews.models import Assignment, Placement, Question

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
    project = IdFilter(help_text="Id of the project.")
    assigned_to_me = YesNoFilter(method="held_by_me", help_text="true: you are to assess it; false: not.")
    waiting = YesNoFilter(
        method="waiting_for_me", help_text="true: you could take it for review; false: you could not."
    )
    opened_after = django_filters.IsoDateTimeFilter("opened_at", "gte", help_text="At this time or later.")
    opened_before = django_filters.IsoDateTimeFilter("opened_at", "lt", help_text="Earlier.")
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

    def held_by_me(self, questions: QuerySet[Question], _name: str, is_mine: bool) -> QuerySet[Question]:
        held = Assignment.objects.active().filter(reviewer=self.request.user)
        if is_mine:
            return questions.filter(pk__in=held.values("question"))  # from the few that they are
        return questions.filter(~Exists(held.filter(question=OuterRef("pk"))))

    def waiting_for_me(
        self, questions: QuerySet[Question], _name: str, is_waiting: bool
    ) -> QuerySet[Question]:
        waiting = Exists(operations.waiting_for(self.request.user).filter(pk=OuterRef("pk")))
        if not is_waiting:
            return questions.filter(~waiting)
        # Said here as well, so that the many that were decided are passed over without a look-up each.
        reviewed = (*workflow.REVIEWABLE, workflow.State.IN_REVIEW)
        return questions.filter(waiting, state__in=reviewed)

    def ordered(self, questions: QuerySet[Question], _name: str, value: str) -> QuerySet[Question]:
        """Pages are cut by the view's `keyset`, from the columns that this gives the rows."""
        return questions.most_contested() if value == CONTESTED else questions  # type: ignore[attr-defined]
