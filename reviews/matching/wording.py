"""Events and questions in words a person would use."""

from collections import Counter
from datetime import date
from typing import Final

from reviews.matching.events import Event
from reviews.matching.terms import words_of

LONGEST: Final = 300
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# What an event of each kind is called; the word the articles use most goes first, the first when they use none.
_NOUNS: Final = {
    "bombing": ("bombing", "blast", "explosion"),
    "airstrike": ("air strikes", "raids", "bombardment"),
    "shelling": ("shelling",),
    "shooting": ("shooting",),
    "stabbing": ("stabbing",),
    "attack": ("attack", "raid", "assault", "massacre"),
    "crash": ("crash", "collision", "derailment"),
    "fire": ("fire", "blaze", "wildfire"),
    "collapse": ("collapse", "landslide"),
    "disaster": ("disaster", "flood", "earthquake", "storm", "hurricane", "cyclone", "tornado", "tsunami", "eruption"),
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
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def noun_of(event: Event) -> str:
    """Return what the event is called: "bombing", "election"; "event" when its kind is not known."""
    nouns = [noun for kind in event.kinds_by_weight for noun in _NOUNS.get(kind, ())]
    if not nouns:
        return "killing" if event.topic == "harm" else "event"
    chief = _NOUNS[next(kind for kind in event.kinds_by_weight if kind in _NOUNS)]
    used = Counter(word.lower() for reading in event.readings for word in words_of(reading.text))
    times = {noun: sum(used[f"{noun}{ending}"] for ending in ("", "s")) for noun in chief}
    best = max(chief, key=lambda noun: times[noun])
    return best if times[best] > 2 * times[chief[0]] else chief[0]


def where_of(event: Event) -> str:
    """Return "in Alder" or "near Alder", where most of its claims put it; "" when they name no place."""
    places = [place for reading in event.telling for place in reading.places]
    if not places:
        return ""
    key = min(event.places, key=lambda key: (-event.places[key], key), default="")
    named = [place for place in places if place.key == key] or places
    names = Counter(place.name for place in named)
    name = min(names, key=lambda name: (-names[name], name))
    is_near = all(place.is_near for place in named)
    return f"{'near' if is_near else 'in'} {name}"


def event_in_words(event: Event, *, with_place: bool = True) -> str:
    """Return "bombing in Alder on 3 May 2024", with as much as is known."""
    parts = [noun_of(event), where_of(event) if with_place else ""]
    day = event.day
    if day is not None:
        parts.append(f"on {day_in_words(day)}")
    return " ".join(part for part in parts if part)


def title_of(event: Event) -> str:
    """Return "Bombing in Alder, 3 May 2024"."""
    words = " ".join(part for part in (noun_of(event), where_of(event)) if part)
    day = event.day
    title = words if day is None else f"{words}, {day_in_words(day)}"
    return (title[0].upper() + title[1:])[:LONGEST]


def question_of(start: str) -> str:
    """Return the words as a question of at most 300 characters."""
    return f"{start[: LONGEST - 1].rstrip(' ?.')}?"


def shortened(words: str, longest: int = 120) -> str:
    """Return the words, cut at a space when they are longer."""
    if len(words) <= longest:
        return words
    return words[:longest].rsplit(" ", 1)[0] + " …"
