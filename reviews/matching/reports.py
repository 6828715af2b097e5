"""Which report of a house others have: an agency that writes for days about one event sends many.

A copy goes back to a report of about its own day that gives no other toll; a citing may come later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from reviews.matching.passages import Numbers, add_numbers, do_numbers_differ, numbers_told

_ONE_REPORT: Final = timedelta(days=1)  # an evening's report is copied the next morning


@dataclass(frozen=True, slots=True)
class Telling:
    """Words that go back to a report of `source`: its own, copied, or cited ("AFP reported")."""

    source: str
    is_cited: bool
    article: str
    day: date | None
    text: str


@dataclass(slots=True)
class _Draft:
    """What one article has from one source."""

    day: date | None
    numbers: Numbers = field(default_factory=dict)


@dataclass(slots=True)
class _Report:
    day: date | None
    numbers: Numbers

    def holds(self, draft: _Draft, *, is_cited: bool) -> bool:
        """Whether this may be the report that the draft is a copy of or cites."""
        if do_numbers_differ(self.numbers, draft.numbers):
            return False
        if self.day is None or draft.day is None:
            return True
        return abs(draft.day - self.day) <= _ONE_REPORT or (is_cited and self.day < draft.day)


def number_reports(tellings: Sequence[Telling]) -> list[int]:
    """Return for each of the tellings which report of its source it goes back to, counted from 0.

    All that one article has from a source by copying is one report, and so is all that it cites. The answer
    does not depend on the order of the tellings.
    """
    drafts: dict[tuple[str, bool, str], _Draft] = {}
    for telling in tellings:
        draft = drafts.setdefault(_key(telling), _Draft(telling.day))
        draft.numbers = add_numbers(draft.numbers, numbers_told(telling.text))
    reports: dict[str, list[_Report]] = {}
    number_of: dict[tuple[str, bool, str], int] = {}
    # The earliest first, and copies before citings: a citing names a report, and seldom is one.
    for key in sorted(drafts, key=lambda key: (key[1], drafts[key].day or date.max, key)):
        source, is_cited, _ = key
        number_of[key] = _take(drafts[key], reports.setdefault(source, []), is_cited=is_cited)
    return [number_of[_key(telling)] for telling in tellings]


def _key(telling: Telling) -> tuple[str, bool, str]:
    return telling.source, telling.is_cited, telling.article


def _take(draft: _Draft, reports: list[_Report], *, is_cited: bool) -> int:
    """Return the number of the report that the draft goes back to, a new one when none here can be it."""
    for number, report in sorted(enumerate(reports), key=lambda each: (_distance(each[1], draft), each[0])):
        if report.holds(draft, is_cited=is_cited):
            report.numbers = add_numbers(report.numbers, draft.numbers)
            return number
    reports.append(_Report(draft.day, draft.numbers))
    return len(reports) - 1


def _distance(report: _Report, draft: _Draft) -> tuple[bool, timedelta]:
    """The last report before the draft is nearest, then the first one after it."""
    if report.day is None or draft.day is None:
        return True, timedelta.max
    return report.day > draft.day, abs(draft.day - report.day)
