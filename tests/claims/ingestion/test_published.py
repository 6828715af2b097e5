from datetime import UTC, datetime, timedelta, timezone

import pytest

from claims.errors import Unreadable
from claims.ingestion.published import (
    Published,
    check_published_at,
    is_date_words,
    read_date_line,
    read_published,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "19 Jun, 2017 18:52",
        "19 June 2017 18:52",
        "19th June 2017, 18.52",
        "June 19, 2017 6:52 PM",
        "Jun. 19, 2017 at 6:52 p.m.",
        "2017-06-19 18:52",
        "2017-06-19T18:52:00",
        "2017/06/19 18:52",
        "19.06.2017 18:52",
        "19/06/2017 18:52",
        "06/19/2017 6:52pm",
        "18:52, 19 June 2017",
        "Monday 19 June 2017 18.52",
        "19-Jun-2017 18h52",
        "Published: 19 Jun 2017 18:52",
        "Published on Monday, June 19, 2017, 18:52 hrs",
        "19 June 2017 18:52 · 3 min read",
        "Published 19 June 2017 18:52 | Updated 20 June 2017 09:00",
        "2017年6月19日 18:52",
    ],
)
def test_read_date_line_without_a_zone_is_read_as_utc_and_says_so(line):
    published = read_date_line(line)

    assert published is not None
    assert (published.at, published.zone_assumed) == (datetime(2017, 6, 19, 18, 52, tzinfo=UTC), True)


@pytest.mark.parametrize(
    "line",
    [
        "Mon, 19 Jun 2017 18:52:00 GMT",
        "2017-06-19T18:52:00Z",
        "2017-06-19T18:52Z",
        "2017-06-19T21:52:00.123+03:00",
        "2017-06-19T20:52:00+0200",
        "19 June 2017 19:52 BST",
        "Jun 19, 2017 2:52 PM ET",
        "Published 2:52 PM EDT, Mon June 19, 2017",
        "18:52 GMT, 19 June 2017",
        "19 June 2017 21:52 (GMT+3)",
        "19 June 2017 21:52 MSK",
    ],
)
def test_read_date_line_keeps_the_zone_it_names(line):
    published = read_date_line(line)

    assert published is not None
    assert (published.at, published.zone_assumed) == (datetime(2017, 6, 19, 18, 52, tzinfo=UTC), False)


def test_eastern_time_in_winter_is_five_hours_behind():
    assert read_published("Jan 19, 2018 1:52 PM ET") == Published(
        datetime(2018, 1, 19, 18, 52, tzinfo=UTC), False, "Jan 19, 2018 1:52 PM ET"
    )


@pytest.mark.parametrize("line", ["03/04/2017", "31 June 2017", "0000-01-01", "2017-13-45"])
def test_read_date_line_does_not_guess(line):
    assert (read_date_line(line), is_date_words(line)) == (None, True)


@pytest.mark.parametrize(
    "line",
    [
        "Rents rose 4% on 19 June 2017.",
        "On 19 June 2017",
        "19 June 2017 was a Monday",
        "",
        "18:52",
        "1234567890",
        "19 June 2017 " + "19 June 2017 " * 20,
    ],
)
def test_is_date_words_is_only_for_lines_that_are_nothing_else(line):
    assert is_date_words(line) is (line == "On 19 June 2017")


@pytest.mark.parametrize(
    "value",
    [
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone(-timedelta(hours=12))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12))),
        datetime(1449, 12, 31, tzinfo=UTC),
        NOW + timedelta(days=2, seconds=1),
        NOW + timedelta(days=300),
    ],
)
def test_check_published_at_refuses_dates_no_article_can_have(value):
    with pytest.raises(Unreadable, match="cannot be when this was published") as refused:
        check_published_at(value, now=NOW)

    assert refused.value.code == "date_out_of_range"


@pytest.mark.parametrize("value", [datetime(1450, 1, 1, tzinfo=UTC), NOW, NOW + timedelta(days=2)])
def test_check_published_at_lets_possible_dates_pass(value):
    check_published_at(value, now=NOW)
