import io
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import console as console_module
from config.console import Console, Part, Stopped
from config.processes import Events, Register, birth, stop_signals


@pytest.fixture
def printed() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def console(tmp_path: Path, printed: io.StringIO) -> Iterator[Console]:
    events = Events()
    with stop_signals(events):
        running = Console(events, Register(tmp_path), printed)
        yield running
        running.stop()


def program(name: str, *words: str, starts_again: bool = False, prefixed: bool = True) -> Part:
    return Part(name, ["tests.config.program", *words], starts_again=starts_again, prefixed=prefixed)


def test_lines_carry_the_name_of_their_part(console: Console, printed: io.StringIO) -> None:
    console.start(program("web", "say:up", "wait"))

    assert console.go_on(lambda: "up" in printed.getvalue(), within_seconds=10)
    assert printed.getvalue() == "web    | up\n"


def test_go_on_gives_up_when_the_time_is_over(console: Console) -> None:
    console.start(program("web", "wait"))

    assert console.go_on(lambda: False, within_seconds=0.3) is False


def test_part_that_ends_stops_the_rest_with_its_exit_code(console: Console, printed: io.StringIO) -> None:
    console.start(program("worker", "wait"))
    console.start(program("web", "end:7"))

    with pytest.raises(Stopped) as stopped:
        console.go_on(within_seconds=10)

    assert stopped.value.code == 7
    assert "web ended unexpectedly (exit code 7): stopping the rest.\n" in printed.getvalue()


def test_part_that_ends_without_an_error_has_failed_too(console: Console) -> None:
    console.start(program("web", "end:0"))

    with pytest.raises(Stopped) as stopped:
        console.go_on(within_seconds=10)

    assert stopped.value.code == 1


def test_worker_that_ends_is_started_again(
    console: Console, printed: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_module, "FIRST_DELAY_SECONDS", 0.1)
    console.start(program("worker", "say:ready", "end:1", starts_again=True))

    assert console.go_on(lambda: printed.getvalue().count("ready") == 2, within_seconds=10)
    assert "worker ended unexpectedly (exit code 1): starting it again" in printed.getvalue()


def test_worker_that_ends_too_often_stops_the_rest(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console_module, "FIRST_DELAY_SECONDS", 0.01)
    monkeypatch.setattr(console_module, "RESTARTS", 2)
    console.start(program("worker", "end:5", starts_again=True))

    with pytest.raises(Stopped) as stopped:
        console.go_on(within_seconds=20)

    assert stopped.value.code == 5


def test_run_returns_the_exit_code_and_holds_the_lines_of_others_back(
    console: Console, printed: io.StringIO
) -> None:
    console.start(program("web", "say:up", "wait"))

    code = console.run(program("samples", "end:4", prefixed=False))
    console.go_on(lambda: "up" in printed.getvalue(), within_seconds=10)

    assert code == 4
    assert printed.getvalue() == "web    | up\n"


def test_signals_stop_everything_even_when_they_come_twice(
    console: Console, printed: io.StringIO, tmp_path: Path
) -> None:
    console.start(program("web", "say:up", "wait"))
    console.go_on(lambda: "up" in printed.getvalue(), within_seconds=10)

    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(Stopped) as stopped:
        console.go_on(within_seconds=10)
    os.kill(os.getpid(), signal.SIGINT)
    console.stop()

    assert stopped.value.code == 0
    assert list(tmp_path.iterdir()) == []


def test_stop_kills_what_does_not_end_in_time_and_its_children(
    console: Console, printed: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console_module, "PATIENCE_SECONDS", 0.3)
    console.start(program("worker", "child", "stay"))
    console.go_on(lambda: "staying" in printed.getvalue(), within_seconds=10)
    child = int(printed.getvalue().split("child ")[1].split()[0])

    console.stop()

    assert "worker did not end in time and is killed.\n" in printed.getvalue()
    assert birth(child) is None
