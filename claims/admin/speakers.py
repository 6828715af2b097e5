"""Speakers: the list, and the page of one with all they claimed."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from claims.admin.lists import PageAdmin
from claims.admin.names import NamedAdmin, link_to_list
from claims.models import Claim, Speaker
from claims.speakers import near_names, quoted

CLAIMS_PER_PAGE = 25


@admin.register(Speaker)
class SpeakerAdmin(NamedAdmin, PageAdmin):
    """Other apps may subclass it to say more: see `page_template`, `page_context` and `narrowed`."""

    list_display = ("name_shown", "claims", "first_seen")
    empty_title = "No speakers yet."
    empty_text = "They come with the first claim that names one."
    page_template = "claims/speaker.html"

    @admin.display(description="Claims")
    def claims(self, speaker: Speaker) -> SafeString:
        return link_to_list(
            "Claims", of=speaker.name, route="admin:claims_claim_changelist", parameter="speaker"
        )

    def narrowed(self, request: HttpRequest, claims: QuerySet[Claim]) -> QuerySet[Claim]:
        """Which of a speaker's claims are shown; all, unless a subclass offers a choice."""
        return claims

    def page_context(self, request: HttpRequest, obj: Speaker) -> dict[str, Any]:
        """What the page shows; a constant number of queries, however many claims."""
        claims = self.narrowed(request, Claim.objects.standing().for_display().filter(speaker=obj))
        last = _last_seen(request.GET.get("after", ""))
        if last is not None:
            claims = _after(claims, last)
        found = list(claims.order_by("-created_at", "-pk")[: CLAIMS_PER_PAGE + 1])
        return {
            "title": obj.name,
            "speaker": obj,
            "claims": found[:CLAIMS_PER_PAGE],
            "next": found[CLAIMS_PER_PAGE - 1].pk if len(found) > CLAIMS_PER_PAGE else None,
            "is_first_page": last is None,
            "quoted": quoted(obj),
            "near_names": near_names(obj),
        }


def _last_seen(given: str) -> Claim | None:
    """The claim whose id a link names, or None for no id or none of ours."""
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        return None
    return Claim.objects.only("created_at").filter(pk=given).first()


def _after(claims: QuerySet[Claim], last: Claim) -> QuerySet[Claim]:
    """Those that come after it, the newest first.

    By its place in the index `claim_by_speaker`, so that a deep page costs what the first one does.
    """
    is_older = Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk)
    return claims.filter(is_older, created_at__lte=last.created_at)
