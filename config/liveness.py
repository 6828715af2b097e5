"""A sign of life from worker and beat: they touch the file that ALIVE_FILE names.

Cheaper than `celery inspect ping`, which starts a Python each time, and true of a worker whose
children are all busy. A worker touches it while it is connected and takes work; beat whenever a
tick has reached Redis. Compose's health checks and `make up` look at the file's age.
"""

from pathlib import Path
from typing import Any

from celery import Celery, bootsteps
from celery.signals import after_task_publish, beat_init

from config.env import env

EVERY_SECONDS = 10


class SignOfLife(bootsteps.StartStopStep):
    """Started each time the worker has connected to Redis and begun to take tasks.

    Losing the connection clears the worker's timers, and with them ours.
    """

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, consumer: Any) -> None:
        file = _alive_file()
        if file is not None:
            file.touch()
            consumer.timer.call_repeatedly(EVERY_SECONDS, file.touch)


def show_life(app: Celery) -> None:
    """Have this app's workers and beats give their sign."""
    app.steps["consumer"].add(SignOfLife)
    beat_init.connect(_touch_with_each_tick)


def _touch_with_each_tick(**_: Any) -> None:
    after_task_publish.connect(_touch)


def _touch(**_: Any) -> None:
    file = _alive_file()
    if file is not None:
        file.touch()


def _alive_file() -> Path | None:
    named = env.str("ALIVE_FILE", "")
    return Path(named) if named else None
