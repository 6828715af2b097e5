"""Real PostgreSQL and Redis out of wheels, when the environment names none.

    python -m config.embedded [--join | --throw-away] COMMAND ARGUMENT...

runs COMMAND with the servers up and their URLs and the secrets set, passes signals
on to it, stops the servers after it and returns its exit code. Data stays in DATA_DIR (`.data/`),
or with --throw-away in a folder that is removed at the end. One set of servers serves a
checkout: a second start is refused, or with --join uses them.
"""

import argparse
import base64
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.env import DATA_DIR, env, environment_with
from config.local_servers import (
    Account,
    CannotStart,
    Interrupted,
    LocalServer,
    Postgres,
    Redis,
    let_in,
    server_account,
)
from config.processes import Events, Exited, Rank, Register, Signalled, next_event, stop, stop_signals, watch

_SERVERS: dict[str, type[LocalServer]] = {"DATABASE_URL": Postgres, "REDIS_URL": Redis}
_LONGEST_SOCKET_PATH = 100  # Linux takes 107 bytes, macOS 103
_LONGEST_SOCKET_NAME = "/crossclaim-abcdefgh/.s.PGSQL.5432"


class AlreadyRunning(CannotStart):
    """Another process runs the servers of this data folder."""


@dataclass(frozen=True)
class Standing:
    """What has been started for a data folder; `environment` says how to reach it.

    `joined`: another console started it, and what we run is none of that console's business.
    """

    data_dir: Path
    joined: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    servers: list[LocalServer] = field(default_factory=list)

    @property
    def register(self) -> Register:
        return Register(self.data_dir / "processes")


@contextmanager
def servers(data_dir: Path, events: Events | None = None) -> Iterator[Standing]:
    """Start what the environment does not name of DATABASE_URL, REDIS_URL, and make the secrets it lacks.

    What a killed predecessor left behind in `data_dir` is stopped first. Raises CannotStart
    (AlreadyRunning among them) with a message to show, and Interrupted when `events` tells of a
    signal while the servers start.
    """
    standing = Standing(data_dir)
    with ExitStack() as cleanup:
        try:
            cleanup.enter_context(_lock(data_dir))
            _tidy_up(standing.register, data_dir)
            _start(standing, Events() if events is None else events, cleanup)
        except PermissionError as error:
            raise CannotStart(
                f"{error}. {data_dir} was last used by another user (root?): start as that user, "
                f"or give it to yourself with `chown -R`, or set DATA_DIR to another folder."
            ) from error
        yield standing


def _start(standing: Standing, events: Events, cleanup: ExitStack) -> None:
    """Fill `standing`, and leave in `cleanup` how each step is undone."""
    data_dir = standing.data_dir
    if not env.str("SECRET_KEY", ""):
        standing.environment["SECRET_KEY"] = _secret(data_dir / "secret_key", secrets.token_urlsafe(50))
    if not env.str("AUDIT_SIGNING_KEY", ""):
        new_key = base64.b64encode(secrets.token_bytes(32)).decode()
        standing.environment["AUDIT_SIGNING_KEY"] = _secret(data_dir / "audit_signing_key", new_key)
    wanted = {name: kind for name, kind in _SERVERS.items() if not env.str(name, "")}
    if wanted:
        account = server_account()
        runtime = _runtime_folder(data_dir / "runtime", account)
        cleanup.callback(shutil.rmtree, runtime, ignore_errors=True)
        for folder in let_in(account, data_dir / "postgres"):
            if folder != data_dir:
                print(f"Opened {folder} to pass through (o+x): PostgreSQL cannot run as root.", flush=True)
    for kind in wanted.values():
        log = data_dir / f"{kind.name}.log"
        server = kind(data=data_dir / kind.name, runtime=runtime, log=log, account=account)
        cleanup.callback(server.stop, standing.register)
        server.start(events, standing.register)
        standing.servers.append(server)
        standing.environment.update(server.environment)
    run_env = data_dir / "run.env"
    cleanup.callback(run_env.unlink, missing_ok=True)
    _write_private(run_env, "".join(f"{name}={value}\n" for name, value in standing.environment.items()))


