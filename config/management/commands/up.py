"""Everything in one console: `make up` runs this between the embedded servers' start and stop."""

import sys
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import socket
from typing import Any, NoReturn

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections

from claims.models import Article
from config.accounts import FIRST_ADMIN, create_admin
from config.console import Console, Part, Stopped
from config.env import DATA_DIR, ROOT, env
from config.listening import PortTaken, listen
from config.processes import Events, Register, stop_signals

WEB = ("gunicorn", "-c", "python:config.gunicorn")
WORKER = (
    *("celery", "--quiet", "-A", "config.celery", "worker", "--queues", "interactive,ingest,bulk"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)
BEAT = ("celery", "--quiet", "-A", "config.celery", "beat", "--pidfile=")
READY_WITHIN_SECONDS = 120.0
SAMPLES = ROOT / "samples"


class Command(BaseCommand):
    help = "Run everything: migrate, make an administrator, start web, worker and beat, take in the samples."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-samples", action="store_true", help="begin with no articles")

    def handle(self, *, no_samples: bool, **_: Any) -> None:
        events = Events()
        console = Console(events, Register(DATA_DIR / "processes"))
        with stop_signals(events):
            try:
                _run(console, samples=not no_samples)
            except PortTaken as error:
                raise CommandError(str(error)) from error
            except OperationalError as error:
                raise CommandError(f"The database does not answer: {error}") from error
            except Stopped as stopped:
                code = stopped.code
            finally:
                console.stop()
        console.say("Stopped. The data is kept.")
        sys.exit(code)


def _run(console: Console, *, samples: bool) -> NoReturn:
    """Start everything in order and look after it until told to stop. Raises Stopped then."""
    with listen(env.int("PORT", None)) as listening:
        port = listening.getsockname()[1]
        console.say("Bringing the database up to date.")
        call_command("migrate", interactive=False, verbosity=0)
        alive = DATA_DIR / "worker.alive"
        alive.unlink(missing_ok=True)
        pending = DATA_DIR / "samples-to-come"
        if samples and not Article.objects.exists():
            pending.touch()
        connections.close_all()
        console.say("Starting web, worker and beat.")
        for part in _parts(listening, alive):
            console.start(part)
    if not console.go_on(lambda: _answers(port) and alive.exists(), READY_WITHIN_SECONDS):
        console.say(f"Web and worker were not ready within {READY_WITHIN_SECONDS:.0f} seconds.")
        raise Stopped(1)
    if pending.exists():
        _take_in_samples(console, pending)
    console.say(_welcome(port, password=create_admin()))  # last, so that nothing can swallow the password
    connections.close_all()
    console.go_on_for_good()


def _parts(listening: socket, alive: Path) -> list[Part]:
    """What runs, in the order of starting. Here, on one machine, plain HTTP is what there is."""
    here = {"HTTPS": str(env.bool("HTTPS", False)), "COLLECTED_STATIC": "false"}
    # Cookies do not know ports, and a second checkout may run beside this one.
    cookies = {
        name: env.str(name, f"crossclaim_{kind}_{listening.getsockname()[1]}")
        for name, kind in {"SESSION_COOKIE_NAME": "session", "CSRF_COOKIE_NAME": "csrf"}.items()
    }
    web = {**here, **cookies, "BIND": f"fd://{listening.fileno()}"}
    return [
        Part("web", WEB, web, pass_fds=(listening.fileno(),)),
        Part(
            "worker",
            WORKER,
            {**here, "ALIVE_FILE": str(alive), "REMAP_SIGTERM": "SIGQUIT"},
            starts_again=True,
        ),
        Part("beat", BEAT, here, starts_again=True),
    ]


def _answers(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=1)) as connection:
        with suppress(OSError, HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False


def _take_in_samples(console: Console, pending: Path) -> None:
    """Send the sample articles through the real pipeline; the next start resumes what was interrupted."""
    console.say("Taking in the sample articles.")
    for command in (["ingest", str(SAMPLES), "--wait"], ["open_sample_questions"]):
        code = console.run(Part("samples", ["manage", *command], prefixed=False))
        if code != 0:
            console.say(
                f"`{command[0]}` stopped with code {code}: the samples are not all taken in."
                " The next start goes on with them."
            )
            return
    pending.unlink()


def _welcome(port: int, password: str | None) -> str:
    who = (
        f"Sign in as {FIRST_ADMIN} with the password {password}\n  (shown this once; only its hash is kept)"
        if password
        else f"Sign in as {FIRST_ADMIN}. Forgotten the password? make manage ARGS='create_admin --reset'"
    )
    return f"""
  Crossclaim runs at http://localhost:{port}/

  {who}
  Then: open a contested question and compare its positions, or paste an article of your own.
  Ctrl-C stops everything; the data stays in {DATA_DIR}
"""
