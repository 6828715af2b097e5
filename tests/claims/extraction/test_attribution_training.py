"""The scorer of cues learns from marked texts laid out as the corpora are, here one written for the test."""

import gzip
import json
from pathlib import Path

import pytest

from claims.extraction.attribution.cue_scorer import CUES
from claims.extraction.training.attribution import train

TEXT = (
    "The mayor said the bridge was closed. The storm showed no sign of easing. The pilot said he was tired."
)


def marked(source: str, cue_at: int, content: str) -> dict[str, list[list[int]]]:
    begin = TEXT.index(content)
    place = TEXT.rindex(source, 0, cue_at)
    return {
        "source": [[place, place + len(source)]],
        "cue": [[cue_at, cue_at + len("said")]],
        "content": [[begin, begin + len(content)]],
    }


def write_corpus(data: Path) -> None:
    first = TEXT.index("said")
    attributions = [
        marked("The mayor", first, "the bridge was closed"),
        marked("The pilot", TEXT.index("said", first + 1), "he was tired"),
    ]
    (data / "gum").mkdir()
    for split in ("train", "dev"):
        with gzip.open(data / "gum" / f"{split}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write(json.dumps({"text": TEXT, "attributions": attributions}) + "\n")


def test_train_writes_a_scorer_that_finds_what_people_marked(tmp_path: Path) -> None:
    write_corpus(tmp_path)

    figures = train(tmp_path, tmp_path / "model")

    assert figures["recall"] == 1
    assert (tmp_path / "model" / CUES).stat().st_size > 0


def test_train_without_the_corpus_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="gum"):
        train(tmp_path, tmp_path / "model")
