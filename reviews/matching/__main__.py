"""Claims as JSON Lines in, one question a line out; see `python -m reviews.matching --help`."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from reviews.matching import MatchClaim, UnreadableClaim, match
from reviews.matching.answers import Answer, consolidate

EXIT_UNREADABLE: Final = 2


class _UnreadableLine(Exception):
    """The message names file and line."""


def main(arguments: list[str] | None = None) -> int:
    """Print the questions of the given claims; return 0, or 2 when a file or a line cannot be read."""
    given = _parser().parse_args(arguments)
    try:
        printed = _consolidated(given.files) if given.answers else _matched(given.files)
    except (OSError, _UnreadableLine) as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_UNREADABLE
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in printed:
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reviews.matching",
        description="Read claims as JSON Lines, each as the engine prints it with id, article, outlet and"
        " published_at beside; print the questions they answer, one JSON object a line.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help='"-" for standard input')
    parser.add_argument(
        "--answers",
        action="store_true",
        help='only group answers: lines {"question", "answers": [{"id", "text", "context"}]} in,'
        ' {"question", "groups"} out',
    )
    return parser


def _matched(files: list[Path]) -> list[dict[str, Any]]:
    claims: dict[str, MatchClaim] = {}
    for file, number, line in _lines(files):
        try:
            claim = MatchClaim.from_json(line)
        except UnreadableClaim as error:
            raise _UnreadableLine(f"{file}:{number}: {error}") from error
        if claim.id in claims:
            raise _UnreadableLine(f"{file}:{number}: a claim before this one has the id {claim.id!r} too")
        claims[claim.id] = claim
    return [question.as_json() for question in match(claims.values())]


def _consolidated(files: list[Path]) -> list[dict[str, Any]]:
    return [
        {"question": question, "groups": consolidate(question, answers)}
        for question, answers in [_asked(file, number, line) for file, number, line in _lines(files)]
    ]


def _asked(file: Path, number: int, line: str) -> tuple[str, list[Answer]]:
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise _UnreadableLine(f"{file}:{number}: not JSON: {error}") from error
    if not isinstance(given, dict) or not isinstance(given.get("answers"), list):
        raise _UnreadableLine(f'{file}:{number}: not an object with "question" and "answers", a list')
    answers = []
    for each in given["answers"]:
        told = [each.get(key) for key in ("id", "text")] if isinstance(each, dict) else [None]
        if not all(isinstance(value, str) for value in told):
            raise _UnreadableLine(f'{file}:{number}: an answer is an object with "id" and "text", both texts')
        answers.append(Answer(each["id"], each["text"], str(each.get("context", ""))))
    if not isinstance(given.get("question"), str):
        raise _UnreadableLine(f'{file}:{number}: "question" is a text')
    return given["question"], answers


def _lines(files: list[Path]) -> Iterator[tuple[Path, int, str]]:
    """Give the lines that are not blank, with their file and number; "-" is the standard input."""
    for file in files:
        given = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        for number, line in enumerate(given.split(b"\n"), start=1):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise _UnreadableLine(f"{file}:{number}: not UTF-8: {error.reason}") from error
            if text.strip():
                yield file, number, text


if __name__ == "__main__":
    sys.exit(main())
