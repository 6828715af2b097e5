from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Crossclaim"

    def ready(self) -> None:
        # Reason for importing here: both need the app registry, and web processes must know the Celery app to ring.
        from config import celery, roles  # noqa: F401, PLC0415


class CrossclaimAdminConfig(AdminConfig):
    default_site = "config.admin.CrossclaimAdminSite"
