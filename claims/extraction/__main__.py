"""Read files, write what the engine finds as JSON Lines: `python -m claims.extraction --help`."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Protocol

from tqdm import tqdm

from claims.extraction.assemble import extract
from claims.extraction.attribution.attributions import find_attributions
from claims.extraction.check_worthiness import score_sentences
from claims.extraction.names.entities import find_entities
from claims.extraction.parse.document import Document, read_document
from claims.extraction.parse.pipeline import DEFAULT, UnknownPipeline, load
from claims.extraction.propositions.splitting import find_propositions
from claims.extraction.types import Json

Layer = Callable[[str, str], Iterator[Json]]


class _Layered(Protocol):
    def as_json(self) -> Json: ...


UNREADABLE = 1
WRONG_USE = 2


def main(arguments: list[str] | None = None) -> int:
    """Write one JSON object a line to stdout; return 0, or 1 when a file could not be read."""
    parser = _parser()
    given = parser.parse_args(arguments)
    layer = _layer_of(given, parser)
    failed = False
    # The bar is drawn on stderr, and only where that is a terminal.
    for name in tqdm(given.files, unit="file", disable=None if len(given.files) > 1 else True):
        try:
            text = _read(name)
        except (OSError, UnicodeDecodeError) as error:
            failed = True
            sys.stderr.write(f"{name}: {_reason(error)}\n")
            continue
        for item in layer(name, text):
            tqdm.write(json.dumps({"file": name} | item, ensure_ascii=False), file=sys.stdout)
    return UNREADABLE if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m claims.extraction",
        description="Split news texts into claims. Writes JSON Lines; spans count the file's code points.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a UTF-8 text file, or - for standard input")
    parser.add_argument(
        "--layer",
        default="claims",
        choices=["claims", "attributions", "propositions", "sentences", "entities"],
    )
    parser.add_argument(
        "--published-at", type=_day, metavar="YYYY-MM-DD", help="dates 'on Sunday' and 'yesterday'"
    )
    parser.add_argument("--title", default="", help="lines that repeat it are not claimed")
    parser.add_argument("--outlet", default="", help="who publishes: never a speaker of its own headline")
    parser.add_argument(
        "--engine",
        default="default",
        help="default; spacy:NAME, which takes the parse from another spaCy pipeline; or llm, the claims of "
        "a language model that LLM_URL, LLM_MODEL and LLM_API_KEY name",
    )
    return parser


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{given!r} is not a day like 2017-06-19") from None


def _read(name: str) -> str:
    """Return the text of a file with its line ends as they are."""
    if name == "-":
        return sys.stdin.buffer.read().decode("utf-8")
    with open(name, "rb") as file:
        return file.read().decode("utf-8")


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8 text (byte {error.start})"
    return error.strerror or "cannot be read"


def _layer_of(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Layer:
    """Return what makes lines of a file's name and text; end the program when there is no such engine."""
    kind, _, pipeline = given.engine.partition(":")
    if given.engine == "default" or (kind == "spacy" and pipeline):
        try:
            load(pipeline or DEFAULT)
        except UnknownPipeline as error:
            parser.error(f"--engine {given.engine}: {error}")
        return _layers(given, pipeline or DEFAULT)[given.layer]
    if given.engine != "llm":
        parser.error(f"--engine {given.engine}: the engines are default, spacy:NAME and llm.")
    if given.layer != "claims":
        parser.error(f"--engine llm has only the layer claims, not {given.layer}.")
    try:
        # Reason for importing here: it brings the network with it, and needs the extra `llm`.
        from claims.llm_engine.command_line import Unset, engine_of_environment
    except ModuleNotFoundError as error:
        parser.error(f"--engine llm needs the extra llm: there is no module {error.name}.")
    try:
        engine = engine_of_environment()
    except Unset as error:
        parser.error(f"--engine llm: {error}")

    def claims(name: str, text: str) -> Iterator[Json]:
        result = engine.extract_claims(
            text, title=given.title, outlet=given.outlet, published_at=given.published_at
        )
        for note in result.notes:
            sys.stderr.write(f"{name}: {note}\n")
        return (claim.as_json() for claim in result.claims)

    return claims


def _layers(given: argparse.Namespace, pipeline: str) -> dict[str, Layer]:
    def claims(name: str, text: str) -> Iterator[Json]:
        found = extract(
            text,
            title=given.title,
            outlet=given.outlet,
            published_at=given.published_at,
            pipeline=pipeline,
        )
        if found.note:
            tqdm.write(f"{name}: {found.note}", file=sys.stderr)
        return (claim.as_json() for claim in found.claims)

    def lines_of(find: Callable[[Document], Sequence[_Layered]]) -> Layer:
        return lambda name, text: (found.as_json() for found in find(read_document(text, pipeline=pipeline)))

    return {
        "claims": claims,
        "attributions": lines_of(find_attributions),
        "propositions": lines_of(find_propositions),
        "sentences": lines_of(score_sentences),
        "entities": lines_of(find_entities),
    }


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    try:
        sys.exit(main())
    except BrokenPipeError:
        # The reader went away ("| head"); nothing is left to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
