"""Figures that are no tolls: sums of money, shares, things counted, given by several claims for one thing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from claims.extraction.frames.quantities import MEASURES
from reviews.matching.counts import Count
from reviews.matching.grouping import joined
from reviews.matching.reading import Reading
from reviews.matching.terms import EVERY_STORY, rarity, stem, words_of

# Words in fewer than one of 33 texts can say what a figure is about, unless half of the story holds them.
_TELLING: Final = 3.5
_SHARE_OF_STORY: Final = 0.5
_MOST: Final = 60
_NAME: Final = 5.5
# People are counted by what became of them, see `counts.py`; bare numbers of them tell too little.
_NO_THINGS: Final = frozenset({"people", "children", "women", "others", "lives"})


_UNITS: Final = MEASURES | frozenset(
    {
        "cent",
        "million",
        "billion",
        "trillion",
        "hundred",
        "thousand",
        "kilometres",
        "kilometers",
        "metres",
        "meters",
    }
    | {"tonnes", "kilograms", "kilos", "dollar", "euro", "pound"}
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure a claim gives; `words` are the stems that say what it is about, as written."""

    reading: Reading
    count: Count
    words: dict[str, str]


def find_figures(readings: Sequence[Reading]) -> list[tuple[str, list[Figure]]]:
    """Return (what it is about, figures) for figures of one unit that several articles or speakers give.

    Two figures are for one thing when their claims share a telling word beside the unit.
    """
    figures = [figure for reading in readings for figure in _figures(reading)]
    holders = Counter(word for reading in readings for word in set(_telling(reading.text)))
    often = {word for word, times in holders.items() if times > max(3, _SHARE_OF_STORY * len(readings))}
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, figure in enumerate(figures):
        for word in figure.words.keys() - often:
            index[figure.count.counted, word].append(at)
    pairs = [
        (members[0], other)
        for _, members in sorted(index.items())
        if len(members) <= _MOST
        for other in members[1:]
    ]
    found = []
    for group in joined(figures, pairs):
        voices = {(figure.reading.claim.article, figure.reading.speaker) for figure in group}
        if len(voices) > 1 and len({figure.reading.id for figure in group}) > 1:
            found.append((_about(group, often), group))
    return found


def _figures(reading: Reading) -> Iterable[Figure]:
    words = _telling(reading.text)
    for count in reading.counts:
        if not count.fate and count.counted not in _NO_THINGS:
            about = {key: word for key, word in words.items() if key != stem(count.counted)}
            yield Figure(reading, count, about)


def _telling(text: str) -> dict[str, str]:
    return {
        stem(word): word
        for word in words_of(text)
        if rarity(word) >= _TELLING and len(word) > 2 and word.lower() not in _UNITS
    }


def _about(group: Sequence[Figure], often: set[str]) -> str:
    """Return the word most of the figures share; rather no name, and none that every report holds."""
    times = Counter(word for figure in group for word in figure.words.keys() - often)
    written = {key: word for figure in group for key, word in sorted(figure.words.items(), reverse=True)}
    best = min(times, key=lambda key: (-times[key], _says_little(written[key]), key))
    return written[best]


def _says_little(word: str) -> int:
    """Return 2 for words of every report, 1 for names."""
    return 2 if word.lower() in EVERY_STORY else int(word[0].isupper() and rarity(word) > _NAME)


def ask_figure(about: str, unit: str, event: str) -> str:
    """Return the question, without its question mark."""
    return f"What figure is given for “{about}” ({unit}) in the {event}"
