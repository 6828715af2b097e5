"""Who "he", "Roe" or "the ministry" is: every source of a text by the fullest name given before it.

A description is only resolved when one candidate is left; else it stays as written, listed as unresolved.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.document import Document
from claims.extraction.entities import is_body, name_runs
from claims.extraction.noun_phrases import Phrase

_PERSONAL: Final = frozenset({"he", "she"})
_UNCLEAR: Final = frozenset({"he", "she", "it", "they", "i", "we", "you"})
_POSTMODIFIERS: Final = frozenset({"from", "at", "for", "in", "with", "on"})
# How many paragraphs back "he" and "the spokesman" are looked for.
_REACH: Final = 2
# Of how many bodies of one kind ("ministry") a short name is looked up; a text with more is a directory.
_MOST_CANDIDATES: Final = 8
_SPELLINGS: Final = {
    "defence": "defense",
    "centre": "center",
    "organisation": "organization",
    "u.s.": "us",
    "u.s": "us",
}
_EMPTY: Final = frozenset({"the", "of", "for", "a", "an", "and"})


@dataclass(frozen=True, slots=True)
class Named:
    """A speaker's name as resolved; `unresolved` is what could not be ("he"), or ""."""

    name: str
    is_person: bool
    unresolved: str = ""


@dataclass(slots=True)
class _Known:
    """What has been named so far, in reading order."""

    surnames: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    bodies: dict[str, dict[frozenset[str], str]] = field(default_factory=lambda: defaultdict(dict))
    acronyms: dict[str, str] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    last_person: "_Speaking | None" = None
    last_body: "_Speaking | None" = None


@dataclass(frozen=True, slots=True)
class _Speaking:
    """Who spoke last, in which paragraph, and the token where what they said ends."""

    name: str
    paragraph: int
    until: int


@dataclass(frozen=True, slots=True)
class _Mention:
    at: int
    name: str
    role: str
    kind: str


