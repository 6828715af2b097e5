"""The shapes of questions as they go out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reviews.models import Judgement, Position, Question, Verdict


class PositionOutput(serializers.ModelSerializer):
    claims = serializers.ListField(
        source="claim_ids",
        child=serializers.IntegerField(),
        read_only=True,
        help_text="Ids of the claims confirmed under it.",
    )
    claim_count = serializers.SerializerMethodField()

    class Meta:
        model = Position
        fields = ("id", "number", "answer", "claim_count", "claims")
        read_only_fields = fields

    def get_claim_count(self, position: Any) -> int:
        return len(position.claim_ids)


class JudgedPositionOutput(serializers.Serializer):
    position = serializers.IntegerField()
    judgement = serializers.ChoiceField(Judgement.choices)


class VerdictOutput(serializers.ModelSerializer):
    decided_by = serializers.CharField(source="decided_by.username", read_only=True)
    positions = JudgedPositionOutput(source="judged", many=True, read_only=True)

    class Meta:
        model = Verdict
        fields = (
            "id",
            "round",
            "question_version",
            "judgement",
            "positions",
            "rationale",
            "as_of",
            "decided_by",
            "decided_at",
            "stale_at",
            "stale_reason",
        )
        read_only_fields = fields


class QuestionOutput(serializers.ModelSerializer):
    """A question with its positions, its latest verdict, which may be stale, and those of earlier rounds."""

    opened_by = serializers.CharField(source="opened_by.username", read_only=True)
    merged_into = serializers.IntegerField(source="merged_into_id", read_only=True, allow_null=True)
    claim_count = serializers.IntegerField(read_only=True)
    outlet_count = serializers.IntegerField(read_only=True)
    positions = PositionOutput(many=True, read_only=True)
    verdict = serializers.SerializerMethodField()
    earlier_verdicts = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = (
            "id",
            "wording",
            "slot",
            "event",
            "state",
            "resolution",
            "round",
            "version",
            "merged_into",
            "opened_by",
            "opened_at",
            "claim_count",
            "outlet_count",
            "positions",
            "verdict",
            "earlier_verdicts",
        )
        read_only_fields = fields

    @extend_schema_field(VerdictOutput(allow_null=True))
    def get_verdict(self, question: Any) -> dict[str, Any] | None:
        return VerdictOutput(question.all_verdicts[0]).data if question.all_verdicts else None

    @extend_schema_field(VerdictOutput(many=True))
    def get_earlier_verdicts(self, question: Any) -> list[dict[str, Any]]:
        return [VerdictOutput(verdict).data for verdict in question.all_verdicts[1:]]
