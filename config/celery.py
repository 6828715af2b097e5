"""The Celery app. Its settings are the CELERY_... ones of config.settings."""

import logging.config
import warnings
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging
from django.conf import settings

from config import task_ids  # noqa: F401  # its receivers name each task's log lines and audit events
from config.env import choose_settings
from config.liveness import show_life

choose_settings()

DIGEST_SECONDS = 300.0
ASSIGNMENTS_SECONDS = 60.0
CHECKPOINT_SECONDS = 3_600.0
KEYS_SECONDS = 3_600.0

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
    "matching": {
        "task": "reviews.tasks.match_overdue",
        "schedule": settings.TICK_SECONDS,
        "options": {"expires": settings.TICK_SECONDS},
    },
    "accounts": {
        "task": "config.tasks.end_access_of_the_deactivated",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "digests": {
        "task": "reviews.tasks.send_digests",
        "schedule": DIGEST_SECONDS,
        "options": {"expires": DIGEST_SECONDS},
    },
    "assignments": {
        "task": "reviews.tasks.look_after_assignments",
        "schedule": ASSIGNMENTS_SECONDS,
        "options": {"expires": ASSIGNMENTS_SECONDS},
    },
    "checkpoints": {
        "task": "reviews.tasks.checkpoint_audit",
        "schedule": CHECKPOINT_SECONDS,
        "options": {"expires": CHECKPOINT_SECONDS},
    },
    "keys": {
        "task": "reviews.tasks.forget_keys",
        "schedule": KEYS_SECONDS,
        "options": {"expires": KEYS_SECONDS},
    },
}


# Messages are ids in JSON, and in a container or a console root is an ordinary user.
warnings.filterwarnings("ignore", "You're running the worker with superuser privileges", SecurityWarning)


@setup_logging.connect
def _log_as_django_does(**_: Any) -> None:
    logging.config.dictConfig(settings.LOGGING)