class SpeakerNames:
    """Resolves the sources of one document, which have to be asked for in reading order."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._known = _Known()
        self._mentions = sorted(
            [*_person_mentions(document), *_body_mentions(document)], key=lambda mention: mention.at
        )
        self._starts = [mention.at for mention in self._mentions]
        self._heads = [
            at for at, token in enumerate(document.tokens) if token.lower in lexicon.COLLECTIVE_HEADS
        ]
        self._seen = 0

    def resolve(self, source: Phrase, *, cue_at: int, until: int, paragraph: int) -> Named:
        """Return the name of the source with its cue at token `cue_at` and its content up to `until`."""
        self._learn(max(cue_at, source.last))
        named = self._named(source, paragraph)
        if named.is_person:
            self._known.last_person = _Speaking(named.name, paragraph, until)
        elif not named.unresolved and is_body(named.name):
            self._known.last_body = _Speaking(named.name, paragraph, until)
            for head in lexicon.COLLECTIVE_HEADS & set(named.name.lower().split()):
                self._known.bodies[head].setdefault(_key(named.name), named.name)
        return named

    def _learn(self, until: int) -> None:
        end = bisect_left(self._starts, until)
        for mention in self._mentions[self._seen : end]:
            if mention.kind == "acronym":
                self._known.acronyms.setdefault(mention.role, mention.name)
            elif mention.kind == "person":
                full = self._known.surnames[mention.name.split()[-1].lower()]
                if len(mention.name.split()) > 1 and mention.name not in full:
                    full.append(mention.name)
                if mention.role:
                    self._known.roles[mention.name].add(mention.role)
            else:
                self._known.bodies[mention.role].setdefault(_key(mention.name), mention.name)
        self._seen = max(self._seen, end)

    def _named(self, source: Phrase, paragraph: int) -> Named:
        tokens = self._document.tokens
        first_word = tokens[source.first].lower
        if source.last - source.first == 1 and first_word in _UNCLEAR:
            return self._pronoun(source, first_word, paragraph)
        described = self._description(source, paragraph)
        if described is not None:
            return described
        name, is_person, role = clean_name(self._document, source)
        if is_person and role:
            self._known.roles[name].add(role)
        if " " not in name:
            return self._single_word(name, is_person)
        return Named(name if is_person else self._full_body_name(name), is_person)

    def _full_body_name(self, name: str) -> str:
        """Return the first name given to a body: "Observatory" -> "Coastal Observatory", if only one fits."""
        key = _key(name)
        for head in sorted(lexicon.COLLECTIVE_HEADS & key):
            known = self._known.bodies.get(head, {})
            fitting = [known_key for known_key in islice(known, _MOST_CANDIDATES + 1) if key < known_key]
            fullest = max(fitting, key=len, default=frozenset())
            if fitting and len(known) <= _MOST_CANDIDATES and all(other <= fullest for other in fitting):
                return known[fullest]
            if key in known:
                return known[key]
        return name

    def _pronoun(self, source: Phrase, word: str, paragraph: int) -> Named:
        known = (
            self._known.last_person if word in _PERSONAL else self._known.last_body if word == "it" else None
        )
        if (
            known is not None
            and paragraph - known.paragraph <= _REACH
            and not self._names_another(known, source.first, word in _PERSONAL)
        ):
            return Named(known.name, is_person=word in _PERSONAL)
        written = self._written(source.first, source.last)
        return Named(written, is_person=False, unresolved=written)

    def _names_another(self, known: _Speaking, before: int, is_person: bool) -> bool:
        """Whether another person or body is named between what `known` said and token `before`."""
        if is_person:
            between = self._mentions[
                bisect_left(self._starts, known.until) : bisect_left(self._starts, before)
            ]
            return any(mention.kind == "person" and mention.name not in known.name for mention in between)
        words_of_name = set(known.name.lower().split())
        heads = self._heads[bisect_left(self._heads, known.until) : bisect_left(self._heads, before)]
        return any(self._document.tokens[at].lower not in words_of_name for at in heads)

    def _single_word(self, name: str, is_person: bool) -> Named:
        if name in self._known.acronyms:
            return Named(self._known.acronyms[name], is_person=False)
        full = self._known.surnames.get(name.lower(), [])
        if len(full) == 1:
            return Named(full[0], is_person=True)
        if len(full) > 1:
            last = self._known.last_person
            if last is not None and last.name in full:
                return Named(last.name, is_person=True)
            return Named(name, is_person=True, unresolved=name)
        return Named(name if is_person else self._full_body_name(name), is_person)

    def _description(self, source: Phrase, paragraph: int) -> Named | None:
        """Resolve "the ministry" and "the spokesman"; None when the source is no bare description."""
        document = self._document
        inside = range(source.first, source.head_last)
        if document.tokens[source.first].lower != "the" or any(
            document.classes[i] == words.NAME for i in inside
        ):
            return None
        written = self._written(source.first + 1, source.head_last)
        head = document.tokens[source.head_last - 1].lower
        if head in lexicon.ROLES:
            return self._by_role(head, written, paragraph)
        if head in lexicon.COLLECTIVE_HEADS:
            return self._by_kind(head, written, paragraph)
        if head in lexicon.SETTINGS:
            return Named(written, is_person=False, unresolved=written)
        return None

    def _by_role(self, role: str, written: str, paragraph: int) -> Named:
        last = self._known.last_person
        if last is not None and paragraph - last.paragraph <= _REACH:
            roles = self._known.roles.get(last.name, set())
            if not roles or role in roles:
                return Named(last.name, is_person=True)
        return Named(written, is_person=False, unresolved=written)

    def _by_kind(self, head: str, written: str, paragraph: int) -> Named:
        candidates = self._known.bodies.get(head, {})
        if len(candidates) == 1:
            return Named(next(iter(candidates.values())), is_person=False)
        last = self._known.last_body
        if last is not None and paragraph - last.paragraph <= _REACH and _key(last.name) in candidates:
            return Named(last.name, is_person=False)
        return Named(written, is_person=False, unresolved=written)

    def _written(self, first: int, last: int) -> str:
        return self._document.span(first, last).of(self._document.text)


def clean_name(document: Document, source: Phrase) -> tuple[str, bool, str]:
    """Return the head name of a source, whether it is a person, and the role it is given with ("mayor").

    "White House spokesman Jane Roe" is Jane Roe, "the chairman of the fleet, General Jane Roe" too,
    "the Russian Ministry of Defense" is Russian Ministry of Defense, "a spokesman" stays as it is.
    """
    parts = [(source.first, source.head_last)]
    if source.last > source.head_last + 1:
        parts.append((source.head_last + 1, source.last))
    read = [_person_in(document, first, last) for first, last in parts]
    role = next((found[1] for found in read if found and found[1]), "")
    if not role and len(parts) > 1:
        role = next(
            (t.lower for t in document.tokens[parts[1][0] : parts[1][1]] if t.lower in lexicon.ROLES), ""
        )
    for found in read:
        if found is not None:
            return found[0], True, role
    return _without_article(document, *parts[0]), False, ""


def _person_in(document: Document, first: int, last: int) -> tuple[str, str] | None:
    """Return the person a phrase names and their role, or None."""
    end = first
    role = ""
    start = first
    for at in range(first, last):
        if document.tokens[at].lower in lexicon.ROLES:
            role, start = document.tokens[at].lower, at + 1
            if start < last and document.tokens[start].lower == ".":
                start += 1
    if start >= last:
        return None
    if not role and document.classes[first] == words.DETERMINER:
        return None
    end = start
    while end < last and (document.classes[end] == words.NAME or document.tokens[end].lower == "."):
        end += 1
    rest = document.tokens[end].lower if end < last else ""
    if end == start or end - start > 5 or (rest and rest not in _POSTMODIFIERS and rest != "("):
        return None
    name = document.span(start, end).of(document.text)
    if is_body(name) or (not role and len(name.split()) < 2):
        return None
    return name, role


def _without_article(document: Document, first: int, last: int) -> str:
    if last - first > 1 and document.tokens[first].lower in {"the", "a", "an"}:
        first += 1
    return document.span(first, last).of(document.text)


def _key(name: str) -> frozenset[str]:
    """Return what "Russian Defence Ministry" and "Russian Ministry of Defense" have in common."""
    found = re.findall(r"[^\s-]+", name.lower())
    return frozenset(_SPELLINGS.get(word, word) for word in found) - _EMPTY


def _person_mentions(document: Document) -> list[_Mention]:
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
        if start >= last or last - start > 4:
            continue
        name = document.span(start, last).of(document.text)
        if not is_body(name) and (role or last - start > 1):
            found.append(_Mention(first, name, role, "person"))
    return found


def _acronym(document: Document, first: int, last: int) -> list[_Mention]:
    """Read "Harbour Safety Board (HSB)": the letters stand for the name."""
    inside = document.tokens[last + 1]
    name = document.span(first, last).of(document.text)
    letters = "".join(token.lower[0] for token in document.tokens[first:last] if token.capital)
    if inside.acronym and inside.lower == letters:
        return [_Mention(first, name, inside.lower.upper(), "acronym")]
    return []


def _body_mentions(document: Document) -> list[_Mention]:
    """Return the organisations a text names by kind: "Russian Ministry of Defense", "US-led coalition"."""
    found = []
    nameable = {words.NAME, words.NOUN}
    for sentence in document.sentences:
        for at in range(sentence.first, sentence.last):
            head = document.tokens[at].lower
            if head not in lexicon.COLLECTIVE_HEADS:
                continue
            first = at
            while first > sentence.first and at - first < 5 and document.classes[first - 1] in nameable:
                first -= 1
            last = _of_whom(document, at + 1, sentence.last)
            if any(document.classes[i] == words.NAME and i != at for i in range(first, last)):
                found.append(_Mention(first, document.span(first, last).of(document.text), head, "body"))
    return found


def _of_whom(document: Document, last: int, high: int) -> int:
    """Return the end of "Command |of the Danish navy" and "Ministry |of Trade"."""
    while last + 1 < high and document.tokens[last].lower in {"of", "for"}:
        name = last + 2 if document.tokens[last + 1].lower == "the" else last + 1
        end = name
        while end < high and end - name < 5 and document.classes[end] == words.NAME:
            end += 1
        if end == name:
            return last
        if end < high and document.tokens[end].lower in lexicon.COLLECTIVE_HEADS:
            end += 1
        last = end
    return last
