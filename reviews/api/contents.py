"""What an assessment says, as JSON: the same shape for drafts, assessments and adjudications, in and out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from claims.api.strict import StrictInput, StringField
from reviews.api.inputs import IdField
from reviews.assessing import (
    MOST_EVIDENCE,
    NOTE_CHARACTERS,
    POSITION_RATIONALE_CHARACTERS,
    RATIONALE_CHARACTERS,
    AssessmentContent,
    EvidenceItem,
    PositionJudgement,
)
from reviews.models import Assessment, Confidence, Evidence, Judgement

_MOST_POSITIONS = 500
_LINK_CHARACTERS = 2000
_NOT_YET: dict[str, Any] = {"allow_blank": True, "required": False, "default": ""}


def _text(characters: int) -> StringField:
    return StringField(
        max_length=characters, trim_whitespace=False, allow_blank=True, required=False, default=""
    )


class PositionJudgementInput(StrictInput):
    position = IdField(source="position_id", help_text="Id of the position that is judged.")
    judgement = serializers.ChoiceField(Judgement.choices, **_NOT_YET)
    confidence = serializers.ChoiceField(Confidence.choices, **_NOT_YET)
    rationale = _text(POSITION_RATIONALE_CHARACTERS)


class EvidenceInput(StrictInput):
    """A claim, a link or a file, of which one is given."""

    claim = IdField(source="claim_id", required=False, allow_null=True, default=None)
    url = StringField(
        max_length=_LINK_CHARACTERS, allow_blank=True, required=False, default="", help_text="http or https."
    )
    file = serializers.RegexField(
        "^[0-9a-f]{64}$",
        source="file_sha256",
        allow_blank=True,
        required=False,
        default="",
        help_text="SHA-256, in hex, of a file that you uploaded, or that you may read with this question.",
    )
    note = _text(NOTE_CHARACTERS)
    position = IdField(
        source="position_id",
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the position it speaks to; null for the question as a whole.",
    )


class ContentInput(StrictInput):
    """What is judged so far. To submit it, judge each position and the question, and say why."""

    judgement = serializers.ChoiceField(
        Judgement.choices, help_text="Of the question as a whole.", **_NOT_YET
    )
    confidence = serializers.ChoiceField(Confidence.choices, **_NOT_YET)
    rationale = _text(RATIONALE_CHARACTERS)
    positions = PositionJudgementInput(many=True, required=False, default=list, max_length=_MOST_POSITIONS)  # type: ignore[call-arg]
    evidence = EvidenceInput(many=True, required=False, default=list, max_length=MOST_EVIDENCE)  # type: ignore[call-arg]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """As `content`, for the operations."""
        positions = attrs.pop("positions")
        evidence = tuple(EvidenceItem(**item) for item in attrs.pop("evidence"))
        repeated = [
            pk for pk, times in Counter(said["position_id"] for said in positions).items() if times > 1
        ]
        if repeated:
            error = ErrorDetail(f"Position {min(repeated)} is judged more than once.", code="repeated")
            raise ValidationError({"positions": [error]})
        said = {each.pop("position_id"): PositionJudgement(**each) for each in positions}
        words = {name: attrs.pop(name) for name in ("judgement", "confidence", "rationale")}
        return {**attrs, "content": AssessmentContent(**words, positions=said, evidence=evidence)}


class AdjudicationInput(ContentInput):
    as_of = serializers.DateTimeField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Evidence known at this time was judged; now without it.",
    )


class JudgedOutput(serializers.Serializer):
    position = serializers.IntegerField()
    judgement = serializers.ChoiceField(Judgement.choices, allow_blank=True)
    confidence = serializers.ChoiceField(Confidence.choices, allow_blank=True)
    rationale = serializers.CharField(allow_blank=True)


class EvidenceOutput(serializers.Serializer):
    """A claim, a link or a file, of which one is given."""

    claim = serializers.IntegerField(source="claim_id", allow_null=True)
    url = serializers.CharField(allow_blank=True)
    file = serializers.CharField(source="file_sha256", allow_blank=True, help_text="SHA-256 in hex.")
    note = serializers.CharField(allow_blank=True)
    position = serializers.IntegerField(source="position_id", allow_null=True)


class ContentOutput(serializers.Serializer):
    judgement = serializers.ChoiceField(Judgement.choices, allow_blank=True)
    confidence = serializers.ChoiceField(Confidence.choices, allow_blank=True)
    rationale = serializers.CharField(allow_blank=True)
    positions = JudgedOutput(many=True)
    evidence = EvidenceOutput(many=True)


def shown(content: AssessmentContent) -> Mapping[str, Any]:
    """The content for ContentOutput, its positions in the order of their ids."""
    return {
        "judgement": content.judgement,
        "confidence": content.confidence,
        "rationale": content.rationale,
        "positions": [
            {
                "position": pk,
                "judgement": said.judgement,
                "confidence": said.confidence,
                "rationale": said.rationale,
            }
            for pk, said in sorted(content.positions.items())
        ],
        "evidence": content.evidence,
    }


def content_of(assessment: Assessment) -> AssessmentContent:
    """What an opened assessment says; its positions and evidence are prefetched."""
    return AssessmentContent(
        judgement=assessment.judgement,
        confidence=assessment.confidence,
        rationale=assessment.rationale,
        positions={
            each.position_id: PositionJudgement(each.judgement, each.confidence, each.rationale)
            for each in assessment.positions.all()
        },
        evidence=tuple(_item(row) for row in _in_order(assessment.evidence.all())),
    )


def _in_order(evidence: Iterable[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda row: row.pk)


def _item(row: Evidence) -> EvidenceItem:
    return EvidenceItem(row.claim_id, row.url, row.file_sha256, row.note, row.position_id)
