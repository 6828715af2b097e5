"""Which claims of a story speak of the same event: by day, place and kind, in an article, then across."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import sqrt
from typing import Final

from reviews.matching.counts import Count
from reviews.matching.reading import Reading, are_one_kind

# Points for and against two mentions of events being one; at zero they may be, in one article.
_SAME_DAY: Final = 2.0
_OTHER_DAY: Final = -5.0
_SAME_PLACE: Final = 2.0
_OTHER_PLACE: Final = -1.5
_SAME_KIND: Final = 1.0
_OTHER_KIND: Final = -2.0
_JUST_SPOKEN_OF: Final = 1.0
_FIRST: Final = 0.5
_SAME_NUMBERS: Final = 1.0
_POINTS_BACK: Final = 1.5
_OTHER_TOLL: Final = -2.5
_NEAR_PUBLICATION: Final = 0.5
_WORDS: Final = 3.0
# Two articles speak of one event when more than one of day, place, kind, numbers and words speaks for it. The
# surest are joined first.
_ACROSS: Final = (6.0, 4.0, 2.0)
# What names neither day nor place is joined to the rest of its story more easily.
_UNANCHORED: Final = 1.25


_ALWAYS_APART: Final = frozenset({"children", "women"})


@dataclass(slots=True)
class Event:
    """Claims that speak of one event, in reading order.

    Day, places, kinds, numbers and terms are those of the claims that tell of the event itself.
    """

    topic: str
    readings: list[Reading] = field(default_factory=list)
    is_weekday: bool = True
    days: Counter[date] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    numbers: set[tuple[str, str]] = field(default_factory=set)
    terms: Counter[str] = field(default_factory=Counter)

    def add(self, reading: Reading) -> None:
        self.readings.append(reading)
        if reading.topic != self.topic:
            return
        if reading.day is not None and not (reading.points_back and self.days):
            self.days[reading.day] += 1
            self.is_weekday = self.is_weekday and reading.is_weekday
        self.places.update({place.key for place in reading.places})
        self.kinds.update(reading.kinds)
        self.numbers |= {
            (count.fate, str(count.low)) for count in reading.counts if count.fate and count.low >= 6
        }
        self.terms.update(reading.terms)

    def join(self, other: "Event") -> None:
        self.readings += other.readings
        self.is_weekday = self.is_weekday and other.is_weekday
        self.days.update(other.days)
        self.places.update(other.places)
        self.kinds.update(other.kinds)
        self.numbers |= other.numbers
        self.terms.update(other.terms)

    @property
    def telling(self) -> list[Reading]:
        """The claims that tell of the event itself."""
        return [reading for reading in self.readings if reading.topic == self.topic]

    @property
    def articles(self) -> set[str]:
        """The articles that tell of it; what one of them tells apart by the day stays apart."""
        return {reading.claim.article for reading in self.readings}

    @property
    def kinds_by_weight(self) -> list[str]:
        return sorted(self.kinds, key=lambda kind: (-self.kinds[kind], kind))

    @property
    def sorts_counted_apart(self) -> frozenset[str]:
        """Sorts of people that some claim counts beside others, or as part of them: their own question."""
        return _ALWAYS_APART | {
            count.counted
            for reading in self.readings
            for count in reading.counts
            if count.is_part or _is_beside_others(count, reading)
        }

    @property
    def reasons(self) -> tuple[str, ...]:
        """What holds its claims together, in words."""
        days = ", ".join(day.isoformat() for day in sorted(self.days))
        same = "the same day" if len(self.days) == 1 else "days that may be one"
        parts = [f"they name {same} ({days})"] if days else []
        if self.places:
            parts.append(f"the same places ({', '.join(self.place_names)})")
        return tuple(parts)

    @property
    def place_names(self) -> list[str]:
        """The names of its places, the one most named first, each in one spelling."""
        names: dict[str, str] = {}
        for reading in self.telling:
            for place in reading.places:
                names.setdefault(place.key, place.name)
        ranked = sorted(self.places, key=lambda key: (-self.places[key], key))
        return [names[key] for key in ranked if key in names][:3]

    @property
    def main_kinds(self) -> frozenset[str]:
        """The kinds at least a third as often named as the one most often named."""
        most = max(self.kinds.values(), default=0)
        return frozenset(kind for kind, times in self.kinds.items() if 3 * times >= most)

    @property
    def is_anchored(self) -> bool:
        """Whether its claims name a day or a place of it."""
        return bool(self.days or self.places)

    @property
    def published(self) -> date | None:
        return self.readings[0].claim.published_at

    @property
    def day(self) -> date | None:
        """The day most of its claims name, the earlier one of two."""
        return min(self.days, key=lambda day: (-self.days[day], day), default=None)


def _is_beside_others(count: Count, reading: Reading) -> bool:
    """Whether it is counted beside others with the same fate: "12 soldiers and 3 civilians died"."""
    return bool(count.fate) and any(
        other.fate == count.fate and other.counted != count.counted and other.low != count.low
        for other in reading.counts
    )


def find_events(readings: Sequence[Reading]) -> list[Event]:
    """Return the events, the most spoken of first; claims that tell of no event go with the one before them.

    `readings` are in order of article and place; the same readings give the same events.
    """
    by_article: dict[str, list[Reading]] = {}
    for reading in readings:
        by_article.setdefault(reading.claim.article, []).append(reading)
    found = [event for article in by_article.values() for event in _events_of_article(article)]
    merged = sorted(found, key=_size)
    for needed in _ACROSS:
        merged = _merged(merged, needed)
    _move_by_numbers(merged)
    return sorted((event for event in merged if event.readings), key=_size)


def _size(event: Event) -> tuple[int, str]:
    return -len(event.readings), event.readings[0].id


def _merged(events: Sequence[Event], needed: float) -> list[Event]:
    """Return the events, each joined to the one before it that it is most like, when that is enough."""
    merged: list[Event] = []
    for event in events:
        scored = [(_across(event, other), -at) for at, other in enumerate(merged)]
        best, at = max(scored, default=(0.0, 0))
        if best >= (needed if event.is_anchored else min(needed, _UNANCHORED)):
            merged[-at].join(event)
        else:
            merged.append(event)
    return sorted(merged, key=_size)


def _move_by_numbers(events: list[Event]) -> None:
    """Move claims whose numbers other articles tell of another event, and none of their own."""
    tellers: dict[tuple[str, str, str], dict[int, set[str]]] = {}
    for at, event in enumerate(events):
        for reading in event.readings:
            for key in _numbers(reading):
                tellers.setdefault(key, {}).setdefault(at, set()).add(reading.claim.article)
    moved = []
    for at, event in enumerate(events):
        for reading in event.readings:
            for key in _numbers(reading):
                elsewhere = {
                    other: articles - {reading.claim.article} for other, articles in tellers[key].items()
                }
                best = max(elsewhere, key=lambda other: (len(elsewhere[other]), -other))
                if best != at and len(elsewhere[best]) >= 2 and not elsewhere[at]:
                    moved.append((reading, at, best))
                    break
    for reading, at, best in moved:
        if events[at].topic == events[best].topic:
            events[at].readings.remove(reading)
            events[best].readings.append(reading)


def _numbers(reading: Reading) -> list[tuple[str, str, str]]:
    return [
        (count.fate, count.counted, str(count.answer))
        for count in reading.counts
        if count.fate in {"killed", "wounded"} and count.low >= 10 and count.is_exact
    ]


def _events_of_article(readings: Sequence[Reading]) -> list[Event]:
    events: list[Event] = []
    spoken_of: Event | None = None
    for reading in _with_days_of_sentence(readings):
        if reading.is_long:
            continue
        if reading.topic:
            known = [event for event in events if event.topic == reading.topic]
            scored = [
                (_inside(reading, event, is_spoken_of=event is spoken_of, is_first=not at), -at)
                for at, event in enumerate(known)
            ]
            best, at = max(scored, default=(-1.0, 0))
            if best >= 0.0:
                spoken_of = known[-at]
            else:
                spoken_of = Event(reading.topic)
                events.append(spoken_of)
        if spoken_of is None:
            spoken_of = Event(reading.topic)
            events.append(spoken_of)
        spoken_of.add(reading)
    return events


def _with_days_of_sentence(readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings, where claims of one sentence share the day that one of them names."""
    whens: dict[int, set[tuple[date, date]]] = {}
    for reading in readings:
        if reading.when is not None:
            whens.setdefault(reading.at, set()).add(reading.when)
    shared = {at: found.pop() for at, found in whens.items() if len(found) == 1}
    return [
        replace(reading, when=shared.get(reading.at)) if reading.when is None else reading
        for reading in readings
    ]


