"""News articles by the thousand, made from templates by a seed, so that every run measures the same."""

import random
from collections.abc import Iterator
from html import escape

OUTLETS = tuple(f"Outlet {letter}" for letter in "ABCDEFGHIJKLMNOPQRST")
SPEAKERS = (
    "The defence ministry",
    "The regional governor",
    "A spokesman for the mission",
    "The fire service",
    "Two residents of the district",
    "The relief agency",
    "Colonel Idris Hamad",
    "The foreign minister, Ana Kovac,",
)
EVENTS = (
    "a convoy was hit near the bridge",
    "the depot had burned since dawn",
    "troops left three villages",
    "the hospital received wounded people",
    "a drone crashed into a field",
    "the road to the airport was closed",
)
PLACES = (
    "north of Qasra",
    "outside Belmonte",
    "in the port of Tavira",
    "near Old Harbour",
    "at Kilometre 40",
)
VERBS = ("said", "reported", "claimed", "insisted", "announced")


def articles(count: int, *, seed: int = 20170619) -> Iterator[bytes]:
    """HTML pages of about 300 words, every one another text at another address."""
    chance = random.Random(seed)
    for number in range(count):
        paragraphs = [" ".join(_sentence(chance) for _ in range(3)) for _ in range(8)]
        outlet = chance.choice(OUTLETS)
        title = f"Report {number}: {chance.choice(EVENTS)}"
        body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        yield (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'<meta property="og:site_name" content="{outlet}">'
            f'<meta property="article:published_time" content="2017-06-{number % 28 + 1:02d}T08:00:00Z">'
            f'<link rel="canonical" href="https://bench.example/{seed}/{number}"></head>'
            f"<body><nav>Home World Sport</nav><article><h1>{escape(title)}</h1>{body}</article>"
            f"<footer>All rights reserved</footer></body></html>"
        ).encode()


def _sentence(chance: random.Random) -> str:
    speaker, event, place = chance.choice(SPEAKERS), chance.choice(EVENTS), chance.choice(PLACES)
    dead, hour = chance.randint(2, 90), chance.randint(1, 12)
    inside = speaker[0].lower() + speaker[1:]
    shapes = (
        f"{speaker} {chance.choice(VERBS)} that {event} {place} and that {dead} people were hurt.",
        f"“At {hour} in the morning {event} {place},” {inside} told reporters.",
        f"According to {inside}, {event} while {dead} families were waiting {place}.",
        f"About {dead} people live {place}, and {event} there a week ago.",
    )
    return chance.choice(shapes)
