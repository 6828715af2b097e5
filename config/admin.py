"""The admin site: Django's own, with our name, stylesheet and dashboard."""

from django.contrib import admin


class CrossclaimAdminSite(admin.AdminSite):
    site_header = "Crossclaim"
    site_title = "Crossclaim"
    index_title = "Dashboard"
    enable_nav_sidebar = True
