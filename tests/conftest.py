"""What every test stands on: real servers, and no way out to the network.

PostgreSQL and Redis are those that DATABASE_URL and REDIS_URL name, else embedded ones that
live for this run in a folder of their own. A server that cannot start fails the run.
"""

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.network import only_this_machine
from tests.processes import RealWorker, flush_keys, real_worker, url_of

if TYPE_CHECKING:
    from rest_framework.test import APIClient

_standing = ExitStack()


def _stand_up() -> None:
    """Name the servers, and pin what a developer's `.env` could change, before Django reads its settings."""
    data_dir = Path(_standing.enter_context(TemporaryDirectory(prefix="crossclaim-test-")))
    os.environ |= {
        "COLLECTED_STATIC": "false",
        "DATA_DIR": str(data_dir),
        "DEBUG": "false",
        "HTTPS": "false",
        "LOG_LEVEL": "INFO",
        "REDIS_KEY_PREFIX": f"test-{secrets.token_hex(4)}:",
    }
    # Reason for importing here: config.env reads DATA_DIR when it is imported.
    from config import embedded

    try:
        os.environ |= _standing.enter_context(embedded.servers(data_dir)).environment
    except embedded.CannotStart as error:
        pytest.exit(f"The tests need PostgreSQL and Redis. {error}", returncode=3)
    # The tests make databases of their own, and tamper with them.
    os.environ["DATABASE_URL"] = os.environ.get("MIGRATION_DATABASE_URL") or os.environ["DATABASE_URL"]
    os.environ["MIGRATION_DATABASE_URL"] = ""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, for tests only

    # Now, and not when pytest-django gets to it: a folder's own conftest may import models.
    import django

    django.setup()


_stand_up()


def pytest_configure(config: pytest.Config) -> None:
    """End on SIGTERM as on Ctrl-C, so that the servers are stopped then too.

    Of several processes the first does so; it has the servers, and ends the others.
    """
    if config.getoption("numprocesses", None):
        # They inherit it, and would read the settings before they have named their own Redis keys.
        del os.environ["DJANGO_SETTINGS_MODULE"]
    if "PYTEST_XDIST_WORKER" not in os.environ:
        signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated", returncode=143))


def pytest_unconfigure() -> None:
    _standing.close()


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    with only_this_machine(urlsplit(os.environ["REDIS_URL"]).hostname):
        yield


@pytest.fixture(autouse=True, scope="session")
def _flush_empties_protected_tables() -> Iterator[None]:
    """Let the flush between tests empty tables that refuse it, as nobody but a superuser can."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    with pytest.MonkeyPatch.context() as patched:
        flush = DatabaseOperations.sql_flush
        patched.setattr(
            DatabaseOperations,
            "sql_flush",
            lambda *given, **options: [
                "SET LOCAL session_replication_role = replica",
                *flush(*given, **options),
            ],
        )
        yield


@pytest.fixture
def worker_environment(transactional_db: None) -> Iterator[dict[str, str]]:
    """The environment of a worker that shares this test's database and its Redis keys, which are empty."""
    from django.db import connection

    flush_keys()
    yield {**os.environ, "DATABASE_URL": url_of(connection.settings_dict)}
    flush_keys()


@pytest.fixture
def celery_worker_process(worker_environment: dict[str, str], tmp_path: Path) -> Iterator[RealWorker]:
    """A real `celery worker` with two children, ready for work. For kills and restarts use `real_worker`."""
    with real_worker(worker_environment, log=tmp_path / "worker.log", concurrency=2) as worker:
        yield worker


@pytest.fixture
def api(db: None) -> "Callable[..., APIClient]":
    """`api("reviewer")` gives a client with the token of a new user in that role, `api()` of one in none.

    Its `user` is that user.
    """
    from knox.models import AuthToken
    from rest_framework.test import APIClient

    from tests.factories import UserFactory

    def client(*roles: str) -> APIClient:
        user = UserFactory(roles=list(roles))
        _, token = AuthToken.objects.create(user)
        answering = APIClient()
        answering.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        answering.user = user
        return answering

    return client
