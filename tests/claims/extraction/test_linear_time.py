"""Work grows with the text, not with its square: twice the text, about twice the calls.

Calls are counted, not seconds, so the result does not hang on the machine. The megabytes are there for
what counting cannot see, loops inside regular expressions: they have to end before the timeout.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from claims.extraction import extract_claims

PATTERNS = {
    "one sentence": "the jet said it was hit and ",
    "many sentences": "The ministry said the jet was hit near Oslo, while Roe denied that 40 people died. ",
    "quotations": "“Yes,” he said. ",
    "straight quotation marks": '"a" ',
    "opening quotation marks": "“",
    "apostrophes": "a'",
    "single quotation marks": "'a' ' ",
    "no spaces": "a",
    "digits": "1,111",
    "ranges": "1 to ",
    "commas": "Roe, ",
    "brackets": "(",
    "initials": "A.B. ",
    "hyphens": "a-",
    "line breaks": "a\n",
    "right to left": "قال الوزير إن الجسر مغلق. ",
    "emoji": "😀👩‍👩‍👧 ",
    "quotations of paragraphs": "“It was closed by us.\n",
    "labels": "Roe: it is closed\n",
    "appositions": "Roe, a baker, said, ",
}


def filled(pattern: str, size: int) -> str:
    return (pattern * (size // len(pattern) + 1))[:size]


def count_calls(work: Callable[[], object]) -> int:
    calls = 0

    def count(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_extract_claims_calls_grow_with_the_text(pattern: str) -> None:
    short, long = filled(pattern, 8_000), filled(pattern, 32_000)
    extract_claims("Roe said the first text loads the models.")

    growth = count_calls(lambda: extract_claims(long)) / count_calls(lambda: extract_claims(short))

    assert growth < 5


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["one sentence", "opening quotation marks", "no spaces", "digits", "commas"])
def test_extract_claims_ends_on_a_megabyte(name: str) -> None:
    claims = extract_claims(filled(PATTERNS[name], 1_000_000))

    assert claims == []
