"""When: days and months as news writes them, and which they were, given the day of publication."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from claims.extraction.lexicon import MONTHS, WEEKDAYS
from claims.extraction.types import Moment, Span

_MONTH_NAMES: Final = "|".join([*MONTHS, *(month[:3] + r"\." for month in MONTHS), r"sept\."])
_PART: Final = r"(?: (?:morning|afternoon|evening|night))?"
_MOMENT: Final = re.compile(
    r"\b(?:"
    r"(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?P<m1>{_MONTH_NAMES})(?:,? (?P<y1>\d{{4}}))?"
    rf"|(?P<m2>{_MONTH_NAMES}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<y2>\d{{4}}))?"
    rf"|(?P<m3>{_MONTH_NAMES}) (?P<y3>\d{{4}})"
    rf"|(?:(?P<which>last|next|this) )?(?P<weekday>{'|'.join(WEEKDAYS)})\b{_PART}"
    r"|(?P<near>today|yesterday|tomorrow|tonight)\b"
    r"|(?:in|since|during) (?P<year>(?:19|20)\d\d)\b"
    r")",
    re.IGNORECASE,
)
_NEAR: Final = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}

Days = tuple[date, date] | None


def find_moments(
    text: str, start: int, end: int, *, published_at: date | None, ahead: bool = False
) -> list[Moment]:
    """Return the moments in `text[start:end]`, in reading order.

    "Sunday" is the last Sunday up to the day of publication, or with `ahead` (the clause speaks of the
    future) the first one after it. Without `published_at` such words have no days, nor have dates that are
    on no calendar ("31 June").
    """
    found = []
    for match in _MOMENT.finditer(text, start, end):
        days = _days(match, published_at, ahead)
        first = match.start("year") if match["year"] else match.start()
        found.append(Moment(text[first : match.end()], Span(first, match.end()), *(days or (None, None))))
    return found


def is_relative(moment: Moment) -> bool:
    """Whether the words can only be understood by someone who knows the day of publication."""
    return moment.earliest is None and not any(character.isdigit() for character in moment.text)


def _days(match: re.Match[str], published_at: date | None, ahead: bool) -> Days:
    if match["iso"]:
        return _one(lambda: date.fromisoformat(match["iso"]))
    if match["year"]:
        year = int(match["year"])
        return date(year, 1, 1), date(year, 12, 31)
    if match["m3"]:
        return _month(int(match["y3"]), _month_number(match["m3"]))
    if match["m1"] or match["m2"]:
        day, month = int(match["d1"] or match["d2"]), _month_number(match["m1"] or match["m2"])
        return _dated(day, month, match["y1"] or match["y2"], published_at, ahead)
    if published_at is None:
        return None
    if match["near"]:
        return _shifted(published_at, _NEAR[match["near"].lower()])
    return _weekday(match, published_at, ahead)


def _weekday(match: re.Match[str], published_at: date, ahead: bool) -> Days:
    back = (published_at.weekday() - WEEKDAYS.index(match["weekday"].lower())) % 7
    which = (match["which"] or "").lower()
    if which == "next" or (ahead and which != "last"):
        return _shifted(published_at, 7 - back)
    if which == "last" and back == 0:
        return _shifted(published_at, -7)
    return _shifted(published_at, -back)


def _dated(day: int, month: int, year: str | None, published_at: date | None, ahead: bool) -> Days:
    if year is not None:
        return _one(lambda: date(int(year), month, day))
    if published_at is None:
        return None
    here = _one(lambda: date(published_at.year, month, day))
    if here is None or ahead or here[0] <= published_at:
        return here
    return _one(lambda: date(published_at.year - 1, month, day))


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _month(year: int, month: int) -> Days:
    first = _one(lambda: date(year, month, 1))
    if first is None:
        return None
    following = _one(lambda: date(year + month // 12, month % 12 + 1, 1))
    return first[0], (following[0] - timedelta(days=1) if following else date(year, month, 31))


def _one(make: Callable[[], date]) -> Days:
    """Return the day twice, or None when the calendar has no such day."""
    try:
        day = make()
    except (ValueError, OverflowError):
        return None
    return day, day


def _shifted(day: date, days: int) -> Days:
    return _one(lambda: day + timedelta(days=days))
