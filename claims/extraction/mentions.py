"""Whom and what a text names: the name in a source, and every person and body named on the way."""

import re
from dataclasses import dataclass
from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.document import Document
from claims.extraction.entities import is_body, name_runs
from claims.extraction.noun_phrases import Phrase

_POSTMODIFIERS: Final = frozenset({"from", "at", "for", "in", "with", "on"})
_LONGEST_NAME: Final = 5
_SPELLINGS: Final = {
    "defence": "defense",
    "centre": "center",
    "organisation": "organization",
    "u.s.": "us",
    "u.s": "us",
}
_EMPTY: Final = frozenset({"the", "of", "for", "a", "an", "and"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at token `at`. `kind` is person, body or acronym.

    `role` is a person's ("mayor"), a body's kind ("ministry"), or the letters that stand for `name`.
    """

    at: int
    name: str
    role: str
    kind: str


@dataclass(frozen=True, slots=True)
class CleanName:
    """The head name of a source; `role` is the one a person is given with ("mayor"), or ""."""

    name: str
    is_person: bool
    role: str = ""


def clean_name(document: Document, source: Phrase) -> CleanName:
    """Return the head name of a source.

    "White House spokesman Jane Roe" is Jane Roe, "the chairman of the fleet, General Jane Roe" too,
    "the Russian Ministry of Defense" is Russian Ministry of Defense, "the state news agency TASS" is
    TASS, "a spokesman" stays as it is.
    """
    parts = [(source.first, source.head_last)]
    if source.last > source.head_last + 1:
        parts.append((source.head_last + 1, source.last))
    role = next((found for part in parts if (found := _role_in(document, *part))), "")
    for part in parts:
        person = _person_in(document, *part, has_role=bool(role) and part != parts[0])
        if person:
            return CleanName(person, True, role)
    own_name = _after_kind(document, *parts[0])
    if own_name is not None:
        return CleanName(own_name, False)
    described = _is_described_by_role(document, *parts[0])
    return CleanName(_without_article(document, *parts[0]), described, role if described else "")


def names_person(document: Document, source: Phrase) -> bool:
    """Whether the source gives a name beside the role: "the mayor, Jane Roe"."""
    return source.last > source.head_last + 1 and bool(
        _person_in(document, source.head_last + 1, source.last, has_role=True)
    )


def _role_in(document: Document, first: int, last: int) -> str:
    """Return the role a phrase is headed by or gives a name with, or "" ("the mayor of Riga": mayor)."""
    role = ""
    for at in range(first, last):
        if document.classes[at] in {words.PREPOSITION, words.PRONOUN}:
            break
        if document.tokens[at].lower in lexicon.ROLES:
            role = document.tokens[at].lower
        elif document.classes[at] == words.NOUN:
            role = ""
    return role


def _is_described_by_role(document: Document, first: int, last: int) -> bool:
    """Whether the head of the phrase is a role, as in "a spokesman for the fleet" (not "General Command")."""
    end = next((at for at in range(first, last) if document.classes[at] == words.PREPOSITION), last)
    return end > first and document.tokens[end - 1].lower in lexicon.ROLES


def _person_in(document: Document, first: int, last: int, *, has_role: bool) -> str:
    """Return the person a phrase names, or ""; one word is a person's only when a role stands with it."""
    role, start = "", first
    for at in range(first, last):
        if document.tokens[at].lower in lexicon.ROLES:
            role, start = document.tokens[at].lower, at + 1
            if start < last and document.tokens[start].lower == ".":
                start += 1
    if start >= last or (not role and document.classes[first] == words.DETERMINER):
        return ""
    end = start
    while end < last and (document.classes[end] == words.NAME or document.tokens[end].lower == "."):
        end += 1
    rest = document.tokens[end].lower if end < last else ""
    if end == start or end - start > _LONGEST_NAME or (rest and rest not in _POSTMODIFIERS and rest != "("):
        return ""
    name = document.span(start, end).of(document.text)
    return "" if is_body(name) or (not role and not has_role and len(name.split()) < 2) else name


def _after_kind(document: Document, first: int, last: int) -> str | None:
    """Return the name in "the Danish news |agency| Ritzau": what follows the kind, to the phrase's end."""
    for at in range(last - 2, first - 1, -1):
        if document.classes[at + 1] != words.NAME or document.tokens[at + 1].lower in lexicon.TIME_WORDS:
            return None
        token = document.tokens[at]
        if token.lower in lexicon.NAMED_KINDS and not token.capital:
            return document.span(at + 1, last).of(document.text)
    return None


def _without_article(document: Document, first: int, last: int) -> str:
    if last - first > 1 and document.tokens[first].lower in {"the", "a", "an"}:
        first += 1
    return document.span(first, last).of(document.text)


def name_key(name: str) -> frozenset[str]:
    """Return what "Russian Defence Ministry" and "Russian Ministry of Defense" have in common."""
    found = re.findall(r"[^\s-]+", name.lower())
    return frozenset(_SPELLINGS.get(word, word) for word in found) - _EMPTY


def find_mentions(document: Document) -> list[Mention]:
    """Return every person, body and explained acronym a text names, in reading order."""
    found = [*_person_mentions(document), *_body_mentions(document)]
    return sorted(found, key=lambda mention: mention.at)


def _person_mentions(document: Document) -> list[Mention]:
    found = []
    for first, last in name_runs(document):
        if last < len(document.tokens) - 1 and document.tokens[last].lower == "(":
            found += _acronym(document, first, last)
        start, role = first, ""
        for at in range(first, last):
            if document.tokens[at].lower in lexicon.ROLES:
                start, role = at + 1, document.tokens[at].lower
        if not role and first > 0 and document.tokens[first - 1].lower in lexicon.ROLES:
            role = document.tokens[first - 1].lower
        if start >= last or last - start >= _LONGEST_NAME:
            continue
        name = document.span(start, last).of(document.text)
        if not is_body(name) and (role or last - start > 1):
            found.append(Mention(first, name, role, "person"))
    return found


def _acronym(document: Document, first: int, last: int) -> list[Mention]:
    """Read "Harbour Safety Board (HSB)": the letters stand for the name."""
    inside = document.tokens[last + 1]
    name = document.span(first, last).of(document.text)
    letters = "".join(token.lower[0] for token in document.tokens[first:last] if token.capital)
    if inside.acronym and inside.lower == letters:
        return [Mention(first, name, inside.lower.upper(), "acronym")]
    return []


def _body_mentions(document: Document) -> list[Mention]:
    """Return the organisations a text names by kind: "Russian Ministry of Defense", "US-led coalition"."""
    found = []
    for sentence in document.sentences:
        for at in range(sentence.first, sentence.last):
            head = document.tokens[at].lower
            if head not in lexicon.COLLECTIVE_HEADS:
                continue
            span = _own_name(document, at, sentence.last) or _described_name(document, sentence.first, at)
            first, last = span
            if any(document.classes[i] == words.NAME and i != at for i in range(first, last)):
                found.append(Mention(first, document.span(first, last).of(document.text), head, "body"))
    return found


def _own_name(document: Document, kind: int, high: int) -> tuple[int, int] | None:
    """Return the name that follows its kind: "agency |Ritzau|"."""
    end = kind + 1
    while end < high and end - kind <= _LONGEST_NAME and document.classes[end] == words.NAME:
        end += 1
    named = end > kind + 1 and document.tokens[kind + 1].lower not in lexicon.TIME_WORDS
    token = document.tokens[kind]
    return (kind + 1, end) if named and token.lower in lexicon.NAMED_KINDS and not token.capital else None


def _described_name(document: Document, low: int, head: int) -> tuple[int, int]:
    """Return the name around its kind: "Danish |Ministry| of Trade"."""
    first = head
    while (
        first > low
        and head - first < _LONGEST_NAME
        and document.classes[first - 1] in {words.NAME, words.NOUN}
    ):
        first -= 1
    sentence = document.sentences[document.sentence_index(document.tokens[head].start)]
    return first, _of_whom(document, head + 1, sentence.last)


def _of_whom(document: Document, last: int, high: int) -> int:
    """Return the end of "Command |of the Danish navy" and "Ministry |of Trade"."""
    while last + 1 < high and document.tokens[last].lower in {"of", "for"}:
        name = last + 2 if document.tokens[last + 1].lower == "the" else last + 1
        end = name
        while end < high and end - name < _LONGEST_NAME and document.classes[end] == words.NAME:
            end += 1
        if end == name:
            return last
        if end < high and document.tokens[end].lower in lexicon.COLLECTIVE_HEADS:
            end += 1
        last = end
    return last
