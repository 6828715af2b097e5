"""The questions an event can raise: what answers them, which answers are one, which can both be true."""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Final, Generic, TypeVar

from reviews.matching.actors import Actor, find_actors
from reviews.matching.causes import find_causes
from reviews.matching.counts import Count
from reviews.matching.grouping import by_key, joined
from reviews.matching.means import Means, find_means
from reviews.matching.places import Place
from reviews.matching.reading import ATTACKS, Reading
from reviews.matching.survival import Survival, find_survival
from reviews.matching.targets import find_targets
from reviews.matching.terms import stem, words_of
from reviews.matching.types import Slot
from reviews.matching.wording import NamedEvent, shortened

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Given(Generic[V]):
    """What a claim answers. `about` tells the questions of one topic apart: "children killed"."""

    reading: Reading
    about: str
    value: V


class Topic(ABC, Generic[V]):
    """A kind of question. The same event and claims give the same answers, groups and words."""

    slot: Slot

    @abstractmethod
    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, V]]:
        """Return what the claim answers: (about, value) pairs."""

    @abstractmethod
    def group(self, given: Sequence[Given[V]]) -> list[list[Given[V]]]:
        """Return those that give the same answer together."""

    @abstractmethod
    def may_both(self, one: V, other: V) -> bool:
        """Whether both answers can be true."""

    def are_compatible(self, ones: Sequence[Given[V]], others: Sequence[Given[V]]) -> bool:
        """Whether two groups of answers can be true together: those of any two of their claims."""
        values = product({each.value for each in ones}, {each.value for each in others})
        return any(self.may_both(one, other) for one, other in values)

    @abstractmethod
    def answer(self, given: Sequence[Given[V]]) -> str:
        """Return the answer of a group in words."""

    @abstractmethod
    def ask(self, about: str, event: NamedEvent) -> str:
        """Return the question in words, without its question mark."""

    def is_denial(self, value: V) -> bool:
        return False

    def reason(self, given: Given[V], answer: str, event: NamedEvent) -> str:
        """Return why a claim stands where it does, for a reviewer."""
        return f"says “{answer}” of the {event.words}"

    def is_worth_asking(self, groups: Sequence[Sequence[Given[V]]]) -> bool:
        """Whether the answers tell more than the name of the event does."""
        return bool(groups)


_ASKED: Final = {
    "killed": "were killed in",
    "wounded": "were wounded in",
    "missing": "were missing after",
    "arrested": "were arrested over",
    "abducted": "",
    "freed": "were freed or rescued after",
    "gathered": "took part in",
}


def _told(fate: str, event: NamedEvent) -> str:
    """Return "were killed in the crash near Alder"."""
    if fate == "abducted":
        return f"were abducted {event.where_and_when}".rstrip()
    return f"{_ASKED[fate]} the {event.words}"


class HowMany(Topic[Count]):
    """How many were killed, wounded, missing or arrested: people in all, or one sort of them."""

    slot: Slot = "how many"

    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, Count]]:
        for count in reading.counts:
            if count.fate in _ASKED:
                sort = count.counted if count.counted in event.counted_apart else "people"
                yield f"{sort} {count.fate}", count

    def group(self, given: Sequence[Given[Count]]) -> list[list[Given[Count]]]:
        return by_key(sorted(given, key=lambda each: each.value.answer), lambda each: each.value.answer)

    def may_both(self, one: Count, other: Count) -> bool:
        return one.may_be(other)

    def are_compatible(self, ones: Sequence[Given[Count]], others: Sequence[Given[Count]]) -> bool:
        """Whether the numbers can both be true; "at least" only when every source of the smaller says so.

        That holds for the numbers of one day: those of another are a toll that has risen, or a contest.
        """
        days = {each.reading.claim.published_at for each in (*ones, *others)}
        smaller, larger = sorted((ones, others), key=lambda group: min(each.value.low for each in group))
        return super().are_compatible(ones, others) or all(
            one.value.is_within(other.value, is_same_day=len(days) == 1)
            for one, other in product(smaller, larger)
        )

    def answer(self, given: Sequence[Given[Count]]) -> str:
        words = _commonest(each.value.answer_words for each in given)
        are_bounds = all(each.value.is_exact and each.value.is_bound for each in given)
        return f"at least {words}" if are_bounds else words

    def reason(self, given: Given[Count], answer: str, event: NamedEvent) -> str:
        sort, fate = given.about.split()
        return f"says “{given.value.words}” of the {sort} who {_told(fate, event)}"

    def ask(self, about: str, event: NamedEvent) -> str:
        sort, fate = about.split()
        return f"How many {sort} {_told(fate, event)}"


