"""The audit trail: who changed what, when and why; whole, and of one object. To be looked at only."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.defaultfilters import truncatechars
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from claims.admin.lists import LookOnlyAdmin, signed_in
from reviews import history
from reviews.history import Narrowing, files, pages
from reviews.history.tables import ACCOUNT_TABLES, table_label
from reviews.models import AuditEvent

_LARGEST_ID = 2**63 - 1
TITLE_CHARACTERS = 120
FILES: dict[str, tuple[str, Callable[..., Any]]] = {
    "csv": ("text/csv; charset=utf-8", files.comma_separated),
    "ndjson": ("application/x-ndjson", files.ndjson),
}


class TrailForm(forms.Form):
    """What the trail is narrowed by. Days are of UTC, and both count."""

    actor = forms.CharField(required=False, max_length=150, label="Who", help_text="user name")
    action = forms.ChoiceField(required=False, label="Action")
    table = forms.ChoiceField(required=False, label="What")
    row = forms.IntegerField(required=False, min_value=0, max_value=_LARGEST_ID, label="Its number")
    question = forms.IntegerField(
        required=False, min_value=1, max_value=_LARGEST_ID, label="Question", help_text="its number"
    )
    since = forms.DateField(required=False, label="From", widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput({"type": "date"}))
    request = forms.CharField(required=False, max_length=100, label="Request or task")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables = pages.known_values("table_name")
        if not by.has_perm("auth.view_user"):
            tables = [table for table in tables if table not in ACCOUNT_TABLES]
        self._offer("action", [(name, history.action_label(name)) for name in pages.known_values("action")])
        self._offer("table", [(name, table_label(name)) for name in tables])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", "any"), *sorted(choices, key=lambda choice: choice[1])]

    def narrowing(self) -> Narrowing:
        """What was asked for by a form that is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        if "since" in given:
            given["since"] = _midnight(given["since"])
        if "until" in given:
            given["until"] = _midnight(given["until"]) + timedelta(days=1)
        return Narrowing(**given)


@admin.register(AuditEvent)
class AuditEventAdmin(LookOnlyAdmin):
    """The whole trail, newest first, and its events one by one."""

    names = ("event", "audit trail")

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export_view)
        return [path("export/", export, name="reviews_auditevent_export"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        _check_may_look(self, request)
        form = TrailForm(request.GET, by=signed_in(request))
        steps, after = [], None
        if form.is_valid():
            narrowing = form.narrowing()
            events = history.narrowed(history.visible_events(signed_in(request)), narrowing)
            found = pages.page(events, order=narrowing.order, after=_number(request, "after"))
            steps, after = history.read(found.events), found.next
        context = self.admin_site.each_context(request) | {
            "title": "Audit trail",
            "opts": self.opts,
            "form": form,
            "is_narrowed": any(request.GET.get(name) for name in form.fields),
            "steps": steps,
            "next": after,
            "is_first_page": "after" not in request.GET,
        }
        status = HTTPStatus.OK if form.is_valid() else HTTPStatus.BAD_REQUEST
        return TemplateResponse(request, "reviews/trail/trail.html", context, status=status)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        _check_may_look(self, request)
        pk = unquote(object_id)
        events = history.visible_events(signed_in(request)).select_related("link")
        event = events.filter(pk=int(pk)).first() if _is_number(pk) else None
        if event is None:
            raise Http404("There is no such event.")
        context = self.admin_site.each_context(request) | {
            "title": f"Event {event.pk}",
            "opts": self.opts,
            "event": event,
            "steps": history.read([event]),
        }
        return TemplateResponse(request, "reviews/trail/event.html", context)

    def export_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """The events the same parameters show on the page, all of them: `?format=csv` or `ndjson`."""
        _check_may_look(self, request)
        form = TrailForm(request.GET, by=signed_in(request))
        ending = request.GET.get("format", "")
        if ending not in FILES or not form.is_valid():
            return HttpResponse("Filter the trail on its page, and follow a link there.", status=400)
        narrowing = form.narrowing()
        events = history.narrowed(history.visible_events(signed_in(request)), narrowing)
        media_type, lines = FILES[ending]
        all_events = pages.all_of(events.select_related("link"), order=narrowing.order)
        name = f'attachment; filename="audit-trail.{ending}"'
        return StreamingHttpResponse(
            lines(all_events), content_type=media_type, headers={"Content-Disposition": name}
        )


def history_url(site: admin.AdminSite) -> URLPattern:
    """The history of every object of the site, where Django has pages of its own for it."""

    def view(request: HttpRequest, app_label: str, model_name: str, object_id: str) -> HttpResponse:
        return object_history(site, request, app_label, model_name, unquote(object_id))

    return path(
        "<slug:app_label>/<slug:model_name>/<str:object_id>/history/", site.admin_view(view), name="history"
    )


def object_history(
    site: admin.AdminSite, request: HttpRequest, app_label: str, model_name: str, object_id: str
) -> HttpResponse:
    """What the trail says of an object and of what belongs to it: `?action=`, `?order=oldest`, `?after=`."""
    of_models = {(of._meta.app_label, of._meta.model_name): found for of, found in site._registry.items()}
    model_admin = of_models.get((app_label, model_name))
    if model_admin is None:
        raise Http404("There is no such list.")
    _check_may_look(model_admin, request)
    row = model_admin.get_object(request, object_id)
    if row is None:
        raise Http404("There is no such thing.")
    events = history.visible_events(signed_in(request)).filter(history.of_object(row))
    action = request.GET.get("action", "")
    is_oldest_first = request.GET.get("order") == "oldest"
    order = pages.OLDEST_FIRST if is_oldest_first else history.BY_NUMBER
    shown = events.filter(action=action) if action else events
    found = pages.page(shown, order=order, after=_number(request, "after"))
    actions = sorted(set(events.order_by().values_list("action", flat=True).distinct()))
    name = truncatechars(str(row), TITLE_CHARACTERS)
    context = site.each_context(request) | {
        "title": f"History of “{name}”",
        "name": name,
        "opts": model_admin.opts,
        "row": row,
        "actions": [(value, history.action_label(value)) for value in actions],
        "action": action,
        "is_oldest_first": is_oldest_first,
        "steps": history.read(found.events),
        "next": found.next,
        "is_first_page": "after" not in request.GET,
        "person": row.get_username() if isinstance(row, User) else None,
    }
    return TemplateResponse(request, "reviews/trail/history.html", context)


def _check_may_look(model_admin: admin.ModelAdmin, request: HttpRequest) -> None:
    if not model_admin.has_view_permission(request) or not request.user.has_perm("reviews.view_auditevent"):
        raise PermissionDenied


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if _is_number(given) else None


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdecimal() and len(given) < 19


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
