from unittest import mock

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings

from config import health


def test_healthz_answers_without_the_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@override_settings(SECURE_SSL_REDIRECT=True)
def test_probes_are_answered_over_plain_http_in_production(client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/admin/").status_code == 301


@pytest.mark.django_db
def test_readyz_tells_what_is_ready(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"database": "ready", "redis": "ready"})


@pytest.mark.django_db
@override_settings(REDIS_URL="redis://127.0.0.1:1/0")
def test_readyz_does_not_need_redis(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"database": "ready", "redis": "unreachable"})


@pytest.mark.django_db
def test_readyz_is_503_while_migrations_wait(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="claims").order_by("-id")[:1].get().delete()

    response = client.get("/readyz")

    assert (response.status_code, response.json()["database"]) == (503, "not migrated")


def test_readyz_is_503_without_the_database(client: Client) -> None:
    with mock.patch.object(health, "MigrationExecutor", side_effect=OperationalError("gone")):
        response = client.get("/readyz")

    assert (response.status_code, response.json()["database"]) == (503, "unreachable")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_only_look(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
