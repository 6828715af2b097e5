from datetime import date

import pytest

from claims.extraction.dates import find_moments

MONDAY = date(2017, 6, 19)
Days = tuple[str, str | None, str | None]


def days(text: str, published_at: date | None, *, ahead: bool = False) -> list[Days]:
    return [
        (
            moment.text,
            None if moment.earliest is None else moment.earliest.isoformat(),
            None if moment.latest is None else moment.latest.isoformat(),
        )
        for moment in find_moments(text, 0, len(text), published_at=published_at, ahead=ahead)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Sunday", [("Sunday", "2017-06-18", "2017-06-18")]),
        ("on Monday morning", [("Monday morning", "2017-06-19", "2017-06-19")]),
        ("last Monday", [("last Monday", "2017-06-12", "2017-06-12")]),
        ("next Tuesday", [("next Tuesday", "2017-06-20", "2017-06-20")]),
        ("yesterday", [("yesterday", "2017-06-18", "2017-06-18")]),
        ("18 June 2016", [("18 June 2016", "2016-06-18", "2016-06-18")]),
        ("December 24th", [("December 24th", "2016-12-24", "2016-12-24")]),
        ("in February 2016", [("February 2016", "2016-02-01", "2016-02-29")]),
        ("in December 9999", [("December 9999", "9999-12-01", "9999-12-31")]),
        ("since 1999", [("1999", "1999-01-01", "1999-12-31")]),
        ("2017-06-18", [("2017-06-18", "2017-06-18", "2017-06-18")]),
        ("31 June 2017", [("31 June 2017", None, None)]),
        ("they may march", []),
    ],
)
def test_find_moments_seen_from_the_day_of_publication(text: str, expected: list[Days]) -> None:
    assert days(text, MONDAY) == expected


def test_find_moments_ahead_are_the_next_ones() -> None:
    assert days("on Monday", MONDAY, ahead=True) == [("Monday", "2017-06-26", "2017-06-26")]


def test_find_moments_without_publication_stay_open() -> None:
    assert days("on Sunday", None) == [("Sunday", None, None)]


@pytest.mark.parametrize("edge", [date.min, date.max])
def test_find_moments_at_the_ends_of_the_calendar_stay_open(edge: date) -> None:
    assert days("last Monday and next Friday and tomorrow and yesterday", edge)[0][0] == "last Monday"
