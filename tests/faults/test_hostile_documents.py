"""Documents made to break their readers: each ends as a page or as Unreadable, and the next one is read.

The corpora lie beside the checkout where the project is developed. They are counted, so that none is
left out unnoticed; the generated documents are always there.
"""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claims.errors import Unreadable
from claims.ingestion.readable import ReadablePage, Reader, check_document

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIMIT_SECONDS = 30.0  # three times the usual, since tests share their machine
GOOD = b"<h1>Bridge closed after flood</h1><p>The bridge was closed on Monday.</p>"
GOOD_PAGE = ReadablePage(text="The bridge was closed on Monday.", title="Bridge closed after flood")
SLOW = b"<p>" * 49_000 + b"The bridge was closed on Monday."  # seconds, and cannot be interrupted


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


def read_good(reader: Reader) -> ReadablePage:
    return reader.read(GOOD, media_type="text/html", now=NOW)


def outcome(reader: Reader, raw: bytes, media_type: str) -> str:
    """Return "page" or the code of Unreadable; what is stored of a page must be storable."""
    try:
        page = reader.read(raw, media_type=media_type, now=NOW, timeout_seconds=LIMIT_SECONDS)
    except Unreadable as unreadable:
        return unreadable.code
    stored = "".join([page.text, page.title, page.byline, page.credit, page.outlet, page.published_text])
    stored.encode()
    assert not set(map(chr, range(32))) - {"\t", "\n"} & set(stored), page
    assert page.text
    return "page"


def door_code(raw: bytes, media_type: str) -> str:
    """Return the code with which the door refuses a document, "" if it lets it pass."""
    try:
        check_document(raw, media_type=media_type)
    except Unreadable as unreadable:
        return unreadable.code
    return ""


ATTRIBUTES = b" ".join(b"a%d=1" % number for number in range(100_000))
BOMBS = {
    "open_divs": b"<div>" * 100_000,
    "open_bs": b"<b>" * 100_000,
    "open_tables": b"<table><tr><td>" * 30_000,
    "angles": b"<" * 1_000_000,
    "open_comments": b"<!--" * 250_000,
    "comments": b"<!---->" * 49_000,
    "ampersands": b"&" * 1_000_000,
    "character_references": b"&#x41;" * 300_000,
    "surrogate_references": b"<p>The bridge &#xD800;&#0;&#x1b; was closed." * 10_000,
    "end_tags": b"</p>" * 250_000,
    "some_end_tags": b"</p>" * 49_000,
    "attributes": b"<p " + ATTRIBUTES + b">The bridge was closed.",
    "attributes_without_end": b"<p " + ATTRIBUTES,
    "one_long_attribute": b"<p a='" + b"x" * 1_900_000 + b"'>The bridge was closed.",
    "unclosed_quotes": b'<a b="' * 500_000,
    "crossed_quotes": b"<a b=\"'" * 500_000,
    "misnested": b"<b><i><p></b></i>" * 20_000,
    "misnested_formatting": b"<a><b><i><u></a></b></i></u>" * 10_000,
    "tables_in_cells": b"<table><td>" * 5_000,
    "options": b"<option>" * 49_000,
    "items": b"<li>" * 49_000,
    "paragraphs_never_closed": b"<p>" * 49_000 + b"The bridge was closed.",
    "paragraphs": b"<p>The bridge was closed on Monday.</p>" * 20_000,
    "line_breaks": b"x<br>" * 49_000,
    "one_long_word": b"<p>" + b"x" * 1_900_000,
    "one_long_line": b"<p>" + b"word " * 300_000,
    "white_space": b"<p>A" + b" " * 1_900_000 + b"x",
    "no_break_space": b"<p>A" + "\u00a0".encode() * 900_000 + b"x",
    "line_ends": b"A\n" * 450_000,
    "short_lines": b"ab cd ef gh\n" * 80_000,
    "repeated_sentences": b"The bridge was closed.\n\n" * 40_000,
    "dates": b"19 June 2017\n" * 70_000,
    "bars": b"a | " * 240_000,
    "quotes": b"\"'" * 490_000,
    "json_nested": b'<script type="application/ld+json">' + b"[" * 1_000_000 + b"</script>" + GOOD,
    "json_wide": b'<script type="application/ld+json">[' + b"{}," * 99_000 + b"{}]</script>" + GOOD,
    "json_big_number": b'<script type="application/ld+json">' + b"9" * 299_000 + b"</script>" + GOOD,
    "titles": b"<title>x</title><h1>y</h1>" * 12_000 + GOOD,
    "times": b"<time datetime=2020-01-01>x</time>" * 24_000 + GOOD,
    "entities": b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n + 1, b"&a%d;" % n * 10) for n in range(12))
    + b"]><p>The bridge &a12; was closed.",
    "external_entity": b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><p>The bridge &a; was closed.",
    "every_byte": bytes(range(256)) * 4_000,
    "every_character": "".join(map(chr, (*range(32, 0xD800), *range(0xE000, 0x110000)))).encode(),
}


