from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Crossclaim"

    def ready(self) -> None:
        # Reason for importing here: these need the app registry; the web must know Celery's app to ring.
        from config import account_pages, celery, database_roles, roles, sign_ins  # noqa: F401
        from config.admin import MENU

        for label, name in MENU.items():
            apps.get_app_config(label).verbose_name = name

        if settings.TWO_FACTOR != "off":
            from config.two_factor import trail  # noqa: F401


class CrossclaimAdminConfig(AdminConfig):
    default_site = "config.admin.CrossclaimAdminSite"
