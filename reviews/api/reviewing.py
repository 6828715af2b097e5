"""The review of a question over REST: assigned, drafted, assessed blind, adjudicated, opened again.

Until a question is decided no answer here differs by what others wrote or submitted: not in its ETag, its
order, its errors, nor in an id; see blinding.py.
"""

from http import HTTPStatus

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.schema import PROBLEM_RESPONSE
from claims.api.serializers import NoInput
from claims.api.views import ReadViewSet
from claims.models import Scope
from reviews import blinding, operations, policies
from reviews.api import assessing, assignments, inputs, reading, steps
from reviews.api.assessing import AssessmentOutput, DraftOutput
from reviews.api.assignments import AssignmentOutput
from reviews.api.contents import AdjudicationInput, ContentInput
from reviews.api.serializers import QuestionDetailOutput, VerdictDetailOutput
from reviews.models import AssessmentDraft, Project

_SAVES = OpenApiParameter(
    "ETag",
    location=OpenApiParameter.HEADER,
    response=[HTTPStatus.OK, HTTPStatus.NO_CONTENT],
    description="How often your draft was saved, for If-Match.",
)
_IF_DRAFT_MATCHES = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description='The ETag of your draft as you saw it, "0" before there is one, or * for any. '
    "A draft that was saved elsewhere meanwhile answers 409.",
)
_IF_BASIS_MATCHES = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    required=True,
    description="The `basis` of the question as you saw it, in quotes, or * for any. "
    "A question whose wording, answers, claims or marks changed meanwhile answers 409.",
)


