"""What a claim says, as far as questions need it: its kinds of event, day, places and counts."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from reviews.matching.counts import Count, find_counts
from reviews.matching.places import Place, find_places
from reviews.matching.terms import read_kinds, read_patterns, telling_terms, words_of
from reviews.matching.types import MatchClaim

_KINDS, _SPECIAL_CASES = read_kinds("kinds.txt")
_LONG: Final = tuple(read_patterns("events.txt", "long").values())
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY: Final = re.compile(rf"\b({'|'.join(_WEEKDAYS)})(['’]?s)?\b", re.IGNORECASE)
_EVENT_NOUN: Final = read_patterns("events.txt", "harm")["nouns"].pattern.removesuffix(r"\b") + "s?"
_ADJECTIVES: Final = r"(?:(?!(?:the|a|an|of|in|on|at)\b)[\w-]+ ){0,3}?"
_POINTING: Final = re.compile(
    rf"\b(?:the|this|that|these|those|such) {_ADJECTIVES}{_EVENT_NOUN}\b", re.IGNORECASE
)
_NEW: Final = re.compile(
    rf"\b(?:an?|two|three|several|another|similar) {_ADJECTIVES}{_EVENT_NOUN}\b", re.IGNORECASE
)
# "On June 9 [9 June 2019]": the engine says in brackets which day it is.
_ADDED_DAY: Final = re.compile(r"\[(\d{1,2} [A-Z][a-z]+ \d{4})\]")
_ADDED: Final = re.compile(r" ?\[[^\]]*\]")
_KINDS_BY_PATTERN: Final = read_patterns("events.txt", "kind")
_GENERAL: Final = frozenset(_SPECIAL_CASES.values())
ATTACKS: Final = frozenset(
    {"attack", "bombing", "airstrike", "shelling", "shooting", "stabbing", "gassing", "missile"}
)
HARM: Final = ATTACKS | {"crash", "fire", "collapse", "disaster"}
# Arrests follow from what the claims before them tell of.
_FOLLOWING: Final = frozenset({"arrest"})
_DENIAL: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed)|dismiss(?:es|ed)|refut(?:es|ed)|disput(?:es|ed))\b"
    r"(?: that\b)?",
    re.IGNORECASE,
)
_NO_DENIAL: Final = re.compile(
    r"\b(?:not|neither|nor|no one|nobody|without) (?:\w+ )?(?:den|reject|dismiss|refut|disput)", re.IGNORECASE
)
_DIGIT: Final = re.compile(r"\d")
_OTHER_WEEK: Final = re.compile(rf"\b(?:last|next|coming|previous) (?:{'|'.join(_WEEKDAYS)})", re.IGNORECASE)
_SHORT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim as the matcher sees it. `at` is where its sentence begins in the article.

    `when` is the first and last day of the time it names; `terms` are its telling words.
    """

    claim: MatchClaim
    text: str
    at: int
    when: tuple[date, date] | None
    is_weekday: bool
    points_back: bool
    is_new: bool
    is_long: bool
    kinds: frozenset[str]
    places: tuple[Place, ...]
    counts: tuple[Count, ...]
    terms: dict[str, float]

    @property
    def id(self) -> str:
        return self.claim.id

    @property
    def speaker(self) -> str:
        """Who says it, "" for the outlet's own voice."""
        speaker = self.claim.claim.speaker
        return "" if speaker is None else speaker.name

    @property
    def day(self) -> date | None:
        """The one day it names, None when it names none or a longer time."""
        if self.when is None or self.when[1] - self.when[0] > _SHORT:
            return None
        return self.when[0]

    @property
    def denied(self) -> str:
        """What a denial denies, in its words; "" when the claim denies nothing."""
        return _denied_in(self.text)

    @property
    def denied_clause(self) -> str:
        """What is denied when it is a sentence: "denied | that the line was used"."""
        denial = _DENIAL.search(self.text)
        return self.denied.strip() if denial is not None and denial[0].endswith("that") else ""

    @property
    def topic(self) -> str:
        """What sort of event it tells of: "harm", or a kind such as "vote"; "" when it tells of none."""
        if self.kinds & HARM or any(count.fate in {"killed", "wounded"} for count in self.counts):
            return "harm"
        return min(self.kinds - _FOLLOWING, default="")

    @property
    def tells_of_event(self) -> bool:
        return bool(self.kinds) or any(count.fate for count in self.counts)


