"""Child processes that can always be found and stopped. Standard library only.

A long-lived child runs in its own session, so that Ctrl-C in a terminal reaches only the
console, which then stops its children in order. Each is entered in a register on disk with
the moment of its birth: whoever finds the entry later, after a `kill -9` of the console or
a reboot, can tell the process from a stranger that was given the same number.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import IntEnum
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import IO

PROC = Path("/proc")
PATIENCE_SECONDS = 40.0  # a console gives its parts 30


@dataclass(frozen=True)
class Signalled:
    """Someone asked this process to stop."""

    number: int


@dataclass(frozen=True)
class Exited:
    """A watched child ended; `code` is negative when a signal ended it."""

    name: str
    code: int


@dataclass(frozen=True)
class Line:
    """One line that a child printed, without its line end."""

    name: str
    text: str


Event = Signalled | Exited | Line
Events = SimpleQueue[Event]


@contextmanager
def stop_signals(events: Events) -> Iterator[None]:
    """Turn every SIGINT, SIGTERM and SIGHUP into an event, however often it comes.

    Nothing is interrupted, so a second Ctrl-C cannot leave a half-done stop behind. A SIGHUP
    that was already ignored (nohup) stays ignored.
    """

    def put(number: int, _frame: FrameType | None) -> None:
        events.put(Signalled(number))

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, put) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def next_event(events: Events) -> Event:
    """Wait for an event.

    In short waits: Python runs a signal's handler between two of them, but a signal that another
    thread received, or that came just before, does not wake a thread that waits.
    """
    while True:
        try:
            return events.get(timeout=0.25)
        except Empty:
            continue


def watch(name: str, process: "subprocess.Popen[bytes]", events: Events) -> None:
    """Put the child's lines, if its output is a pipe, and its end into `events`.

    The end is not held back by a grandchild that still has the pipe open.
    """

    def wait() -> None:
        events.put(Exited(name, process.wait()))

    def read(output: IO[bytes]) -> None:
        with output:
            for line in output:
                events.put(Line(name, line.decode("utf-8", "replace").rstrip("\r\n")))

    threading.Thread(target=wait, daemon=True).start()
    if process.stdout is not None:
        threading.Thread(target=read, args=(process.stdout,), daemon=True).start()


def birth(pid: int) -> str | None:
    """When the process started, in a form no other process with this number shares; None if it is gone."""
    if not PROC.joinpath("self/stat").exists():  # not Linux
        asked = subprocess.run(
            ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607  where ps lives differs
            capture_output=True,
            text=True,
            check=False,
        )
        return asked.stdout.strip() or None
    try:
        after_name = PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, started_ticks = after_name[0], after_name[19]
    if state in "ZX":
        return None
    return f"{PROC.joinpath('sys/kernel/random/boot_id').read_text().strip()} {started_ticks}"


def stop(process: "subprocess.Popen[bytes]", number: int, patience_seconds: float = PATIENCE_SECONDS) -> int:
    """Ask a child of ours, which leads its own session, to end; kill its group if it has not in time."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    code = process.wait()
    kill_group(process.pid)
    return code


def kill_group(leader: int) -> None:
    """Kill what is left of the process group of a leader that has ended, and see it gone.

    The wait is short: where no init collects orphans, their group never quite goes away.
    """
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        try:
            os.killpg(leader, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
            return
        time.sleep(0.01)


class Rank(IntEnum):
    """In what order processes are to be stopped: the highest first."""

    SERVER = 0
    PART = 1
    COMMAND = 2  # it stops its parts itself


@dataclass(frozen=True)
class Entry:
    """One registered process and the signal that stops it cleanly."""

    name: str
    pid: int
    birth: str
    rank: Rank
    stop_signal: int

    def is_alive(self) -> bool:
        return birth(self.pid) == self.birth


class Register:
    """The live children of one checkout: a folder with one small file for each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, name: str, pid: int, rank: Rank, stop_signal: int = signal.SIGTERM) -> None:
        """Enter a child that was just started; one that has already ended is left out."""
        born = birth(pid)
        if born is None:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self._folder / f"{pid}.new"
        unfinished.write_text(json.dumps(asdict(Entry(name, pid, born, rank, stop_signal))))
        unfinished.rename(self._folder / f"{pid}.json")

    def remove(self, pid: int) -> None:
        (self._folder / f"{pid}.json").unlink(missing_ok=True)

    def stop_leftovers(self, patience_seconds: float = PATIENCE_SECONDS) -> list[str]:
        """Stop every process still entered, in the order of their ranks, and return their names.

        Raises PermissionError when one of them belongs to another user.
        """
        stopped = []
        for entry in sorted(self._entries(), key=lambda entry: (-entry.rank, entry.name)):
            if entry.is_alive():
                _stop_stranger(entry, patience_seconds)
                stopped.append(entry.name)
            self.remove(entry.pid)
        return stopped

    def _entries(self) -> Iterator[Entry]:
        for file in self._folder.glob("*.json"):
            with suppress(FileNotFoundError):  # a console that ends at this moment clears up itself
                yield Entry(**json.loads(file.read_text()))


def _stop_stranger(entry: Entry, patience_seconds: float) -> None:
    """Stop a process that is not our child, so that it can only be asked about, not waited for."""
    deadline = time.monotonic() + patience_seconds
    with suppress(ProcessLookupError):
        os.kill(entry.pid, entry.stop_signal)
        while entry.is_alive():
            if time.monotonic() > deadline:
                os.kill(entry.pid, signal.SIGKILL)
            time.sleep(0.05)
    kill_group(entry.pid)
