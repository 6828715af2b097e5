"""Verdicts over REST, across questions: what was decided, how, and what of it no longer holds."""

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]

from claims.api.filters import IdFilter, YesNoFilter
from claims.api.views import ReadViewSet
from reviews.api import reading
from reviews.api.serializers import VerdictDetailOutput
from reviews.models import Judgement, Verdict


class VerdictFilter(FilterSet):
    question = IdFilter(help_text="Id of the question.")
    project = IdFilter("question__project", help_text="Id of the question's project.")
    judgement = django_filters.ChoiceFilter(choices=Judgement.choices)
    manner = django_filters.ChoiceFilter(choices=Verdict.Manner.choices)
    is_stale = YesNoFilter(
        field_name="stale_at",
        lookup_expr="isnull",
        exclude=True,
        help_text="true: reached on other evidence than there is now, or in an earlier round; false: holds.",
    )
    decided_after = django_filters.IsoDateTimeFilter("decided_at", "gte", help_text="At this time or later.")
    decided_before = django_filters.IsoDateTimeFilter("decided_at", "lt", help_text="Earlier.")

    class Meta:
        model = Verdict
        fields: tuple[str, ...] = ()


class VerdictViewSet(ReadViewSet):
    """What was decided, the latest first; nothing is overwritten, a later round has its own."""

    queryset = Verdict.objects.all()
    serializer_class = VerdictDetailOutput
    filterset_class = VerdictFilter
    keyset = ("-id",)

    def get_queryset(self) -> QuerySet[Verdict]:
        return reading.verdicts()