def read(claim: MatchClaim) -> Reading:
    """Return what a claim says; words the engine added in brackets are left out of the text."""
    text = plain(claim.claim.statement)
    when, is_weekday = _when(claim, text)
    return Reading(
        claim=claim,
        text=text,
        at=claim.claim.sentence.start,
        when=when,
        is_weekday=is_weekday,
        points_back=is_pointing(text),
        is_new=bool(_NEW.search(text)),
        is_long=is_long(text),
        kinds=kinds_of(text),
        places=find_places(text),
        counts=find_counts(text),
        terms=telling_terms(text),
    )


@lru_cache(maxsize=32768)
def _denied_in(text: str) -> str:
    denial = _DENIAL.search(text)
    return "" if denial is None or _NO_DENIAL.search(text) else text[denial.end() :]


@lru_cache(maxsize=32768)
def plain(statement: str) -> str:
    """Return a statement without what the engine added: "[3 October 2016]", "[Ahmad's]"."""
    return _ADDED.sub("", statement).strip()


@lru_cache(maxsize=32768)
def is_pointing(text: str) -> bool:
    """Whether it speaks of "the blast", and so of one that was told of before."""
    return bool(_POINTING.search(text)) and not _NEW.search(text)


@lru_cache(maxsize=32768)
def is_long(text: str) -> bool:
    """Whether it sums up years or tells of a habit."""
    return any(pattern.search(text) for pattern in _LONG)


@lru_cache(maxsize=32768)
def kinds_of(text: str) -> frozenset[str]:
    """Return the kinds of event the words tell of; a special case goes before the general one.

    >>> sorted(kinds_of("A bomb attack on a bus")), sorted(kinds_of("The attack"))
    (['bombing'], ['attack'])
    """
    found = {kind for word in words_of(text) for kind in _KINDS.get(word.lower(), ())}
    found |= {kind for kind, pattern in _KINDS_BY_PATTERN.items() if pattern.search(text)}
    return frozenset(found - {_SPECIAL_CASES[kind] for kind in found if kind in _SPECIAL_CASES})


def are_one_kind(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of kinds can be of one event: a kind in common, or one of them only a general case."""
    if one & other - _GENERAL or not one - _GENERAL or not other - _GENERAL:
        return bool(one & other) or bool(_with_general(one) & _with_general(other))
    return False


def _with_general(kinds: frozenset[str]) -> frozenset[str]:
    return kinds | {_SPECIAL_CASES[kind] for kind in kinds if kind in _SPECIAL_CASES}


def _when(claim: MatchClaim, text: str) -> tuple[tuple[date, date] | None, bool]:
    """Return the days the claim names, and whether by a bare weekday: the last one up to the publication.

    The engine takes a weekday for the one of the week before when the article appeared on that weekday.
    """
    moment = claim.claim.frame.time
    named = _weekday_of(text)
    has_date = moment is not None and _DIGIT.search(moment.text)
    if named and claim.published_at is not None and not has_date and not _OTHER_WEEK.search(text):
        back = (claim.published_at.weekday() - _WEEKDAYS.index(named)) % 7
        day = claim.published_at - timedelta(days=back)
        return (day, day), True
    if moment is None or moment.earliest is None or moment.latest is None:
        added = _ADDED_DAY.findall(claim.claim.statement)
        told = _day_from_words(added[0]) if len(added) == 1 else None
        return (None if told is None else (told, told)), False
    return (moment.earliest, moment.latest), False


def _day_from_words(words: str) -> date | None:
    """Return the day of "9 June 2019", None when there is no such day."""
    number, month, year = words.split()
    if month not in MONTHS:
        return None
    try:
        return date(int(year), MONTHS.index(month) + 1, int(number))
    except ValueError:
        return None


@lru_cache(maxsize=32768)
def _weekday_of(text: str) -> str:
    """Return the weekday a statement is about: "on Monday" before "Tuesday's", "" when it names none."""
    named = [(bool(match[2]), match.start(), match[1].lower()) for match in _WEEKDAY.finditer(text)]
    return min(named)[2] if named else ""
