import os
import select
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claims.errors import Unreadable
from claims.ingestion.readable import (
    MAX_DOCUMENT_BYTES,
    MAX_TEXT_CHARACTERS,
    Given,
    ReadablePage,
    Reader,
    ReaderNotStarted,
    check_document,
    read_document,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
PASTE = b"Bridge closed after flood\n\n3 February 2020\n\nThe bridge was closed on Monday."
PAGE = ReadablePage(
    text="The bridge was closed on Monday.",
    title="Bridge closed after flood",
    published_at=datetime(2020, 2, 3, tzinfo=UTC),
    published_text="3 February 2020",
    zone_assumed=True,
)
SLOW = b"<p>" * 49_000 + b"The bridge was closed on Monday."  # takes lxml and trafilatura seconds


@pytest.fixture(scope="module")
def reader():
    with Reader() as reader:
        yield reader


def run(source: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("media_type", "raw"),
    [
        ("text/plain", PASTE),
        ("TEXT/PLAIN; charset=utf-8", PASTE),
        ("text/plain; charset=utf-16-le", PASTE.decode().encode("utf-16-le")),
        (
            "text/html",
            b"<h1>Bridge closed after flood</h1><p>3 February 2020<p>The bridge was closed on Monday.",
        ),
        (
            "text/plain",
            b"<!DOCTYPE html><h1>Bridge closed after flood</h1><p>3 February 2020"
            b"<p>The bridge was closed on Monday.",
        ),
    ],
    ids=["paste", "parameters", "declared_charset", "page", "source_of_a_page"],
)
def test_read_document_reads_pastes_and_pages_alike(media_type, raw):
    assert read_document(raw, media_type=media_type, now=NOW) == PAGE


def test_read_document_knows_a_paste_by_the_address_it_came_from():
    page = read_document(PASTE, media_type="text/plain", now=NOW, url="HTTP://Post.example:80/a?utm_source=x")

    assert page.canonical_url == "http://post.example/a"


HOPELESS = [
    ("empty", b"", "text/plain"),
    ("empty", b" \r\n\t", "text/plain"),
    ("too_large", b"The bridge was closed. " * (20 * 1024**2 // 23), "text/plain"),
    ("unknown_type", PASTE, "application/json"),
    ("unknown_type", PASTE, ""),
    ("binary", b"%PDF-1.7 The bridge was closed.", "text/plain"),
    ("binary", b"\x89PNG\r\n\x1a\n" + bytes(100), "text/html"),
    ("wrong_encoding", "Мост через реку закрыли.".encode("koi8-r"), "text/plain; charset=utf-8"),
    ("no_text", b"0:00", "text/plain"),
    ("no_text", b"<html><script>alert('The bridge was closed.')</script></html>", "text/html"),
    ("too_complex", b"<div>" * 100_000, "text/html"),
]


@pytest.mark.parametrize(
    ("code", "raw", "media_type"), HOPELESS, ids=[f"{number}_{bad[0]}" for number, bad in enumerate(HOPELESS)]
)
def test_check_document_and_read_document_refuse_bad_input_for_the_same_reason(code, raw, media_type):
    with pytest.raises(Unreadable) as at_the_door:
        check_document(raw, media_type=media_type)
    with pytest.raises(Unreadable) as when_read:
        read_document(raw, media_type=media_type, now=NOW)

    assert (at_the_door.value.code, when_read.value.code) == (code, code)
    assert str(at_the_door.value) == str(when_read.value)


def test_check_document_lets_pass_what_can_be_read():
    check_document(PASTE, media_type="text/plain")
    check_document(b"<p>The dam broke.", media_type="text/html")


def test_read_document_refuses_a_text_longer_than_claims_are_looked_for_in():
    raw = b"The bridge was closed on Monday. " * (MAX_TEXT_CHARACTERS // 33 + 1)

    with pytest.raises(Unreadable, match="500,000 are allowed") as refused:
        read_document(raw, media_type="text/plain", now=NOW)

    assert refused.value.code == "too_large"


def test_reader_gives_what_read_document_gives(reader):
    given = Given(title="Lede bridge shut", published_at=datetime(2020, 2, 4, tzinfo=UTC))

    page = reader.read(PASTE, media_type="text/plain", now=NOW, url="https://post.example/a", given=given)

    assert page == read_document(
        PASTE, media_type="text/plain", now=NOW, url="https://post.example/a", given=given
    )
    assert (page.title, page.published_at) == ("Lede bridge shut", datetime(2020, 2, 4, tzinfo=UTC))


def test_reader_raises_what_read_document_raises_and_keeps_its_child(reader):
    reader.read(PASTE, media_type="text/plain", now=NOW)
    child = reader.child_pid

    with pytest.raises(Unreadable, match="a PDF") as refused:
        reader.read(b"%PDF-1.7", media_type="text/plain", now=NOW)

    assert (refused.value.code, reader.child_pid) == ("binary", child)
    assert reader.read(PASTE, media_type="text/plain", now=NOW) == PAGE


def test_reader_takes_documents_of_any_allowed_size(reader):
    script = (
        b"<h1>Bridge closed after flood</h1><p>3 February 2020<p>The bridge was closed on Monday.<script>"
    )
    raw = script.ljust(MAX_DOCUMENT_BYTES, b"x")

    assert reader.read(raw, media_type="text/html", now=NOW) == PAGE


def test_reader_stops_a_document_that_takes_too_long_and_reads_the_next(reader):
    with pytest.raises(Unreadable, match=r"longer than 0\.2 seconds") as refused:
        reader.read(SLOW, media_type="text/html", now=NOW, timeout_seconds=0.2)

    assert (refused.value.code, reader.child_pid) == ("timed_out", None)
    assert reader.read(PASTE, media_type="text/plain", now=NOW) == PAGE


def test_reader_replaces_a_child_that_died_between_documents(reader):
    reader.read(PASTE, media_type="text/plain", now=NOW)
    os.kill(reader.child_pid, signal.SIGKILL)
    os.waitid(os.P_PID, reader.child_pid, os.WEXITED | os.WNOWAIT)

    assert reader.read(PASTE, media_type="text/plain", now=NOW) == PAGE


def test_reader_replaces_its_child_after_some_documents():
    children = []
    with Reader(documents_per_child=2) as reader:
        for _ in range(4):
            assert reader.read(PASTE, media_type="text/plain", now=NOW) == PAGE
            children.append(reader.child_pid)

    assert children[0] != children[2]
    assert (children[1], children[3]) == (None, None)


def test_reader_can_be_used_after_close():
    reader = Reader()
    reader.close()
    try:
        assert reader.read(PASTE, media_type="text/plain", now=NOW) == PAGE
    finally:
        reader.close()
    assert reader.child_pid is None


def test_reader_that_cannot_start_says_that_it_is_not_the_document(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with Reader() as reader, pytest.raises(ReaderNotStarted):
        reader.read(PASTE, media_type="text/plain", now=NOW)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows a process's environment as a file")
def test_reader_s_child_does_not_know_our_environment(monkeypatch):
    monkeypatch.setenv("CROSSCLAIM_TEST_SECRET", "swordfish")

    with Reader() as reader:
        reader.read(PASTE, media_type="text/plain", now=NOW)
        environment = Path(f"/proc/{reader.child_pid}/environ").read_bytes().split(b"\0")

    names = sorted(variable.partition(b"=")[0] for variable in environment if variable)
    assert names == [b"PYTHONPATH", b"PYTHONUTF8"]


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of the end of another's child")
def test_reader_s_child_ends_when_its_parent_is_killed():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import datetime, time; from claims.ingestion.readable import Reader; reader = Reader();"
            "now = datetime.datetime.now(datetime.UTC);"
            "reader.read(b'The dam broke.', media_type='text/plain', now=now);"
            "print(reader.child_pid, flush=True); time.sleep(60)",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    with parent:
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()

    ended, _, _ = select.select([child], [], [], 20)
    os.close(child)

    assert ended == [child]


def test_reader_made_before_a_fork_starts_a_child_of_its_own_after_it():
    seen = run(
        """
        import os, datetime
        from claims.ingestion.readable import Reader
        now = datetime.datetime.now(datetime.UTC)
        with Reader() as reader:
            def read(): return reader.read(b"The dam broke.", media_type="text/plain", now=now).text
            texts, children = [read()], [reader.child_pid]
            forked = os.fork()
            if forked == 0:
                assert read() == "The dam broke." and reader.child_pid != children[0]
                reader.close()
                os._exit(7)
            assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 7
            assert read() == "The dam broke." and reader.child_pid == children[0]
        print("done")
        """
    )

    assert (seen.stdout, seen.stderr) == ("done\n", "")


@pytest.mark.parametrize(
    "act",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
    ],
)
def test_child_can_open_no_network_and_start_no_program(act):
    seen = run(f"from claims.ingestion.readable_child import forbid_network_and_programs as f; f(); {act}")

    assert (seen.returncode, seen.stderr.splitlines()[-1].partition(": ")[0]) == (1, "PermissionError")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold to an address space limit")
def test_child_s_memory_is_limited():
    seen = run("from claims.ingestion.readable_child import limit_memory as f; f(); bytearray(1024**3)")

    assert (seen.returncode, seen.stderr.splitlines()[-1]) == (1, "MemoryError")


def test_child_s_processor_time_is_limited_for_when_nobody_is_left_to_kill_it():
    seen = run(
        "from claims.ingestion.readable_child import limit_processor_time as f; f(0.1)\nwhile True: pass"
    )

    assert seen.returncode == -signal.SIGXCPU


def test_workers_do_not_carry_the_parsers():
    seen = run(
        "import sys, claims.ingestion.readable;"
        "print(sorted({'lxml', 'trafilatura', 'htmldate', 'django'} & set(sys.modules)))"
    )

    assert (seen.stdout, seen.stderr) == ("[]\n", "")