@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
@pytest.mark.parametrize("name", BOMBS)
def test_bomb_ends_as_a_page_or_a_reason_within_the_limit(reader, name, media_type):
    started = time.monotonic()

    ended = outcome(reader, BOMBS[name], media_type)

    assert ended in {"page", "too_complex", "no_text", "too_large", "binary"}
    assert time.monotonic() - started < LIMIT_SECONDS + 5
    assert read_good(reader) == GOOD_PAGE


@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_looked_at_quickly_at_the_door(name, media_type):
    started = time.process_time()

    code = door_code(BOMBS[name], media_type)

    assert code in {"", "too_complex", "no_text", "too_large", "binary"}
    assert time.process_time() - started < 3


def test_external_entity_is_not_read(reader):
    page = reader.read(BOMBS["external_entity"], media_type="text/html", now=NOW)

    assert "root:" not in page.text


def test_child_killed_in_the_middle_of_a_document_is_replaced(reader):
    assert read_good(reader) == GOOD_PAGE
    child = reader.child_pid
    killer = threading.Timer(0.5, os.kill, [child, signal.SIGKILL])
    killer.start()

    with pytest.raises(Unreadable, match="broke the program") as broken:
        reader.read(SLOW, media_type="text/html", now=NOW)
    killer.join()

    assert broken.value.code == "reader_died"
    assert read_good(reader) == GOOD_PAGE
    assert reader.child_pid != child


def test_parser_that_does_not_end_is_stopped(reader):
    assert read_good(reader) == GOOD_PAGE
    child = reader.child_pid
    os.kill(child, signal.SIGSTOP)  # as stuck as can be: takes no byte of a document larger than a pipe
    started = time.monotonic()

    with pytest.raises(Unreadable, match="longer than 1 seconds") as stopped:
        reader.read(GOOD.ljust(1_000_000), media_type="text/html", now=NOW, timeout_seconds=1)

    assert stopped.value.code == "timed_out"
    assert time.monotonic() - started < 3
    assert read_good(reader) == GOOD_PAGE
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def tree_construction_cases() -> list[bytes]:
    """The inputs in html5lib's format: each follows a line #data and ends before a line #errors."""
    return [
        case.partition(b"\n#errors")[0]
        for file in sorted((CORPORA / "html5lib-tests" / "tree-construction").rglob("*.dat"))
        for case in (b"\n" + file.read_bytes()).split(b"\n#data\n")[1:]
    ]


def tokenizer_cases() -> list[bytes]:
    return [
        case["input"].encode("utf-8", "surrogatepass")
        for file in sorted((CORPORA / "html5lib-tests" / "tokenizer").glob("*.test"))
        for case in next(iter(json.loads(file.read_bytes()).values()))
    ]


def feed_documents() -> list[bytes]:
    folder = CORPORA / "feedparser-tests"
    return [
        file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file() and file.name != "LICENSE"
    ]


def naughty_strings() -> list[bytes]:
    strings = json.loads((CORPORA / "naughty-strings" / "blns.json").read_text(encoding="utf-8"))
    return [string.encode("utf-8", "surrogatepass") for string in strings]


def xss_lines() -> list[bytes]:
    files = sorted((CORPORA / "web-attack-strings" / "xss").glob("*.txt"))
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    return sorted({line.encode() for text in texts for line in text.splitlines() if line.strip()})


if CORPORA.exists():

    @pytest.mark.parametrize(
        ("read_cases", "media_type", "fewest"),
        [
            (tree_construction_cases, "text/html", 1_796),
            (tokenizer_cases, "text/html", 6_810),
            (feed_documents, "text/html", 2_107),
            (feed_documents, "text/plain", 2_107),
            (naughty_strings, "text/html", 515),
            (naughty_strings, "text/plain", 515),
            (xss_lines, "text/html", 1_528),
            (xss_lines, "text/plain", 1_528),
        ],
    )
    def test_corpus_is_read_without_one_death(read_cases, media_type, fewest):
        documents = read_cases()
        assert len(documents) >= fewest

        with Reader(documents_per_child=10**6) as reader:
            assert read_good(reader) == GOOD_PAGE
            child = reader.child_pid
            outcomes = Counter(outcome(reader, raw, media_type) for raw in documents)
            assert read_good(reader) == GOOD_PAGE
            assert reader.child_pid == child

        assert outcomes.total() == len(documents)
        assert set(outcomes) <= {"page", "no_text", "empty", "binary", "wrong_encoding", "too_complex"}

    def test_strings_inside_a_paste_leave_the_sentences_around_them_alone(reader):
        sentence = "The bridge was closed on Monday, the mayor said."
        for string in [*naughty_strings(), *xss_lines()]:
            inside = string.decode("utf-8", "replace").replace("\n", " ")
            paste = f"{sentence}\n\n{inside}\n\n{sentence}".encode()
            if door_code(paste, "text/plain") == "binary":
                continue

            page = reader.read(paste, media_type="text/plain", now=NOW)

            paragraphs = page.text.split("\n\n")
            assert [paragraphs[0], paragraphs[-1]] == [sentence, sentence], inside
