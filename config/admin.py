"""The admin site: Django's own, with our name, stylesheet and dashboard."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.text import capfirst

from config import dashboard, search

# The menu: what reviewers work on first, the plumbing last, each by a name its users would give it.
# Everything else that names these apps goes by it, too: see config/apps.py.
MENU = {
    "reviews": "Review",
    "claims": "Articles and claims",
    "auth": "People",
    "knox": "API access",
    "axes": "Sign-in log",
}


class CrossclaimAdminSite(admin.AdminSite):
    site_header = "Crossclaim"
    site_title = "Crossclaim"
    index_title = "Dashboard"
    site_url = None  # the admin is the site

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = {app["app_label"]: app for app in super().get_app_list(request, app_label)}
        for app in apps.values():
            for entry in app["models"]:
                entry["name"] = capfirst(self._registry[entry["model"]].opts.verbose_name_plural)
            app["models"].sort(key=lambda entry: entry["name"])
        if "reviews" in apps:
            apps["reviews"]["models"][:0] = _pages(request)
        menu = [apps[label] for label in MENU if label in apps]
        _mark_current([entry for app in menu for entry in app["models"]], request.path)
        return menu

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The lists of one part of the menu."""
        named = {"title": MENU.get(app_label, app_label)}
        return super().app_index(request, app_label, named | (extra_context or {}))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        # Reason for importing here: the form is made from the model of users, which loads later than this.
        from config.sign_in_limits import SignInForm

        if settings.TWO_FACTOR != "off" and not (request.method == "GET" and self.has_permission(request)):
            from config.two_factor.pages import PasswordStep

            return PasswordStep.as_view()(request)  # type: ignore[return-value]  # a page, or a redirect
        self.login_form = SignInForm
        return super().login(request, extra_context)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        # Reason for importing here: what is in reviews.admin registers with this site.
        from reviews.admin.trail import history_url

        # The histories come first, for Django has pages of its own under the same addresses.
        own = [path("search/", self.admin_view(self.search_view), name="search"), history_url(self)]
        # Without Django's redirect to any row of any table, which tells by its answer which ones exist.
        stock = [entry for entry in super().get_urls() if getattr(entry, "name", None) != "view_on_site"]
        return [*own, *stock]

    def search_view(self, request: HttpRequest) -> TemplateResponse:
        """What there is with these words, of every kind this person may see: `?q=`."""
        words = search.clean(request.GET.get("q", ""))
        context = self.each_context(request) | {
            "title": f"Search: {words}" if words else "Search",
            "searched": words,
            "groups": search.groups(words, by=request.user),  # type: ignore[arg-type]  # as in index
        }
        return TemplateResponse(request, "admin/search.html", context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, dashboard.context(request.user) | (extra_context or {}))  # type: ignore[arg-type]  # admin pages have a signed-in user


def _mark_current(entries: list[dict[str, Any]], path: str) -> None:
    """Mark the entry under whose address the page is: the longest one, for pages stand under their list."""
    around = [entry for entry in entries if entry["admin_url"] and path.startswith(entry["admin_url"])]
    if around:
        max(around, key=lambda entry: len(entry["admin_url"]))["is_current"] = True


def _pages(request: HttpRequest) -> list[dict[str, Any]]:
    """What of review has a page of its own and no model: entries of the menu as Django's."""
    pages = [
        ("Review queue", "Queue", "reviews.view_question", "admin:reviews_question_queue"),
        ("Agreement", "Agreement", "reviews.view_verdict", "admin:reviews_question_agreement"),
    ]
    return [
        {
            "name": name,
            "object_name": object_name,
            "admin_url": reverse(where),
            "add_url": None,
            "view_only": True,
            "perms": {"view": True},
        }
        for name, object_name, permission, where in pages
        if request.user.has_perm(permission)
    ]
