"""`python -m claims.extraction`, as scripts and the measuring tools use it."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claims.extraction.__main__ import main
from claims.extraction.parse.pipeline import MODEL
from tests.claims.llm_engine.server import a_claim, claims, running, saying

TEXT = "Ferry sinks\r\n\r\nThe storm sank two ferries near Vardo on Sunday, Jane Roe said.\r\n"


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
    lines = lines_of(capsys.readouterr().out)
    assert all(0.5 < line.pop("check_worthiness") <= 1 for line in lines)
    assert lines == [
        {
            "file": str(article),
            "statement": "The storm sank two ferries near Vardo on Sunday [28 February 2021].",
            "spans": [[15, 62]],
            "sentence": [15, 78],
            "speaker": {"name": "Jane Roe", "spans": [[64, 72]]},
            "chain": [{"name": "Jane Roe", "spans": [[64, 72]]}],
            "cue": {"text": "said", "span": [73, 77]},
            "kind": "indirect",
            "frame": {
                "predicate": "sink",
                "family": "attack",
                "agent": "The storm",
                "target": "two ferries",
                "place": "near Vardo",
                "time": {
                    "text": "Sunday",
                    "span": [56, 62],
                    "earliest": "2021-02-28",
                    "latest": "2021-02-28",
                },
                "quantities": [
                    {"value": "2", "upper": None, "unit": "ferries", "approximator": "", "span": [30, 41]}
                ],
                "negated": False,
                "hedges": [],
                "modality": "happened",
            },
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
                    "source": [[64, 72]],
                    "cue": [[73, 77]],
                    "content": [[15, 62]],
                    "kind": "indirect",
                    "parent": None,
                }
            ],
        ),
        (
            "propositions",
            [
                {"sentence": [0, 11], "spans": [[0, 11]]},
                {"sentence": [15, 78], "spans": [[15, 77]]},
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


def test_main_writes_names_and_times(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--layer", "entities", str(article)])

    found = {(*line["span"], line["type"], line["name"]) for line in lines_of(capsys.readouterr().out)}
    assert {(47, 52, "place", "Vardo"), (56, 62, "time", "Sunday"), (64, 72, "person", "Jane Roe")} <= found


def test_main_scores_sentences(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--layer", "sentences", str(article)])

    headline, told = lines_of(capsys.readouterr().out)
    assert (headline["span"], told["span"]) == ([0, 11], [15, 78])
    assert 0 <= headline["check_worthiness"] < 0.5 < told["check_worthiness"] <= 1


def test_main_takes_the_parse_from_a_named_pipeline(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = refusal_of(["--engine", "spacy:en_nowhere", str(article)], capsys)
    status = main(["--engine", f"spacy:{MODEL / 'pipeline'}", "--title", "Ferry sinks", str(article)])

    assert "No spaCy pipeline 'en_nowhere' is installed here." in refusal
    assert (status, len(lines_of(capsys.readouterr().out))) == (0, 1)


def test_main_says_what_it_did_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    german = tmp_path / "german.txt"
    german.write_text(
        "Der Hafenmeister sagte, die Fähre sei vor dem Sturm ausgelaufen. " * 4, encoding="utf-8"
    )

    status = main([str(german)])

    captured = capsys.readouterr()
    assert (status, captured.out) == (0, "")
    assert captured.err.startswith(f"{german}: The text does not look English")


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


def refusal_of(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)

    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_main_refuses_an_engine_there_is_not(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = refusal_of(["--engine", "oracle", str(article)], capsys)

    assert "--engine oracle: the engines are default, spacy:NAME and llm." in refusal


def test_main_with_a_language_model_has_claims_only(
    article: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refusal = refusal_of(["--engine", "llm", "--layer", "entities", str(article)], capsys)

    assert "--engine llm has only the layer claims, not entities." in refusal


@pytest.mark.parametrize("missing", ["LLM_URL", "LLM_MODEL", "LLM_API_KEY"])
def test_main_with_a_language_model_names_what_is_not_set(
    missing: str, article: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LLM_URL", "LLM_MODEL", "LLM_API_KEY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/v1")
    monkeypatch.delenv(missing)

    assert missing in refusal_of(["--engine", "llm", str(article)], capsys)


def test_main_with_a_language_model_needs_the_extra(
    article: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("claims.llm_engine")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "httpx", None)

    refusal = refusal_of(["--engine", "llm", str(article)], capsys)

    assert "--engine llm needs the extra llm: there is no module httpx." in refusal


def llm_engine(
    url: str, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    settings = {"LLM_URL": url, "LLM_MODEL": "small-1", "LLM_API_KEY": "sk-very-secret"}
    return subprocess.run(
        [sys.executable, "-m", "claims.extraction", "--engine", "llm", *arguments],
        capture_output=True,
        check=True,
        env={"PATH": ""} | settings | (environment or {}),
    )


def test_module_writes_the_claims_of_a_language_model_and_keeps_its_answers(
    article: Path, tmp_path: Path
) -> None:
    kept = {"LLM_CACHE_DIR": str(tmp_path / "answers")}
    with running() as server:
        server.answers = [
            claims(
                a_claim("The storm sank two ferries", sentence=1, speaker="Jane Roe", cue="said"),
                a_claim("The ferry burnt", sentence=1),
            )
        ]
        done = llm_engine(server.url, "--title", "Ferry sinks", str(article), environment=kept)
        again = llm_engine(server.url, "--title", "Ferry sinks", str(article), environment=kept)

    [line] = lines_of(done.stdout.decode())
    assert {name: line[name] for name in ("file", "statement", "spans", "speaker", "cue", "kind")} == {
        "file": str(article),
        "statement": "The storm sank two ferries.",
        "spans": [[15, 41]],
        "speaker": {"name": "Jane Roe", "spans": [[64, 72]]},
        "cue": {"text": "said", "span": [73, 77]},
        "kind": "indirect",
    }
    assert done.stderr.decode() == (
        f"{article}: claims of the model left out, for the text does not say them: 1\n"
    )
    assert (again.stdout, again.stderr) == (done.stdout, done.stderr)
    assert len(server.asked) == 1


def test_module_says_when_the_language_model_fails(article: Path) -> None:
    with running() as server:
        server.answers = [saying(b"", status=401)]
        done = llm_engine(server.url, str(article))
        default = llm_engine(server.url, "--engine", "default", str(article))

    assert done.stdout == default.stdout != b""
    assert done.stderr.decode() == (
        f"{article}: by the default engine, not the language model: the server answered 401 (Unauthorized)\n"
    )


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
    [line] = lines_of(capsys.readouterr().out)
    assert (line["file"], line["span"]) == ("-", [0, 15])


def test_module_writes_utf_8_and_one_line_per_object(tmp_path: Path) -> None:
    path = tmp_path / "utf8.txt"
    path.write_text("Tromsø’s harbour\u2028 froze.", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "claims.extraction", "--layer", "entities", str(path)],
        capture_output=True,
        check=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": ""},
    )

    assert b"Troms\xc3\xb8" in done.stdout
    assert [line["name"] for line in lines_of(done.stdout.decode())] == ["Tromsø"]
