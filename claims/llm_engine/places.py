"""Where words that somebody quotes stand in a text."""

import re
from collections.abc import Iterator
from typing import Final

from claims.extraction.types import Span

# Models set these marks and blanks anew as they copy. One character for one, so that offsets stay.
_LIKE: Final = str.maketrans("’‘ʼ′“”„«»–—‑\u00a0\u2009\u202f", '\'\'\'\'"""""---   ')

_INSIDE_NUMBER: Final = re.compile(r"\d[.,]\d")


def fold(text: str) -> str:
    """Return `text` with plain quotation marks, dashes and blanks, as long as before.

    >>> fold("“It’s”\\u00a0–")
    '"It\\'s" -'
    """
    return text.translate(_LIKE)


class Places:
    """Finds whole words in one text, exactly but for the style of marks and blanks."""

    def __init__(self, text: str) -> None:
        self._folded = fold(text)

    def find(self, words: str, within: Span) -> Iterator[Span]:
        """Give the places of `words` inside `within` in reading order; none when there are no words."""
        wanted = fold(words).strip()
        at = self._folded.find(wanted, within.start, within.end) if wanted else -1
        while at >= 0:
            place = Span(at, at + len(wanted))
            if self._is_whole(place):
                yield place
            at = self._folded.find(wanted, at + 1, within.end)

    def nearest(self, words: str, to: Span, *, reach: int, beside: tuple[Span, ...] = ()) -> Span | None:
        """Return the place of `words` nearest to `to`, inside `reach` characters and apart from `beside`."""
        window = Span(max(0, to.start - reach), min(len(self._folded), to.end + reach))
        apart = (place for place in self.find(words, window) if not any(map(place.meets, beside)))
        return min(apart, key=lambda place: (distance(place, to), place.start), default=None)

    def first(self, words: str) -> Span | None:
        """Return the first place of `words` in the text."""
        return next(self.find(words, Span(0, len(self._folded))), None) if self._folded else None

    def _is_whole(self, place: Span) -> bool:
        return not self._joins(place.start) and not self._joins(place.end)

    def _joins(self, at: int) -> bool:
        """Whether a word or a number ("1,200") goes on from the character before `at` to the one at it."""
        if not 0 < at < len(self._folded):
            return False
        if self._folded[at - 1].isalnum() and self._folded[at].isalnum():
            return True
        return any(
            _INSIDE_NUMBER.match(self._folded, start) is not None for start in (at - 1, at - 2) if start >= 0
        )


def distance(one: Span, other: Span) -> int:
    """Return how many characters lie between two places; 0 when they touch or meet."""
    return max(0, one.start - other.end, other.start - one.end)
