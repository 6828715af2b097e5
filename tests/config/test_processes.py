import os
import signal
import subprocess
from pathlib import Path

from config.processes import Events, Exited, Rank, Register, Signalled, birth, stop, stop_signals, watch


def _sleeper() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sleep", "600"], start_new_session=True)


def test_birth_tells_a_process_from_its_end_and_from_another() -> None:
    one, other = _sleeper(), _sleeper()

    born = birth(one.pid)
    again = birth(one.pid)
    stop(one, signal.SIGTERM)

    assert born is not None
    assert again == born
    assert birth(one.pid) is None
    stop(other, signal.SIGTERM)


def test_register_stops_what_a_killed_console_left(tmp_path: Path) -> None:
    left = _sleeper()
    Register(tmp_path).add("worker", left.pid, Rank.PART)

    stopped = Register(tmp_path).stop_leftovers()

    assert stopped == ["worker"]
    assert left.wait(timeout=5) == -signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_register_kills_what_does_not_want_to_stop(tmp_path: Path) -> None:
    stubborn = subprocess.Popen(
        ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 600; done"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert stubborn.stdout is not None
    stubborn.stdout.readline()
    Register(tmp_path).add("worker", stubborn.pid, Rank.PART)

    Register(tmp_path).stop_leftovers(patience_seconds=0.2)

    assert stubborn.wait(timeout=5) == -signal.SIGKILL
    stubborn.stdout.close()


def test_register_leaves_a_stranger_with_a_used_number_alone(tmp_path: Path) -> None:
    stranger = _sleeper()
    Register(tmp_path).add("worker", stranger.pid, Rank.PART)
    (entry,) = tmp_path.iterdir()
    entry.write_text(entry.read_text().replace(birth(stranger.pid) or "", "another boot 1"))

    stopped = Register(tmp_path).stop_leftovers()

    assert stopped == []
    assert stranger.poll() is None
    stop(stranger, signal.SIGTERM)


def test_stop_signals_become_events_however_often_they_come() -> None:
    events = Events()

    with stop_signals(events):
        for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
            os.kill(os.getpid(), number)

    assert [events.get(timeout=1) for _ in range(3)] == [
        Signalled(signal.SIGINT),
        Signalled(signal.SIGINT),
        Signalled(signal.SIGTERM),
    ]


def test_watch_tells_of_the_end_though_a_grandchild_holds_the_pipe() -> None:
    events = Events()
    parent = subprocess.Popen(
        ["sh", "-c", "sleep 600 & exit 3"], stdout=subprocess.PIPE, start_new_session=True
    )

    watch("worker", parent, events)

    assert events.get(timeout=5) == Exited("worker", 3)
    os.killpg(parent.pid, signal.SIGKILL)
