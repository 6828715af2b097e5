"""What all our lists share: nothing counted without end, no related table loaded, nothing deleted."""

from collections.abc import Iterator
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.defaultfilters import truncatechars
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from claims.models import folded
from claims.templatetags.claim_text import visible

COUNT_LIMIT = 10_000
NAME_CHARACTERS = 80


class CappedPaginator(Paginator):
    """Counts at most `COUNT_LIMIT` rows, so that a list of a million costs what one of 10,000 does.

    What lies behind is reached by search and filters. `is_capped` when there is more.
    """

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNT_LIMIT)

    @property
    def is_capped(self) -> bool:
        return self._counted > COUNT_LIMIT

    @cached_property
    def _counted(self) -> int:
        rows = cast("models.QuerySet[Any]", self.object_list)
        return rows.order_by().values("pk")[: COUNT_LIMIT + 1].count()


class NamedList(admin.ModelAdmin):
    """A list that the menu, the breadcrumbs and its heading call by one name."""

    # What its users call one row and the list, where the model's own names are for developers.
    names: tuple[str, str] | None = None

    def __init__(self, model: type[models.Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        if self.names is not None:
            self.opts = copy(model._meta)
            self.opts.verbose_name, self.opts.verbose_name_plural = self.names

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        shown = super().get_changelist_instance(request)
        shown.opts = self.opts
        return shown

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))


class LookOnlyAdmin(NamedList):
    """A list and pages to look at. What can be done about a row has its own permission and operation."""

    change_list_template = "admin/claims/change_list.html"
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    sortable_by = ()
    empty_title = "Nothing here yet."
    empty_text = ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class PageAdmin(LookOnlyAdmin):
    """With a page of our own instead of a form; other apps may subclass to show more on it."""

    page_template: str

    def page_context(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """What `page_template` shows of `obj`, beside what every page has."""
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        obj = self.get_object(request, object_id)
        if obj is None:
            missing = self._get_obj_does_not_exist_redirect  # type: ignore[attr-defined]  # not in the stubs
            return missing(request, self.opts, object_id)
        history = f"admin:{self.opts.app_label}_{self.opts.model_name}_history"
        history_url = reverse(history, args=[quote(obj.pk)])
        context = self.admin_site.each_context(request) | {"opts": self.opts, "history_url": history_url}
        return TemplateResponse(request, self.page_template, context | self.page_context(request, obj))


class SearchedByWords(LookOnlyAdmin):
    """Searched by the full text index of its model, whose QuerySet has `matching`."""

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.matching(search_term), False  # type: ignore[attr-defined]  # of ours


def signed_in(request: HttpRequest) -> User:
    """Who asks. The admin site lets nobody else come this far."""
    return cast(User, request.user)


def name_shown(name: str) -> SafeString:
    """A name for a list's column: long ones are cut, hidden characters made visible."""
    return visible(truncatechars(name, NAME_CHARACTERS))


def short_time(moment: datetime) -> SafeString:
    """A moment for a list's column, in UTC, and in full for programs."""
    moment = timezone.localtime(moment)
    day, time = f"{moment:%Y-%m-%d}", f"{moment:%H:%M}"
    return format_html(
        '<time datetime="{}"><span>{}</span> <span>{}</span></time>', moment.isoformat(), day, time
    )


class TypedFilter(admin.ListFilter):
    """Filters by a name that is typed, since a list to choose from would be the whole table.

    A name matches from its first letter on, case and spacing aside, so that an index serves it.
    """

    template = "claims/_typed_filter.html"
    parameter_name: str
    relation: str  # path from the listed model to a model with a folded `key`

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, Any],
        model: type[models.Model],
        model_admin: admin.ModelAdmin,
    ) -> None:
        super().__init__(request, params, model, model_admin)
        given = params.pop(self.parameter_name, [""])[-1]
        self.value = given.replace("\x00", "").strip()
        if self.value:
            self.used_parameters[self.parameter_name] = self.value

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter_name]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if not self.value:
            return queryset
        named = queryset.model
        for step in self.relation.split("__"):
            named = named._meta.get_field(step).related_model
        matching = named._default_manager.filter(key__startswith=folded(self.value)).values("pk")
        return queryset.filter(**{f"{self.relation}__in": matching})

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """What the template needs: the other parameters, to be kept, and the way back to any name."""
        kept = [
            (name, value)
            for name, values in changelist.filter_params.items()
            if name != self.parameter_name
            for value in values
        ]
        yield {"kept": kept, "any": changelist.get_query_string(remove=[self.parameter_name])}


class OutletFilter(TypedFilter):
    title = "outlet"
    parameter_name = "outlet"
    relation = "outlet"


class SpeakerFilter(TypedFilter):
    title = "speaker"
    parameter_name = "speaker"
    relation = "speaker"
