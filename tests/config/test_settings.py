"""The settings of production, read in a fresh process, and the state of the migrations."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "SECRET_KEY": "production-like-" + "x9Y-" * 12,
    "DATABASE_URL": "postgresql://crossclaim:secret@postgres/crossclaim",
    "MIGRATION_DATABASE_URL": "postgresql://owner:secret@postgres/claims",
    "AUDIT_SIGNING_KEY": base64.b64encode(bytes(range(32))).decode(),
    "REDIS_URL": "redis://:secret@redis:6379/0",
    "ALLOWED_HOSTS": "claims.example.org",
    "HTTPS": "true",
    "BEHIND_PROXY": "true",
    "DEBUG": "false",
    "COLLECTED_STATIC": "true",
}


def _manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    # The browser tests set a DJANGO_ variable for their own process, which production must not have.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**inherited, **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_passes_the_deployment_check() -> None:
    checked = _manage("check", "--deploy", "--fail-level", "WARNING")

    assert checked.returncode == 0, checked.stderr
    assert checked.stdout == "System check identified no issues (0 silenced).\n"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is shorter than 50 characters; make one with `make secret`."),
        ("DATABASE_URL", "sqlite:///file", "DATABASE_URL must name a PostgreSQL database"),
        ("TICK_SECONDS", "soon", 'Environment variable "TICK_SECONDS" invalid'),
        ("HTTPS", "perhaps", 'Environment variable "HTTPS" invalid'),
        ("EMAIL_URL", "mail.example.org", "EMAIL_URL must name a mail server"),
        ("EMAIL_URL", "submission://mail.example.org", 'Environment variable "EMAIL_FROM" not set'),
        ("ENGINE", "best", 'Environment variable "ENGINE" invalid'),
        ("ENGINE", "llm", 'Environment variable "LLM_URL" not set'),
    ],
)
def test_malformed_variable_stops_the_start_and_names_itself(name: str, value: str, said: str) -> None:
    checked = _manage("check", **{name: value})

    assert checked.returncode == 1
    assert said in checked.stderr


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=3)
