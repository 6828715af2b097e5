"""`make up` as a whole: the first start with the samples, a worker's death, the stop, the second start."""

import json
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import pytest

from tests.config.consoles import Running, console, processes_of

UP = (sys.executable, "manage.py", "up")


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with TemporaryDirectory(prefix="crossclaim-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder, "data")


def _port(running: Running) -> int:
    found = re.search(r"http://localhost:(\d+)/", running.read_until("Crossclaim runs at"))
    assert found is not None
    return int(found[1])


def _answer(port: int, path: str, **sent: str) -> tuple[int, str, SimpleCookie]:
    """Status, text and cookies of a GET, or of a POST of `sent` with the token that its form wants."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path)
        got = connection.getresponse()
        text = got.read().decode()
        cookies = SimpleCookie(got.headers.get("Set-Cookie", ""))
        if sent:
            cookie = cookies[f"crossclaim_csrf_{port}"]
            body = urlencode({"csrfmiddlewaretoken": cookie.value, **sent})
            headers = {
                "Cookie": f"{cookie.key}={cookie.value}",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            connection.request("POST", path, body, headers)
            got = connection.getresponse()
            text = got.read().decode()
        return got.status, text, cookies


def _pid_of(name: str, data_dir: Path) -> int:
    entries = [json.loads(file.read_text()) for file in (data_dir / "processes").iterdir()]
    (pid,) = (entry["pid"] for entry in entries if entry["name"] == name)
    return int(pid)


def test_up_runs_everything_and_stops_it_and_runs_it_again(data_dir: Path) -> None:
    with console(data_dir, *UP) as first:
        port = _port(first)
        (password,) = re.findall(r"with the password (\S+)", first.read_until("Sign in as admin"))
        first.read_until("Ctrl-C stops everything")

        ready = _answer(port, "/readyz")
        signed_in = _answer(port, "/admin/login/?next=/admin/", username="admin", password=password)
        os.kill(_pid_of("worker", data_dir), signal.SIGKILL)
        restarting = first.read_until("worker ended unexpectedly (signal 9): starting it again")
        first.read_until("ready.")
        first.signal(signal.SIGINT, signal.SIGTERM)
        stopped = first.end()

    assert ready[:2] == (200, '{"database": "ready", "redis": "ready"}')
    assert signed_in[0] == 302, signed_in[1]
    assert restarting
    assert stopped == 0
    assert "".join(first.printed).endswith("Stopped. The data is kept.\n")
    assert re.search(r"\d+ files: \d+ done; \d+ claims", "".join(first.printed))
    assert processes_of(data_dir) == []

    with console(data_dir, *UP) as second:
        _port(second)
        who = second.read_until("Sign in as admin")
        second.signal(signal.SIGTERM)
        stopped = second.end()

    assert "create_admin --reset" in who
    assert stopped == 0
    assert "Taking in the sample articles" not in "".join(second.printed)
    assert processes_of(data_dir) == []


def test_up_stops_when_the_port_it_was_given_is_taken(data_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with console(data_dir, *UP, PORT=str(port)) as running:
            code = running.end()

    assert code == 1
    assert f"Port {port} is taken. Give another (PORT=8080 make up)" in "".join(running.printed)
    assert processes_of(data_dir) == []


def test_up_stops_all_when_web_ends_and_when_its_console_is_killed(data_dir: Path) -> None:
    with console(data_dir, *UP, "--no-samples") as running:
        _port(running)
        os.kill(_pid_of("web", data_dir), signal.SIGKILL)
        code = running.end()

    assert code == 128 + signal.SIGKILL
    assert "web ended unexpectedly (signal 9): stopping the rest.\n" in running.printed
    assert processes_of(data_dir) == []

    with console(data_dir, *UP, "--no-samples") as killed:
        _port(killed)
        killed.signal(signal.SIGKILL)
        killed.read_until("The console that started us is gone: stopping.")
        killed.read_until("Stopped. The data is kept.")

        with console(data_dir, *UP, "--no-samples") as after:
            after.read_until("Stopped what an earlier run left behind:")
            _port(after)
            after.signal(signal.SIGTERM)
            assert after.end() == 0

    assert processes_of(data_dir) == []
