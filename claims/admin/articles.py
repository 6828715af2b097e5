"""Articles: the list, the form to submit one, and the page that shows one with its claims."""

import zlib
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from claims import changes, operations, policies
from claims.admin.lists import OutletFilter, PageAdmin, SearchedByWords, name_shown, short_time, signed_in
from claims.admin.uploads import LargeFilesSkipped
from claims.errors import Conflict, NotAllowed, Unreadable
from claims.forms import ArticleForm
from claims.ingestion.readable import MAX_DOCUMENT_BYTES
from claims.models import Article, Claim, Job, Revision
from claims.presentation import paragraphs, segments
from claims.requests import read_to_the_end
from claims.templatetags.claim_text import visible


@admin.register(Article)
class ArticleAdmin(SearchedByWords, PageAdmin):
    """Other apps may subclass it to say more beside a claim: see `page_template` and `article_context`."""

    list_display = ("title_shown", "outlet_name", "published", "revision_count", "claim_count")
    list_filter = (OutletFilter,)
    list_select_related = ("outlet",)
    search_fields = ("title",)
    search_help_text = 'Words of the title; "a phrase", or, -not'
    ordering = ("-created_at", "-id")
    add_label = "Add an article"
    empty_title = "No articles yet."
    empty_text = "Paste one, or upload a page you have saved: its claims are found and shown in place."
    page_template = "claims/article.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policies.allows(policies.check_may_submit_article, signed_in(request))

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("revisions/<int:pk>/raw/", wrap(self.raw_view), name="claims_revision_raw"),
            path("<int:pk>/reextract/", wrap(self.reextract_view), name="claims_article_reextract"),
            path("<int:pk>/engine-runs/", wrap(self.engine_runs_view), name="claims_article_engine_runs"),
            *super().get_urls(),
        ]

    # --- The list -------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        claims = Claim.objects.standing().filter(revision=OuterRef("current_revision"))
        return Article.objects.defer("search").annotate(
            revision_count=_count(Revision.objects.filter(article=OuterRef("pk")), by="article"),
            claim_count=_count(claims, by="revision"),
        )

    @admin.display(description="Title")
    def title_shown(self, article: Article) -> SafeString:
        return visible(article.title)

    @admin.display(description="Outlet", empty_value="unknown")
    def outlet_name(self, article: Article) -> SafeString | None:
        return name_shown(article.outlet.name) if article.outlet else None

    @admin.display(description="Published", empty_value="undated")
    def published(self, article: Article) -> SafeString | None:
        return short_time(article.published_at) if article.published_at else None

    @admin.display(description="Revisions")
    def revision_count(self, article: Article) -> int:
        return article.revision_count  # type: ignore[attr-defined]  # annotated

    @admin.display(description="Claims")
    def claim_count(self, article: Article) -> int:
        return article.claim_count  # type: ignore[attr-defined]  # annotated

    # --- Submitting one -------------------------------------------------------------------------
    @method_decorator(csrf_exempt)  # checked by _submit, after the upload handlers are in place
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        skipped = LargeFilesSkipped(request, limit=MAX_DOCUMENT_BYTES)
        request.upload_handlers.insert(0, skipped)
        try:
            return self._submit(request, skipped)
        except RequestDataTooBig:
            read_to_the_end(request)  # or the browser shows a broken connection instead of our answer
            return self._submit_page(
                request, ArticleForm(), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, is_too_large=True
            )

    @method_decorator(csrf_protect)
    def _submit(self, request: HttpRequest, skipped: LargeFilesSkipped) -> HttpResponse:
        if request.method != "POST":
            return self._submit_page(request, ArticleForm())
        form = ArticleForm(request.POST, request.FILES, has_large_file=skipped.has_skipped)
        if form.is_valid():
            try:
                job = operations.submit_article(**form.request, by=signed_in(request), now=timezone.now())
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except Unreadable as error:
                form.add_refusal(error)
            else:
                return redirect(job)
        return self._submit_page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def _submit_page(
        self,
        request: HttpRequest,
        form: ArticleForm,
        *,
        status: int = HTTPStatus.OK,
        is_too_large: bool = False,
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": "Add an article",
            "opts": self.opts,
            "form": form,
            "has_errors": status != HTTPStatus.OK,
            "is_too_large": is_too_large,
            "max_megabytes": MAX_DOCUMENT_BYTES // 1024**2,
        }
        return TemplateResponse(request, "claims/submit.html", context, status=status)

    # --- One article ----------------------------------------------------------------------------
    def page_context(self, request: HttpRequest, obj: Article) -> dict[str, Any]:
        return self.article_context(request, obj, self._chosen_revision(request, obj))

    def article_context(self, request: HttpRequest, article: Article, revision: Revision) -> dict[str, Any]:
        """What the page shows; a constant number of queries, however many claims."""
        standing = revision.claims.standing().select_related("speaker", "engine_run")
        claims = list(standing.defer("search").order_by("start", "pk"))
        counted = _count(Claim.objects.standing().filter(revision=OuterRef("pk")), by="revision")
        revisions = list(article.revisions.defer("text").annotate(claim_count=counted).order_by("-number"))
        return {
            "title": article.title,
            "article": article,
            "revision": revision,
            "revisions": revisions,
            "is_current": revision.pk == article.current_revision_id,
            "claims": claims,
            "paragraphs": paragraphs(segments(revision.text, claims)),
            "may_see_raw": request.user.has_perm("claims.view_revision"),
            "run": revision.engine_runs.filter(is_current=True).first(),
            "changes": changes.latest_of(revision),
            "reextraction": Job.objects.unfinished()
            .filter(kind=Job.Kind.REEXTRACT, revision=revision)
            .first(),
            "may_reextract": policies.allows(policies.check_may_reextract_article, signed_in(request)),
        }

    def _chosen_revision(self, request: HttpRequest, article: Article) -> Revision:
        revisions = article.revisions.select_related("snapshot").defer("snapshot__content")
        number = request.GET.get("revision", "")
        if not number:
            return get_object_or_404(revisions, pk=article.current_revision_id or 0)
        if not number.isdecimal():
            raise Http404("Revisions are numbered from 1.")
        return get_object_or_404(revisions, number=number)

    def raw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The bytes as they were received, to be kept and not to be opened by the browser."""
        if not request.user.has_perm("claims.view_revision"):
            raise PermissionDenied
        revision = get_object_or_404(Revision.objects.select_related("snapshot").defer("text"), pk=pk)
        kind = "html" if "html" in revision.snapshot.media_type else "txt"
        name = f"article-{revision.article_id}-revision-{revision.number}.{kind}"
        return HttpResponse(
            zlib.decompress(revision.snapshot.content),
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    # --- The engine over one article --------------------------------------------------------------
    @method_decorator(require_POST)
    def reextract_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the engine read an article again; the job's page shows how far that is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        get_object_or_404(Article.objects.only("pk"), pk=pk)
        try:
            job = operations.reextract_article(article_id=pk, by=signed_in(request))
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Conflict as error:
            messages.warning(request, str(error))
            return redirect("admin:claims_article_change", pk)
        return redirect(job)

    def engine_runs_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Which engines read an article, and what each change of engine changed; `?switch=` chooses one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.select_related("outlet").defer("search"), pk=pk)
        switches = changes.switches_of(article)
        chosen = request.GET.get("switch", "")
        shown = next((one for one in switches if not chosen or str(one.switch.pk) == chosen), None)
        if chosen and shown is None:
            raise Http404("This article has no such change of engine.")
        rows = changes.rows_of([shown.switch]) if shown else []
        context = self.admin_site.each_context(request) | {
            "title": f"Engine runs: {article.title}",
            "opts": self.opts,
            "article": article,
            "switches": switches,
            "shown": shown,
            "kept": [row for row in rows if row.kind == changes.Kind.KEPT],
            "rows": [row for row in rows if row.kind != changes.Kind.KEPT],
            "runs": changes.runs_of(article),
        }
        return TemplateResponse(request, "claims/engine_runs.html", context)


def _count(rows: QuerySet, *, by: str) -> Coalesce:
    """How many `rows` there are for each outer row; evaluated for the rows of one page only."""
    counted = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
