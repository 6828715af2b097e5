"""Projects over REST: bodies of work with rules of review of their own."""

from http import HTTPStatus
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.urls import reverse
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.schema import IDEMPOTENCY_KEY, PROBLEM_RESPONSE
from claims.api.strict import StrictInput, StringField
from claims.api.views import ReadViewSet
from claims.models import Scope
from reviews import operations
from reviews.api import inputs, steps
from reviews.models import Project
from reviews.operations.projects import ProjectRules, rules_version

_NAME_CHARACTERS = 100
_ETAG = OpenApiParameter(
    "ETag",
    location=OpenApiParameter.HEADER,
    response=[HTTPStatus.OK, HTTPStatus.CREATED],
    description="The version of the project's rules, for If-Match.",
)
_IF_MATCH = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the project as you saw it, or * for any. One that changed since answers 409.",
)


class ProjectInput(StrictInput):
    """A project's rules, all of them; those that are left out are what they are without a project."""

    name = StringField(max_length=_NAME_CHARACTERS)
    assessments_required = serializers.IntegerField(min_value=1, max_value=3, default=2)
    adjudicator_sees = serializers.ChoiceField(
        Project.AdjudicatorSees.choices, default=Project.AdjudicatorSees.UNNAMED
    )
    lease_hours = serializers.IntegerField(min_value=1, max_value=24 * 60, default=72)
    uses_marks = serializers.BooleanField(default=True)
    reason = inputs.ReasonField(help_text="Why the rules are as they are.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"reason": attrs.pop("reason"), "rules": ProjectRules(**attrs)}


class ProjectOutput(serializers.ModelSerializer):
    created_by = serializers.CharField(source="created_by.username", read_only=True)

    class Meta:
        model = Project
        fields = (
            "id",
            "name",
            "assessments_required",
            "adjudicator_sees",
            "lease_hours",
            "uses_marks",
            "created_by",
            "created_at",
        )
        read_only_fields = fields


class ProjectFilter(FilterSet):
    name = django_filters.CharFilter(
        "name", "iexact", max_length=_NAME_CHARACTERS, help_text="The whole name; case does not count."
    )

    class Meta:
        model = Project
        fields: tuple[str, ...] = ()


class ProjectViewSet(ReadViewSet):
    """Bodies of work with rules of review of their own."""

    write_scope = Scope.REVIEW
    queryset = Project.objects.select_related("created_by")
    serializer_class = ProjectOutput
    filterset_class = ProjectFilter
    keyset = ("-id",)

    @extend_schema(responses={200: ProjectOutput, **PROBLEM_RESPONSE}, parameters=[_ETAG])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One project; its ETag is the version of its rules."""
        return _answer(self.get_object())

    @extend_schema(
        request=ProjectInput,
        responses={201: ProjectOutput, **PROBLEM_RESPONSE},
        parameters=[_ETAG, IDEMPOTENCY_KEY],
    )
    def create(self, request: Request) -> Response:
        """Begin a project; a name that is taken answers 409."""
        given = steps.given(request, ProjectInput)
        project_id = steps.once(request, lambda: operations.create_project(**given).pk)
        project = self.get_queryset().get(pk=project_id)
        headers = {"Location": reverse("api:project-detail", args=[project.pk])}
        return _answer(project, status=HTTPStatus.CREATED, headers=headers)

    @extend_schema(
        request=ProjectInput,
        responses={200: ProjectOutput, **PROBLEM_RESPONSE},
        parameters=[_IF_MATCH, _ETAG],
    )
    def update(self, request: Request, pk: int) -> Response:
        """Change a project's rules, all of them; a review that has begun keeps its number of assessments."""
        seen = inputs.if_rules_match(request)
        given = steps.given(request, ProjectInput)
        return _answer(operations.change_project(project_id=self.get_object().pk, seen=seen, **given))


def _answer(
    project: Project, *, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    etag = {"ETag": f'"{rules_version(project)}"'}
    return Response(ProjectOutput(project).data, status=status, headers={**etag, **(headers or {})})
