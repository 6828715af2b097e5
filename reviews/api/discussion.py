"""The discussion of a question, and one's own notices, over REST.

What is written while a question is judged blind is seen by its author alone until the decision: no number,
no order and no id here tells others that it is there; see reviews/discussion/.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar, cast

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters.rest_framework import FilterSet  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from claims.api.filters import YesNoFilter
from claims.api.schema import IDEMPOTENCY_KEY, PROBLEM_RESPONSE
from claims.api.serializers import NoInput
from claims.api.strict import StrictInput, StringField
from claims.api.views import ReadViewSet, idempotency_key
from claims.models import Scope
from reviews import discussion, notices, operations, policies
from reviews.api import steps
from reviews.discussion.comment_text import MAX_CHARACTERS
from reviews.models import Comment, Notification, NotificationSettings, Question

_MAX_MARKED = 100


class CommentOutput(serializers.ModelSerializer):
    """A remark on a question; who withdrew one leaves its place, and no text."""

    question = serializers.IntegerField(source="question_id", read_only=True)
    reply_to = serializers.UUIDField(source="reply_to_id", read_only=True, allow_null=True)
    written_by = serializers.CharField(source="written_by.username", read_only=True)
    text = serializers.SerializerMethodField(help_text="Plain text; null once it is withdrawn.")
    mentions = serializers.SerializerMethodField(help_text="User names of those it mentions.")
    is_waiting = serializers.BooleanField(
        read_only=True, help_text="Whether you alone see it until the question is decided."
    )

    class Meta:
        model = Comment
        fields = (
            "id",
            "question",
            "round",
            "reply_to",
            "text",
            "mentions",
            "written_by",
            "written_at",
            "withdrawn_at",
            "is_waiting",
        )
        read_only_fields = fields

    def get_text(self, comment: Comment) -> str | None:
        return None if comment.withdrawn_at else comment.text

    def get_mentions(self, comment: Comment) -> list[str]:
        if comment.withdrawn_at:
            return []
        return [mention.person.get_username() for mention in comment.mentions.all()]


class CommentInput(StrictInput):
    text = StringField(
        max_length=MAX_CHARACTERS, help_text='Plain text; "@name" mentions who has that user name.'
    )
    reply_to = serializers.UUIDField(
        source="reply_to_id", required=False, allow_null=True, default=None, help_text="What it answers."
    )


@dataclass(frozen=True)
class _Listing:
    """What pages and filters ask of a view, for a list that is not that of its view."""

    keyset: tuple[str, ...]


class DiscussedQuestions(ReadViewSet):
    """What is said about a question, for the viewset of questions."""

    @extend_schema(
        methods=["GET"], responses={200: CommentOutput(many=True), **PROBLEM_RESPONSE}, filters=False
    )
    @extend_schema(
        methods=["POST"],
        request=CommentInput,
        responses={201: CommentOutput, **PROBLEM_RESPONSE},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["get", "post"])
    def comments(self, request: Request, pk: int) -> Response:
        """What was said about a question, the oldest first; POST says something.

        While the question is judged blind you see of what is written then only your own.
        """
        question = get_object_or_404(Question, pk=pk)
        policies.check_may_read_comments(self.asker)
        if request.method == "POST":
            key = idempotency_key(request) or ""
            given = steps.given(request, CommentInput)
            written = operations.write_comment(question_id=question.pk, key=key, **given)
            return _answer(written, self.asker, status=HTTPStatus.CREATED)
        visible = discussion.for_display(discussion.visible_comments(question, self.asker))
        listing = cast(APIView, _Listing(keyset=("written_at", "id")))
        for backend in self.filter_backends:
            visible = backend().filter_queryset(request, visible, listing)
        paginator = cast(BasePagination, self.paginator)
        page = paginator.paginate_queryset(visible, request, listing)
        return paginator.get_paginated_response(CommentOutput(page, many=True).data)


class CommentViewSet(GenericViewSet):
    """Comments on questions; they are read with their question."""

    queryset = Comment.objects.all()
    serializer_class = CommentOutput
    write_scope = Scope.REVIEW
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Comment]:
        return discussion.seen_by(cast(User, self.request.user))

    @extend_schema(request=None, responses={200: CommentOutput, **PROBLEM_RESPONSE})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: Any) -> Response:
        """Take back what you said. It stays in its place, without its text."""
        given = steps.given(request, NoInput)
        withdrawn = operations.withdraw_comment(comment_id=self.get_object().pk, **given)
        return _answer(withdrawn, given["by"])


class NotificationOutput(serializers.ModelSerializer):
    """Something you should know of."""

    question = serializers.IntegerField(source="question_id", read_only=True)
    comment = serializers.UUIDField(source="comment_id", read_only=True, allow_null=True)

    class Meta:
        model = Notification
        fields = ("id", "kind", "question", "comment", "text", "at", "read_at")
        read_only_fields = fields


class NotificationFilter(FilterSet):
    unread = YesNoFilter(
        field_name="read_at", lookup_expr="isnull", help_text="Those you have not read, or those you have."
    )

    class Meta:
        model = Notification
        fields: tuple[str, ...] = ()


class ReadInput(StrictInput):
    """Either some notices by their ids, or all."""

    ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, min_length=1, max_length=_MAX_MARKED
    )
    all = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["all"] == ("ids" in attrs):
            raise serializers.ValidationError("Give either ids, or all as true.")
        return attrs


class ReadOutput(serializers.Serializer):
    read = serializers.IntegerField(help_text="How many were unread before.")


class NotificationSettingsOutput(serializers.ModelSerializer):
    muted = serializers.ListField(
        child=serializers.ChoiceField(Notification.Kind.choices),
        read_only=True,
        help_text="Kinds you are not told of at all.",
    )

    class Meta:
        model = NotificationSettings
        fields = ("muted", "digest")
        read_only_fields = fields


class NotificationSettingsInput(StrictInput):
    muted = serializers.ListField(
        child=serializers.ChoiceField(Notification.Kind.choices), max_length=len(Notification.Kind)
    )
    digest = serializers.ChoiceField(
        NotificationSettings.Digest.choices, help_text="How often what is unread is sent by e-mail."
    )


class NotificationViewSet(mixins.ListModelMixin, GenericViewSet):
    """What you were told, the newest first; nobody sees what others were."""

    queryset = Notification.objects.all()
    serializer_class = NotificationOutput
    filterset_class = NotificationFilter
    write_scope = Scope.REVIEW
    keyset: ClassVar[tuple[str, ...]] = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Notification]:
        return notices.inbox(cast(User, self.request.user))

    @extend_schema(request=ReadInput, responses={200: ReadOutput, **PROBLEM_RESPONSE})
    @action(detail=False, methods=["post"])
    def read(self, request: Request) -> Response:
        """Mark notices as read; the answer says how many were not."""
        given = steps.given(request, ReadInput)
        ids, everything = given.pop("ids", ()), given.pop("all")
        if everything:
            count = operations.mark_all_read(**given)
        else:
            count = operations.mark_read(notification_ids=ids, **given)
        return Response({"read": count})

    @extend_schema(
        methods=["GET"], responses={200: NotificationSettingsOutput, **PROBLEM_RESPONSE}, filters=False
    )
    @extend_schema(
        methods=["PUT"],
        request=NotificationSettingsInput,
        responses={200: NotificationSettingsOutput, **PROBLEM_RESPONSE},
    )
    @action(detail=False, methods=["get", "put"], pagination_class=None, url_path="settings")
    def chosen(self, request: Request) -> Response:
        """What you are told of, and how often by e-mail; PUT changes both."""
        by = cast(User, request.user)
        if request.method == "PUT":
            given = NotificationSettingsInput(data=request.data)
            given.is_valid(raise_exception=True)
            chosen = operations.change_notification_settings(**given.validated_data, by=by)
        else:
            chosen = NotificationSettings.objects.filter(person=by).first() or NotificationSettings()
        return Response(NotificationSettingsOutput(chosen).data)


def _answer(comment: Comment, asker: User, *, status: int = HTTPStatus.OK) -> Response:
    """The comment as this person sees it now."""
    shown = discussion.for_display(discussion.seen_by(asker)).get(pk=comment.pk)
    return Response(CommentOutput(shown).data, status=status)
