"""The sourcing of claims over REST: marks with their history, and how reliable speakers usually are."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.schema import PROBLEM_RESPONSE
from claims.api.strict import StrictInput, StringField
from claims.api.views import ClaimViewSet, SpeakerViewSet
from claims.models import Scope
from reviews import operations, reliability
from reviews.api import inputs, steps
from reviews.models import SourcingMark, SpeakerReliability
from reviews.operations.marks import LINK_CHARACTERS, MOST_LINKS

_MARK_ETAG = OpenApiParameter(
    "ETag",
    location=OpenApiParameter.HEADER,
    response=[HTTPStatus.OK, HTTPStatus.CREATED],
    description='The current mark, for If-Match; "0" where there is none.',
)
_IF_MARK_MATCHES = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the claim\'s marks as you saw them, "0" for none, or * for any. '
    "A claim that was marked meanwhile answers 409.",
)
_UNKNOWN: dict[str, Any] = {"required": False}


class MarkInput(StrictInput):
    """What is known of a claim's sourcing; what is left out is unknown, or as it usually is."""

    identification = serializers.ChoiceField(SourcingMark.Identification.choices)
    access = serializers.ChoiceField(SourcingMark.Access.choices, **_UNKNOWN)
    directness = serializers.ChoiceField(SourcingMark.Directness.choices, **_UNKNOWN)
    basis = serializers.ChoiceField(SourcingMark.Basis.choices, **_UNKNOWN)
    reliability = serializers.ChoiceField(
        SourcingMark.Reliability.choices,
        help_text="A to F of the Admiralty code; without it what is usual of the speaker.",
        **_UNKNOWN,
    )
    reliability_reason = StringField(
        max_length=2000, allow_blank=True, help_text="Why not what is usual of the speaker.", **_UNKNOWN
    )
    credibility = serializers.ChoiceField(
        SourcingMark.Credibility.choices,
        help_text="1 to 6 of the Admiralty code; 1 needs two independent origins.",
        **_UNKNOWN,
    )
    status = serializers.ChoiceField(SourcingMark.Status.choices, **_UNKNOWN)
    note = StringField(max_length=5000, allow_blank=True, **_UNKNOWN)
    evidence_links = serializers.ListField(
        child=StringField(max_length=LINK_CHARACTERS), max_length=MOST_LINKS, **_UNKNOWN
    )
    is_withheld = serializers.BooleanField(help_text="Whether it stays out of exports.", **_UNKNOWN)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"marks": operations.Marks(**attrs)}


class MarkOutput(serializers.ModelSerializer):
    """A mark on a claim; one with `superseded_at` was followed by another."""

    claim = serializers.IntegerField(source="claim_id", read_only=True)
    code = serializers.CharField(read_only=True, help_text="Reliability and credibility, as B2.")
    marked_by = serializers.CharField(source="marked_by.username", read_only=True)
    carried_from = serializers.IntegerField(
        source="carried_from_id",
        read_only=True,
        allow_null=True,
        help_text="Id of the mark on an earlier engine's claim that it repeats.",
    )

    class Meta:
        model = SourcingMark
        fields = (
            "id",
            "claim",
            "code",
            "identification",
            "access",
            "directness",
            "basis",
            "reliability",
            "reliability_reason",
            "credibility",
            "status",
            "note",
            "evidence_links",
            "is_withheld",
            "marked_by",
            "marked_at",
            "superseded_at",
            "carried_from",
        )
        read_only_fields = fields


class ReliabilityInput(StrictInput):
    reliability = serializers.ChoiceField(SourcingMark.Reliability.choices)
    since = serializers.DateField(help_text="The day, in UTC, from which it holds.")
    reason = StringField(max_length=5000, help_text="What it rests on.")


class ReliabilityOutput(serializers.ModelSerializer):
    """How reliable a speaker usually is from a day on; one with `superseded_at` was said anew."""

    set_by = serializers.CharField(source="set_by.username", read_only=True)

    class Meta:
        model = SpeakerReliability
        fields = ("id", "reliability", "since", "reason", "set_by", "set_at", "superseded_at")
        read_only_fields = fields


class MarkedClaims(ClaimViewSet):
    """The marks on a claim, for the viewset of claims."""

    @extend_schema(
        methods=["GET"],
        responses={200: MarkOutput(many=True), **PROBLEM_RESPONSE},
        parameters=[_MARK_ETAG],
        filters=False,
    )
    @extend_schema(
        methods=["POST"],
        request=MarkInput,
        responses={201: MarkOutput, **PROBLEM_RESPONSE},
        parameters=[_IF_MARK_MATCHES, _MARK_ETAG],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def marks(self, request: Request, pk: int) -> Response:
        """The marks on a claim's sourcing, the current one first, with who made each and when.

        POST makes a new one, and the older stay readable. Questions that were decided on the claim are opened
        again. The same marks again change nothing.
        """
        claim_id = self.get_object().pk
        if request.method == "POST":
            seen = inputs.if_mark_matches(request)
            mark = operations.mark_sourcing(
                claim_id=claim_id, seen_mark=seen, **steps.given(request, MarkInput)
            )
            return Response(MarkOutput(mark).data, status=HTTPStatus.CREATED, headers=_etag([mark]))
        marks = SourcingMark.objects.filter(claim=claim_id).select_related("marked_by")
        in_order = sorted(marks, key=lambda mark: (mark.superseded_at is not None, -mark.pk))
        return Response(MarkOutput(in_order, many=True).data, headers=_etag(in_order))


class ReliableSpeakerViewSet(SpeakerViewSet):
    """Persons and bodies that assert claims."""

    write_scope = Scope.REVIEW

    @extend_schema(
        methods=["GET"], responses={200: ReliabilityOutput(many=True), **PROBLEM_RESPONSE}, filters=False
    )
    @extend_schema(
        methods=["POST"], request=ReliabilityInput, responses={201: ReliabilityOutput, **PROBLEM_RESPONSE}
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def reliabilities(self, request: Request, pk: int) -> Response:
        """How reliable a speaker usually is, from which day on, the latest day first; marks start from it.

        POST says it of a day; what was said of the same day is superseded and stays readable.
        """
        speaker = self.get_object()
        if request.method == "POST":
            given = steps.given(request, ReliabilityInput)
            said = operations.set_speaker_reliability(speaker_id=speaker.pk, **given)
            return Response(ReliabilityOutput(said).data, status=HTTPStatus.CREATED)
        return Response(ReliabilityOutput(reliability.history_of(speaker), many=True).data)


def _etag(marks: list[SourcingMark]) -> dict[str, str]:
    """Of marks the current one first."""
    current = marks[0].pk if marks and marks[0].superseded_at is None else 0
    return {"ETag": f'"{current}"'}
