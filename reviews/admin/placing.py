"""The pages of claims, with the questions each claim stands under and the way to place it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from claims.admin import ArticleAdmin, ClaimAdmin
from claims.admin.lists import signed_in
from claims.models import Article, Claim, Revision
from reviews import policies, standing
from reviews.models import Placement

admin.site.unregister([Article, Claim])


@admin.register(Article)
class PlacingArticleAdmin(ArticleAdmin):
    page_template = "reviews/article.html"

    def article_context(self, request: HttpRequest, article: Article, revision: Revision) -> dict[str, Any]:
        context = super().article_context(request, article, revision)
        context |= _placing(request, context["claims"])
        stands = [
            each.placement
            for claim in context["claims"]
            for each in claim.standing
            if each.placement.state != Placement.State.REJECTED
        ]
        return context | {
            "placed_count": len({placement.claim_id for placement in stands}),
            "question_count": len({placement.question_id for placement in stands}),
        }


@admin.register(Claim)
class PlacingClaimAdmin(ClaimAdmin):
    change_list_template = "reviews/claim_list.html"
    page_template = "reviews/claim.html"

    def page_context(self, request: HttpRequest, obj: Claim) -> dict[str, Any]:
        context = super().page_context(request, obj) | _placing(request, [obj])
        succession = context["succession"]
        if succession is not None and succession.new_claim is not None:
            context["may_place"] = False  # its successor may be
        return context


def _placing(request: HttpRequest, claims: Iterable[Claim]) -> dict[str, Any]:
    """Give each claim its standing, and say whether this person may place it."""
    standing.give(claims)
    return {"may_place": policies.allows(policies.check_may_place_claim, signed_in(request))}
