"""Assessments as they go out: one's own sealed one, what an adjudicator may see, and all that were opened."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reviews import blinding
from reviews.api.contents import ContentOutput, content_of, shown
from reviews.assessing import AssessmentContent
from reviews.models import Assessment, AssessmentDraft, Question


class DraftOutput(serializers.ModelSerializer):
    """What you have written so far; nobody else can read it, nor learn that it is there."""

    content = serializers.SerializerMethodField()

    class Meta:
        model = AssessmentDraft
        fields = ("content", "saves", "saved_at", "submitted_at")
        read_only_fields = fields

    @extend_schema_field(ContentOutput)
    def get_content(self, draft: AssessmentDraft) -> Mapping[str, Any]:
        return ContentOutput(shown(AssessmentContent.from_json(draft.content))).data


class AssessmentOutput(serializers.Serializer):
    """One reviewer's judgement. What is not shown to an adjudicator is null until the question is decided."""

    round = serializers.IntegerField()
    reviewer = serializers.CharField(allow_null=True)
    content = ContentOutput(allow_null=True)
    question_version = serializers.IntegerField(allow_null=True, help_text="that was judged")
    basis = serializers.CharField(
        allow_null=True, help_text="of the question when it was judged; another one now means that it changed"
    )
    submitted_at = serializers.DateTimeField(allow_null=True)
    salt = serializers.CharField(allow_null=True)
    digest = serializers.CharField(
        allow_null=True, help_text="The receipt: SHA-256, in hex, of the salt and the content as it is kept."
    )


def own_sealed(draft: AssessmentDraft, by: User) -> dict[str, Any]:
    """A reviewer's own submitted draft, for AssessmentOutput; the same whatever others did."""
    return {
        "round": draft.assignment.round,
        "reviewer": by.get_username(),
        "content": shown(AssessmentContent.from_json(draft.content)),
        "question_version": draft.question_version,
        "basis": draft.basis,
        "submitted_at": draft.submitted_at,
        "salt": draft.salt,
        "digest": draft.digest,
    }


def visible(question: Question, user: User) -> Iterator[dict[str, Any]]:
    """What this person may read of a question's assessments, the last round first, for AssessmentOutput.

    While a round is blind that is their own, once it is submitted. Who is to adjudicate sees the sealed ones.
    """
    if question.state != Question.State.DECIDED:
        own = blinding.my_own(question, user)
        if own is not None and own.submitted_at is not None:
            yield own_sealed(own, user)
    for sealed in blinding.visible_drafts(question, user):
        yield {
            **dict.fromkeys(("question_version", "basis", "submitted_at", "salt", "digest")),
            "round": question.round,
            "reviewer": sealed.reviewer and sealed.reviewer.get_username(),
            "content": sealed.content and shown(sealed.content),
        }
    opened = blinding.visible_assessments(user).filter(question=question).select_related("reviewer")
    for assessment in opened.prefetch_related("positions", "evidence").order_by(
        "-round", "reviewer__username"
    ):
        yield _opened(assessment)


def _opened(assessment: Assessment) -> dict[str, Any]:
    return {
        "round": assessment.round,
        "reviewer": assessment.reviewer.get_username(),
        "content": shown(content_of(assessment)),
        "question_version": assessment.question_version,
        "basis": assessment.basis,
        "submitted_at": assessment.submitted_at,
        "salt": assessment.salt,
        "digest": assessment.digest,
    }