@contextmanager
def _lock(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this process; the operating system lets go of it when we die."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data_dir / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise AlreadyRunning(
                f"Crossclaim is already running from {data_dir.parent} (process {file.read().strip()}). "
                "Stop it first: Ctrl-C where it runs, or `kill` with that number."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _tidy_up(register: Register, data_dir: Path) -> None:
    """Put right what a predecessor that was killed could not."""
    left = register.stop_leftovers()
    if left:
        print(f"Stopped what an earlier run left behind: {', '.join(left)}.", flush=True)
    (data_dir / "run.env").unlink(missing_ok=True)
    runtime_note = data_dir / "runtime"
    if runtime_note.exists():
        runtime = Path(runtime_note.read_text())
        if runtime.name.startswith("crossclaim-"):
            shutil.rmtree(runtime, ignore_errors=True)


def _runtime_folder(note: Path, account: Account | None) -> Path:
    """A new private folder with a short path for the sockets; its place is noted for `_tidy_up`."""
    root = tempfile.gettempdir()
    if len(root + _LONGEST_SOCKET_NAME) > _LONGEST_SOCKET_PATH or not root.replace("/", "").isalnum():
        root = "/tmp"  # noqa: S108  only the place; mkdtemp makes the folder new and private
    runtime = Path(tempfile.mkdtemp(prefix="crossclaim-", dir=root))
    note.write_text(str(runtime))
    if account is not None:
        os.chown(runtime, account.uid, account.gid)
    return runtime


def _secret(file: Path, new: str) -> str:
    """The secret in the file, which is `new` at the first start."""
    if not file.exists():
        _write_private(file, new)
    return file.read_text().strip()


def _write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
    unfinished.rename(file)


def run(command: list[str], data_dir: Path, *, join: bool = False) -> int:
    """Run the command with the servers up; return its exit code, as a shell would give it."""
    events = Events()
    with stop_signals(events):
        try:
            with servers(data_dir, events) as standing:
                return _attend(command, standing, events)
        except AlreadyRunning:
            if not join:
                raise
        except Interrupted as stopped:
            return 128 + stopped.number
        return _attend(command, Standing(data_dir, joined=True), events)  # settings read run.env


def _attend(command: list[str], standing: Standing, events: Events) -> int:
    """Wait for the command's end, or for the end of a server, which ends the command too."""
    marks = {"DATA_DIR": str(standing.data_dir), "EMBEDDED_BY": str(os.getpid())}
    try:
        process = subprocess.Popen(command, env=environment_with({**standing.environment, **marks}))
    except OSError as error:
        raise CannotStart(f"Cannot run {command[0]}: {error.strerror}.") from error
    if not standing.joined:
        standing.register.add("command", process.pid, Rank.COMMAND)
    watch("command", process, events)
    for server in standing.servers:
        server.watch(events)
    failed = False
    while True:
        match next_event(events):
            case Signalled(number) if number != signal.SIGINT or not _terminal_interrupts():
                process.send_signal(number)
            case Exited("command", code):
                standing.register.remove(process.pid)
                return 1 if failed else code if code >= 0 else 128 - code
            case Exited(name, code):
                failed = True
                (server,) = (server for server in standing.servers if server.name == name)
                print(f"{name} ended unexpectedly ({code}). The end of its log:", file=sys.stderr)
                print(server.last_words(), file=sys.stderr, flush=True)
                stop(process, signal.SIGTERM, patience_seconds=60)


def _terminal_interrupts() -> bool:
    """Whether a Ctrl-C came to the command as well, so that passing it on would double it."""
    return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__.split("\n")[0])
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--join", action="store_true", help="use this checkout's servers if they run already")
    how.add_argument("--throw-away", action="store_true", help="keep no data")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args(arguments)
    if not given.command:
        parser.error("which command is to run?")
    try:
        if not given.throw_away:
            return run(given.command, DATA_DIR, join=given.join)
        with tempfile.TemporaryDirectory(prefix="crossclaim-data-") as folder:
            return run(given.command, Path(folder))
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