def _inside(reading: Reading, event: Event, *, is_spoken_of: bool, is_first: bool) -> float:
    """Return what speaks for a claim telling of this event of its own article."""
    points = _JUST_SPOKEN_OF * is_spoken_of + _FIRST * is_first
    if reading.points_back:
        points += _POINTS_BACK
    if reading.when is not None and event.days:
        points += _days_alike(reading.when, reading, event)
    keys = {place.key for place in reading.places}
    if keys and event.places:
        points += _SAME_PLACE if keys & event.places.keys() else _OTHER_PLACE
    if reading.kinds and event.kinds:
        points += _SAME_KIND if are_one_kind(reading.kinds, event.main_kinds) else _OTHER_KIND
    if reading.is_new and _tolls_differ(reading, event):
        points += _OTHER_TOLL
    return points


def _tolls_differ(reading: Reading, event: Event) -> bool:
    """Whether it tells of as many dead as nobody in the event did; a new toll comes with "the attack"."""
    dead = [count for count in reading.counts if count.fate == "killed" and count.counted == "people"]
    known = [
        count
        for other in event.readings
        for count in other.counts
        if count.fate == "killed" and count.counted == "people"
    ]
    return bool(dead and known) and not any(count.may_be(other) for count in dead for other in known)


def _days_alike(when: tuple[date, date], reading: Reading, event: Event) -> float:
    first, last = when
    if any(first <= day <= last for day in event.days):
        return _SAME_DAY if reading.day else 0.0
    is_elsewhere = bool(reading.places) and not {place.key for place in reading.places} & event.places.keys()
    return 0.0 if reading.points_back and not is_elsewhere else _OTHER_DAY


