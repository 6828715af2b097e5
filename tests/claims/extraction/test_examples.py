"""The engine on sentences written for it: worked on, held out, and known misses that tell us when they heal.

Each line of the files holds a text and its claims as [speaker, kind, content]; spans are joined by " | ".
"""

import json
from pathlib import Path
from typing import Any

import pytest

from claims.extraction import extract_claims

EXAMPLES = Path(__file__).parent / "examples"


def read_examples(name: str) -> list[Any]:
    lines = (EXAMPLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(json.loads(line), id=json.loads(line)["name"]) for line in lines]


def claimed(text: str) -> list[list[str | None]]:
    return [
        [
            claim.speaker.name if claim.speaker else None,
            claim.kind,
            " | ".join(s.of(text) for s in claim.spans),
        ]
        for claim in extract_claims(text)
    ]


@pytest.mark.parametrize("example", read_examples("worked_on"))
def test_extract_claims_worked_on_example(example: dict[str, Any]) -> None:
    assert claimed(example["text"]) == example["claims"]


@pytest.mark.parametrize("example", read_examples("held_out"))
def test_extract_claims_held_out_example(example: dict[str, Any]) -> None:
    assert claimed(example["text"]) == example["claims"]


@pytest.mark.xfail(strict=True, reason="the rules do not reach this yet", raises=AssertionError)
@pytest.mark.parametrize("example", read_examples("known_misses"))
def test_extract_claims_known_miss(example: dict[str, Any]) -> None:
    assert claimed(example["text"]) == example["claims"]
