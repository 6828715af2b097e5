"""The shapes of questions as they go out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reviews.api.contents import EvidenceOutput
from reviews.basis import basis_of
from reviews.models import Change, Judgement, Origin, OriginClaim, Placement, Position, Question, Verdict


class OriginOutput(serializers.ModelSerializer):
    class Meta:
        model = Origin
        fields = ("id", "name", "certainty", "reason", "is_circular", "found_by")
        read_only_fields = fields


class TracedOutput(serializers.ModelSerializer):
    """Where a claim goes back to; `origin` is null where a reviewer said: to its own article."""

    origin = OriginOutput(read_only=True, allow_null=True)
    set_by = serializers.CharField(source="set_by.username", read_only=True, allow_null=True)

    class Meta:
        model = OriginClaim
        fields = ("origin", "reason", "set_by", "set_at")
        read_only_fields = fields


class PlacementOutput(serializers.ModelSerializer):
    claim = serializers.IntegerField(source="claim_id", read_only=True)
    placed_by = serializers.CharField(
        source="placed_by.username", read_only=True, allow_null=True, help_text="null for a machine"
    )
    traced = serializers.SerializerMethodField()

    class Meta:
        model = Placement
        fields = (
            "id",
            "claim",
            "state",
            "is_off_topic",
            "reason",
            "score",
            "suggested_by",
            "placed_by",
            "placed_at",
            "traced",
        )
        read_only_fields = fields

    @extend_schema_field(TracedOutput(allow_null=True))
    def get_traced(self, placement: Placement) -> dict[str, Any] | None:
        """Null where the claim goes back to its own article, as far as is known."""
        member = getattr(placement.claim, "origin_member", None)
        return None if member is None else TracedOutput(member).data


class PositionOutput(serializers.ModelSerializer):
    claims = serializers.ListField(
        source="claim_ids",
        child=serializers.IntegerField(),
        read_only=True,
        help_text="Ids of the claims that stand under it, confirmed or suggested.",
    )
    claim_count = serializers.IntegerField(
        read_only=True, help_text="Words that a later text of an article says again are counted once."
    )
    outlet_count = serializers.IntegerField(read_only=True)
    origin_count = serializers.IntegerField(read_only=True)
    compatible_with = serializers.ListField(
        source="compatible_ids",
        child=serializers.IntegerField(),
        read_only=True,
        help_text="Ids of positions that can be true together with it.",
    )

    class Meta:
        model = Position
        fields: tuple[str, ...] = (
            "id",
            "number",
            "answer",
            "proposed_by",
            "claim_count",
            "outlet_count",
            "origin_count",
            "claims",
            "compatible_with",
        )
        read_only_fields = fields


class PositionDetailOutput(PositionOutput):
    """A position with every claim that stands there, or stood there and was rejected."""

    placements = PlacementOutput(source="shown_placements", many=True, read_only=True)

    class Meta(PositionOutput.Meta):
        fields = (*PositionOutput.Meta.fields, "placements")
        read_only_fields = fields


class JudgedPositionOutput(serializers.Serializer):
    position = serializers.IntegerField()
    judgement = serializers.ChoiceField(Judgement.choices)


class VerdictOutput(serializers.ModelSerializer):
    """What was decided in one round; `stale_at` and `stale_reason` say since when, and why, it is stale."""

    decided_by = serializers.SerializerMethodField(
        help_text="Who adjudicated, or all whose assessments agree; by name."
    )
    positions = JudgedPositionOutput(source="judged", many=True, read_only=True)
    is_contradictory = serializers.BooleanField(
        read_only=True, help_text="Whether it supports answers that are not said to be true together."
    )

    class Meta:
        model = Verdict
        fields: tuple[str, ...] = (
            "id",
            "round",
            "question_version",
            "manner",
            "judgement",
            "positions",
            "is_contradictory",
            "rationale",
            "as_of",
            "decided_by",
            "decided_at",
            "stale_at",
            "stale_reason",
        )
        read_only_fields = fields

    def get_decided_by(self, verdict: Verdict) -> list[str]:
        if verdict.manner == Verdict.Manner.AGREED:
            return verdict.assessors  # type: ignore[attr-defined]  # see reading.py
        return [verdict.decided_by.get_username()]


class VerdictDetailOutput(VerdictOutput):
    """A verdict with its question and what it rests on."""

    question = serializers.IntegerField(source="question_id", read_only=True)
    evidence = EvidenceOutput(source="rests_on", many=True, read_only=True)

    class Meta(VerdictOutput.Meta):
        fields = ("question", *VerdictOutput.Meta.fields, "evidence")
        read_only_fields = fields


class QuestionOutput(serializers.ModelSerializer):
    """A question with its positions, its latest verdict, which may be stale, and those of earlier rounds.

    Counts are of claims that stand under it, confirmed or suggested.
    """

    opened_by = serializers.CharField(source="opened_by.username", read_only=True)
    project = serializers.IntegerField(source="project_id", read_only=True, allow_null=True)
    merged_into = serializers.IntegerField(source="merged_into_id", read_only=True, allow_null=True)
    split_from = serializers.IntegerField(source="split_from_id", read_only=True, allow_null=True)
    claim_count = serializers.IntegerField(source="counts.claims", read_only=True, default=0)
    suggested_count = serializers.IntegerField(
        source="counts.suggested", read_only=True, default=0, help_text="Claims nobody has confirmed yet."
    )
    outlet_count = serializers.IntegerField(source="counts.outlets", read_only=True, default=0)
    origin_count = serializers.IntegerField(source="counts.origins", read_only=True, default=0)
    positions = PositionOutput(source="shown_positions", many=True, read_only=True)
    verdict = serializers.SerializerMethodField()
    earlier_verdicts = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields: tuple[str, ...] = (
            "id",
            "wording",
            "slot",
            "event",
            "state",
            "state_reason",
            "resolution",
            "is_evolving",
            "round",
            "version",
            "project",
            "assessments_asked",
            "assessments_required",
            "merged_into",
            "split_from",
            "proposed_by",
            "opened_by",
            "opened_at",
            "claim_count",
            "suggested_count",
            "outlet_count",
            "origin_count",
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


class QuestionDetailOutput(QuestionOutput):
    """A question as in the lists, and under each position the placements of its claims."""

    positions = PositionDetailOutput(source="shown_positions", many=True, read_only=True)
    basis = serializers.SerializerMethodField(
        help_text="What is judged, as one hash: wording, answers, confirmed claims and their marks;"
        " for the If-Match of an assessment."
    )

    class Meta(QuestionOutput.Meta):
        fields = (*QuestionOutput.Meta.fields, "basis")
        read_only_fields = fields

    def get_basis(self, question: Question) -> str:
        return basis_of(question)


class StepOutput(serializers.ModelSerializer):
    """One step that was taken on a question."""

    made_by = serializers.CharField(source="made_by.username", read_only=True)
    undone_by = serializers.CharField(source="undone_by.username", read_only=True, allow_null=True)
    may_be_undone = serializers.BooleanField(
        read_only=True, help_text="Whether nothing it wrote has changed since."
    )

    class Meta:
        model = Change
        fields = (
            "id",
            "action",
            "summary",
            "reason",
            "made_by",
            "made_at",
            "undone_by",
            "undone_at",
            "may_be_undone",
        )
        read_only_fields = fields