class HowMuch(HowMany):
    """How much, or how many, of what is no toll; `figures.py` finds which claims speak of one thing."""

    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, Count]]:
        return ()

    def answer(self, given: Sequence[Given[Count]]) -> str:
        return _commonest(each.value.words for each in given)

    def is_worth_asking(self, groups: Sequence[Sequence[Given[Count]]]) -> bool:
        return len(groups) > 1

    def reason(self, given: Given[Count], answer: str, event: NamedEvent) -> str:
        return f"says “{shortened(given.reading.text)}”"

    def ask(self, about: str, event: NamedEvent) -> str:
        return f"{about} in the {event.words}"


class ByWhat(Topic[Means]):
    """By what means an attack was carried out, whatever the vehicle."""

    slot: Slot = "what"

    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, Means]]:
        means = find_means(reading.text) if reading.kinds & ATTACKS and not reading.denied else None
        if means is not None:
            yield "means", means

    def group(self, given: Sequence[Given[Means]]) -> list[list[Given[Means]]]:
        return by_key(given, lambda each: each.value.without_vehicle)

    def may_both(self, one: Means, other: Means) -> bool:
        return one.without_vehicle.may_be(other.without_vehicle)

    def answer(self, given: Sequence[Given[Means]]) -> str:
        return given[0].value.without_vehicle.words

    def reason(self, given: Given[Means], answer: str, event: NamedEvent) -> str:
        return f"says that the {event.words} {event.was} carried out with {answer}"

    def ask(self, about: str, event: NamedEvent) -> str:
        return f"How {event.was} the {event.words} carried out"

    def is_worth_asking(self, groups: Sequence[Sequence[Given[Means]]]) -> bool:
        said = [group[0].value for group in groups]
        return any(means.is_telling for means in said) or any(
            not self.may_both(one, other) for one, other in combinations(said, 2)
        )


class WhichVehicle(Topic[Means]):
    """Which vehicle carried the bomb."""

    slot: Slot = "what"

    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, Means]]:
        means = find_means(reading.text) if reading.kinds & ATTACKS and not reading.denied else None
        if means is not None and means.vehicles:
            yield "vehicle", means

    def group(self, given: Sequence[Given[Means]]) -> list[list[Given[Means]]]:
        return by_key(given, lambda each: each.value.vehicles)

    def may_both(self, one: Means, other: Means) -> bool:
        return bool(set(one.vehicles) & set(other.vehicles))

    def answer(self, given: Sequence[Given[Means]]) -> str:
        return " and ".join(f"a {vehicle}" for vehicle in given[0].value.vehicles)

    def ask(self, about: str, event: NamedEvent) -> str:
        return f"Which vehicle carried the bomb in the {event.words}"


class Who(Topic[Actor]):
    """Who did it, as claimed, blamed, denied or said to be unknown."""

    slot: Slot = "who"

    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, Actor]]:
        if event.is_harm:
            for actor in find_actors(reading.text, reading.claim.claim.frame, reading.speaker):
                if actor.is_explicit or reading.kinds & ATTACKS:
                    yield "doer", actor.led_by(event.leaders)

    def group(self, given: Sequence[Given[Actor]]) -> list[list[Given[Actor]]]:
        actors = list(dict.fromkeys(each.value for each in given))
        pairs = [
            (one, other)
            for one, other in combinations(range(len(actors)), 2)
            if actors[one].stance == actors[other].stance and actors[one].is_same(actors[other])
        ]
        return _given_by(joined(actors, pairs), given, lambda each: each.value)

    def may_both(self, one: Actor, other: Actor) -> bool:
        return one.may_be(other)

    def answer(self, given: Sequence[Given[Actor]]) -> str:
        return _commonest(each.value.words for each in given)

    def ask(self, about: str, event: NamedEvent) -> str:
        if event.is_deed:
            return f"Who carried out the {event.words}"
        return f"Who is held responsible for the {event.words}"

    def reason(self, given: Given[Actor], answer: str, event: NamedEvent) -> str:
        if given.value.stance == "did":
            return f"names “{answer}” as who was behind the {event.words}"
        return f"says of who was behind the {event.words}: {answer}"

    def is_denial(self, value: Actor) -> bool:
        return value.stance == "denied"


class Why(Topic[str]):
    """What brought it about: "the delay was caused by ...", "blamed the crash on ..."."""

    slot: Slot = "why"

    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, str]]:
        yield from find_causes(reading.text)

    def group(self, given: Sequence[Given[str]]) -> list[list[Given[str]]]:
        return _alike(given)

    def may_both(self, one: str, other: str) -> bool:
        return False

    def answer(self, given: Sequence[Given[str]]) -> str:
        return _commonest(each.value for each in given)

    def reason(self, given: Given[str], answer: str, event: NamedEvent) -> str:
        return f"gives “{answer}” as the cause of the {given.about}"

    def ask(self, about: str, event: NamedEvent) -> str:
        is_event = about in event.words
        return (
            f"What caused the {event.words}"
            if is_event
            else f"What caused the {about} told of with the {event.words}"
        )


