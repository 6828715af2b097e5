"""What the matcher did: what each new version changed, and which new claims it has still to look at."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims import policies as claim_policies
from claims.admin.lists import LookOnlyAdmin, PageAdmin, short_time, signed_in
from claims.templatetags.claim_text import visible
from reviews.doorbell import ring
from reviews.models import MatchingDue, Rematch, RematchedQuestion
from reviews.suggesting import offer

SHOWN = 500


@admin.register(Rematch)
class RematchAdmin(PageAdmin):
    page_template = "reviews/rematch.html"
    list_display = ("version", "started", "state", "articles", "started_by")
    list_select_related = ("started_by",)
    empty_title = "The matcher has not changed."
    empty_text = "What a new version of it changes is listed here; `manage.py rematch` runs it over all."

    @admin.display(description="Matcher")
    def version(self, rematch: Rematch) -> str:
        return rematch.matcher_version

    @admin.display(description="Started")
    def started(self, rematch: Rematch) -> SafeString:
        return short_time(rematch.started_at)

    @admin.display(description="State")
    def state(self, rematch: Rematch) -> SafeString:
        look, words = ("is-ok", "Finished") if rematch.finished_at else ("is-info", "Unfinished")
        return format_html('<span class="cc-badge {}">{}</span>', look, words)

    def page_context(self, request: HttpRequest, obj: Rematch) -> dict[str, Any]:
        rows = RematchedQuestion.objects.filter(rematch=obj)
        counts = rows.aggregate(
            suggested=Sum("suggested", default=0),
            withdrawn=Sum("withdrawn", default=0),
            proposed=Count("pk", filter=Q(is_proposed=True)),
            taken_back=Count("pk", filter=Q(is_taken_back=True)),
            questions=Count("pk"),
        )
        listed = rows.select_related("question").order_by("is_taken_back", "-is_proposed", "-suggested", "pk")
        return {
            "title": f"What matcher {obj.matcher_version} changed",
            "rematch": obj,
            "counts": counts,
            "rows": listed[:SHOWN],
            "left_out": max(0, counts["questions"] - SHOWN),
        }


@admin.register(MatchingDue)
class MatchingDueAdmin(LookOnlyAdmin):
    list_display = ("article", "state", "attempts", "error")
    list_display_links = None
    list_select_related = ("engine_run__revision__article",)
    ordering = ("-attempts", "due_at")
    actions = ("offer_again",)
    empty_title = "All claims are matched."
    empty_text = "The claims of a new article stand here until the matcher has looked at them, a few seconds."

    def get_queryset(self, request: HttpRequest) -> QuerySet[MatchingDue]:
        return MatchingDue.objects.defer(
            "engine_run__revision__text", "engine_run__revision__article__search"
        )

    def has_offer_permission(self, request: HttpRequest) -> bool:
        return claim_policies.allows(claim_policies.check_may_retry_job, signed_in(request))

    @admin.display(description="Article")
    def article(self, due: MatchingDue) -> SafeString:
        article = due.engine_run.revision.article
        return format_html('<a href="{}">{}</a>', article.get_absolute_url(), visible(article.title))

    @admin.display(description="State")
    def state(self, due: MatchingDue) -> SafeString:
        look, words = ("is-bad", "Stands still") if due.is_standing_still else ("", "Waits for a worker")
        return format_html('<span class="cc-badge {}">{}</span>', look, words)

    @admin.display(description="Last error", empty_value="")
    def error(self, due: MatchingDue) -> SafeString | None:
        return visible(truncatechars(due.last_error, 200)) if due.last_error else None

    @admin.action(description="Try the selected runs again", permissions=["offer"])
    def offer_again(self, request: HttpRequest, queryset: QuerySet[MatchingDue]) -> None:
        runs = [due.engine_run for due in queryset]
        offer(runs)
        for run in runs:
            ring(run.pk)
        messages.success(request, f"{len(runs)} offered to workers again.")
