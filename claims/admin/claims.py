"""Claims: the list, and the page that shows one with its context and all that is stored about it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import truncatechars
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.lists import PageAdmin, SearchedByWords, SpeakerFilter, TypedFilter, name_shown, short_time
from claims.lineage import last_succession, precessions
from claims.models import Claim
from claims.presentation import context, frame_rows, paragraphs, segments
from claims.templatetags.claim_text import visible

STATEMENT_CHARACTERS = 300


class ClaimOutletFilter(TypedFilter):
    title = "outlet"
    parameter_name = "outlet"
    relation = "revision__article__outlet"


@admin.register(Claim)
class ClaimAdmin(SearchedByWords, PageAdmin):
    """Other apps may subclass it to say more about a claim: see `page_template` and `page_context`."""

    list_display = ("statement_shown", "speaker_shown", "kind", "outlet_name", "published")
    list_filter = ("kind", SpeakerFilter, ClaimOutletFilter)
    list_select_related = ("speaker", "engine_run", "revision__article__outlet")
    search_fields = ("statement",)
    search_help_text = 'Words of the statement or of the text; "a phrase", or, -not'
    ordering = ("-created_at", "-id")
    empty_title = "No claims yet."
    empty_text = "Claims are found in articles: add one, and its claims stand here when its job is done."
    page_template = "claims/claim.html"

    # --- The list -------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return Claim.objects.standing().defer("search", "revision__text", "revision__article__search")

    @admin.display(description="Statement")
    def statement_shown(self, claim: Claim) -> SafeString:
        statement = visible(truncatechars(claim.statement, STATEMENT_CHARACTERS))
        if claim.engine_run.is_current:
            return statement
        return format_html(
            '{} <span class="cc-badge is-warn">earlier engine, {}</span>', statement, claim.engine_run.name
        )

    @admin.display(description="Speaker")
    def speaker_shown(self, claim: Claim) -> SafeString | str:
        if claim.speaker is not None:
            url, name = claim.speaker.get_absolute_url(), name_shown(claim.speaker.name)
            return format_html('<a href="{}">{}</a>', url, name)
        return "own voice" if claim.kind == Claim.Kind.OWN_VOICE else "not named"

    @admin.display(description="Outlet", empty_value="unknown")
    def outlet_name(self, claim: Claim) -> SafeString | None:
        outlet = claim.revision.article.outlet
        return name_shown(outlet.name) if outlet else None

    @admin.display(description="Published", empty_value="undated")
    def published(self, claim: Claim) -> SafeString | None:
        published_at = claim.revision.published_at
        return short_time(published_at) if published_at else None

    # --- One claim ------------------------------------------------------------------------------
    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Claim | None:
        # Not the list's queryset: here the revision's text is wanted, and in the same query.
        whole = Claim.objects.select_related("speaker", "engine_run", "revision__article__outlet")
        try:
            return whole.defer("search", "revision__article__search").get(pk=object_id)
        except (Claim.DoesNotExist, ValueError):
            return None

    def page_context(self, request: HttpRequest, obj: Claim) -> dict[str, Any]:
        claim = obj
        text = claim.revision.text
        start, end = context(text, claim)
        return {
            "title": truncatechars(claim.statement, STATEMENT_CHARACTERS),
            "claim": claim,
            "article": claim.revision.article,
            "paragraphs": paragraphs(segments(text, [claim], start=start, end=end)),
            "is_cut_before": start > 0,
            "is_cut_after": end < len(text),
            "frame": frame_rows(claim.frame),
            "succession": last_succession(claim),
            "precessions": precessions(claim),
        }
