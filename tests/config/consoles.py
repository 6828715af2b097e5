"""Whole consoles for tests: `python -m config.embedded ...` with data of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.processes import Register

ROOT = Path(__file__).resolve().parents[2]
# Empty counts as not given, and wins over what a developer's .env gives.
_NOT_GIVEN = {
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "AUDIT_SIGNING_KEY": "",
    "MIGRATION_DATABASE_URL": "",
    "SECRET_KEY": "",
}


@dataclass
class Running:
    """A console that has been started."""

    process: "subprocess.Popen[str]"
    printed: list[str] = field(default_factory=list)

    def read_until(self, words: str) -> str:
        """Read what it prints up to a line with these words, and return that line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line)
            if words in line:
                return line
        raise AssertionError(f"It ended before it said {words!r}:\n{''.join(self.printed)}")

    def signal(self, *numbers: signal.Signals) -> None:
        for number in numbers:
            self.process.send_signal(number)

    def end(self) -> int:
        """Read the rest, and return the exit code."""
        assert self.process.stdout is not None
        self.printed.extend(self.process.stdout)
        return self.process.wait(timeout=60)


@contextmanager
def console(data_dir: Path, *arguments: str, **environment: str) -> Iterator[Running]:
    """Start `python -m config.embedded` with these arguments; afterwards nothing of it is left running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "config.embedded", *arguments],
        cwd=ROOT,
        env={**os.environ, **_NOT_GIVEN, "DATA_DIR": str(data_dir), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield Running(process)
        finally:
            process.kill()
            process.wait()
            Register(data_dir / "processes").stop_leftovers()


def run(data_dir: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run a console to its end; return its exit code and what it printed."""
    with console(data_dir, *arguments, **environment) as running:
        code = running.end()
        return code, "".join(running.printed)


def processes_of(data_dir: Path) -> list[str]:
    """The command lines of the live processes that use this data folder or its sockets (Linux)."""
    noted = data_dir / "runtime"
    marks = [str(data_dir), *([noted.read_text()] if noted.exists() else [])]
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words, environment = ((process / name).read_bytes() for name in ("cmdline", "environ"))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if any(mark.encode() in words + environment for mark in marks):
            found.append(words.replace(b"\0", b" ").decode(errors="replace"))
    return found
