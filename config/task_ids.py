"""What a task writes and logs is known by the task's id, as what a request does is by the request's."""

from contextvars import Token
from typing import Any

from celery.signals import task_postrun, task_prerun

from claims import request_ids

_before: dict[str, Token[str]] = {}


@task_prerun.connect
def _begin(task_id: str, **_: Any) -> None:
    _before[task_id] = request_ids.current.set(task_id)


@task_postrun.connect
def _end(task_id: str, **_: Any) -> None:
    token = _before.pop(task_id, None)
    if token is not None:
        request_ids.current.reset(token)
