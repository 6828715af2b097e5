"""How far reviewers agree, over REST: as JSON, or as CSV for a spreadsheet."""

from typing import Any, cast

from django.contrib.auth.models import User
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from claims.api.schema import PROBLEM_RESPONSE
from claims.api.strict import StrictInput
from reviews.agreement.counts import Field, Narrowed, find_pair, report
from reviews.agreement.files import comma_separated, records
from reviews.api import renderers
from reviews.api.renderers import CommaSeparated
from reviews.models import Project, Verdict


class NarrowedInput(StrictInput):
    """What of it is looked at; everything may be left out."""

    field = serializers.ChoiceField(
        Field.choices, default=Field.QUESTION, help_text="Judgements of questions, or of each position."
    )
    since = serializers.DateField(
        required=False, help_text="First day of the verdicts; days begin at midnight UTC."
    )
    until = serializers.DateField(required=False, help_text="Last day of the verdicts, in UTC.")
    project = serializers.PrimaryKeyRelatedField(
        queryset=Project.objects.all(), required=False, help_text="Id of a project."
    )
    pair = serializers.CharField(required=False, help_text='Two user names: "ann,ben".')

    def validate_pair(self, given: str) -> Any:
        pair = find_pair(given.split(","))
        if pair is None:
            raise ValidationError('Give two different user names, as in "ann,ben".', code="invalid")
        return pair


class FigureOutput(serializers.Serializer):
    value = serializers.FloatField(allow_null=True)
    undefined = serializers.CharField(allow_null=True, help_text="Why there is none.")


class ChosenOutput(serializers.Serializer):
    supported = serializers.IntegerField()
    refuted = serializers.IntegerField()
    not_enough_evidence = serializers.IntegerField()
    conflicting_evidence = serializers.IntegerField()


class AgreementOutput(serializers.Serializer):
    """The figures of one group of items, with what they rest on."""

    field = serializers.ChoiceField(Field.choices)
    by = serializers.ChoiceField(["all", "month", "project", "pair"], help_text="What makes the group.")
    name = serializers.CharField()
    items = serializers.IntegerField(help_text="Judged by at least two.")
    ratings = serializers.IntegerField(help_text="Judgements of these items.")
    pairs = serializers.IntegerField(help_text="Pairs of judgements of the same item.")
    rated_once = serializers.IntegerField(help_text="Items judged by one, which no figure uses.")
    percent_agreement = FigureOutput(help_text="Share of pairs that are equal, 0 to 1.")
    cohen_kappa = FigureOutput(help_text="Of a pair of reviewers only.")
    krippendorff_alpha = FigureOutput(help_text="Nominal; any number of reviewers.")
    caution = serializers.CharField(help_text="What so few items let one conclude; empty where enough.")
    chosen = ChosenOutput(help_text="How often each judgement was chosen.")
    rounds = serializers.IntegerField(help_text="Rounds that at least two assessed.")
    adjudicated = serializers.IntegerField(help_text="Of these, those whose assessments differed.")


class AgreementViewSet(GenericViewSet):
    """How far reviewers who judge the same agree, beyond chance."""

    queryset = Verdict.objects.all()  # who may view verdicts may see this
    serializer_class = AgreementOutput
    renderer_classes = (JSONRenderer, CommaSeparated)
    pagination_class = None
    filter_backends = ()
    route_name = "agreement"

    @extend_schema(
        parameters=[
            NarrowedInput,
            renderers.described(JSONRenderer, CommaSeparated),
        ],
        responses={
            (200, "application/json"): AgreementOutput(many=True),
            (200, "text/csv"): OpenApiTypes.STR,
            **PROBLEM_RESPONSE,
        },
    )
    def list(self, request: Request) -> Response:
        """Agreement in all, by month, project and pair of reviewers, over rounds that were decided.

        A round belongs to the month of its verdict, in UTC. Of pairs the hundred with most items in common.
        """
        found = report(_narrowed(request), by=cast(User, request.user))
        is_csv = request.accepted_renderer.format == CommaSeparated.format
        return Response(comma_separated(found) if is_csv else records(found))


def _narrowed(request: Request) -> Narrowed:
    """What the parameters say. Raises ValidationError for one that is unknown, wrong or given twice."""
    lists = request.query_params.lists()
    given = {name: values for name, values in lists if name != renderers.FORMAT_PARAMETER}
    unknown = sorted(given.keys() - NarrowedInput().fields.keys())
    if unknown:
        known = ", ".join(sorted(NarrowedInput().fields))
        error = ErrorDetail(f"Unknown parameter; known here: {known}.", code="unknown_parameter")
        raise ValidationError({name: [error] for name in unknown})
    repeated = sorted(name for name, values in given.items() if len(values) > 1)
    if repeated:
        error = ErrorDetail("Given more than once.", code="repeated")
        raise ValidationError({name: [error] for name in repeated})
    narrowed = NarrowedInput(data={name: value for name, [value] in given.items()})
    narrowed.is_valid(raise_exception=True)
    said = narrowed.validated_data
    return Narrowed(**{**said, "field": Field(said["field"])})
