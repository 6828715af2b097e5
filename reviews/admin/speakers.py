"""The page of a speaker, with the questions the claims fell under and how those were decided."""

from datetime import UTC
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from claims.admin import SpeakerAdmin
from claims.admin.lists import signed_in
from claims.models import Claim, Speaker
from claims.speakers import newest_claims
from reviews import operations, policies, standing, workflow
from reviews.competing import origin_key
from reviews.errors import NotAllowed, ReviewError
from reviews.forms import ReliabilityForm
from reviews.models import Placement, Question, SpeakerReliability
from reviews.presentation import counted
from reviews.reliability import deviating_marks, history_of

admin.site.unregister(Speaker)

# Which claims are shown, by the questions they stand under: `?under=` and what it says.
UNDER = {
    "contested": ("Contested", Q(question__resolution=Question.Resolution.CONTESTED)),
    "open": ("Undecided", Q(question__state__in=workflow.EDITABLE)),
    "decided": ("Decided", Q(question__state=Question.State.DECIDED)),
}
NONE = "none"
DEVIATING = 10
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

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.set_reliability_view)
        own = path("<int:pk>/reliability/", view, name="reviews_speaker_set_reliability")
        return [own, *super().get_urls()]

    def set_reliability_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say by POST how reliable a speaker usually is; on a refusal show the page with what was typed."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        speaker = get_object_or_404(Speaker, pk=pk)
        form = ReliabilityForm(request.POST)
        if form.is_valid():
            try:
                operations.set_speaker_reliability(
                    speaker_id=pk, **form.cleaned_data, by=signed_in(request), now=timezone.now()
                )
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            except ReviewError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, "Said. Marks of claims published since then start from it.")
                return redirect(speaker)
        context = self.admin_site.each_context(request) | {"opts": self.opts}
        shown = context | self.page_context(request, speaker) | {"reliability_form": form}
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return TemplateResponse(request, self.page_template, shown, status=status)

    def page_context(self, request: HttpRequest, obj: Speaker) -> dict[str, Any]:
        context = super().page_context(request, obj)
        standing.give(context["claims"])
        choices: dict[str | None, str] = {None: "All"}
        choices |= {value: label for value, (label, _) in UNDER.items()}
        choices |= {NONE: "Under no question"}
        chosen = request.GET.get("under")
        origins = newest_claims(obj).aggregate(count=Count(origin_key(), distinct=True))["count"]
        context["counts"] = counted(context["quoted"].claims, context["quoted"].outlet_count, origins)
        today = timezone.now().astimezone(UTC).date()
        deviating = list(deviating_marks(obj)[: DEVIATING + 1])
        return context | {
            "choices": choices,
            "chosen": chosen if chosen in choices else None,
            "usual": SpeakerReliability.objects.of_day(today).filter(speaker=obj).first(),
            "reliabilities": history_of(obj),
            "deviating": deviating[:DEVIATING],
            "more_deviate": len(deviating) > DEVIATING,
            "may_rate": policies.allows(policies.check_may_set_reliability, signed_in(request)),
            "reliability_form": ReliabilityForm(initial={"since": today}),
        }
