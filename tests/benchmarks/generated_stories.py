"""Claims by the million, made from templates by a seed: popular places, many small stories and a few large.

2,000 claims a day, so that a larger base reaches further back and is not denser. Stories' sizes follow Zipf's
law up to 12 articles of 25 claims; places that of Zipf and Mandelbrot: 30 of 4,700 have every seventh story.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Final

from claims.extraction import ExtractedClaim, Frame, Quantity, Span, SpeakerMention
from claims.extraction.types import Moment

CLAIMS_AN_ARTICLE: Final = 25
CLAIMS_A_DAY: Final = 2_000
LAST_DAY: Final = date(2019, 12, 31)
LARGEST: Final = 12  # articles
OUTLETS: Final = tuple(f"Bench Gazette {number}" for number in range(60))
EVENTS: Final = {
    "bombing": "kill",
    "collapse": "kill",
    "crash": "kill",
    "explosion": "kill",
    "fire": "kill",
    "flood": "kill",
    "raid": "attack",
    "shelling": "attack",
}
STARTS: Final = (
    *("Al", "An", "Bel", "Cor", "Dra", "El", "Fen", "Gar", "Hal", "Ir", "Jo", "Kar", "Lin", "Mor", "Nor"),
    *("Ost", "Per", "Qua", "Ros", "Sar", "Tor", "Ul", "Var", "Wes", "Yar", "Zel"),
)
MIDDLES: Final = ("a", "e", "i", "o", "u", "ara", "eli", "ino", "oru")
ENDS: Final = (
    *("bad", "dor", "field", "ford", "gard", "ham", "kala", "lak", "mere", "mouth", "nau", "pur", "ra", "sk"),
    *("stan", "ton", "vik", "wick", "yd", "zha"),
)


@dataclass(frozen=True)
class Story:
    """An event with its names, and how many articles tell of it."""

    number: int
    event: str
    place: str
    landmark: str
    body: str
    day: date
    articles: int
    toll: int


def stories(claims: int, *, seed: int) -> Iterator[Story]:
    """Stories that together have at least so many claims, the latest first."""
    chance = random.Random(seed)
    sizes = list(range(1, LARGEST + 1))
    of_sizes = list(accumulate(size**-1.3 for size in sizes))
    names = _Names(chance)
    told = number = 0
    while told < claims:
        size = chance.choices(sizes, cum_weights=of_sizes)[0]
        yield Story(
            number,
            chance.choice(list(EVENTS)),
            names.place(),
            f"{names.any()} {chance.choice(('Bridge', 'Market', 'Hospital', 'Square', 'Mine'))}",
            f"{names.any()} {chance.choice(('Council', 'Police', 'Observatory', 'Ministry'))}",
            LAST_DAY - timedelta(days=told // CLAIMS_A_DAY),
            size,
            chance.randint(2, 120),
        )
        told += size * CLAIMS_AN_ARTICLE
        number += 1


def article(story: Story, *, seed: int) -> tuple[str, list[ExtractedClaim]]:
    """The text of an article on a story, and its claims as the engine finds such."""
    chance = random.Random(seed)
    text, found = "", []
    for _ in range(CLAIMS_AN_ARTICLE):
        speaker = chance.choice((story.body, f"{story.place} Police", "a witness", ""))
        sentence, quantity, verb = _sentence(story, chance)
        start = len(text)
        text += f"{sentence} "
        found.append(_claim(story, sentence, start, speaker, quantity, verb))
    return text.strip(), found


def _sentence(story: Story, chance: random.Random) -> tuple[str, int | None, str]:
    number = max(1, story.toll + chance.choice((0, 0, 0, 0, 1, -1, 3)))
    shape = chance.randrange(5)
    if shape == 0:
        verb = chance.choice(("killed", "wounded"))
        return (
            f"{number} people were {verb} in the {story.event} at the {story.landmark} in {story.place}.",
            number,
            verb,
        )
    if shape == 1:
        blamed = f"{chance.choice(STARTS)}{chance.choice(ENDS)}"
        return (
            f"The {story.body} blamed {blamed} for the {story.event} in {story.place}.",
            None,
            "blame",
        )
    if shape == 2:
        return (
            f"The {story.event} in {story.place} struck the {story.landmark} at {chance.randint(1, 12)} a.m.",
            None,
            "strike",
        )
    if shape == 3:
        return (
            f"Roads around the {story.landmark} were closed for {chance.randint(2, 48)} hours.",
            None,
            "close",
        )
    return f"The {story.body} said {number} people were missing near {story.place}.", number, "miss"


def _claim(
    story: Story, sentence: str, start: int, speaker: str, quantity: int | None, verb: str
) -> ExtractedClaim:
    span = Span(start, start + len(sentence))
    mention = SpeakerMention(speaker, ()) if speaker else None
    counted = () if quantity is None else (Quantity(Decimal(quantity), "people", Span(start, start + 1)),)
    return ExtractedClaim(
        statement=sentence,
        spans=(span,),
        sentence=span,
        speaker=mention,
        chain=(mention,) if mention else (),
        cue=None,
        kind="indirect" if mention else "own_voice",
        frame=Frame(
            predicate=verb,
            family=EVENTS[story.event],
            place=story.place,
            time=Moment(f"{story.day:%A}", span, story.day, story.day),
            quantities=counted,
        ),
        check_worthiness=0.8,
    )


class _Names:
    """Names of places, a few of which come again and again."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._places = sorted({f"{a}{b}{c}" for a in STARTS for b in MIDDLES for c in ENDS})
        chance.shuffle(self._places)
        self._weights = list(accumulate(1 / (rank + 30) for rank in range(len(self._places))))

    def any(self) -> str:
        return self._chance.choice(self._places)

    def place(self) -> str:
        return self._chance.choices(self._places, cum_weights=self._weights)[0]
