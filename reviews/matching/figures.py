"""Figures that are no tolls: how many things did something, or had it done to them, and how high a share was.

Only what can be asked in plain words is read: things with their verb ("23 missiles reached the base", "the
raid destroyed six lorries") and shares or sums with their subject ("turnout was 48 per cent").
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from claims.extraction.frames.quantities import MEASURES
from reviews.matching.counts import Count, is_plural
from reviews.matching.grouping import by_key
from reviews.matching.reading import Reading
from reviews.matching.terms import read_lists, stem

_LISTS: Final = read_lists("figures.txt")
_PEOPLE: Final = read_lists("counted.txt")
# People are counted by what became of them, see `counts.py`.
_NO_THINGS: Final = frozenset(
    word for role in ("people", "children", "women", "other_people", "crowd") for word in _PEOPLE[role]
) | {"people", "children", "women"}
_PAST: Final = rf"(?:[a-z]{{2,}}ed|{'|'.join(sorted(_LISTS['past']))})"
_DONE_TO: Final = re.compile(rf"^ (?:were|had been|have been|are) (?P<verb>{_PAST})\b")
_DID: Final = re.compile(
    rf"^(?: [a-z]+ed by (?:[\w.’'-]+ ){{1,5}}?(?={_PAST}\b)| )(?P<verb>{_PAST})\b"
    r"(?: (?:(?P<article>the) (?P<what>[a-z-]+)\b|(?P<name>[A-Z][\w-]+)))?"
)
_BEFORE: Final = re.compile(
    rf"\b(?P<verb>{_PAST})(?: [^.;:]*?(?:,| and))?(?: (?:{'|'.join(sorted(_LISTS['hedge']))}))* $"
)
_SHARE: Final = re.compile(
    r"^(?:[Tt]he )?(?P<what>[A-Za-z][a-z-]+(?: [a-z-]+)?)(?P<of> of (?:[\w-]+ ?){1,3}?)?"
    r"(?: (?:in|for|at|on|among) [^.;:,]*?)? (?:was|were|is|are|stood at|(?:has |have |had )?(?:reached"
    rf"|risen to|fallen to|rose to|fell to))(?: (?:{'|'.join(sorted(_LISTS['hedge']))}))* $"
)
_WHOLE: Final = re.compile(r"\bof the (?:all )?$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure a claim gives; `asked` begins its question, `key` is the same for all that answer it."""

    reading: Reading
    count: Count
    key: tuple[str, ...]
    asked: str


def find_figures(readings: Sequence[Reading]) -> list[tuple[str, list[Figure]]]:
    """Return (how its question begins, figures) for each thing that several figures are given for."""
    figures = [figure for reading in readings for figure in _figures(reading)]
    return [
        (_commonest(figure.asked for figure in group), group)
        for group in by_key(figures, lambda figure: figure.key)
        if len(group) > 1
    ]


def _figures(reading: Reading) -> Iterable[Figure]:
    for count in () if reading.denied else reading.counts:
        before = reading.text[: count.start]
        after = reading.text[count.start + len(count.words) :]
        if count.fate or count.counted in _NO_THINGS or _WHOLE.search(before):
            continue
        is_share = count.counted in MEASURES
        figure = _share(reading, count, before) if is_share else _things(reading, count, before, after)
        if figure is not None:
            yield figure


def _share(reading: Reading, count: Count, before: str) -> Figure | None:
    """Return "turnout was 48 per cent" as a figure for turnout."""
    told = _SHARE.search(before)
    if told is None or count.counted not in _LISTS["share"] or told["what"].lower() in _LISTS["pronoun"]:
        return None
    what = told["what"][0].lower() + told["what"][1:] + (told["of"] or "").rstrip()
    article = "the " if before.lower().startswith("the ") else ""
    unit = count.counted
    return Figure(reading, count, (unit, stem(what)), f"How high was {article}{what}, in {unit},")


def _things(reading: Reading, count: Count, before: str, after: str) -> Figure | None:
    """Return what things did, or what was done to them, as a figure."""
    noun = count.counted
    at = re.search(rf"\b{re.escape(noun)}\b", after)
    if at is None or not is_plural(noun) or noun in _LISTS["unit"]:
        return None
    rest = after[at.end() :]
    passive, active, governed = _DONE_TO.match(rest), _DID.match(rest), _BEFORE.search(before)
    if passive is not None:
        return Figure(
            reading, count, (noun, "were", passive["verb"]), f"How many {noun} were {passive['verb']}"
        )
    if active is not None:
        what = active["name"] or (f"the {active['what']}" if active["what"] else "")
        asked = f"How many {noun} {active['verb']} {what}".rstrip()
        return Figure(reading, count, (noun, active["verb"], active["name"] or ""), asked)
    if governed is not None and governed["verb"].endswith("ed"):
        return Figure(
            reading, count, (noun, "were", governed["verb"]), f"How many {noun} were {governed['verb']}"
        )
    return None


def _commonest(asked: Iterable[str]) -> str:
    """Return the question most often asked, of those the one that says most."""
    times = Counter(asked)
    return min(times, key=lambda words: (-times[words], -len(words), words))
