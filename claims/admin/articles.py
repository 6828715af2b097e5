"""Articles: the list, the form to submit one, and the page that shows one with its claims."""

import zlib
from http import HTTPStatus
from typing import Any

from django.contrib import admin
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

from claims import operations, policies
from claims.admin.lists import OutletFilter, PageAdmin, SearchedByWords, name_shown, short_time, signed_in
from claims.admin.uploads import LargeFilesSkipped
from claims.errors import NotAllowed, Unreadable
from claims.forms import ArticleForm
from claims.ingestion.readable import MAX_DOCUMENT_BYTES
from claims.models import Article, Claim, Revision
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
        raw = self.admin_site.admin_view(self.raw_view)
        return [path("revisions/<int:pk>/raw/", raw, name="claims_revision_raw"), *super().get_urls()]

    # --- The list -------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        claims = Claim.objects.filter(revision=OuterRef("current_revision"))
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
        claims = list(revision.claims.select_related("speaker").defer("search").order_by("start", "pk"))
        revisions = list(
            article.revisions.defer("text").annotate(claim_count=Count("claims")).order_by("-number")
        )
        return {
            "title": article.title,
            "article": article,
            "revision": revision,
            "revisions": revisions,
            "is_current": revision.pk == article.current_revision_id,
            "claims": claims,
            "paragraphs": paragraphs(segments(revision.text, claims)),
            "may_see_raw": request.user.has_perm("claims.view_revision"),
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


def _count(rows: QuerySet, *, by: str) -> Coalesce:
    """How many `rows` there are for each outer row; evaluated for the rows of one page only."""
    counted = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
