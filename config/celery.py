"""The Celery app. Its settings are the CELERY_... ones of config.settings."""

import logging.config
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from config.env import choose_settings
from config.liveness import show_life

choose_settings()

app = Celery("crossclaim")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
show_life(app)
app.conf.task_routes = {"claims.tasks.tick": {"queue": "interactive"}}
app.conf.beat_schedule = {
    "tick": {
        "task": "claims.tasks.tick",
        "schedule": settings.TICK_SECONDS,
        "options": {"expires": 4 * settings.TICK_SECONDS},
    },
}


@setup_logging.connect
def _log_as_django_does(**_: Any) -> None:
    logging.config.dictConfig(settings.LOGGING)
