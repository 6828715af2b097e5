"""The admin site: Django's own, with our name, stylesheet and dashboard."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from config import dashboard

# The menu: what reviewers work on first, the plumbing last, each by a name its users would give it.
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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = {app["app_label"]: app for app in super().get_app_list(request, app_label)}
        return [apps[label] | {"name": name} for label, name in MENU.items() if label in apps]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, dashboard.context(request.user) | (extra_context or {}))  # type: ignore[arg-type]  # admin pages have a signed-in user
