"""What a text calls a body most fully: "US-led coalition" for "the coalition", wherever it says so.

Some bodies are named by a description with a name in it ("Syrian army", "General Command of the Syrian
army"), so that a name alone would not tell them apart.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from claims.extraction import lexicon
from claims.extraction.context.mentions import NAME_TAGS, Mention
from claims.extraction.context.referents import name_words
from claims.extraction.parse.document import Document, Range

# How many words, and how many names of one kind of body, are looked at; a text with more is a directory.
_LONGEST: Final = 6
_MOST_ALIKE: Final = 8
_BEFORE_NAME: Final = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ", "HYPH", "VBN", "POS"})
# "Oslo-based" tells where a body sits and is no part of its name.
_SEATED: Final = frozenset({"based", "headquartered"})
_OF_WHOM: Final = frozenset({"of", "for"})


class BodyNames:
    """The names of a document's bodies by the kind of body ("ministry")."""

    def __init__(self, document: Document, mentions: Iterable[Mention]) -> None:
        self._document = document
        self._by_kind: dict[str, dict[frozenset[str], Range]] = defaultdict(dict)
        for mention in mentions:
            kind = document.tokens[mention.head].lower
            if kind not in lexicon.COLLECTIVE_HEADS or len(self._by_kind[kind]) > _MOST_ALIKE:
                continue
            name = self.written(mention)
            if name is not None and self._is_named(name, mention):
                self._by_kind[kind].setdefault(self._key(name), name)

    def fullest(self, mention: Mention) -> Range | None:
        """Return the fullest name with the words of the mention, if only one body can be meant."""
        name, kind = self.written(mention), self._document.tokens[mention.head].lower
        known = self._by_kind.get(kind, {})
        if name is None or len(known) > _MOST_ALIKE:
            return None
        own = self._key(name)
        fitting = [key for key in known if own <= key]
        longest = max(fitting, key=len, default=frozenset[str]())
        return known[longest] if fitting and all(key <= longest for key in fitting) else None

    def written(self, mention: Mention) -> Range | None:
        """Return the words of a mention that can be a name: no article, nothing behind but "of" a name."""
        tokens, first = self._document.tokens, mention.head
        if mention.owner >= 0 and tokens[mention.owner].tag not in NAME_TAGS:
            return None
        while first > mention.first and tokens[first - 1].tag in _BEFORE_NAME:
            first -= 1
        if first > mention.first and tokens[first - 1].tag != "DT":
            return None
        first = next((at + 1 for at in range(first, mention.head) if tokens[at].lower in _SEATED), first)
        last = max(mention.head + 1, mention.name[1])
        while last < mention.last and tokens[last].lower in _OF_WHOM:
            end = self._end_of_name(last + 1, mention.last)
            if end is None:
                return None
            last = end
        return (first, last) if last - first <= _LONGEST + 2 else None

    def _end_of_name(self, first: int, last: int) -> int | None:
        """Return the end of the name behind "of" ("the Syrian army"), or None if there is none."""
        tokens = self._document.tokens
        if first < last and tokens[first].tag == "DT":
            first += 1
        end = first
        while end < last and end - first < _LONGEST and self._goes_on(end, last):
            end += 1
        if end < last and tokens[end].lower in lexicon.COLLECTIVE_HEADS:
            end += 1
        return end if any(tokens[at].capital for at in range(first, end)) else None

    def _goes_on(self, at: int, last: int) -> bool:
        """Whether a name goes on with the token: a capitalised word, or what joins it to the next one."""
        tokens = self._document.tokens
        joins = tokens[at].tag in {"CC", "HYPH", "POS"} and at + 1 < last and tokens[at + 1].capital
        return tokens[at].capital or joins

    def _is_named(self, name: Range, mention: Mention) -> bool:
        """Whether a word besides the kind is a name or made of one ("Syrian", "US-led")."""
        tokens, opening = self._document.tokens, self._document.sentences[mention.sentence].first
        return any(
            tokens[at].tag in NAME_TAGS or (tokens[at].capital and at != opening)
            for at in range(*name)
            if at != mention.head
        )

    def _key(self, name: Range) -> frozenset[str]:
        return frozenset(name_words(self._document, name)) - {"’s", "'"}
