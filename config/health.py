"""Whether this process is up, and whether it can serve: for probes, no sign-in asked."""

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError

REDIS_TIMEOUT_SECONDS = 1.0


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers. Nothing else is looked at: a restart would not mend others' faults."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if pages can be served, else 503, and what each part is like.

    Redis is told of but not needed: without it jobs are written down, and taken up later.
    """
    parts = {"database": database_state(), "redis": redis_state()}
    return JsonResponse(parts, status=200 if parts["database"] == "ready" else 503)


def database_state() -> str:
    """`ready`, `unreachable` or `not migrated`."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return "unreachable"
    return "not migrated" if waiting else "ready"


def redis_state() -> str:
    """`ready` or `unreachable`."""
    options = {
        "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
        "socket_timeout": REDIS_TIMEOUT_SECONDS,
    }
    with Connection(settings.REDIS_URL, transport_options=options) as broker:
        try:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0)
        except OperationalError:
            return "unreachable"
    return "ready"
