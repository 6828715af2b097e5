"""The engine on sentences written for it: worked on, held out, and known misses that tell us when they heal.

A line of the files is one example: its `name`, its `domain`, the `text`, and in `claims` all that is claimed
in it, in reading order, as [speaker, kind, content]; spans are joined by " | ", and nobody is null. An
example that is about more than that asks for it too, with one entry for each claim:

    chain       the speakers by name, outermost first
    statements  the sentences that can be read alone
    frames      those fields of the frame that the example is about

`sentences` lists the sentences of the text, `published_at` is the day that dates "on Sunday", `parts` names
what the example is there for, and `from` the list that a known miss would stand in if it were none.
"""

import json
import re
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from claims.extraction import ExtractedClaim, extract_claims
from claims.extraction.__main__ import main

EXAMPLES = Path(__file__).parent / "examples"
LISTS = ("worked_on", "held_out", "known_misses")
DOMAINS = {"politics", "conflict", "courts", "science", "business", "sport", "general"}
NEEDED = {"name", "domain", "text", "claims"}
# The examples give a statement without the brackets around what stands for a pronoun or is understood.
MARKS = re.compile(r"[\[\]]")
ASKED = ("claims", "chain", "statements", "frames", "sentences")

Example = dict[str, Any]


def read_list(name: str) -> list[Example]:
    lines = (EXAMPLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_examples(name: str) -> list[Any]:
    return [pytest.param(example, id=example["name"]) for example in read_list(name)]


def expected(example: Example) -> Example:
    return {key: example[key] for key in ASKED if key in example}


def found(example: Example) -> Example:
    """Return what the engine says to everything the example asks for."""
    text = example["text"]
    published_at = date.fromisoformat(example["published_at"]) if "published_at" in example else None
    claims = extract_claims(text, published_at=published_at)
    answers: Example = {"claims": [claimed(text, claim) for claim in claims]}
    if "chain" in example:
        answers["chain"] = [[speaker.name for speaker in claim.chain] for claim in claims]
    if "statements" in example:
        answers["statements"] = [MARKS.sub("", claim.statement) for claim in claims]
    if "frames" in example:
        frames = (claim.frame.as_json() for claim in claims)
        answers["frames"] = [
            answer_to(asked, frame) for asked, frame in zip(example["frames"], frames, strict=False)
        ]
    if "sentences" in example:
        answers["sentences"] = read_sentences(text)
    return answers


def claimed(text: str, claim: ExtractedClaim) -> list[str | None]:
    content = " | ".join(span.of(text) for span in claim.spans)
    return [claim.speaker.name if claim.speaker else None, claim.kind, content]


def answer_to(asked: Any, given: Any) -> Any:
    """Return `given` without the fields of objects, inside lists too, that `asked` leaves out."""
    if isinstance(asked, dict) and isinstance(given, dict):
        return {key: answer_to(asked[key], given.get(key)) for key in asked}
    if isinstance(asked, list) and isinstance(given, list) and len(asked) == len(given):
        return [answer_to(*pair) for pair in zip(asked, given, strict=True)]
    return given


def read_sentences(text: str) -> list[str]:
    """Return the sentences by the command line, whose lines and offsets are the engine's contract."""
    with TemporaryDirectory() as folder, redirect_stdout(StringIO()) as written:
        path = Path(folder) / "text.txt"
        path.write_bytes(text.encode())
        main(["--layer", "sentences", str(path)])
    spans = [json.loads(line)["span"] for line in written.getvalue().splitlines()]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize("example", read_examples("worked_on"))
def test_extract_claims_worked_on_example(example: Example) -> None:
    assert found(example) == expected(example)


@pytest.mark.parametrize("example", read_examples("held_out"))
def test_extract_claims_held_out_example(example: Example) -> None:
    assert found(example) == expected(example)


@pytest.mark.xfail(strict=True, reason="the engine does not reach this yet", raises=AssertionError)
@pytest.mark.parametrize("example", read_examples("known_misses"))
def test_extract_claims_known_miss(example: Example) -> None:
    assert found(example) == expected(example)


@pytest.mark.parametrize("example", [param for name in LISTS for param in read_examples(name)])
def test_example_can_be_met_by_the_words_of_its_text(example: Example) -> None:
    allowed = NEEDED | {*ASKED, "published_at", "parts", "from"}
    contents = [content for _, _, content in example["claims"]]
    one_each = [key for key in ("chain", "statements", "frames") if key in example]

    assert NEEDED <= example.keys() <= allowed
    assert example["domain"] in DOMAINS
    assert [content for content in contents if not stands_in(example["text"], content)] == []
    assert [key for key in one_each if len(example[key]) != len(contents)] == []


def stands_in(text: str, content: str) -> bool:
    """Whether the pieces of a content stand in the text in their order, each after the one before."""
    at = 0
    for piece in content.split(" | "):
        at = text.find(piece, at) + len(piece)
        if at < len(piece):
            return False
    return True


def test_examples_have_each_name_and_text_once() -> None:
    examples = [example for name in LISTS for example in read_list(name)]

    assert len({example["name"] for example in examples}) == len(examples)
    assert len({example["text"] for example in examples}) == len(examples)


def test_known_misses_say_which_list_they_come_from() -> None:
    assert [e["name"] for e in read_list("known_misses") if e.get("from") not in LISTS[:2]] == []
