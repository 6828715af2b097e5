"""Questions over REST with every step on them, and claims with what reviewers made of them."""

from http import HTTPStatus
from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from claims.api.schema import PROBLEM_RESPONSE
from claims.api.serializers import NoInput
from claims.models import Scope
from reviews import changes, operations
from reviews.api import inputs, reading, steps
from reviews.api.discussion import DiscussedQuestions
from reviews.api.evidence import EvidencedQuestions
from reviews.api.exports import ExportedClaims
from reviews.api.filters import CONTESTED, PlacedClaimFilter, QuestionFilter
from reviews.api.reviewing import ReviewedQuestions
from reviews.api.serializers import (
    PlacementOutput,
    PositionOutput,
    QuestionDetailOutput,
    QuestionOutput,
    StepOutput,
    TracedOutput,
)
from reviews.models import Change, OriginClaim, Placement, Position, Question
from reviews.models.questions import MOST_CONTESTED

STEPS_SHOWN = 50


class PlacedClaimViewSet(ExportedClaims):
    """Assertions, each at its place in one revision of an article."""

    write_scope = Scope.REVIEW
    filterset_class = PlacedClaimFilter

    @extend_schema(
        methods=["GET"],
        responses={200: TracedOutput, 204: None, **PROBLEM_RESPONSE},
        parameters=[steps.ORIGIN_ETAG],
    )
    @extend_schema(
        methods=["POST"],
        request=inputs.OriginInput,
        responses={200: TracedOutput, **PROBLEM_RESPONSE},
        parameters=[steps.IF_ORIGIN_MATCHES, steps.ORIGIN_ETAG],
    )
    @extend_schema(
        methods=["DELETE"],
        request=None,
        responses={204: None, **PROBLEM_RESPONSE},
        parameters=[steps.IF_ORIGIN_MATCHES],
    )
    @action(detail=True, methods=["get", "post", "delete"])
    def origin(self, request: Request, pk: int) -> Response:
        """Where a claim comes from; 204 while it goes back to its own article, as far as is known.

        POST says it, and no machine changes that again; DELETE gives it back to the machine. The questions
        it stands under are counted anew; one that was decided on it is opened again.
        """
        claim_id = self.get_object().pk
        if request.method == "POST":
            operations.set_origin(**steps.traced(request, claim_id, inputs.OriginInput))
        elif request.method == "DELETE":
            operations.clear_origin(**steps.traced(request, claim_id, NoInput))
        headers = {"ETag": f'"{operations.origin_version(claim_id)}"'}
        member = OriginClaim.objects.select_related("origin", "set_by").filter(claim=claim_id).first()
        if member is None or request.method == "DELETE":
            return Response(status=HTTPStatus.NO_CONTENT, headers=headers)
        return Response(TracedOutput(member).data, headers=headers)


