"""The page of a speaker, with the questions the claims fell under and how those were decided."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from claims.admin import SpeakerAdmin
from claims.models import Claim, Speaker
from claims.speakers import newest_claims
from reviews import standing, workflow
from reviews.competing import origin_key
from reviews.models import Placement, Question
from reviews.presentation import counted

admin.site.unregister(Speaker)

# Which claims are shown, by the questions they stand under: `?under=` and what it says.
UNDER = {
    "contested": ("Contested", Q(question__resolution=Question.Resolution.CONTESTED)),
    "open": ("Undecided", Q(question__state__in=workflow.EDITABLE)),
    "decided": ("Decided", Q(question__state=Question.State.DECIDED)),
}
NONE = "none"
STANDS = (Placement.State.CONFIRMED, Placement.State.SUGGESTED)


@admin.register(Speaker)
class ReviewedSpeakerAdmin(SpeakerAdmin):
    page_template = "reviews/speaker.html"

    def narrowed(self, request: HttpRequest, claims: QuerySet[Claim]) -> QuerySet[Claim]:
        chosen = request.GET.get("under", "")
        placed = Placement.objects.filter(claim=OuterRef("pk"), state__in=STANDS)
        if chosen == NONE:
            return claims.filter(~Exists(placed))
        if chosen in UNDER:
            return claims.filter(Exists(placed.filter(UNDER[chosen][1])))
        return claims

    def page_context(self, request: HttpRequest, obj: Speaker) -> dict[str, Any]:
        context = super().page_context(request, obj)
        standing.give(context["claims"])
        choices: dict[str | None, str] = {None: "All"}
        choices |= {value: label for value, (label, _) in UNDER.items()}
        choices |= {NONE: "Under no question"}
        chosen = request.GET.get("under")
        origins = newest_claims(obj).aggregate(count=Count(origin_key(), distinct=True))["count"]
        context["counts"] = counted(context["quoted"].claims, context["quoted"].outlet_count, origins)
        return context | {"choices": choices, "chosen": chosen if chosen in choices else None}
