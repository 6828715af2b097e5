"""What the OpenAPI description says beyond the serializers: problems, tokens, JSON columns."""

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers


class TokenScheme(KnoxTokenScheme):
    target_class = "claims.api.strict.TokenAuthentication"
    name = "token"


class ProblemField(serializers.Serializer):
    field = serializers.CharField(help_text='Path of the field or parameter; "" for the whole.')
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer):
    """An error as RFC 9457 has it."""

    type = serializers.CharField(help_text="Where this kind of problem is described.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What went wrong this time, for people.")
    code = serializers.CharField(help_text="The kind of problem, for programs.")
    errors = ProblemField(many=True, required=False)  # type: ignore[assignment]


PROBLEM_RESPONSE = {
    ("default", "application/problem+json"): OpenApiResponse(Problem, description="What went wrong."),
}


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="The same key and request again makes nothing new, and answers with what the first one made; "
    "another request with the same key answers 409.",
)


class DescribedWithProblems(AutoSchema):
    """Every read can also answer with a problem; a step says so with PROBLEM_RESPONSE."""

    def get_response_serializers(self) -> Any:
        return {200: super().get_response_serializers(), **PROBLEM_RESPONSE}
