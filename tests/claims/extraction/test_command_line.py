"""`python -m claims.extraction`, as scripts and the measuring tools use it."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claims.extraction.__main__ import main

TEXT = "Ferry sinks\r\n\r\nThe ferry sank on Sunday 3km from Vardo, the coast guard said.\r\n"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_bytes(TEXT.encode())
    return path


def lines_of(captured: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.splitlines()]


def test_main_writes_claims_as_in_the_contract(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--published-at", "2021-03-02", "--title", "Ferry sinks", str(article)])

    assert status == 0
    assert lines_of(capsys.readouterr().out) == [
        {
            "file": str(article),
            "statement": "The ferry sank on Sunday 3km from Vardo.",
            "spans": [[15, 54]],
            "sentence": [15, 77],
            "speaker": {"name": "coast guard", "spans": [[56, 71]]},
            "chain": [{"name": "coast guard", "spans": [[56, 71]]}],
            "cue": {"text": "said", "span": [72, 76]},
            "kind": "indirect",
            "frame": {
                "predicate": "sank",
                "agent": "The ferry",
                "target": "",
                "place": "3km from Vardo",
                "time": {
                    "text": "Sunday",
                    "span": [33, 39],
                    "earliest": "2021-02-28",
                    "latest": "2021-02-28",
                },
                "quantities": [
                    {"value": "3", "upper": None, "unit": "km", "approximator": "", "span": [40, 43]}
                ],
                "negated": False,
                "hedges": [],
            },
            "check_worthiness": 1.0,
            "unresolved": [],
        }
    ]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (
            "attributions",
            [
                {
                    "source": [[56, 71]],
                    "cue": [[72, 76]],
                    "content": [[15, 54]],
                    "kind": "indirect",
                    "parent": None,
                }
            ],
        ),
        (
            "propositions",
            [{"sentence": [15, 77], "spans": [[15, 76]]}],
        ),
        (
            "sentences",
            [{"span": [0, 11], "check_worthiness": 0.25}, {"span": [15, 77], "check_worthiness": 1.0}],
        ),
        (
            "entities",
            [
                {"span": [0, 5], "type": "name", "name": "Ferry"},
                {"span": [33, 39], "type": "time", "name": "Sunday"},
                {"span": [40, 43], "type": "quantity", "name": "3km"},
                {"span": [49, 54], "type": "place", "name": "Vardo"},
            ],
        ),
    ],
)
def test_main_writes_the_layer_asked_for(
    layer: str, expected: list[dict[str, Any]], article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["--layer", layer, str(article)])

    assert status == 0
    assert lines_of(capsys.readouterr().out) == [{"file": str(article)} | line for line in expected]


def test_main_goes_on_after_files_it_cannot_read(
    article: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    latin = tmp_path / "latin.txt"
    latin.write_bytes("Tromsø is cold.".encode("latin-1"))
    missing = tmp_path / "missing.txt"

    status = main(["--layer", "sentences", str(missing), str(latin), str(article)])

    captured = capsys.readouterr()
    assert status == 1
    assert {line["file"] for line in lines_of(captured.out)} == {str(article)}
    assert captured.err.splitlines() == [
        f"{missing}: No such file or directory",
        f"{latin}: is not UTF-8 text (byte 5)",
    ]


@pytest.mark.parametrize("engine", ["spacy:en_core_web_sm", "llm"])
def test_main_refuses_an_engine_this_build_lacks(
    engine: str, article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--engine", engine, str(article)])

    assert stopped.value.code == 2
    assert f"--engine {engine}: this build has only the engine 'default'." in capsys.readouterr().err


def test_main_refuses_a_day_that_is_none(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--published-at", "19 June", str(article)])

    assert stopped.value.code == 2
    assert "'19 June' is not a day like 2017-06-19" in capsys.readouterr().err


def test_main_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Tromsø is cold.".encode())))

    status = main(["--layer", "sentences", "-"])

    assert status == 0
    assert lines_of(capsys.readouterr().out) == [{"file": "-", "span": [0, 15], "check_worthiness": 0.6}]


def test_module_writes_utf_8_and_one_line_per_object(tmp_path: Path) -> None:
    path = tmp_path / "utf8.txt"
    path.write_text("Tromsø’s harbour\u2028 froze.", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "claims.extraction", "--layer", "entities", str(path)],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )

    assert (
        done.stdout
        == (
            '{"file": "%s", "span": [0, 6], "type": "name", "name": "Tromsø"}\n' % path  # noqa: UP031
        ).encode()
    )
