"""Dates as publishers write them -> moments.

What cannot be one moment is not guessed: in 03/04/2017 either part may be the month, so it is
kept as words and read as no date. A missing zone is read as UTC, and said to be assumed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from claims.errors import Unreadable

EARLIEST_YEAR = 1450  # printing; anything older is a mistake, not an article
FUTURE_ALLOWED = timedelta(days=2)  # clocks and zones differ; embargoed pieces are dated ahead
LONGEST_DATE = 160  # characters; longer lines are not looked at


@dataclass(frozen=True)
class Published:
    """`at` is aware; `zone_assumed` when the words named no zone; `text` is the words."""

    at: datetime
    zone_assumed: bool
    text: str


def check_published_at(value: datetime, *, now: datetime) -> None:
    """Raise Unreadable (date_out_of_range) unless a given date can be that of an article."""
    if not is_plausible(value, now=now):
        raise Unreadable(
            "date_out_of_range",
            f"The date {value:%d %B} {value.year} cannot be when this was published: give a date"
            f" between {EARLIEST_YEAR} and {FUTURE_ALLOWED.days} days from now, or none.",
        )


def is_plausible(value: datetime, *, now: datetime) -> bool:
    """Tell whether an article can have been published at `value` (aware)."""
    if not EARLIEST_YEAR <= value.year <= now.year + 1:  # first: near year 9999 sums overflow
        return False
    return value <= now + FUTURE_ALLOWED


_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE_FORMS = [
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s\-]+(?:of\s+)?(?P<month>{_MONTH})\b\.?,?[\s\-]+(?P<year>\d{{4}})",
    rf"\b(?P<month>{_MONTH})\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
    r"(?P<first>\d{1,2})(?P<mark>[-/.])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})",
    r"(?P<year>\d{4})\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日",
]
_DATES = [re.compile(rf"(?<!\d){form}(?!\d)", re.IGNORECASE) for form in _DATE_FORMS]
_TIME = re.compile(
    r"(?<![\d.:])(?P<hour>\d{1,2})(?:(?P<mark>[:.h])(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?hrs?\b)?(?![\d:])",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:\b(?:GMT|UTC))?\s?(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)")

# Only names that mean one thing wherever they are used: IST and CST are three zones each. ET and
# its like depend on the season, so they are places. Source: IANA tz database.
_ZONES: dict[str, tzinfo] = {
    "Z": UTC,
    "GMT": UTC,
    "UTC": UTC,
    **{
        name: timezone(timedelta(hours=hours))
        for name, hours in {
            "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "SGT": 8, "HKT": 8,
            "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6,
            "MST": -7, "PST": -8, "PDT": -7,
        }.items()
    },
    "ET": ZoneInfo("America/New_York"),
    "CT": ZoneInfo("America/Chicago"),
    "MT": ZoneInfo("America/Denver"),
    "PT": ZoneInfo("America/Los_Angeles"),
}  # fmt: skip
_ZONE_NAME = re.compile(r"(?:(?<=\d)Z|(?<![A-Za-z])(?:" + "|".join(_ZONES) + r"))(?![A-Za-z])")
_WEEKDAY = r"(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_AROUND_A_DATE = re.compile(
    rf"\b(?:{_WEEKDAY}|first|originally|last|published|posted|created|released|issued|filed|updated|update|"
    rf"modified|edited|corrected|date|dateline|time|local|on|at|the|by|of|ago|"
    r"\d{1,3}\s?-?(?:min|mins|minute|minutes)(?:\s+read)?)\b",
    re.IGNORECASE,
)
_LATER = re.compile(r"\b(?:updated?|modified|edited|corrected)\b", re.IGNORECASE)


def read_date_line(line: str) -> Published | None:
    """Return the date that a line is, or None when it is (also) something else.

    >>> read_date_line("Published: 19 Jun, 2017 18:52").at.isoformat()
    '2017-06-19T18:52:00+00:00'
    >>> read_date_line("Rents rose 4% on 19 June 2017.") is None
    True
    """
    if len(line) > LONGEST_DATE:
        return None
    later = _LATER.search(line)
    first = line[: later.start()] if later else ""
    if later and (published := _read_all(first)):
        return published if _is_only_date(line) else None
    published = _read_all(line)
    return published if published and _is_only_date(line) else None


def is_date_words(line: str) -> bool:
    """Tell whether a line is shaped like a date and nothing else, also one that cannot be."""
    return len(line) <= LONGEST_DATE and any(d.search(line) for d in _DATES) and _is_only_date(line)


def read_published(text: str) -> Published | None:
    """Return the first moment written in `text`, a date field of a page; None if there is none."""
    return _read_all(text[:LONGEST_DATE])


def _read_all(text: str) -> Published | None:
    for form in _DATES:
        if found := form.search(text):
            return _read_around(text, found)
    return None


def _read_around(text: str, date: re.Match[str]) -> Published | None:
    """Read the clock and zone beside `date`: after it, or before it when nothing comes after."""
    day = _day(date)
    if day is None:
        return None
    for rest in (text[date.end() :], text[: date.start()]):
        clock = _clock(rest)
        if clock is not None:
            hour, minute, second, end = clock
            zone = _zone(rest[end:])
            break
    else:
        hour, minute, second, zone = 0, 0, 0, None
    year, month, number = day
    try:
        at = datetime(year, month, number, hour, minute, second, tzinfo=zone or UTC)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):  # 31 June; or year 1 and 9999 moved out of the calendar
        return None
    return Published(at=at, zone_assumed=zone is None, text=text.strip())


def _day(date: re.Match[str]) -> tuple[int, int, int] | None:
    parts = date.groupdict()
    if parts.get("first") is not None:
        first, second = int(parts["first"]), int(parts["second"])
        if parts["mark"] == "." or first > 12 or first == second:
            return int(parts["year"]), second, first
        if second > 12:
            return int(parts["year"]), first, second
        return None
    month = parts["month"].lower()
    return int(parts["year"]), _MONTHS.get(month) or int(month), int(parts["day"])


def _clock(rest: str) -> tuple[int, int, int, int] | None:
    """Return hour, minute, second and where the clock ends in `rest`."""
    for found in _TIME.finditer(rest):
        half = found["half"]
        if found["minute"] is None and half is None:
            continue
        hour = int(found["hour"])
        if half is not None:
            if not 1 <= hour <= 12:
                continue
            hour = hour % 12 + (12 if half.lower() == "p" else 0)
        return hour, int(found["minute"] or 0), int(found["second"] or 0), found.end()
    return None


def _zone(rest: str) -> tzinfo | None:
    """Return the zone that `rest`, what follows a clock, begins with."""
    nearby = rest[:16]
    if (offset := _OFFSET.match(nearby.lstrip(" ("))) is not None:
        hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
        if hours <= 14 and minutes < 60:
            size = timedelta(hours=hours, minutes=minutes)
            return timezone(size if offset["sign"] == "+" else -size)
    if nearby.startswith("Z"):
        return UTC
    if (name := _ZONE_NAME.search(nearby)) is not None and not nearby[: name.start()].strip(" ("):
        return _ZONES[name.group()]
    return None


def _is_only_date(line: str) -> bool:
    rest = line
    for form in (*_DATES, _AROUND_A_DATE):
        rest = form.sub(" ", rest)
    rest = _OFFSET.sub(" ", _TIME.sub(" ", rest))
    rest = _ZONE_NAME.sub(" ", re.sub(r"\b[TZ]\b", " ", rest))
    return not any(character.isalnum() for character in rest)