class WhatBecame(Topic[Survival]):
    """What became of somebody: "the pilot was found alive", "the captain was among the dead"."""

    slot: Slot = "what"

    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, Survival]]:
        yield from find_survival(reading.text)

    def group(self, given: Sequence[Given[Survival]]) -> list[list[Given[Survival]]]:
        return by_key(sorted(given, key=lambda each: each.value), lambda each: each.value)

    def may_both(self, one: Survival, other: Survival) -> bool:
        return one == other

    def answer(self, given: Sequence[Given[Survival]]) -> str:
        return given[0].value

    def reason(self, given: Given[Survival], answer: str, event: NamedEvent) -> str:
        return f"says that the {given.about} was {answer}"

    def ask(self, about: str, event: NamedEvent) -> str:
        return f"What became of the {about} after the {event.words}"


class Whom(Topic[str]):
    """What or whom an attack hit."""

    slot: Slot = "whom"

    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, str]]:
        if event.is_harm:
            for target in () if reading.denied else find_targets(reading.text):
                yield "target", target

    def group(self, given: Sequence[Given[str]]) -> list[list[Given[str]]]:
        return _alike(given)

    def may_both(self, one: str, other: str) -> bool:
        return False

    def answer(self, given: Sequence[Given[str]]) -> str:
        return _commonest(each.value for each in given)

    def reason(self, given: Given[str], answer: str, event: NamedEvent) -> str:
        return f"names “{answer}” as what the {event.words} hit"

    def ask(self, about: str, event: NamedEvent) -> str:
        return f"What did the {event.words} hit"


class Where(Topic[Place]):
    """Where it happened, by the closest place that a claim names."""

    slot: Slot = "where"

    def find(self, reading: Reading, event: NamedEvent) -> Iterable[tuple[str, Place]]:
        if event.is_harm and reading.topic == "harm" and reading.places:
            yield "place", min(reading.places, key=lambda place: (place.is_near, place.rank, place.start))

    def group(self, given: Sequence[Given[Place]]) -> list[list[Given[Place]]]:
        return by_key(given, lambda each: (each.value.key, each.value.rank == 3, each.value.is_near))

    def may_both(self, one: Place, other: Place) -> bool:
        is_inside = one.key in other.beside or other.key in one.beside
        return is_inside or one.rank != other.rank or one.is_near or other.is_near

    def answer(self, given: Sequence[Given[Place]]) -> str:
        return _commonest(each.value.words for each in given)

    def is_worth_asking(self, groups: Sequence[Sequence[Given[Place]]]) -> bool:
        return len(groups) > 1

    def reason(self, given: Given[Place], answer: str, event: NamedEvent) -> str:
        return f"places the {event.words_without_place} “{answer if given.value.is_near else f'in {answer}'}”"

    def ask(self, about: str, event: NamedEvent) -> str:
        return f"Where {event.was} the {event.words_without_place}"


def _alike(given: Sequence[Given[str]]) -> list[list[Given[str]]]:
    """Return the phrases in groups: those that share at least half of the words of the shorter."""
    stems = list(dict.fromkeys(_stems(each.value) for each in given))
    pairs = [
        (one, other)
        for one, other in combinations(range(len(stems)), 2)
        if 2 * len(stems[one] & stems[other]) >= max(1, min(len(stems[one]), len(stems[other])))
    ]
    return _given_by(joined(stems, pairs), given, lambda each: _stems(each.value))


def _given_by(
    groups: Sequence[Sequence[Hashable]], given: Sequence[Given[V]], key: Callable[[Given[V]], Hashable]
) -> list[list[Given[V]]]:
    """Return what was given by the groups in which its keys stand."""
    group_of = {each: number for number, group in enumerate(groups) for each in group}
    return by_key(given, lambda each: group_of[key(each)])


def _stems(words: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words_of(words) if len(word) > 2)


_ARTICLE: Final = re.compile(r"^(?:A|An|The)\b")


def _commonest(words: Iterable[str]) -> str:
    """Return the words most often used, of those the shortest; "A" and "The" in front are written small."""
    times = Counter(_ARTICLE.sub(lambda match: match[0].lower(), each) for each in words)
    return min(times, key=lambda each: (-times[each], len(each), each))


TOPICS: Final[tuple[Topic[Any], ...]] = (
    HowMany(),
    Who(),
    ByWhat(),
    WhichVehicle(),
    Whom(),
    Where(),
    Why(),
    WhatBecame(),
)
