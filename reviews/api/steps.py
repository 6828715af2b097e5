"""What every step over REST does alike: which version was seen, and the question as it is afterwards."""

import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from claims.api.schema import IDEMPOTENCY_KEY, PROBLEM_RESPONSE
from claims.api.views import idempotency_key
from reviews import operations
from reviews.api import reading
from reviews.api.inputs import if_match, if_origin_matches
from reviews.api.serializers import QuestionDetailOutput
from reviews.errors import Conflict
from reviews.models import Question
from reviews.operations.keyed import TAKEN_BACK, Made

ETAG = OpenApiParameter(
    "ETag",
    location=OpenApiParameter.HEADER,
    response=[HTTPStatus.OK, HTTPStatus.CREATED],
    description="The question's version, for If-Match.",
)
_LOCATION = OpenApiParameter(
    "Location",
    location=OpenApiParameter.HEADER,
    response=[HTTPStatus.CREATED],
    description="The question's address.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the question as you saw it, such as "7", or * for any version. '
    "A question that changed meanwhile answers 409.",
)

ORIGIN_ETAG = OpenApiParameter(
    "ETag",
    location=OpenApiParameter.HEADER,
    response=[HTTPStatus.OK],
    description="The version of where the claim comes from, for If-Match.",
)
IF_ORIGIN_MATCHES = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the claim's origin as you saw it, or * for any version. "
    "A claim that was traced otherwise meanwhile answers 409.",
)


def step(takes: type[Serializer] | None, *, creates: bool = False) -> Callable[..., Any]:
    """Describe a step on a question that was seen: what it takes, and that it answers with the question."""
    status = HTTPStatus.CREATED if creates else HTTPStatus.OK
    parameters = [IF_MATCH, ETAG, *([_LOCATION, IDEMPOTENCY_KEY] if creates else [])]
    return extend_schema(
        request=takes,
        responses={status: QuestionDetailOutput, **PROBLEM_RESPONSE},
        parameters=parameters,
    )


def proposal(takes: type[Serializer]) -> Callable[..., Any]:
    """Describe the step that makes a question of nothing, which has no version to be seen."""
    return extend_schema(
        request=takes,
        responses={HTTPStatus.CREATED: QuestionDetailOutput, **PROBLEM_RESPONSE},
        parameters=[ETAG, _LOCATION, IDEMPOTENCY_KEY],
    )


def given(request: Request, takes: type[Serializer]) -> dict[str, Any]:
    """What the body says, by the names of an operation, with who asks and when."""
    body = takes(data=request.data)
    body.is_valid(raise_exception=True)
    return {**body.validated_data, "by": request.user, "now": timezone.now()}


def seen(request: Request, takes: type[Serializer]) -> dict[str, Any]:
    """The same, with the version that was seen."""
    version = if_match(request)
    return {**given(request, takes), "seen_version": version}


def traced(request: Request, claim_id: int, takes: type[Serializer]) -> dict[str, Any]:
    """The same of a step on where a claim comes from, with what was seen of that."""
    version = if_origin_matches(request)
    seen_origins = None if version is None else {claim_id: version}
    return {**given(request, takes), "claim_ids": [claim_id], "seen_origins": seen_origins}


def once(request: Request, make: Callable[[], Made]) -> Made:
    """The id of what the step makes, or made when it came with the same Idempotency-Key before."""
    asked = json.dumps([request.path, request.data], sort_keys=True)
    return operations.once(
        make,
        key=idempotency_key(request),
        request_sha256=hashlib.sha256(asked.encode()).hexdigest(),
        by=cast(User, request.user),
        now=timezone.now(),
    )


def created(request: Request, make: Callable[[], int]) -> Response:
    """The question that the step makes once, as it is now. Raises Conflict where it was taken back since."""
    try:
        return answer(once(request, make), status=HTTPStatus.CREATED)
    except Question.DoesNotExist as gone:
        raise Conflict(TAKEN_BACK) from gone


def answer(question_id: int, *, status: int = HTTPStatus.OK) -> Response:
    """The question as it is now; its version is its ETag. A created one says where it is."""
    question = reading.questions_in_detail().get(pk=question_id)
    headers = {"ETag": etag(question)}
    if status == HTTPStatus.CREATED:
        headers["Location"] = address(question_id)
    return Response(QuestionDetailOutput(question).data, status=status, headers=headers)


def etag(question: Question) -> str:
    return f'"{question.version}"'


def address(question_id: int) -> str:
    return reverse("api:question-detail", args=[question_id])