class QuestionViewSet(ReviewedQuestions, EvidencedQuestions, DiscussedQuestions):
    """Factual points, the positions that compete to answer them, and the verdicts."""

    queryset = Question.objects.all()
    filterset_class = QuestionFilter

    @property
    def keyset(self) -> tuple[str, ...]:  # type: ignore[override]  # asked of instances only
        is_contested = self.request.query_params.get("order") == CONTESTED
        return MOST_CONTESTED if is_contested else ("-opened_at", "-id")

    def get_queryset(self) -> QuerySet[Question]:
        """Two more queries for positions and verdicts, and one for placements, however many rows."""
        if self.action == "list":
            return reading.questions()
        return reading.questions_in_detail() if self.action == "retrieve" else super().get_queryset()

    def get_serializer_class(self) -> type[BaseSerializer]:
        return QuestionOutput if self.action == "list" else QuestionDetailOutput

    @extend_schema(
        responses={200: QuestionDetailOutput, 307: QuestionDetailOutput, **PROBLEM_RESPONSE},
        parameters=[
            OpenApiParameter(
                "ETag",
                location=OpenApiParameter.HEADER,
                response=[200],
                description="The question's version, for If-Match.",
            ),
            OpenApiParameter(
                "Location",
                location=OpenApiParameter.HEADER,
                response=[307],
                description="The question that a merged one leads to.",
            ),
        ],
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One question. A merged one answers 307 with the address of the one it leads to, and itself as body.

        The redirect is a temporary one, for a merger can be undone.
        """
        question = self.get_object()
        shown = QuestionDetailOutput(question).data
        now = operations.where_now(question)
        if now != question:
            status = HTTPStatus.TEMPORARY_REDIRECT
            return Response(shown, status=status, headers={"Location": steps.address(now.pk)})
        return Response(shown, headers={"ETag": steps.etag(question)})

    @steps.proposal(inputs.ProposalInput)
    def create(self, request: Request) -> Response:
        """Propose a question, which waits for somebody to open, merge or dismiss it."""
        given = steps.given(request, inputs.ProposalInput)
        return steps.created(request, lambda: operations.propose_question(**given).pk)

    @steps.step(None)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, pk: int) -> Response:
        """Find a proposed question worth asking."""
        operations.open_proposed(question_id=self.get_object().pk, **steps.seen(request, NoInput))
        return steps.answer(pk)

    @steps.step(inputs.ReasonInput)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: int) -> Response:
        """Say that a question is not worth asking, and why; no machine proposes it again."""
        operations.dismiss_question(
            question_id=self.get_object().pk, **steps.seen(request, inputs.ReasonInput)
        )
        return steps.answer(pk)

    @steps.step(inputs.RewordQuestionInput)
    @action(detail=True, methods=["post"])
    def reword(self, request: Request, pk: int) -> Response:
        """Ask the same in other words, or name its event better."""
        operations.reword_question(
            question_id=self.get_object().pk, **steps.seen(request, inputs.RewordQuestionInput)
        )
        return steps.answer(pk)

    @steps.step(inputs.MergeQuestionInput)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: int) -> Response:
        """Unite this question with one that asks the same; the answer is the one that stays.

        A claim that was decided on differently in both answers 409.
        """
        into = operations.merge_questions(
            question_id=self.get_object().pk, **steps.seen(request, inputs.MergeQuestionInput)
        )
        return steps.answer(into.pk)

    @steps.step(inputs.SplitQuestionInput, creates=True)
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: int) -> Response:
        """Make a question of its own of some of the positions; the answer is the new one."""
        seen = {"question_id": self.get_object().pk, **steps.seen(request, inputs.SplitQuestionInput)}
        return steps.created(request, lambda: operations.split_question(**seen).pk)

    @steps.step(inputs.AnswerInput)
    @action(detail=True, methods=["post"])
    def positions(self, request: Request, pk: int) -> Response:
        """Add an answer."""
        operations.add_position(question_id=self.get_object().pk, **steps.seen(request, inputs.AnswerInput))
        return steps.answer(pk)

    @steps.step(inputs.ConfirmInput)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: int) -> Response:
        """Confirm many suggested placements at once."""
        operations.confirm_placements(
            question_id=self.get_object().pk, **steps.seen(request, inputs.ConfirmInput)
        )
        return steps.answer(pk)

    @steps.step(inputs.RejectClaimInput)
    @action(detail=True, methods=["post"], url_path="reject-claim", url_name="reject-claim")
    def reject_claim(self, request: Request, pk: int) -> Response:
        """Say that a claim is not about this question, whatever the answer."""
        operations.reject_claim(
            question_id=self.get_object().pk, **steps.seen(request, inputs.RejectClaimInput)
        )
        return steps.answer(pk)

    @extend_schema(responses={200: StepOutput(many=True), **PROBLEM_RESPONSE}, filters=False)
    @action(detail=True, pagination_class=None)
    def changes(self, request: Request, pk: int) -> Response:
        """The last 50 steps taken on a question, the latest first."""
        latest = list(changes.latest(self.get_object())[:STEPS_SHOWN])
        undoable = changes.undoable(latest)
        for change in latest:
            change.may_be_undone = change.pk in undoable  # type: ignore[attr-defined]  # for the output
        return Response(StepOutput(latest, many=True).data)

    @steps.step(None)
    @action(
        detail=True,
        methods=["post"],
        url_path="changes/<int:change_id>/undo",
        url_name="undo",
    )
    def undo(self, request: Request, pk: int, change_id: int) -> Response:
        """Take a step back while nothing it wrote has changed: one's own, or, as a lead, anybody's."""
        change = get_object_or_404(Change, pk=change_id, question=self.get_object())
        operations.undo_change(change_id=change.pk, **steps.seen(request, NoInput))
        return steps.answer(pk)


class StepsViewSet(GenericViewSet):
    """Steps on rows that are read with their question, and answer with it."""

    write_scope = Scope.REVIEW

    lookup_value_converter = "int"


class PositionViewSet(StepsViewSet):
    """Answers to a question."""

    queryset = Position.objects.all()
    serializer_class = PositionOutput

    def _question_id(self) -> int:
        return cast(Position, self.get_object()).question_id

    @steps.step(inputs.AnswerInput)
    @action(detail=True, methods=["post"])
    def reword(self, request: Request, pk: int) -> Response:
        """Word an answer differently; what stands under it stays."""
        question_id = self._question_id()
        operations.reword_position(position_id=pk, **steps.seen(request, inputs.AnswerInput))
        return steps.answer(question_id)

    @steps.step(inputs.MergePositionInput)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: int) -> Response:
        """Unite an answer with one that says the same; its claims move there."""
        question_id = self._question_id()
        operations.merge_positions(position_id=pk, **steps.seen(request, inputs.MergePositionInput))
        return steps.answer(question_id)

    @steps.step(inputs.SplitPositionInput)
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: int) -> Response:
        """Make a position of its own for some of the claims that stand under one."""
        question_id = self._question_id()
        operations.split_position(position_id=pk, **steps.seen(request, inputs.SplitPositionInput))
        return steps.answer(question_id)

    @steps.step(None)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        """Take away an answer that nothing hangs on."""
        question_id = self._question_id()
        operations.remove_position(position_id=pk, **steps.seen(request, NoInput))
        return steps.answer(question_id)

    @steps.step(inputs.CompatibleInput)
    @action(detail=True, methods=["post"])
    def compatible(self, request: Request, pk: int) -> Response:
        """Say that two positions can both be true."""
        question_id = self._question_id()
        operations.say_compatible(first_id=pk, **steps.seen(request, inputs.CompatibleInput))
        return steps.answer(question_id)

    @steps.step(inputs.CompetingInput)
    @action(detail=True, methods=["post"])
    def competing(self, request: Request, pk: int) -> Response:
        """Say that two positions cannot both be true, after they were said to be compatible."""
        question_id = self._question_id()
        operations.say_competing(first_id=pk, **steps.seen(request, inputs.CompetingInput))
        return steps.answer(question_id)


class PlacementViewSet(StepsViewSet):
    """Claims under positions."""

    queryset = Placement.objects.all()
    serializer_class = PlacementOutput

    @steps.step(inputs.PlaceInput)
    def create(self, request: Request) -> Response:
        """Place a claim under a position, or move it there from another of the same question.

        A proposed question is open from then on. Placing a claim where it stands already changes nothing.
        """
        placement = operations.place_claim(**steps.seen(request, inputs.PlaceInput))
        return steps.answer(placement.question_id)

    @steps.step(None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: int) -> Response:
        """Confirm a claim where a machine suggests it."""
        placement = cast(Placement, self.get_object())
        operations.confirm_placements(placement_ids=[pk], **steps.seen(request, NoInput))
        return steps.answer(placement.question_id)

    @steps.step(inputs.OptionalReasonInput)
    @action(detail=True, methods=["post"])
    def reject(self, request: Request, pk: int) -> Response:
        """Take a claim out from under a position; what a person confirmed needs a reason for that."""
        placement = cast(Placement, self.get_object())
        operations.reject_placement(placement_id=pk, **steps.seen(request, inputs.OptionalReasonInput))
        return steps.answer(placement.question_id)
