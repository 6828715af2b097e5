"""The second factor is off unless it is asked for; with it, what `two_factor_cases/` says holds."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from tests.config.test_settings import PRODUCTION
from tests.processes import url_of

ROOT = Path(__file__).resolve().parents[2]
OF_THIS_RUN = ("DJANGO_", "PYTEST_")
MISSING = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "allauth" else find(name, package)
"""
LOADED = """
import sys, django
django.setup()
import config.urls
print(sorted(name for name in sys.modules if name.partition(".")[0] in {"allauth", "fido2", "qrcode"}))
"""


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OF_THIS_RUN)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=inherited | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copied_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The URL by which another test run finds a copy of this one's database, migrated as it is."""
    ours = connection.settings_dict
    name = f"two_factor_{os.getpid()}"
    theirs = sql.Identifier(f"test_{name}")  # as Django calls it
    with django_db_blocker.unblock():
        connection.close()
    with psycopg.connect(url_of(ours | {"NAME": "postgres"}), autocommit=True) as server:
        # What an earlier test left open would forbid the copy.
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [ours["NAME"]]
        )
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(theirs, sql.Identifier(str(ours["NAME"])))
        )
        yield url_of(ours | {"NAME": name})
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(theirs))


def test_what_is_said_of_signing_in_with_a_second_factor(copied_database: str) -> None:
    cases = [f"tests/config/two_factor_cases/{name}.py" for name in ("signing_in", "keeping_one")]
    how = ("-q", "-p", "no:cacheprovider", "--reuse-db")

    ran = run("-m", "pytest", *cases, *how, TWO_FACTOR="optional", DATABASE_URL=copied_database)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " passed" in ran.stdout


def test_nothing_of_allauth_is_loaded_unless_it_is_asked_for() -> None:
    off = run("-c", LOADED, **PRODUCTION)
    on = run("-c", LOADED, **PRODUCTION, TWO_FACTOR="optional")

    assert (off.returncode, off.stdout) == (0, "[]\n"), off.stderr
    assert "'allauth.mfa.models'" in on.stdout


@pytest.mark.parametrize("wanted", ["optional", "required"])
def test_missing_extra_stops_the_start_and_says_what_to_install(wanted: str) -> None:
    started = run("-c", MISSING + LOADED, **PRODUCTION, TWO_FACTOR=wanted)

    assert started.returncode == 1
    assert (
        f"TWO_FACTOR={wanted} needs the extra `sso`: pip install 'django-allauth[mfa]~=65.21'"
        in started.stderr
    )


def test_malformed_value_stops_the_start() -> None:
    started = run("manage.py", "check", **PRODUCTION, TWO_FACTOR="yes")

    assert started.returncode == 1
    assert 'Environment variable "TWO_FACTOR" invalid' in started.stderr


def test_production_with_a_second_factor_passes_the_check() -> None:
    checked = run(
        "manage.py", "check", "--deploy", "--fail-level", "ERROR", **PRODUCTION, TWO_FACTOR="required"
    )

    assert checked.returncode == 0, checked.stderr


def test_command_says_that_the_second_factor_is_off() -> None:
    with pytest.raises(CommandError, match="TWO_FACTOR is off"):
        call_command("remove_second_factor", "vera")
