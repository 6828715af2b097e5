"""Who reviews what, over REST: assignments as a lead sees them, and the queue of who asks."""

from datetime import datetime
from http import HTTPStatus

import django_filters  # type: ignore[import-untyped]
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.filters import IdFilter, YesNoFilter
from claims.api.schema import IDEMPOTENCY_KEY, PROBLEM_RESPONSE
from claims.api.serializers import NoInput
from claims.api.views import ReadViewSet
from claims.models import Scope
from reviews import blinding, operations, policies
from reviews.api import inputs, steps
from reviews.models import AssessmentDraft, Assignment, Question

NOT_BEGUN, BEGUN, SUBMITTED = "not_begun", "begun", "submitted"


class AssignmentOutput(serializers.ModelSerializer):
    """That somebody is to assess a question; it does not tell whether they did."""

    question = serializers.IntegerField(source="question_id", read_only=True)
    wording = serializers.CharField(source="question.wording", read_only=True)
    reviewer = serializers.CharField(source="reviewer.username", read_only=True)
    assigned_by = serializers.CharField(source="assigned_by.username", read_only=True)
    ended_by = serializers.SerializerMethodField(
        help_text="Who gave it back or withdrew it; null where the round was over."
    )

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = (
            "id",
            "question",
            "wording",
            "round",
            "reviewer",
            "assigned_by",
            "assigned_at",
            "lease_until",
            "ended_at",
            "ended_by",
            "ending",
        )
        read_only_fields = fields

    def get_ended_by(self, assignment: Assignment) -> str | None:
        """Not of a round that is over, where it would name whose assessment was the last."""
        if assignment.ended_by is None or assignment.ending == Assignment.Ending.CLOSED:
            return None
        return assignment.ended_by.get_username()


class QueuedOutput(AssignmentOutput):
    """One's own assignment, with what only its holder knows."""

    work = serializers.SerializerMethodField()
    held_until = serializers.SerializerMethodField()

    class Meta(AssignmentOutput.Meta):
        fields = (*AssignmentOutput.Meta.fields, "work", "held_until")
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField((NOT_BEGUN, BEGUN, SUBMITTED)))
    def get_work(self, assignment: Assignment) -> str:
        draft = _draft(assignment)
        if draft is None:
            return NOT_BEGUN
        return BEGUN if draft.submitted_at is None else SUBMITTED

    @extend_schema_field(
        {
            "type": ["string", "null"],
            "format": "date-time",
            "description": "When it goes back unless it is worked on; null once it is submitted.",
        }
    )
    def get_held_until(self, assignment: Assignment) -> datetime | None:
        return None if self.get_work(assignment) == SUBMITTED else assignment.held_until


def _draft(assignment: Assignment) -> AssessmentDraft | None:
    return getattr(assignment, "draft", None)


class AssignmentFilter(FilterSet):
    question = IdFilter(help_text="Id of the question.")
    project = IdFilter("question__project", help_text="Id of the question's project.")
    reviewer = django_filters.CharFilter(
        "reviewer__username", max_length=150, help_text="Name of the user who is to assess it."
    )
    is_active = YesNoFilter(
        field_name="ended_at", lookup_expr="isnull", help_text="true: held now; false: ended."
    )

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()


class AssignmentViewSet(ReadViewSet):
    """Who is to assess what. Who assigns sees all of them, everybody else their own."""

    write_scope = Scope.REVIEW
    queryset = Assignment.objects.all()
    about = Question
    serializer_class = AssignmentOutput
    filterset_class = AssignmentFilter
    keyset = ("-id",)

    def get_queryset(self) -> QuerySet[Assignment]:
        return _with_what_is_shown(blinding.visible_assignments(self.asker))

    @extend_schema(request=None, responses={200: AssignmentOutput, **PROBLEM_RESPONSE})
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: int) -> Response:
        """Give back what you hold; what you wrote is put away. What you submitted cannot be given back."""
        operations.release_assignment(assignment_id=self.get_object().pk, **steps.given(request, NoInput))
        return answer(pk)

    @extend_schema(request=inputs.ReasonInput, responses={200: AssignmentOutput, **PROBLEM_RESPONSE})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take an assignment away as a lead; what its holder wrote, submitted or not, no longer counts."""
        given = steps.given(request, inputs.ReasonInput)
        operations.withdraw_assignment(assignment_id=self.get_object().pk, **given)
        return answer(pk)

    @extend_schema(request=inputs.ReassignInput, responses={201: AssignmentOutput, **PROBLEM_RESPONSE})
    @action(detail=True, methods=["post"])
    def reassign(self, request: Request, pk: int) -> Response:
        """Withdraw an assignment and give it to somebody else at once; the answer is theirs."""
        given = steps.given(request, inputs.ReassignInput)
        policies.check_may_assign(self.asker)  # first, or the answer would tell whose names are taken
        given["reviewer"] = reviewer_named(given["reviewer"])
        assigned = operations.reassign_question(assignment_id=self.get_object().pk, **given)
        return answer(assigned.pk, status=HTTPStatus.CREATED)


class QueueViewSet(ReadViewSet):
    """What you are to assess."""

    route_name = "queue"
    write_scope = Scope.REVIEW
    queryset = Assignment.objects.all()
    about = Question
    serializer_class = QueuedOutput
    keyset = ("-id",)

    def get_queryset(self) -> QuerySet[Assignment]:
        own = Assignment.objects.active().with_held_until().filter(reviewer=self.asker)
        return _with_what_is_shown(own).select_related("draft")

    @extend_schema(
        request=inputs.TakeNextInput,
        responses={201: AssignmentOutput, 204: None, **PROBLEM_RESPONSE},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=False, methods=["post"])
    def next(self, request: Request) -> Response:
        """Take the question that has waited longest; 204 when none is left for you.

        Sent twice without a key it takes two. Whoever missed the answer finds what they took in the queue.
        """
        given = steps.given(request, inputs.TakeNextInput)

        def take() -> int | None:
            taken = operations.take_next(**given)
            return None if taken is None else taken.pk

        taken_id = steps.once(request, take)
        if taken_id is None:
            return Response(status=HTTPStatus.NO_CONTENT)
        return answer(taken_id, status=HTTPStatus.CREATED)


def answer(assignment_id: int, *, status: int = HTTPStatus.OK) -> Response:
    """The assignment as it is now."""
    assignment = _with_what_is_shown(Assignment.objects.all()).get(pk=assignment_id)
    return Response(AssignmentOutput(assignment).data, status=status)


def reviewer_named(name: str) -> User:
    found = User.objects.filter(username=name).first()
    if found is None:
        error = ErrorDetail(f"There is no user “{name}”.", code="does_not_exist")
        raise ValidationError({"reviewer": [error]})
    return found


def _with_what_is_shown(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return assignments.select_related("question", "reviewer", "assigned_by", "ended_by")
