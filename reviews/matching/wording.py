"""Events and questions in words a person would use."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from reviews.matching.events import Event
from reviews.matching.reading import ATTACKS, MONTHS
from reviews.matching.terms import words_of

LONGEST: Final = 300
_LONGEST_STATEMENT: Final = 130
# What joins a second clause to a first, and pronouns that nobody could tell without the text.
_SECOND_CLAUSE: Final = re.compile(
    r"[,;:—]|\b(?:whether|because|although|though|while|after|before|when|who|which|that|but|if|as|since)\b",
    re.IGNORECASE,
)
_POINTS_ELSEWHERE: Final = re.compile(
    r"^(?:it|he|she|they|this|these|those|his|her|its|their)\b", re.IGNORECASE
)
# Written small inside a sentence; any other first word may be a name.
_SMALL: Final = frozenset(
    {
        "the",
        "a",
        "an",
        "its",
        "their",
        "his",
        "her",
        "this",
        "that",
        "these",
        "those",
        "it",
        "he",
        "she",
        "they",
    }
    | {
        "there",
        "some",
        "many",
        "no",
        "all",
        "both",
        "at",
        "in",
        "on",
        "police",
        "officers",
        "people",
        "two",
        "three",
    }
)
# What an event of each kind is called: the first word, unless the articles use another much more.
_NOUNS: Final = {
    "bombing": ("bombing", "blast", "explosion"),
    "airstrike": ("air strikes", "raids", "bombardment"),
    "shelling": ("shelling",),
    "shooting": ("shooting",),
    "missile": ("missile strike",),
    "stabbing": ("stabbing",),
    "gassing": ("gas attack", "chemical attack"),
    "abduction": ("abduction", "kidnapping"),
    "attack": ("attack", "raid", "assault", "massacre"),
    "crash": ("crash", "collision", "derailment"),
    "fire": ("fire", "blaze", "wildfire"),
    "collapse": ("collapse", "landslide"),
    "disaster": ("disaster", "flood", "earthquake", "storm", "hurricane", "cyclone", "tornado", "eruption"),
    "outbreak": ("outbreak", "epidemic"),
    "protest": ("protest", "demonstration", "march", "rally", "riot", "strike"),
    "vote": ("vote", "election", "referendum"),
    "trial": ("trial", "ruling", "verdict", "lawsuit", "appeal"),
    "money": ("budget", "deficit", "tax", "loan", "bailout"),
    "deal": ("deal", "agreement", "treaty", "truce", "ceasefire", "summit", "talks"),
    "evacuation": ("evacuation",),
    "visit": ("visit", "tour"),
    "arrest": ("arrests",),
    "appointment": ("appointment", "resignation"),
    "match": ("match",),
}  # fmt: skip


def day_in_words(day: date) -> str:
    """Return "3 May 2024"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event and its name. `place` is "in Alder" or ""; `counted_apart` are sorts of people.

    `leaders` are who leads a coalition that its story names.
    """

    event: Event
    noun: str
    place: str
    day: date | None
    counted_apart: frozenset[str]
    leaders: frozenset[str] = frozenset()

    @property
    def is_harm(self) -> bool:
        return self.event.topic == "harm"

    @property
    def was(self) -> str:
        return "were" if self.noun.endswith("s") else "was"

    @property
    def is_attack(self) -> bool:
        return bool(self.event.main_kinds & ATTACKS)

    @property
    def is_deed(self) -> bool:
        """Whether somebody must have done it: a bombing, but not a blast, which may be an accident."""
        return self.is_attack and self.noun not in {"blast", "explosion"}

    @property
    def words_without_place(self) -> str:
        """ "bombing on 3 May 2024"."""
        return self.noun if self.day is None else f"{self.noun} on {day_in_words(self.day)}"

    @property
    def where_and_when(self) -> str:
        """ "in Alder on 3 May 2024"."""
        return self.words.removeprefix(self.noun).strip()

    @property
    def words(self) -> str:
        """ "bombing in Alder on 3 May 2024", with as much as is known."""
        parts = [self.noun, self.place, "" if self.day is None else f"on {day_in_words(self.day)}"]
        return " ".join(part for part in parts if part)

    @property
    def title(self) -> str:
        """ "Bombing in Alder, 3 May 2024"."""
        words = f"{self.noun} {self.place}".rstrip()
        title = words if self.day is None else f"{words}, {day_in_words(self.day)}"
        return (title[0].upper() + title[1:])[:LONGEST]


def named(event: Event, leaders: frozenset[str] = frozenset()) -> NamedEvent:
    return NamedEvent(event, _noun(event), _place(event), event.day, event.sorts_counted_apart, leaders)


def _noun(event: Event) -> str:
    """Return what the event is called: "bombing", "election"; "event" when its kind is not known."""
    chief = next((_NOUNS[kind] for kind in event.kinds_by_weight if kind in _NOUNS), ())
    if not chief:
        return "violence" if event.topic == "harm" else "event"
    used = Counter(word.lower() for reading in event.readings for word in words_of(reading.text))
    times = {noun: sum(used[f"{noun}{ending}"] for ending in ("", "s")) for noun in chief}
    best = max(chief, key=lambda noun: times[noun])
    return best if times[best] > 2 * times[chief[0]] else chief[0]


def _place(event: Event) -> str:
    """Return "in Alder" or "near Alder", where most of its claims put it; "" when they name no place."""
    places = [place for reading in event.telling for place in reading.places]
    key = min(event.places, key=lambda key: (-event.places[key], key), default="")
    of_key = [place for place in places if place.key == key]
    if not of_key:
        return ""
    names = Counter(place.name for place in of_key)
    name = min(names, key=lambda name: (-names[name], name))
    return f"{'near' if all(place.is_near for place in of_key) else 'in'} {name}"


def question_of(start: str) -> str:
    """Return the words as a question of at most 300 characters."""
    return f"{start[: LONGEST - 1].rstrip(' ?.')}?"


def is_simple(statement: str) -> bool:
    """Whether it can be asked as it stands: short, of one clause, and clear without its text."""
    return (
        0 < len(statement) <= _LONGEST_STATEMENT
        and len(statement.split()) > 2
        and _SECOND_CLAUSE.search(statement) is None
        and _POINTS_ELSEWHERE.match(statement) is None
    )


def whether(statement: str) -> str:
    """Return "Is it true that the bridge was closed?" for "The bridge was closed."."""
    first, _, rest = statement.partition(" ")
    start = first.lower() if first.lower() in _SMALL else first
    return question_of(f"Is it true that {start} {rest}")


def shortened(words: str, longest: int = 120) -> str:
    """Return the words, cut at a space when they are longer."""
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0] + " …"
