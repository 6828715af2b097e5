"""Real workers and web servers for tests: started, watched, paused and killed as whole process groups."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from config.processes import kill_group

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN_SECONDS = 60.0


@dataclass(frozen=True)
class RealWorker:
    """A `celery worker` process with its children, in a session of its own."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def children(self) -> list[int]:
        """The pool's processes, which do the work (Linux only)."""
        return [int(pid) for pid in _children_file(self.process.pid).read_text().split()]

    def kill(self) -> None:
        """`kill -9` the worker and its children, as when the machine loses power."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        kill_group(self.process.pid)

    def kill_child(self) -> None:
        """`kill -9` one process of the pool, as the kernel does when memory is short."""
        os.kill(self.children()[0], signal.SIGKILL)

    def pause(self) -> None:
        """Stop the clock of all of it, as when a virtual machine is moved."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self.process.pid, signal.SIGCONT)

    def stop(self) -> int:
        """Ask it to finish what it does and end; return its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=60)


def _children_file(pid: int) -> Path:
    return Path(f"/proc/{pid}/task/{pid}/children")


@contextmanager
def real_worker(
    environment: Mapping[str, str],
    *,
    log: Path,
    queues: str = "interactive,ingest,bulk",
    concurrency: int = 1,
) -> Iterator[RealWorker]:
    """Run a worker and yield it when it takes work; whatever happened to it, nothing is left of it after.

        with real_worker(worker_environment, log=tmp_path / "worker.log") as worker:
            submit(...)
            worker.kill()

    `environment` is the fixture `worker_environment`, with a setting or two changed if the test needs it.
    Fails with what the worker printed when it does not become ready.
    """
    name = f"test-{os.getpid()}-{time.monotonic_ns()}@localhost"
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker"]
    options = [f"--hostname={name}", f"--queues={queues}", f"--concurrency={concurrency}", "--loglevel=INFO"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, *options, "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    worker = RealWorker(process, log)
    try:
        _await_ready(worker, name)
        yield worker
    finally:
        process.kill()
        process.wait()
        kill_group(process.pid)


def _await_ready(worker: RealWorker, name: str) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while f"{name} ready" not in worker.printed():
        assert worker.process.poll() is None, f"The worker ended:\n{worker.printed()}"
        assert time.monotonic() < deadline, f"The worker did not become ready:\n{worker.printed()}"
        time.sleep(0.05)


@contextmanager
def real_web(environment: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The web server as `make up` starts it, on a free port: its URL and the pid of its master."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:config.gunicorn"],
        cwd=ROOT,
        env={**environment, "BIND": f"127.0.0.1:{port}"},
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _await_answer(url, process)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(30)
        kill_group(process.pid)


def _await_answer(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert process.poll() is None, "The web server ended."
        try:
            with urlopen(f"{url}/healthz", timeout=1):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The web server did not answer within 20 s.")


def flush_keys() -> None:
    """Delete what this test run has in Redis: its queues, and messages that wait to be acknowledged."""
    from django.conf import settings

    from config.celery import app

    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    with app.connection_for_write() as broker:
        client = broker.default_channel.client
        # The client of the transport puts the prefix before every key it sends, but not before a pattern.
        keys = [key.decode().removeprefix(prefix) for key in client.scan_iter(match=f"{prefix}*")]
        if keys:
            client.delete(*keys)


def url_of(database: dict[str, Any]) -> str:
    """DATABASE_URL for one entry of Django's DATABASES, the database of the running test for one."""
    # A socket's folder stands under OPTIONS when it was given as `?host=`.
    named = database | {"HOST": database["HOST"] or database["OPTIONS"].get("host", "")}
    user, password, host = (quote(str(named[key] or ""), safe="") for key in ("USER", "PASSWORD", "HOST"))
    login = f"{user}:{password}" if password else user
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{login}@{host}{port}/{database['NAME']}"
