"""When: days, months and years as news writes them, and which they were, given the day of publication."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from claims.extraction.lexicon import MONTHS, WEEKDAYS
from claims.extraction.types import Moment, Span

Days = tuple[date, date] | None
Unit = Literal["day", "week", "month", "year", "decade", "century"]


def _words(given: str) -> list[str]:
    return given.split()


_MONTH: Final = "|".join([*MONTHS, *(month[:3] + r"\." for month in MONTHS), r"sept\."])
_WEEKDAY: Final = "|".join(WEEKDAYS)
_PART: Final = r"(?: (?:morning|afternoon|evening|night))?"
_NUMBERS: Final = _words(
    "a an one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_COUNT: Final = rf"(?:\d{{1,4}}|{'|'.join(_NUMBERS)})"
_UNIT: Final = "day|week|month|year|decade"
_LEADS_YEAR: Final = "|".join(
    _words(
        "in since during by until till before after from to of between through around circa and early late "
        "mid the its their his her our"
    )
)
# A number is no year when it counts something: "from 1500 people".
_COUNTED: Final = "metres?|meters?|km|miles|people|tons?|tonnes|feet|dollars|euros|pounds|men|women|of"
_ENDS_YEAR: Final = rf"(?![\d%°]|,\d|\.\d|[ -](?:{_COUNTED})\b)"
_DAY_MONTH: Final = rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m1>{_MONTH})(?:,? (?P<y1>\d{{4}}))?"
_MONTH_DAY: Final = rf"(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<y2>\d{{4}}))?"
_LEADS_MONTH: Final = "in|since|until|by|during|of|early|late|mid|early in|late in"

# Each form of words with its reader in `_READERS`, in the order in which they are tried.
_FORMS: Final = {
    "iso": r"\d{4}-\d{2}-\d{2}",
    "dated": rf"(?:(?:{_WEEKDAY}),? )?(?:{_DAY_MONTH}|{_MONTH_DAY})",
    "monthly": rf"(?P<m3>{_MONTH})(?: of)?,? (?P<y3>\d{{4}})",
    "weekday": rf"(?:(?P<which>last|next|this|the following|the previous) )?(?P<day>{_WEEKDAY})\b{_PART}",
    "near": r"(?P<word>today|yesterday|tomorrow|tonight|last night|this (?:morning|afternoon|evening))\b",
    "ago": rf"(?P<n1>{_COUNT}) (?P<u1>{_UNIT})s? ago\b",
    "counted": rf"(?P<n2>{_COUNT}) (?P<u2>{_UNIT})s? (?P<way>later|earlier|after|before)\b(?! (?:the|an?)\b)",
    "span": rf"(?:the )?(?:past|last|previous) (?P<n3>{_COUNT}) (?P<u3>{_UNIT})s\b",
    "around": r"(?:earlier |later )?(?P<side>last|this|next) (?P<u4>week|weekend|month|year)\b",
    "anchored": (
        r"(?:(?:the|that) (?P<turn>same|following|next|previous) (?P<u5>day|week|month|year)"
        r"|that (?P<u6>day|month|year))\b"
    ),
    "named": rf"(?:(?:{_LEADS_MONTH})[ -]|(?P<side2>last|next|this) )(?P<m4>{_MONTH})\b(?! (?:of )?\d)",
    "decade": r"(?P<d3>1[5-9]\d|20\d)0s\b",
    "century": r"(?:the )?(?P<c>1[5-9]|2[01])(?:th|st) century\b",
    "yearly": rf"(?:(?:{_LEADS_YEAR})[ -]|(?<=\())(?P<y4>1[5-9]\d\d|20\d\d)\b{_ENDS_YEAR}",
}
_MOMENT: Final = re.compile(
    rf"(?<!\d[.,])\b(?:{'|'.join(f'(?P<{name}>{form})' for name, form in _FORMS.items())})", re.IGNORECASE
)
_NEAR: Final = {"yesterday": -1, "last night": -1, "tomorrow": 1}
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d|century")


@dataclass(frozen=True, slots=True)
class _Seen:
    """From where a moment is seen: the day of publication, whether forwards, and the moment before it."""

    published_at: date | None
    ahead: bool
    before: Days


def find_moments(
    text: str, start: int, end: int, *, published_at: date | None, ahead: bool = False
) -> list[Moment]:
    """Return the moments in `text[start:end]`, in reading order.

    "Sunday" is the last Sunday up to the day of publication, or with `ahead` (the clause speaks of the
    future) the first one after it; "two days later" counts from the moment before it in the range. Weeks run
    from Monday to Sunday. What cannot be told has no days: without `published_at`, without a moment to count
    from, or on no calendar ("31 June").

    >>> text = "On May 3, 2016, and a day later it rained, but not on Sunday."
    >>> found = find_moments(text, 0, len(text), published_at=date(2016, 5, 9))
    >>> [f"{moment.text}: {moment.earliest}" for moment in found]
    ['May 3, 2016: 2016-05-03', 'a day later: 2016-05-04', 'Sunday: 2016-05-08']
    """
    found: list[Moment] = []
    before: Days = None
    for match in _MOMENT.finditer(text, start, end):
        kind = match.lastgroup or ""
        days = _READERS[kind](match, _Seen(published_at, ahead, before))
        first = match.start()
        if kind in {"yearly", "named"} and not match.groupdict().get("side2"):
            first = match.start("y4" if kind == "yearly" else "m4")
        found.append(Moment(text[first : match.end()], Span(first, match.end()), *(days or (None, None))))
        before = days or before
    return found


def is_relative(moment: Moment) -> bool:
    """Whether the words can only be understood by someone who knows the day of publication."""
    return _YEAR.search(moment.text) is None


def _iso(match: re.Match[str], seen: _Seen) -> Days:
    return _one(lambda: date.fromisoformat(match["iso"]))


def _dated(match: re.Match[str], seen: _Seen) -> Days:
    day, month = int(match["d1"] or match["d2"]), _month_number(match["m1"] or match["m2"])
    year = match["y1"] or match["y2"]
    if year is not None:
        return _one(lambda: date(int(year), month, day))
    today = seen.published_at
    if today is None:
        return None
    here = _one(lambda: date(today.year, month, day))
    if here is None or seen.ahead or here[0] <= today:
        return here
    return _one(lambda: date(today.year - 1, month, day))


def _monthly(match: re.Match[str], seen: _Seen) -> Days:
    return _month(int(match["y3"]), _month_number(match["m3"]))


def _weekday(match: re.Match[str], seen: _Seen) -> Days:
    which, number = (match["which"] or "").lower(), WEEKDAYS.index(match["day"].lower())
    if which.startswith("the "):
        if seen.before is None:
            return None
        if which == "the following":
            return _shifted(seen.before[1], (number - seen.before[1].weekday() - 1) % 7 + 1)
        return _shifted(seen.before[0], -((seen.before[0].weekday() - number - 1) % 7 + 1))
    if seen.published_at is None:
        return None
    back = (seen.published_at.weekday() - number) % 7
    if which == "next" or (seen.ahead and which != "last"):
        return _shifted(seen.published_at, 7 - back)
    if which == "last" and back == 0:
        return _shifted(seen.published_at, -7)
    return _shifted(seen.published_at, -back)


def _near(match: re.Match[str], seen: _Seen) -> Days:
    if seen.published_at is None:
        return None
    return _shifted(seen.published_at, _NEAR.get(match["word"].lower(), 0))


def _ago(match: re.Match[str], seen: _Seen) -> Days:
    if seen.published_at is None:
        return None
    return _unit_at(seen.published_at, match["u1"], -_number(match["n1"]))


def _counted(match: re.Match[str], seen: _Seen) -> Days:
    if seen.before is None:
        return None
    back = match["way"].lower() in {"earlier", "before"}
    number = _number(match["n2"])
    return _unit_at(seen.before[0], match["u2"], -number if back else number)


def _span(match: re.Match[str], seen: _Seen) -> Days:
    today = seen.published_at
    if today is None:
        return None
    number, unit = _number(match["n3"]), match["u3"].lower()
    if unit in {"day", "week"}:
        first = _shifted(today, -number * (7 if unit == "week" else 1))
    else:
        months = number * {"month": 1, "year": 12, "decade": 120}[unit]
        first = _months_away(today, -months)
    return None if first is None else (first[0], today)


def _around(match: re.Match[str], seen: _Seen) -> Days:
    if seen.published_at is None:
        return None
    steps = {"last": -1, "this": 0, "next": 1}[match["side"].lower()]
    if match["u4"].lower() != "weekend":
        return _unit_at(seen.published_at, match["u4"], steps)
    if steps == 0 and not seen.ahead and seen.published_at.weekday() < 5:
        steps = -1
    week = _unit_at(seen.published_at, "week", steps)
    return None if week is None else (week[1] - timedelta(days=1), week[1])


def _anchored(match: re.Match[str], seen: _Seen) -> Days:
    if seen.before is None:
        return None
    turn = (match["turn"] or "same").lower()
    steps = {"same": 0, "following": 1, "next": 1, "previous": -1}[turn]
    return _unit_at(seen.before[0], match["u5"] or match["u6"], steps)


def _named(match: re.Match[str], seen: _Seen) -> Days:
    """Read "in May": the last May that has begun, or the next one."""
    today = seen.published_at
    if today is None:
        return None
    month, side = _month_number(match["m4"]), (match["side2"] or "").lower()
    if side == "next" or (seen.ahead and side != "last"):
        return _month(today.year + (month <= today.month), month)
    if side == "last":
        return _month(today.year - (month >= today.month), month)
    return _month(today.year - (month > today.month), month)


def _decade(match: re.Match[str], seen: _Seen) -> Days:
    first = int(match["d3"]) * 10
    return date(first, 1, 1), date(first + 9, 12, 31)


def _century(match: re.Match[str], seen: _Seen) -> Days:
    first = (int(match["c"]) - 1) * 100
    return date(first, 1, 1), date(first + 99, 12, 31)


def _yearly(match: re.Match[str], seen: _Seen) -> Days:
    year = int(match["y4"])
    return date(year, 1, 1), date(year, 12, 31)


_READERS: Final[dict[str, Callable[[re.Match[str], _Seen], Days]]] = {
    "iso": _iso,
    "dated": _dated,
    "monthly": _monthly,
    "weekday": _weekday,
    "near": _near,
    "ago": _ago,
    "counted": _counted,
    "span": _span,
    "around": _around,
    "anchored": _anchored,
    "named": _named,
    "decade": _decade,
    "century": _century,
    "yearly": _yearly,
}


def _unit_at(day: date, unit: str, steps: int) -> Days:
    """Return the day, week, month, year or decade `steps` away from the one that `day` lies in."""
    match unit.lower():
        case "day":
            return _shifted(day, steps)
        case "week":
            monday = _shifted(day, 7 * steps - day.weekday())
            sunday = None if monday is None else _shifted(monday[0], 6)
            return None if monday is None or sunday is None else (monday[0], sunday[0])
        case "month":
            away = _months_away(day.replace(day=1), steps)
            return None if away is None else _month(away[0].year, away[0].month)
        case _:
            year = day.year + steps * (10 if unit.lower() == "decade" else 1)
            return _one(lambda: date(year, 1, 1)) and (date(year, 1, 1), date(year, 12, 31))


def _months_away(day: date, months: int) -> Days:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= date.max.year:
        return None
    return _one(lambda: date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])))


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    return max(1, _NUMBERS.index(written.lower()) - 1)


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _month(year: int, month: int) -> Days:
    if not 1 <= year <= date.max.year:
        return None
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _one(make: Callable[[], date]) -> Days:
    """Return the day twice, or None when the calendar has no such day."""
    try:
        day = make()
    except (ValueError, OverflowError):
        return None
    return day, day


def _shifted(day: date, days: int) -> Days:
    return _one(lambda: day + timedelta(days=days))
