"""Lists of countries, places, bodies, titles, weapons ...: which tokens of a text stand in them.

The lists lie in `gazetteers/`, with a README on where they come from. A name is looked up with capitals only
("Split" the city, not "split" the verb); a common noun in any case.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal

from claims.extraction.parse.tokens import Token

_FOLDER: Final = Path(__file__).parent / "lists"
# A token may be several words here ("al-Qaeda", "Su-22"), however the tokenizer of the pipeline cuts it.
_WORD: Final = re.compile(r"\w+|[^\w\s]")

# What a list says of its entries, with the file (countries.txt has three kinds in its columns).
_NAMES: Final = {
    "place": "places.txt",
    "people": "peoples.txt",
    "group": "armed_groups.txt",
    "body": "bodies.txt",
    "female": "first_names_female.txt",
    "male": "first_names_male.txt",
    "title": "titles.txt",
}
_NOUNS: Final = {
    "place word": "place_words.txt",
    "body word": "body_words.txt",
    "person word": "people_words.txt",
    "weapon": "weapons.txt",
    "vehicle": "vehicles.txt",
    "document": "documents.txt",
}

Gender = Literal["female", "male", ""]
_Entries = dict[str, list[tuple[tuple[str, ...], str, bool]]]


def find_listed(tokens: Sequence[Token]) -> list[frozenset[str]]:
    """Return for each token the kinds of list in which a run of words that it belongs to stands.

    The longest entry that begins at a word counts for each kind ("Islamic State", not "Islamic").
    """
    entries = _entries()
    found: list[set[str]] = [set() for _ in tokens]
    words, owners = _cut(tokens)
    for at, word in enumerate(words):
        if word not in entries:
            continue
        taken: set[str] = set()
        for entry, kind, is_name in entries[word]:
            end = at + len(entry)
            if kind in taken or tuple(words[at:end]) != entry:
                continue
            if is_name and not tokens[owners[at]].capital and not tokens[owners[end - 1]].capital:
                continue
            taken.add(kind)
            for owner in owners[at:end]:
                found[owner].add(kind)
    return [frozenset(kinds) for kinds in found]


def gender_of(first_name: str) -> Gender:
    """Return whom a given name is given to; "" when it is not listed, or given to both.

    >>> gender_of("Philip"), gender_of("Federica"), gender_of("Robin")
    ('male', 'female', '')
    """
    return _genders().get(first_name.lower(), "")


def _cut(tokens: Sequence[Token]) -> tuple[list[str], list[int]]:
    words: list[str] = []
    owners: list[int] = []
    for at, token in enumerate(tokens):
        parts = [token.lower] if token.lower.isalnum() else _WORD.findall(token.lower)
        words += parts
        owners += [at] * len(parts)
    return words, owners


@cache
def _entries() -> _Entries:
    """Return first word -> entries that begin with it, longest first."""
    found: _Entries = {}
    listed = [
        *((name, kind, True) for kind, file in _NAMES.items() for name in _lines(file)),
        *((noun, kind, False) for kind, file in _NOUNS.items() for noun in _lines(file)),
        *((name, kind, True) for name, kind in _countries()),
    ]
    for written, kind, is_name in listed:
        entry = tuple(_WORD.findall(written.lower()))
        found.setdefault(entry[0], []).append((entry, kind, is_name))
    for entries in found.values():
        entries.sort(key=lambda entry: (-len(entry[0]), entry[1:]))
    return found


@cache
def _genders() -> dict[str, Gender]:
    female = {name.lower() for name in _lines(_NAMES["female"])}
    male = {name.lower() for name in _lines(_NAMES["male"])}
    genders: dict[str, Gender] = dict.fromkeys(female - male, "female")
    return genders | dict.fromkeys(male - female, "male")


def _countries() -> Iterator[tuple[str, str]]:
    for line in _lines("countries.txt"):
        for kind, names in zip(("country", "people", "place"), line.split("|"), strict=True):
            yield from ((name.strip(), kind) for name in names.split(",") if name.strip())


def _lines(file: str) -> list[str]:
    lines = (_FOLDER / file).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
