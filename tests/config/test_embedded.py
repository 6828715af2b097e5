"""The embedded servers, as `make` starts them: as a program, told to stop in every way there is."""

import json
import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from config.local_servers import Account, CannotStart, let_in, program_folder
from tests.config.consoles import console, processes_of, run

WRITE = """
import os, psycopg, kombu
with psycopg.connect(os.environ["MIGRATION_DATABASE_URL"]) as database:
    database.execute("create table kept as select 42 as answer")
with kombu.Connection(os.environ["REDIS_URL"]) as broker:
    broker.SimpleQueue("kept").put("in redis")
"""
READ = """
import os, psycopg, kombu
with psycopg.connect(os.environ["MIGRATION_DATABASE_URL"]) as database:
    print(database.execute("select answer from kept").fetchone())
    print(database.execute("show data_checksums").fetchone(), database.execute("show fsync").fetchone())
with kombu.Connection(os.environ["REDIS_URL"]) as broker:
    print(broker.SimpleQueue("kept").get(timeout=5).payload)
"""
WAIT = "import signal; print('up', flush=True); signal.pause()"


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A path with a space, and longer than a socket's may be; open to the user that root runs servers as."""
    with TemporaryDirectory(prefix="crossclaim-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder, "a folder", "long" * 30, "data")


def test_servers_keep_what_was_written(data_dir: Path) -> None:
    written = run(data_dir, sys.executable, "-c", WRITE)
    read = run(data_dir, sys.executable, "-c", READ)

    assert written[0] == 0, written[1]
    assert read == (0, "(42,)\n('on',) ('on',)\nin redis\n")
    assert processes_of(data_dir) == []


def test_exit_code_of_the_command_is_returned(data_dir: Path) -> None:
    assert run(data_dir, "sh", "-c", "exit 7")[0] == 7
    assert run(data_dir, "sh", "-c", "kill -9 $$")[0] == 128 + signal.SIGKILL


def test_command_that_cannot_run_is_named(data_dir: Path) -> None:
    assert run(data_dir, "no-such-command") == (1, "Cannot run no-such-command: No such file or directory.\n")


def test_named_servers_are_used_and_none_started(data_dir: Path) -> None:
    given = {
        "DATABASE_URL": "postgresql://there/claims",
        "REDIS_URL": "redis://there",
        "SECRET_KEY": "s" * 50,
    }

    code, printed = run(data_dir, "sh", "-c", 'echo "$DATABASE_URL $REDIS_URL"', **given)

    assert (code, printed) == (0, "postgresql://there/claims redis://there\n")
    assert not (data_dir / "postgres").exists()
    assert not (data_dir / "redis").exists()


def test_each_server_is_started_only_if_it_is_not_named(data_dir: Path) -> None:
    code, printed = run(
        data_dir, "sh", "-c", 'echo "$DATABASE_URL"', DATABASE_URL="postgresql://there/claims"
    )

    assert (code, printed) == (0, "postgresql://there/claims\n")
    assert not (data_dir / "postgres").exists()
    assert (data_dir / "redis").exists()


def test_secret_key_is_made_once_and_readable_by_its_owner_only(data_dir: Path) -> None:
    first = run(data_dir, "sh", "-c", 'echo "$SECRET_KEY"', DATABASE_URL="unused", REDIS_URL="unused")
    second = run(data_dir, "sh", "-c", 'echo "$SECRET_KEY"', DATABASE_URL="unused", REDIS_URL="unused")

    assert first == second
    assert len(first[1].strip()) >= 50
    assert stat.S_IMODE((data_dir / "secret_key").stat().st_mode) == 0o600


def test_second_start_is_refused_and_a_join_is_not(data_dir: Path) -> None:
    with console(data_dir, sys.executable, "-c", WAIT) as first:
        first.read_until("up")

        refused, why = run(data_dir, "true")
        joined, url = run(data_dir, "--join", sys.executable, "manage.py", "shell", "-c", "print('joined')")

        assert refused == 1
        assert why.startswith("Crossclaim is already running from ")
        assert f"(process {first.process.pid})" in why
        assert joined == 0
        assert "joined" in url


def test_run_env_lets_another_terminal_in_while_the_servers_run(data_dir: Path) -> None:
    with console(data_dir, sys.executable, "-c", WAIT) as running:
        running.read_until("up")
        run_env = data_dir / "run.env"

        assert stat.S_IMODE(run_env.stat().st_mode) == 0o600
        assert [line.partition("=")[0] for line in run_env.read_text().splitlines()] == [
            "SECRET_KEY",
            "AUDIT_SIGNING_KEY",
            "DATABASE_URL",
            "MIGRATION_DATABASE_URL",
            "REDIS_URL",
        ]

        running.signal(signal.SIGTERM)
        running.end()
        assert not run_env.exists()


@pytest.mark.parametrize(
    "signals",
    [
        (signal.SIGINT,),
        (signal.SIGTERM,),
        (signal.SIGHUP,),
        (signal.SIGTERM, signal.SIGTERM),
        (signal.SIGINT, signal.SIGTERM, signal.SIGINT),
    ],
    ids=lambda signals: "+".join(number.name for number in signals),
)
def test_signals_stop_everything(data_dir: Path, signals: tuple[signal.Signals, ...]) -> None:
    with console(data_dir, sys.executable, "-c", WAIT) as running:
        running.read_until("up")
        sockets = Path((data_dir / "runtime").read_text())

        running.signal(*signals)
        code = running.end()

        assert code in {1, *(128 + number for number in signals)}  # 1: Python's own end on SIGINT
        assert processes_of(data_dir) == []
        assert not sockets.exists()
        assert list((data_dir / "processes").iterdir()) == []


def test_signal_while_the_servers_start_leaves_nothing(data_dir: Path) -> None:
    with console(data_dir, sys.executable, "-c", WAIT) as running:
        while not (data_dir / "processes").is_dir():
            assert running.process.poll() is None

        running.signal(signal.SIGTERM, signal.SIGTERM)
        code = running.end()

    assert code == 128 + signal.SIGTERM
    assert processes_of(data_dir) == []


def test_start_after_kill_9_stops_what_was_left_and_keeps_the_data(data_dir: Path) -> None:
    assert run(data_dir, sys.executable, "-c", WRITE)[0] == 0
    with console(data_dir, sys.executable, "-c", WAIT) as killed:
        killed.read_until("up")
        sockets = Path((data_dir / "runtime").read_text())
        killed.signal(signal.SIGKILL)
        killed.process.wait()

        code, printed = run(data_dir, sys.executable, "-c", READ)

    assert code == 0, printed
    assert printed.startswith("Stopped what an earlier run left behind: command, postgres, redis.\n(42,)\n")
    assert not sockets.exists()
    assert processes_of(data_dir) == []


def test_server_that_dies_ends_the_command_and_shows_why(data_dir: Path) -> None:
    with console(data_dir, sys.executable, "-c", WAIT) as running:
        running.read_until("up")
        entries = [json.loads(file.read_text()) for file in (data_dir / "processes").iterdir()]
        (postmaster,) = (entry["pid"] for entry in entries if entry["name"] == "postgres")

        os.kill(postmaster, signal.SIGKILL)
        code = running.end()

    assert code == 1
    assert "postgres ended unexpectedly (-9)." in "".join(running.printed)
    assert processes_of(data_dir) == []


def test_data_of_another_postgresql_is_not_touched(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text("16\n")

    code, printed = run(data_dir, "true")

    assert code == 1
    assert "was written by PostgreSQL 16, and this is PostgreSQL 18" in printed
    assert [file.name for file in (data_dir / "postgres").iterdir()] == ["PG_VERSION"]


def test_throw_away_leaves_nothing(tmp_path: Path) -> None:
    code, printed = run(
        tmp_path / "unused", "--throw-away", "sh", "-c", 'echo "$DATA_DIR"; ls -A "$DATA_DIR"'
    )

    folder, *files = printed.splitlines()
    assert code == 0
    assert "postgres" in files
    assert not Path(folder).exists()
    assert not (tmp_path / "unused").exists()


def test_missing_wheel_is_explained() -> None:
    with pytest.raises(CannotStart, match=r"no_such_wheel .* is not installed .*docker compose up"):
        program_folder("no_such_wheel", "bin")


def test_closed_folder_is_opened_for_passing_through_only(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "open").mkdir(mode=0o755)

    opened = let_in(Account("somebody", 12345, 12345), closed / "open" / "data")

    assert closed in opened
    assert closed / "open" not in opened
    assert stat.S_IMODE(closed.stat().st_mode) == 0o711


def test_nobody_is_let_in_when_the_servers_run_as_ourselves(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    assert let_in(None, tmp_path / "data") == []
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
