"""One console for web, worker and beat: prefixed lines, a clean stop, no orphans.

honcho, the usual tool, ends everything when one process ends, after five seconds by force, and
leaves its children behind when it is killed. A worker may end by itself when Redis comes and
goes (celery 5.7), so here it is started again; and what is left after a kill is found by the
next start (config.processes).
"""

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty
from typing import NoReturn, TextIO

from config.env import ROOT, env, environment_with
from config.processes import Event, Events, Exited, Line, Rank, Register, Signalled, kill_group, watch

PATIENCE_SECONDS = 30.0  # more than the worker's soft shutdown takes
RESTARTS = 5
FIRST_DELAY_SECONDS = 1.0
FORGIVEN_AFTER_SECONDS = 300.0
_COLOURS = {"web": 36, "worker": 33, "beat": 35}


@dataclass(frozen=True)
class Part:
    """One program of the console, given as the words after `python -m`."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    starts_again: bool = False
    """When it ends by itself it is started again, a few times, instead of ending the rest with it."""
    pass_fds: Sequence[int] = ()
    prefixed: bool = True
    """Its lines come through us; if not, it writes to our terminal itself (for a progress bar)."""


class Stopped(Exception):
    """The console is to end, with this exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the console ends with {code}")
        self.code = code


class Console:
    """Runs parts and shows what they print; everything happens in the thread that calls it."""

    def __init__(self, events: Events, register: Register, out: TextIO = sys.stdout) -> None:
        self._events = events
        self._register = register
        self._out = out
        self._parts: dict[str, Part] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._ended: dict[str, int] = {}
        self._failures: defaultdict[str, list[float]] = defaultdict(list)
        self._start_at: dict[str, float] = {}
        self._held: list[Line] | None = None
        self._parent = os.getppid() if env.int("EMBEDDED_BY", 0) == os.getppid() else None

    def say(self, text: str) -> None:
        """Print a line of our own."""
        print(text, file=self._out, flush=True)

    def start(self, part: Part) -> None:
        self._parts[part.name] = part
        process = subprocess.Popen(
            [sys.executable, "-m", *part.command],
            cwd=ROOT,
            env=environment_with({**part.environment, "PYTHONUNBUFFERED": "1"}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if part.prefixed else None,
            stderr=subprocess.STDOUT if part.prefixed else None,
            start_new_session=True,
            pass_fds=part.pass_fds,
        )
        self._running[part.name] = process
        self._register.add(part.name, process.pid, Rank.PART)
        watch(part.name, process, self._events)

    def run(self, part: Part) -> int:
        """Run a part that ends, while the others go on; return its exit code.

        Their lines are held back meanwhile, so as not to tear its progress bar.
        """
        with self._holding_lines():
            self.start(part)
            self.go_on(until=lambda: part.name in self._ended)
        return self._ended.pop(part.name)

    def go_on(self, until: Callable[[], bool] = lambda: False, within_seconds: float = float("inf")) -> bool:
        """Show lines and look after the parts until the condition holds; False if the time runs out before.

        Raises Stopped when a signal comes, or a part ends that should not.
        """
        deadline = time.monotonic() + within_seconds
        while not until():
            if time.monotonic() > deadline:
                return False
            if self._parent not in (None, os.getppid()):
                self.say("The console that started us is gone: stopping.")
                raise Stopped(1)
            for name in [name for name, moment in self._start_at.items() if time.monotonic() >= moment]:
                del self._start_at[name]
                self.start(self._parts[name])
            try:
                self._take(self._events.get(timeout=0.25))
            except Empty:
                continue
        return True

    def go_on_for_good(self) -> NoReturn:
        """Look after the parts until one of `go_on`'s reasons to stop."""
        while True:
            self.go_on()

    def stop(self) -> None:
        """End every part, by force if it takes too long; further signals change nothing."""
        for process in self._running.values():
            process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._running:
            if time.monotonic() > deadline:
                for name, process in self._running.items():
                    self.say(f"{name} did not end in time and is killed.")
                    process.kill()
                deadline = float("inf")
            try:
                event = self._events.get(timeout=0.25)
            except Empty:
                continue
            if isinstance(event, Exited):
                self._forget(event)
            elif isinstance(event, Line):
                self._show(event)

    def _take(self, event: Event) -> None:
        match event:
            case Line():
                self._show(event)
            case Signalled():
                self.say("Stopping.")
                raise Stopped(0)
            case Exited(name, code):
                self._forget(event)
                part = self._parts[name]
                if part.starts_again:
                    self._start_again(part, code)
                elif part.prefixed:
                    self.say(f"{name} ended unexpectedly ({_in_words(code)}): stopping the rest.")
                    raise Stopped(_as_exit_code(code))

    def _forget(self, event: Exited) -> None:
        process = self._running.pop(event.name)
        kill_group(process.pid)
        self._register.remove(process.pid)
        self._ended[event.name] = event.code

    def _start_again(self, part: Part, code: int) -> None:
        now = time.monotonic()
        failures = [moment for moment in self._failures[part.name] if now - moment < FORGIVEN_AFTER_SECONDS]
        if len(failures) >= RESTARTS:
            self.say(
                f"{part.name} ended {RESTARTS + 1} times in a short while ({_in_words(code)}): stopping."
            )
            raise Stopped(_as_exit_code(code))
        delay = FIRST_DELAY_SECONDS * 2 ** len(failures)
        self._failures[part.name] = [*failures, now]
        self._start_at[part.name] = now + delay
        self.say(f"{part.name} ended unexpectedly ({_in_words(code)}): starting it again in {delay:.0f} s.")

    @contextmanager
    def _holding_lines(self) -> Iterator[None]:
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            for line in held:
                self._show(line)

    def _show(self, line: Line) -> None:
        if self._held is not None:
            self._held.append(line)
            return
        prefix = f"{line.name:<6} |"
        if self._out.isatty():
            prefix = f"\033[{_COLOURS.get(line.name, 1)}m{prefix}\033[0m"
        self.say(f"{prefix} {line.text}")


def _in_words(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _as_exit_code(code: int) -> int:
    """A part that ends with 0 when it should have gone on has failed as well."""
    return 128 - code if code < 0 else code or 1