class ReviewedQuestions(ReadViewSet):
    """The steps of a question's review, for the viewset of questions."""

    write_scope = Scope.REVIEW

    @extend_schema(
        methods=["GET"], responses={200: AssignmentOutput(many=True), **PROBLEM_RESPONSE}, filters=False
    )
    @extend_schema(
        methods=["POST"],
        request=inputs.AssignInput,
        responses={201: AssignmentOutput, **PROBLEM_RESPONSE},
        parameters=[steps.IF_MATCH],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def assignments(self, request: Request, pk: int) -> Response:
        """Who is, and was, to assess a question: all of them for who assigns, else your own.

        POST gives one of its assessments to a reviewer, which begins its review; repeated it changes nothing.
        """
        question = self.get_object()
        if request.method == "POST":
            given = steps.seen(request, inputs.AssignInput)
            policies.check_may_assign(self.asker)  # first, or the answer would tell whose names are taken
            given["reviewer"] = assignments.reviewer_named(given["reviewer"])
            assigned = operations.assign_question(question_id=question.pk, **given)
            return assignments.answer(assigned.pk, status=HTTPStatus.CREATED)
        rows = blinding.visible_assignments(self.asker).filter(question=question).order_by("-pk")
        shown = rows.select_related("question", "reviewer", "assigned_by", "ended_by")
        return Response(AssignmentOutput(shown, many=True).data)

    @steps.step(inputs.ReviewRulesInput)
    @action(detail=True, methods=["post"], url_path="review-rules", url_name="review-rules")
    def review_rules(self, request: Request, pk: int) -> Response:
        """Say of which project a question is, and how many assessments it needs from its next round on."""
        given = steps.seen(request, inputs.ReviewRulesInput)
        given["project"] = _project(given.pop("project_id"))
        operations.set_review_rules(question_id=self.get_object().pk, **given)
        return steps.answer(pk)

    @extend_schema(request=None, responses={201: AssignmentOutput, **PROBLEM_RESPONSE})
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: int) -> Response:
        """Take this question for review; taking what you hold already changes nothing."""
        taken = operations.take_question(question_id=self.get_object().pk, **steps.given(request, NoInput))
        return assignments.answer(taken.pk, status=HTTPStatus.CREATED)

    @extend_schema(
        methods=["GET"],
        responses={200: DraftOutput, 204: None, **PROBLEM_RESPONSE},
        parameters=[_SAVES],
        filters=False,
    )
    @extend_schema(
        methods=["PUT"],
        request=ContentInput,
        responses={200: DraftOutput, **PROBLEM_RESPONSE},
        parameters=[_IF_DRAFT_MATCHES, _SAVES],
    )
    @action(detail=True, methods=["get", "put"])
    def draft(self, request: Request, pk: int) -> Response:
        """What you have written of your assessment so far, 204 before you have; nobody else can read it.

        PUT keeps it, whole; anything may still be missing.
        """
        question = self.get_object()
        if request.method == "PUT":
            saves = inputs.if_draft_matches(request)
            given = steps.given(request, ContentInput)
            saved = operations.save_draft(question_id=question.pk, seen_saves=saves, **given)
            return _draft(saved)
        own = blinding.my_own(question, self.asker)
        if own is None:
            return Response(status=HTTPStatus.NO_CONTENT, headers={"ETag": '"0"'})
        return _draft(own)

    @extend_schema(
        methods=["GET"], responses={200: AssessmentOutput(many=True), **PROBLEM_RESPONSE}, filters=False
    )
    @extend_schema(
        methods=["POST"],
        request=ContentInput,
        responses={201: AssessmentOutput, **PROBLEM_RESPONSE},
        parameters=[_IF_BASIS_MATCHES],
    )
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def assessments(self, request: Request, pk: int) -> Response:
        """The assessments you may read: your own, once you submitted it; all of them once it is decided.

        Where they differ, who is to adjudicate reads them as far as the project shows them. POST submits and
        seals yours; the answer holds its receipt. The same again answers the same.
        """
        question = self.get_object()
        if request.method == "POST":
            basis = inputs.if_basis_matches(request)
            given = steps.given(request, ContentInput)
            sealed = operations.submit_assessment(question_id=question.pk, seen_basis=basis, **given)
            own = assessing.own_sealed(sealed, self.asker)
            return Response(AssessmentOutput(own).data, status=HTTPStatus.CREATED)
        return Response(AssessmentOutput(assessing.visible(question, self.asker), many=True).data)

    @extend_schema(request=None, responses={200: DraftOutput, **PROBLEM_RESPONSE}, parameters=[_SAVES])
    @action(detail=True, methods=["post"], url_path="assessments/reconsider", url_name="reconsider")
    def reconsider(self, request: Request, pk: int) -> Response:
        """Open your sealed assessment again, which you may when what you judged has changed since."""
        given = steps.given(request, NoInput)
        return _draft(operations.reconsider_assessment(question_id=self.get_object().pk, **given))

    @extend_schema(
        request=AdjudicationInput,
        responses={201: VerdictDetailOutput, **PROBLEM_RESPONSE},
        parameters=[_IF_BASIS_MATCHES],
    )
    @action(detail=True, methods=["post"])
    def adjudication(self, request: Request, pk: int) -> Response:
        """Decide a question whose assessments differ, as somebody who wrote none of them."""
        basis = inputs.if_basis_matches(request)
        given = steps.given(request, AdjudicationInput)
        verdict = operations.adjudicate_question(question_id=self.get_object().pk, seen_basis=basis, **given)
        shown = reading.verdicts().get(pk=verdict.pk)
        return Response(VerdictDetailOutput(shown).data, status=HTTPStatus.CREATED)

    @extend_schema(
        request=inputs.ReasonInput,
        responses={200: QuestionDetailOutput, **PROBLEM_RESPONSE},
        parameters=[steps.ETAG],
    )
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """Open a decided question for another round; its verdict becomes stale and stays readable."""
        operations.reopen_question(
            question_id=self.get_object().pk, **steps.given(request, inputs.ReasonInput)
        )
        return steps.answer(pk)

    @extend_schema(responses={200: VerdictDetailOutput(many=True), **PROBLEM_RESPONSE}, filters=False)
    @action(detail=True, pagination_class=None)
    def verdicts(self, request: Request, pk: int) -> Response:
        """What was decided in every round, the last one first, with the evidence; stale ones say why."""
        rows = reading.verdicts().filter(question=self.get_object()).order_by("-round")
        return Response(VerdictDetailOutput(rows, many=True).data)


def _draft(draft: AssessmentDraft) -> Response:
    return Response(DraftOutput(draft).data, headers={"ETag": f'"{draft.saves}"'})


def _project(project_id: int | None) -> Project | None:
    if project_id is None:
        return None
    found = Project.objects.filter(pk=project_id).first()
    if found is None:
        error = ErrorDetail(f"There is no project {project_id}.", code="does_not_exist")
        raise ValidationError({"project": [error]})
    return found
