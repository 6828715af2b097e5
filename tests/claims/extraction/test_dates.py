from datetime import date

import pytest

from claims.extraction.context.dates import find_moments, is_relative

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
        ("last week", [("last week", "2017-06-12", "2017-06-18")]),
        ("later this month", [("later this month", "2017-06-01", "2017-06-30")]),
        ("next year", [("next year", "2018-01-01", "2018-12-31")]),
        ("last weekend", [("last weekend", "2017-06-17", "2017-06-18")]),
        ("three days ago", [("three days ago", "2017-06-16", "2017-06-16")]),
        ("two months ago", [("two months ago", "2017-04-01", "2017-04-30")]),
        ("over the past two weeks", [("the past two weeks", "2017-06-05", "2017-06-19")]),
        ("this morning", [("this morning", "2017-06-19", "2017-06-19")]),
        ("last night", [("last night", "2017-06-18", "2017-06-18")]),
        ("in May", [("May", "2017-05-01", "2017-05-31")]),
        ("in July", [("July", "2016-07-01", "2016-07-31")]),
        ("last June", [("last June", "2016-06-01", "2016-06-30")]),
        ("Friday, May 5, 2017", [("Friday, May 5, 2017", "2017-05-05", "2017-05-05")]),
        ("in September of 1976", [("September of 1976", "1976-09-01", "1976-09-30")]),
        ("the 1990s", [("1990s", "1990-01-01", "1999-12-31")]),
        ("the 19th century", [("the 19th century", "1800-01-01", "1899-12-31")]),
        (
            "on 3 May 2016 and two days later",
            [("3 May 2016", "2016-05-03", "2016-05-03"), ("two days later", "2016-05-05", "2016-05-05")],
        ),
        (
            "in May 2016 and the following month",
            [("May 2016", "2016-05-01", "2016-05-31"), ("the following month", "2016-06-01", "2016-06-30")],
        ),
        ("two days later", [("two days later", None, None)]),
        ("from 1500 people", []),
        ("some 5,000 years ago", []),
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


def test_is_relative_without_a_year() -> None:
    text = "On Sunday, on 3 May, in May 2016 and in the 19th century."
    found = find_moments(text, 0, len(text), published_at=None)

    assert [is_relative(moment) for moment in found] == [True, True, False, False]


@pytest.mark.parametrize("edge", [date.min, date.max])
def test_find_moments_at_the_ends_of_the_calendar_stay_open(edge: date) -> None:
    found = days("last Monday, next week, next month, next year, two years ago, in May, tomorrow", edge)

    assert len(found) == 7
