from django.apps import AppConfig
from django.core.checks import register


class ClaimsConfig(AppConfig):
    name = "claims"
    verbose_name = "Claims"

    def ready(self) -> None:
        from claims.checks import check_engine  # needs the models

        register(check_engine)
