"""The audit trail over REST: whole, and of one question. Read-only; see reviews/history for who sees what."""

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin
from rest_framework.viewsets import GenericViewSet

from claims.api.filters import IdFilter
from claims.api.views import ReadViewSet
from reviews import history
from reviews.history import Narrowing, files
from reviews.models import AuditEvent, Question

_IMAGE = {"type": ["object", "null"], "additionalProperties": True}


@extend_schema_field(_IMAGE)
class ImageField(serializers.JSONField):
    """A row as the database wrote it down, without its secrets."""


class AuditEventOutput(serializers.Serializer[AuditEvent]):
    """One write, or something that took place without one, such as a sign-in."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor_id = serializers.IntegerField(help_text="Number of the account; 0 where nobody is known.")
    actor = serializers.CharField()
    action = serializers.CharField()
    reason = serializers.CharField()
    table = serializers.CharField()
    row = serializers.IntegerField(help_text="0 where it is of several rows, or of none.")
    operation = serializers.ChoiceField(choices=AuditEvent.Operation.choices)
    change = serializers.IntegerField(allow_null=True, help_text="The step on a question it is part of.")
    request = serializers.CharField(help_text="Id of the request or task that wrote it.")
    position = serializers.IntegerField(allow_null=True, help_text="Its place in the chain of hashes.")
    hash = serializers.CharField(allow_null=True)
    old = ImageField(allow_null=True)
    new = ImageField(allow_null=True)

    def to_representation(self, instance: AuditEvent) -> dict[str, Any]:
        return files.record(instance)


class AuditEventFilter(FilterSet):
    """The names of a Narrowing; each is kept until all are known, for they are looked for together."""

    actor = django_filters.CharFilter(method="keep", max_length=150, help_text="User name.")
    action = django_filters.CharFilter(method="keep", max_length=100, help_text="As in the events.")
    table = django_filters.CharFilter(method="keep", max_length=63, help_text="As in the events.")
    row = IdFilter(method="keep", help_text="Number of a row; give its table too.")
    question = IdFilter(method="keep", help_text="Id of a question: its events and those of all that is its.")
    request = django_filters.CharFilter(method="keep", max_length=100, help_text="Id of a request or task.")
    since = django_filters.IsoDateTimeFilter(method="keep", help_text="At this time or later.")
    until = django_filters.IsoDateTimeFilter(method="keep", help_text="Earlier.")

    class Meta:
        model = AuditEvent
        fields: tuple[str, ...] = ()

    def keep(self, events: QuerySet[AuditEvent], _name: str, _value: Any) -> QuerySet[AuditEvent]:
        return events

    def filter_queryset(self, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        given = {name: value for name, value in self.form.cleaned_data.items() if value not in ("", None)}
        return history.narrowed(queryset, Narrowing(**given))


class AuditEventViewSet(ReadViewSet):
    """What was written, by whom, when and why, newest first, each with its place in the chain of hashes."""

    queryset = AuditEvent.objects.all()
    serializer_class = AuditEventOutput
    filterset_class = AuditEventFilter

    @property
    def keyset(self) -> tuple[str, ...]:  # type: ignore[override]  # asked of instances only
        is_of_period = {"since", "until"} & self.request.query_params.keys()
        return history.BY_TIME if is_of_period else history.BY_NUMBER

    def get_queryset(self) -> QuerySet[AuditEvent]:
        return history.visible_events(self.asker).select_related("link")


class QuestionHistoryViewSet(ListModelMixin, GenericViewSet[AuditEvent]):
    """What happened to a question and to all that belongs to it, newest first."""

    route_name = "question-history"
    queryset = AuditEvent.objects.all()
    serializer_class = AuditEventOutput
    filterset_class = None
    keyset = history.BY_NUMBER

    def get_queryset(self) -> QuerySet[AuditEvent]:
        question = get_object_or_404(Question, pk=self.kwargs["question_id"])
        seen = history.visible_events(self.request.user)  # type: ignore[arg-type]  # permissions let nobody else through
        return seen.filter(history.of_question(question.pk)).select_related("link")
