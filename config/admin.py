"""The admin site: Django's own, with our name, stylesheet and dashboard."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from config import dashboard


class CrossclaimAdminSite(admin.AdminSite):
    site_header = "Crossclaim"
    site_title = "Crossclaim"
    index_title = "Dashboard"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, dashboard.context(request.user) | (extra_context or {}))  # type: ignore[arg-type]  # admin pages have a signed-in user
