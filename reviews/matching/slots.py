"""Which questions a claim answers, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass
from reviews.matching.actors import find_actors
from reviews.matching.means import find_means
from reviews.matching.reading import Reading
from reviews.matching.targets import find_targets
from reviews.matching.types import Slot


@dataclass(frozen=True, slots=True)
class Given:
    reading: Reading
    slot: str
    about: str
    value: object
    words: str


def answers_of(reading: Reading, on: frozenset[str]) -> list[Given]:
    found = []
    if "n" in on:
        for c in reading.counts:
            if c.fate:
                k = c.counted if c.counted in ("children", "evacuees") else "people"
                found.append(Given(reading, "how many", f"{k} {c.fate}", c, c.words))
    if not reading.kinds & HARM:
        return found
    if "m" in on:
        m = find_means(reading.text)
        if m:
            found.append(Given(reading, "how", "means", m, m.words))
    if "a" in on:
        sp = reading.claim.claim.speaker
        for a in find_actors(reading.text, reading.claim.claim.frame, sp.name if sp else ""):
            found.append(Given(reading, "who", "actor", a, a.words))
    if "t" in on:
        for t in find_targets(reading.text):
            found.append(Given(reading, "whom", "target", t, t))
    if "p" in on and reading.places:
        best = min(reading.places, key=lambda p: (p.is_near, p.rank, p.start))
        found.append(Given(reading, "where", "place", best, best.name))
    return found


HARM = frozenset({"attack", "bombing", "airstrike", "shelling", "shooting", "stabbing", "crash", "fire", "collapse", "disaster"})
