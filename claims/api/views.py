"""Articles, claims, outlets, speakers and jobs over REST; what all endpoints do alike is in config/api.py."""

from typing import Any, cast

from django.contrib.auth.models import User
from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from claims import changes, operations
from claims.api.filters import ArticleFilter, ClaimFilter, JobFilter, OutletFilter, SpeakerFilter
from claims.api.schema import IDEMPOTENCY_KEY, PROBLEM_RESPONSE
from claims.api.serializers import (
    ArticleDetailOutput,
    ArticleInput,
    ArticleOutput,
    ClaimOutput,
    EngineRunsOutput,
    JobOutput,
    NoInput,
    OutletOutput,
    SpeakerOutput,
)
from claims.ingestion.readable import Given
from claims.models import Article, Claim, ClaimQuerySet, Job, Outlet, Revision, Scope, Speaker

MAX_KEY_CHARACTERS = 255


class ReadViewSet(ReadOnlyModelViewSet):
    """A list and its rows, newest first; steps are added by the viewsets."""

    lookup_value_converter = "int"
    keyset: tuple[str, ...] = ("-created_at", "-id")

    @property
    def asker(self) -> User:
        """Who asks; permissions have let nobody else through."""
        return cast(User, self.request.user)


class OutletViewSet(ReadViewSet):
    """Media that publish."""

    queryset = Outlet.objects.all()
    serializer_class = OutletOutput
    filterset_class = OutletFilter
    keyset = ("-id",)


class SpeakerViewSet(ReadViewSet):
    """Persons and bodies that assert claims."""

    queryset = Speaker.objects.all()
    serializer_class = SpeakerOutput
    filterset_class = SpeakerFilter
    keyset = ("-id",)


class ArticleViewSet(ReadViewSet):
    """Published items; a single one comes with its current text and all its revisions."""

    write_scope = Scope.INGEST

    queryset = Article.objects.select_related("outlet").defer("search")
    serializer_class = ArticleOutput
    filterset_class = ArticleFilter

    def get_queryset(self) -> QuerySet[Article]:
        articles = super().get_queryset()
        if self.action != "retrieve":
            return articles
        revisions = Revision.objects.defer("text").order_by("-number")
        return articles.select_related("current_revision").prefetch_related(Prefetch("revisions", revisions))

    def get_serializer_class(self) -> type[BaseSerializer]:
        return ArticleDetailOutput if self.action == "retrieve" else ArticleOutput

    @extend_schema(
        request=ArticleInput,
        responses={202: JobOutput, **PROBLEM_RESPONSE},
        parameters=[
            IDEMPOTENCY_KEY,
            OpenApiParameter(
                "Location", location=OpenApiParameter.HEADER, response=[202], description="The job's address."
            ),
        ],
    )
    def create(self, request: Request) -> Response:
        """Submit an article; a worker reads it, and the job tells how that went."""
        given = ArticleInput(data=request.data)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        url = fields.pop("url", "")
        job = operations.submit_article(
            document=_document(fields),
            url=url,
            given=Given(**fields),
            idempotency_key=idempotency_key(request),
            by=self.asker,
            now=timezone.now(),
        )
        return _accepted(job)

    @extend_schema(request=None, responses={202: JobOutput, **PROBLEM_RESPONSE})
    @action(detail=True, methods=["post"])
    def reextract(self, request: Request, pk: int) -> Response:
        """Have the engine read an article again; the answer is the job of its current text.

        Texts of it that the engine has read already stay as they are.
        """
        NoInput(data=request.data).is_valid(raise_exception=True)
        return _accepted(operations.reextract_article(article_id=self.get_object().pk, by=self.asker))

    @extend_schema(responses={200: EngineRunsOutput, **PROBLEM_RESPONSE})
    @action(detail=True, url_path="engine-runs", url_name="engine-runs")
    def engine_runs(self, request: Request, pk: int) -> Response:
        """Which engines read an article, and what became of its claims when the engine changed."""
        article = self.get_object()
        shown = {"runs": changes.runs_of(article), "changes": changes.with_rows(article)}
        return Response(EngineRunsOutput(shown).data)


class ClaimViewSet(ReadViewSet):
    """Assertions, each at its place in one revision of an article."""

    queryset = Claim.objects.select_related(
        "speaker", "engine_run", "held", "revision__article__outlet"
    ).defer("search", "revision__text", "revision__article__search")

    def get_queryset(self) -> QuerySet[Claim]:
        """Lists show the claims that stand; a single one can be read for ever."""
        claims = cast(ClaimQuerySet, super().get_queryset())
        return claims if self.action == "retrieve" else claims.standing()

    serializer_class = ClaimOutput
    filterset_class = ClaimFilter


class JobViewSet(ReadViewSet):
    """Ingestion work: its stage, and how it ended."""

    write_scope = Scope.INGEST

    queryset = Job.objects.select_related("requested_by")
    serializer_class = JobOutput
    filterset_class = JobFilter

    @extend_schema(request=None, responses={202: JobOutput, **PROBLEM_RESPONSE})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: int) -> Response:
        """Offer a failed or quarantined job to workers again."""
        NoInput(data=request.data).is_valid(raise_exception=True)
        job = operations.retry_job(job_id=self.get_object().pk, by=self.asker, now=timezone.now())
        return _accepted(job)


def _document(fields: dict[str, Any]) -> operations.Document:
    """Take the document out of `fields`, which has either text or html."""
    if "text" in fields:
        return operations.Document(raw=fields.pop("text").encode(), media_type="text/plain", charset="utf-8")
    return operations.Document(raw=fields.pop("html").encode(), media_type="text/html", charset="utf-8")


def idempotency_key(request: Request) -> str | None:
    """The key under which a request sent twice is one; None without. Raises ValidationError for a bad one."""
    key: str | None = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not (0 < len(key) <= MAX_KEY_CHARACTERS and key.isascii() and key.isprintable()):
        error = ErrorDetail(f"Give 1 to {MAX_KEY_CHARACTERS} printable ASCII characters.", code="invalid")
        raise ValidationError({"Idempotency-Key": [error]})
    return key


def _accepted(job: Job) -> Response:
    """202 with the job and where to look after it."""
    return Response(
        JobOutput(job).data,
        status=status.HTTP_202_ACCEPTED,
        headers={"Location": reverse("api:job-detail", args=[job.pk])},
    )