def _across(one: Event, other: Event) -> float:
    """Return what speaks for two articles' events being one."""
    if one.topic != other.topic and one.topic and other.topic:
        return -1.0
    points = 0.0
    if one.day and other.day:
        apart = abs((one.day - other.day).days)
        if apart == 0:
            points += _SAME_DAY
        elif not (apart == 7 and (one.is_weekday or other.is_weekday)) or one.articles & other.articles:
            points += _OTHER_DAY
    elif _is_news_of(one, other) or _is_news_of(other, one):
        points += _NEAR_PUBLICATION
    if one.places and other.places:
        alike = _cosine(one.places, other.places)
        points += _SAME_PLACE * alike if alike else _OTHER_PLACE
    if one.kinds and other.kinds:
        points += _SAME_KIND if are_one_kind(one.main_kinds, other.main_kinds) else _OTHER_KIND
    points += _SAME_NUMBERS * min(3, len(one.numbers & other.numbers))
    return points + _WORDS * _cosine(one.terms, other.terms)


def _is_news_of(one: Event, other: Event) -> bool:
    """Whether the one, whose day nobody names, was published within two days of the other."""
    day = other.day or other.published
    return (
        one.day is None
        and one.published is not None
        and day is not None
        and abs((one.published - day).days) <= 2
    )


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(weight * other[term] for term, weight in one.items() if term in other)
    if not shared:
        return 0.0
    return shared / sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
