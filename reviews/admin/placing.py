"""The pages of claims, with the questions each claim stands under and the way to place it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from claims.admin import ArticleAdmin, ClaimAdmin
from claims.admin.lists import signed_in
from claims.models import Article, Claim, Revision
from reviews import policies
from reviews.models import Placement

admin.site.unregister([Article, Claim])


@admin.register(Article)
class PlacingArticleAdmin(ArticleAdmin):
    page_template = "reviews/article.html"

    def article_context(self, request: HttpRequest, article: Article, revision: Revision) -> dict[str, Any]:
        context = super().article_context(request, article, revision)
        return context | _placing(request, context["claims"])


@admin.register(Claim)
class PlacingClaimAdmin(ClaimAdmin):
    page_template = "reviews/claim.html"

    def page_context(self, request: HttpRequest, obj: Claim) -> dict[str, Any]:
        context = super().page_context(request, obj) | _placing(request, [obj])
        succession = context["succession"]
        if succession is not None and succession.new_claim is not None:
            context["may_place"] = False  # its successor may be
        return context


def _placing(request: HttpRequest, claims: Iterable[Claim]) -> dict[str, Any]:
    """Give each claim its `standing`, in one query, and say whether this person may place it.

    These are its confirmed placements, and those that wait because people placed it in earlier words.
    """
    standing: dict[int, list[Placement]] = defaultdict(list)
    is_shown = Q(state=Placement.State.CONFIRMED) | Q(
        state=Placement.State.SUGGESTED, carried_from__isnull=False
    )
    placements = Placement.objects.filter(is_shown, claim__in=claims)
    related = ("question", "position", "carried_from__claim", "carried_from__placed_by")
    for placement in placements.select_related(*related).defer("carried_from__claim__search").order_by("pk"):
        standing[placement.claim_id].append(placement)
    for claim in claims:
        claim.standing = standing[claim.pk]  # type: ignore[attr-defined]  # for the template
    return {"may_place": policies.allows(policies.check_may_place_claim, signed_in(request))}
