"""Who "a monitor", "the watchdog" or "the Oslo-based group" is: the one such body that the text names.

News agencies write of a monitoring body by what it is long before and after they name it.
"""

from typing import Final, Protocol

from claims.extraction import lexicon
from claims.extraction.context.coreference import Coreference
from claims.extraction.context.mentions import NAME_TAGS
from claims.extraction.context.referents import Referent
from claims.extraction.parse.document import Document

_NAMES: Final = frozenset({"observatory", "monitor", "monitors", "monitoring", "watch", "watchdog"})
_WATCHING: Final = frozenset({"monitor", "monitors", "monitoring", "watchdog"})
_KINDS: Final = lexicon.word_set("group organisation organization body network ngo charity monitor watchdog")
_SEATED: Final = frozenset({"based", "headquartered"})


class _Phrase(Protocol):
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def head_last(self) -> int: ...


class Watchers:
    """The monitoring bodies of one document."""

    def __init__(self, document: Document, coreference: Coreference) -> None:
        self._document = document
        found = {id(one.referent): one.referent for one in coreference.resolved.values()}
        self._named = [one for one in found.values() if one.name is not None and _NAMES & set(one.key)]

    def meant(self, phrase: _Phrase, head: int) -> Referent | None:
        """Return whom a phrase with no name in it means; None when it tells of no watching or seat."""
        tokens = self._document.tokens
        if tokens[head].lower not in _KINDS:
            return None
        words = {tokens[at].lower for at in range(phrase.first, head + 1)}
        if not words & (_WATCHING | _SEATED) or self._has_name(phrase.first, phrase.head_last):
            return None
        found = self._only_one()
        if found is None or words & _WATCHING:
            return found
        # A seat alone points back: "the Oslo-based group" is one that was spoken of.
        return found if tokens[phrase.first].lower == "the" and found.at < head else None

    def may_be(self, referent: Referent | None, word: str) -> bool:
        """Whether "the group" can speak of this one."""
        return word in _KINDS and any(one is referent for one in self._named)

    def _has_name(self, first: int, last: int) -> bool:
        """Whether the tokens name something; the seat of a body ("Oslo-based") is no name of it."""
        tokens = self._document.tokens
        return any(
            tokens[at].tag in NAME_TAGS
            and not any(token.lower in _SEATED for token in tokens[at + 1 : min(at + 4, last)])
            for at in range(first, last)
        )

    def _only_one(self) -> Referent | None:
        """Return the fullest name, if the others are shorter ones of the same body."""
        # "Monitor" in a headline is as often what it is as what it is called.
        called = [one for one in self._named if not _WATCHING & set(one.key)] or self._named
        fullest = max(called, key=lambda one: len(one.key), default=None)
        if fullest is None or any(not set(one.key) <= set(fullest.key) for one in called):
            return None
        return fullest
