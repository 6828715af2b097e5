"""One's own inbox in the admin, and what one wants to be told of."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from claims.admin.lists import LookOnlyAdmin, signed_in
from reviews import notices, operations
from reviews.models import Notification, NotificationSettings

NOTICES_PER_PAGE = 30


class SettingsForm(forms.Form):
    """What a person wants to be told of; the kinds that are not ticked are muted."""

    told = forms.MultipleChoiceField(
        choices=Notification.Kind,
        label="Tell me when",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    digest = forms.ChoiceField(
        choices=NotificationSettings.Digest,
        label="And by e-mail what I have not read",
        widget=forms.RadioSelect,
    )

    def muted(self) -> list[str]:
        return [kind for kind in Notification.Kind.values if kind not in self.cleaned_data["told"]]


@admin.register(Notification)
class InboxAdmin(LookOnlyAdmin):
    """Everybody's own notices; nobody sees those of others, a superuser neither."""

    names = ("notice", "inbox")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="reviews_notification_changelist"),
            path("read/", view(self.read_view), name="reviews_notification_read"),
            path("settings/", view(self.settings_view), name="reviews_notification_settings"),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The newest notices, or with `?after=ID` those before it; `?show=unread` leaves out the others."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        person = signed_in(request)
        only_unread = request.GET.get("show") == "unread"
        shown = notices.unread(person) if only_unread else notices.inbox(person)
        last = _last_seen(shown, request.GET.get("after"))
        rows = shown.select_related("question", "comment__question", "comment__written_by")
        if last is not None:
            rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk), at__lte=last.at)
        found = list(rows[: NOTICES_PER_PAGE + 1])
        notifications = found[:NOTICES_PER_PAGE]
        context = self.admin_site.each_context(request) | {
            "title": "Inbox",
            "opts": self.opts,
            "notifications": notifications,
            "next": notifications[-1].pk if len(found) > NOTICES_PER_PAGE else None,
            "is_first_page": last is None,
            "only_unread": only_unread,
            "has_unread": any(notification.read_at is None for notification in notifications),
        }
        return TemplateResponse(request, "reviews/discussion/inbox.html", context)

    def read_view(self, request: HttpRequest) -> HttpResponse:
        """Mark what `notification` names as read, or all up to `until`; then back to the list."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        person, now = signed_in(request), timezone.now()
        if "all" in request.POST:
            operations.mark_all_read(until=_moment(request.POST.get("until", "")), by=person, now=now)
        else:
            named = [pk for pk in map(_uuid, request.POST.getlist("notification")) if pk is not None]
            operations.mark_read(notification_ids=named, by=person, now=now)
        unread = "?show=unread" if request.POST.get("show") == "unread" else ""
        response = redirect("admin:reviews_notification_changelist")
        response["Location"] += unread
        return response

    def settings_view(self, request: HttpRequest) -> HttpResponse:
        """What a person is told of, and how often by e-mail."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        person = signed_in(request)
        chosen = NotificationSettings.objects.filter(person=person).first() or NotificationSettings()
        told = [kind for kind in Notification.Kind.values if kind not in chosen.muted]
        form = SettingsForm(request.POST or None, initial={"told": told, "digest": chosen.digest})
        if request.method == "POST" and form.is_valid():
            operations.change_notification_settings(
                muted=form.muted(), digest=form.cleaned_data["digest"], by=person
            )
            messages.success(request, "Saved.")
            return redirect("admin:reviews_notification_settings")
        context = self.admin_site.each_context(request) | {
            "title": "What you are told",
            "opts": self.opts,
            "form": form,
            "address": person.email,
            "sends_email": settings.SENDS_EMAIL,
        }
        return TemplateResponse(request, "reviews/discussion/settings.html", context)


def _last_seen(shown: QuerySet[Notification], given: str | None) -> Notification | None:
    """The notice whose id a link names, or None for no id or none of theirs."""
    pk = _uuid(given or "")
    return None if pk is None else Notification.objects.filter(pk=pk, pk__in=shown.values("pk")).first()


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None


def _moment(given: str) -> Any:
    """The moment a form names; None for none."""
    try:
        moment = parse_datetime(given)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
