"""The export of claims: each with its article, its mark and where it was confirmed, for other programs.

Of the review of a question it holds what was decided and nothing before, as verdicts do.
"""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.utils import OpenApiTypes, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from claims import keyset
from claims.api.schema import PROBLEM_RESPONSE
from claims.api.serializers import ClaimOutput
from claims.models import Claim
from reviews import exporting, lines
from reviews.api import reading, renderers
from reviews.api.renderers import CommaSeparated, JSONLines
from reviews.api.sourcing import MarkedClaims, MarkOutput
from reviews.models import Judgement, Placement, Question

AT_ONCE = 500
_FROM_CLAIM = ("id", "statement", "content", "kind")
_FROM_MARK = (
    *("code", "identification", "access", "directness", "basis", "reliability", "credibility", "status"),
    *("note", "evidence_links", "marked_by", "marked_at"),
)
_ALSO_FROM_CLAIM = (
    *("revision", "spans", "sentence", "chain", "cue", "frame", "check_worthiness", "unresolved"),
    "created_at",
)
COLUMNS = (
    *_FROM_CLAIM,
    *("speaker", "outlet", "title", "url", "published_at", "article"),
    *_FROM_MARK,
    "confirmed_under",
    *_ALSO_FROM_CLAIM,
    *("engine", "engine_version"),
)


class VerdictOnPositionOutput(serializers.Serializer):
    """The last verdict on a question; one with `stale_at` no longer holds."""

    judgement = serializers.ChoiceField(Judgement.choices, help_text="Of the question as a whole.")
    of_position = serializers.ChoiceField(
        Judgement.choices, allow_null=True, help_text="Null where it was not there to be judged."
    )
    as_of = serializers.DateTimeField()
    decided_at = serializers.DateTimeField()
    stale_at = serializers.DateTimeField(allow_null=True)


class ConfirmedOutput(serializers.ModelSerializer[Placement]):
    """A position that a person confirmed the claim under."""

    question = serializers.IntegerField(source="question_id")
    wording = serializers.CharField(source="question.wording")
    state = serializers.ChoiceField(Question.State.choices, source="question.state")
    position = serializers.IntegerField(source="position_id")
    answer = serializers.CharField(source="position.answer")
    placed_by = serializers.CharField(source="placed_by.username")
    verdict = serializers.SerializerMethodField()

    class Meta:
        model = Placement
        fields = (
            *("question", "wording", "state", "position", "answer", "reason", "placed_by", "placed_at"),
            "verdict",
        )
        read_only_fields = fields

    @extend_schema_field(VerdictOnPositionOutput(allow_null=True))
    def get_verdict(self, placement: Any) -> dict[str, Any] | None:
        """Null before the question is decided for the first time."""
        if not placement.question.all_verdicts:
            return None
        last = placement.question.all_verdicts[0]
        judged = {said["position"]: said["judgement"] for said in last.judged}
        return {
            "judgement": last.judgement,
            "of_position": judged.get(placement.position_id),
            "as_of": last.as_of,
            "decided_at": last.decided_at,
            "stale_at": last.stale_at,
        }


class ExportedClaimOutput(ClaimOutput):
    """A claim as in the lists, its current mark, and where it was confirmed."""

    mark = serializers.SerializerMethodField()
    confirmed_under = ConfirmedOutput(source="confirmed", many=True, read_only=True)

    class Meta(ClaimOutput.Meta):
        fields = (*ClaimOutput.Meta.fields, "mark", "confirmed_under")
        read_only_fields = fields

    @extend_schema_field(MarkOutput(allow_null=True))
    def get_mark(self, claim: Any) -> dict[str, Any] | None:
        return MarkOutput(claim.current_marks[0]).data if claim.current_marks else None


class ExportedClaims(MarkedClaims):
    """The export, for the viewset of claims."""

    @extend_schema(
        parameters=[renderers.described(JSONLines, CommaSeparated)],
        responses={
            (200, JSONLines.media_type): ExportedClaimOutput(many=True),
            (200, CommaSeparated.media_type): OpenApiTypes.STR,
            **PROBLEM_RESPONSE,
        },
        filters=True,
    )
    @action(detail=False, pagination_class=None, renderer_classes=(JSONLines, CommaSeparated))
    def export(self, request: Request) -> StreamingHttpResponse:
        """All claims of the list that nobody withholds, newest first: a JSON object a line, or CSV.

        Each with its mark, and the positions that it was confirmed under.
        """
        claims = exporting.claims_for_export(self.filter_queryset(self.get_queryset()))
        found = _records(
            keyset.all_of(reading.claims_with_what_was_made_of_them(claims), self.keyset, at_once=AT_ONCE)
        )
        form = request.accepted_renderer
        is_csv = form.format == CommaSeparated.format
        return StreamingHttpResponse(
            lines.comma_separated(COLUMNS, map(_flat, found)) if is_csv else lines.ndjson(found),
            content_type=f"{form.media_type}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="claims.{form.format}"'},
        )


def _records(claims: Iterator[Claim]) -> Iterator[dict[str, Any]]:
    return map(ExportedClaimOutput().to_representation, claims)


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """A record by COLUMNS: what a table is sorted by has cells of its own."""
    article, mark = record["article"], record["mark"] or {}
    return {
        **{name: record[name] for name in (*_FROM_CLAIM, *_ALSO_FROM_CLAIM)},
        **{name: mark.get(name) for name in _FROM_MARK},
        "speaker": record["speaker"] and record["speaker"]["name"],
        "outlet": article["outlet"] and article["outlet"]["name"],
        "title": article["title"],
        "url": article["url"],
        "published_at": article["published_at"],
        "article": article["id"],
        "confirmed_under": record["confirmed_under"],
        "engine": record["engine"]["name"],
        "engine_version": record["engine"]["version"],
    }
