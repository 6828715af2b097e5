from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from rest_framework.exceptions import ParseError
from rest_framework.test import APIClient

from claims.api.strict import StrictJSONParser

HOSTILE = Path(__file__).parents[4] / "shared" / "data" / "hostile"
SUITE = sorted((HOSTILE / "json-test-suite").rglob("*.json"))
# Correct JSON that we refuse all the same, for no two readers agree on it or PostgreSQL cannot store it.
REFUSED_THOUGH_CORRECT = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json",
    "y_string_null_escape.json",
}


def parses(body: bytes) -> bool:
    try:
        StrictJSONParser().parse(BytesIO(body))
    except ParseError:
        return False
    return True


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def test_parser_gives_what_stands_there() -> None:
    body = '{"text": "Zwölf 🛩 \\ud83d\\udee9", "n": [1, 2.5, -3e2, true, null]}'.encode()

    assert StrictJSONParser().parse(BytesIO(body)) == {
        "text": "Zwölf 🛩 🛩",
        "n": [1, 2.5, -300.0, True, None],
    }


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"a": 1, "a": 2}', "The body has an object with the same name twice."),
        (b'[{"b": {"a": 1, "a": 1}}]', "The body has an object with the same name twice."),
        (b'{"a": NaN}', "The body holds NaN, which is not JSON."),
        (b"[-Infinity]", "The body holds -Infinity, which is not JSON."),
        (b"[1e999]", "The body holds a number that is too large."),
        (b'["a\\u0000b"]', "The body holds a NUL character."),
        (b'{"a\\u0000b": 1}', "The body holds a NUL character."),
        (b'["\\ud800"]', "The body holds half of a surrogate pair."),
        (b'{"\\udfff": 1}', "The body holds half of a surrogate pair."),
        (b'["\xff"]', "The body is not UTF-8."),
        ("[1]".encode("utf-16"), "The body is not UTF-8."),
        (nested(33), "The body has more than 32 levels."),
        (nested(200_000), "The body has more than 32 levels."),
        (b"{", "The body is not JSON: Expecting property name enclosed in double quotes"),
        (b"", "The body is not JSON: Expecting value"),
        (b"9" * 5000, "The body holds a number that is too large."),
    ],
)
def test_parser_refuses(body: bytes, why: str) -> None:
    with pytest.raises(ParseError) as refused:
        StrictJSONParser().parse(BytesIO(body))

    assert str(refused.value.detail).startswith(why)


def test_parser_takes_as_many_levels_as_it_says() -> None:
    assert parses(nested(32))


if SUITE:

    @pytest.mark.parametrize("path", SUITE, ids=lambda path: path.name[:40])
    def test_parser_agrees_with_the_json_test_suite(path: Path) -> None:
        """y_ is JSON, n_ is not; of the others, either is right as long as it is an answer."""
        parsed = parses(path.read_bytes())

        if path.name.startswith("y_"):
            assert parsed == (path.name not in REFUSED_THOUGH_CORRECT)
        if path.name.startswith("n_"):
            assert not parsed

    def test_no_body_of_the_json_test_suite_gets_past_the_input(api: Callable[..., APIClient]) -> None:
        client = api("reviewer")

        answers = {
            path.name: client.generic(
                "POST", "/api/v1/articles/", path.read_bytes(), content_type="application/json"
            ).status_code
            for path in SUITE
        }

        assert len(answers) == 340
        assert {name: status for name, status in answers.items() if status != 400} == {}
