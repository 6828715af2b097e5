"""The admin site: Django's own, with our name, stylesheet and dashboard."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from config import dashboard

MENU = ("reviews", "claims", "auth", "knox")


class CrossclaimAdminSite(admin.AdminSite):
    site_header = "Crossclaim"
    site_title = "Crossclaim"
    index_title = "Dashboard"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The menu, with what reviewers work on first and the plumbing last."""
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: MENU.index(app["app_label"]) if app["app_label"] in MENU else len(MENU))

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, dashboard.context(request.user) | (extra_context or {}))  # type: ignore[arg-type]  # admin pages have a signed-in user
