"""The text of a comment: whom it mentions, and the pieces it is shown in. Pure; knows no Django, no HTML.

A comment is plain text. What looks like the address of a web page becomes a link, and "@name" of somebody
it mentions stands out; everything else is shown as it was written.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from claims.presentation import reveal

MAX_CHARACTERS = 10_000
MAX_MENTIONS = 20

_MARKED = re.compile(r"(?P<link>https?://[^\s<>\"“”]+)|(?<![\w.@/])@(?P<name>[\w.+@-]{1,150})", re.IGNORECASE)
# What ends a sentence, rather than an address or a name.
_AFTER_AN_ADDRESS = ".,;:!?'’*_~"
_AFTER_A_NAME = ".+-@"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; the pieces of a text join back to it. `address` is what a link leads to."""

    text: str
    address: str = ""
    is_mention: bool = False


def names_in(text: str) -> list[str]:
    """What may be the names of people who are mentioned, in the order they stand there, each once.

    >>> names_in("@ann.lee, ask bob@press.example or @cy.")
    ['ann.lee', 'cy.', 'cy']
    """
    found = (match["name"] for match in _MARKED.finditer(text) if match["name"])
    return list(dict.fromkeys(name for written in found for name in _readings(written)))


def pieces(text: str, mentioned: Collection[str] = ()) -> list[Piece]:
    """Cut a text into what is shown as it stands, links, and mentions of those who are `mentioned`.

    >>> pieces("@ann: https://a.example/map.", {"ann"})[0:2]
    [Piece(text='@ann', address='', is_mention=True), Piece(text=': ', address='', is_mention=False)]
    """
    found: list[Piece] = []
    plain_from = 0
    for match in _MARKED.finditer(text):
        piece = _link(match["link"]) if match["link"] else _mention(match["name"], mentioned)
        if piece is None:
            continue
        if plain_from < match.start():
            found.append(Piece(text[plain_from : match.start()]))
        found.append(piece)
        plain_from = match.start() + len(piece.text)
    if plain_from < len(text):
        found.append(Piece(text[plain_from:]))
    return found


def _readings(written: str) -> Iterator[str]:
    """The names that can be meant, the longest first: names and sentences may end in a full stop."""
    name = written
    while name:
        yield name
        name = name[:-1] if name[-1] in _AFTER_A_NAME else name.rpartition("@")[0]


def _mention(written: str, mentioned: Collection[str]) -> Piece | None:
    name = next((name for name in _readings(written) if name in mentioned), None)
    return None if name is None else Piece(f"@{name}", is_mention=True)


def _link(written: str) -> Piece | None:
    """A link that leads where it seems to; None for an address that hides something."""
    seen, label = reveal(written)[0]
    address = "" if label else seen
    while address and (address[-1] in _AFTER_AN_ADDRESS or _closes_nothing(address)):
        address = address[:-1]
    try:
        parts = urlsplit(address)
        is_plain = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return None
    return Piece(address, address=address) if is_plain else None


def _closes_nothing(address: str) -> bool:
    opening = _BRACKETS.get(address[-1])
    return opening is not None and address.count(opening) < address.count(address[-1])
