"""A look at HTML before any parser sees it, in time linear in its size.

Parsers take quadratic time and worse on deep trees and on tags with very many attributes, so such
pages are refused here. The counts are those of a scanner, not a parser: near enough for limits.
"""

from __future__ import annotations

import re
from collections import Counter

from claims.errors import Unreadable

MAX_DEPTH = 512  # what browsers build; the HTML standard leaves it to them
MAX_ATTRIBUTES = 400  # of one tag
MAX_TAGS = 50_000  # comments and stray "<" included; beyond, parsing takes seconds

# Possessive, and each alternative begins with another character: nothing is tried twice.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<attributes>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)(?P<closed>>?)"
)
_ATTRIBUTE = re.compile(r"[^\s/>=\"']++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"']++)?)?")
_SHORTEST_ATTRIBUTE = 2  # characters, the space before it included
_VOID_NAMES = """
area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr
"""
_VOID = frozenset(_VOID_NAMES.split())
# Ended by what follows them, so that old pages open hundreds and close none.
_END_IMPLIED_NAMES = """
body colgroup dd dt head html li optgroup option p rb rp rt rtc tbody td tfoot th thead tr
"""
_END_IMPLIED = frozenset(_END_IMPLIED_NAMES.split())
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}


def check_markup(html: str) -> list[str]:
    """Raise Unreadable (too_complex) for HTML that could hold a parser for long.

    Returns the pieces of text between the tags as a reader with scripts sees them; entities stay.
    """
    pieces = []
    position = 0
    tags = 0
    in_noscript = False
    depth = _Depth()
    while (start := html.find("<", position)) >= 0:
        if not in_noscript:
            pieces.append(html[position:start])
        tags += 1
        if tags > MAX_TAGS:
            raise _too_complex(f"more than {MAX_TAGS:,} tags")
        if html.startswith("<!--", start):
            end = html.find("-->", start + 4)
            if end < 0:
                return pieces
            position = end + 3
            continue
        tag = _TAG.match(html, start)
        if tag is None:
            position = start + 1
            continue
        position = tag.end()
        name = tag["name"].lower()
        if name == "noscript":
            in_noscript = not tag["end"]
        if tag["end"]:
            depth.leave(name)
            continue
        _check_attributes(tag["attributes"])
        if name in _RAW:
            end_tag = _RAW[name].search(html, position)
            if end_tag is None:
                return pieces
            position = end_tag.start()
        elif name not in _VOID and name not in _END_IMPLIED:
            depth.enter(name)
    return [*pieces, html[position:]]


def _check_attributes(attributes: str) -> None:
    if len(attributes) < MAX_ATTRIBUTES * _SHORTEST_ATTRIBUTE:
        return
    for count, _ in enumerate(_ATTRIBUTE.finditer(attributes), start=1):
        if count > MAX_ATTRIBUTES:
            raise _too_complex(f"a tag with more than {MAX_ATTRIBUTES} attributes")


class _Depth:
    """The elements that are open, as a parser would nest them."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._count: Counter[str] = Counter()

    def enter(self, name: str) -> None:
        self._open.append(name)
        self._count[name] += 1
        if len(self._open) > MAX_DEPTH:
            raise _too_complex(f"tags nested more than {MAX_DEPTH} deep")

    def leave(self, name: str) -> None:
        if not self._count[name]:
            return
        while True:
            last = self._open.pop()
            self._count[last] -= 1
            if last == name:
                return


def _too_complex(found: str) -> Unreadable:
    return Unreadable(
        "too_complex",
        f"This page has {found}, which no article needs. Paste its text instead.",
    )
