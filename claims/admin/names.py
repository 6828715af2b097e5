"""Lists of names, and outlets: whose names they are, and where they lead."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from claims import operations, policies
from claims.admin.lists import LookOnlyAdmin, short_time, signed_in
from claims.errors import Conflict
from claims.models import Outlet, Speaker, folded
from claims.templatetags.claim_text import visible


class NamedAdmin(LookOnlyAdmin):
    """A list in the order of folded names, which has an index, searched by them."""

    ordering = ("key",)
    search_fields = ("key__contains",)
    search_help_text = "Part of the name"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, folded(search_term))

    @admin.display(description="Name")
    def name_shown(self, named: Outlet | Speaker) -> SafeString:
        return visible(named.name)

    @admin.display(description="First seen")
    def first_seen(self, named: Outlet | Speaker) -> SafeString:
        return short_time(named.created_at)


class OutletForm(forms.ModelForm):
    class Meta:
        model = Outlet
        fields = ("name",)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if Outlet.objects.filter(key=folded(name)).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"There is another outlet of the name “{name}”.")
        return name


class TellsOfTakenNames(admin.ModelAdmin):
    """Forms of rows with unique names, which somebody may take after the form had looked."""

    name_taken: type[Exception]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except self.name_taken as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)


@admin.register(Outlet)
class OutletAdmin(TellsOfTakenNames, NamedAdmin):
    name_taken = Conflict
    form = OutletForm
    list_display = ("name_shown", "articles", "claims", "first_seen")
    readonly_fields = ("name_shown", "homepage_url", "articles", "claims", "first_seen")
    empty_title = "No outlets yet."
    empty_text = "They come with their first article."

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return policies.allows(policies.check_may_rename_outlet, signed_in(request))

    def get_fields(self, request: HttpRequest, obj: Outlet | None = None) -> tuple[str, ...]:
        name = "name" if self.has_change_permission(request, obj) else "name_shown"
        return (name, *self.readonly_fields[1:])

    def save_model(self, request: HttpRequest, obj: Outlet, form: forms.ModelForm, change: bool) -> None:
        operations.rename_outlet(outlet_id=obj.pk, name=obj.name, by=signed_in(request))

    @admin.display(description="Articles")
    def articles(self, outlet: Outlet) -> SafeString:
        return link_to_list(
            "Articles", of=outlet.name, route="admin:claims_article_changelist", parameter="outlet"
        )

    @admin.display(description="Claims")
    def claims(self, outlet: Outlet) -> SafeString:
        return link_to_list(
            "Claims", of=outlet.name, route="admin:claims_claim_changelist", parameter="outlet"
        )


def link_to_list(what: str, *, of: str, route: str, parameter: str) -> SafeString:
    """A link to what a name has in another list, narrowed to it."""
    query = urlencode({parameter: of})
    return format_html(
        '<a href="{}?{}">{}<span class="cc-sr-only"> of {}</span></a>',
        reverse(route),
        query,
        what,
        visible(of),
    )
