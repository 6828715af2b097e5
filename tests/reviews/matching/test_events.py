"""Which claims speak of one event."""

from reviews.matching.events import find_events
from reviews.matching.reading import read
from tests.reviews.matching.tellings import BOMBING, article


def events(claims) -> list[set[str]]:
    readings = [read(each) for each in claims]
    return [{reading.id for reading in event.readings} for event in find_events(readings)]


def test_find_events_joins_what_articles_tell_of_one_day_and_place():
    assert events(BOMBING) == [
        {"times0", "times1", "times2", "mail0", "mail1", "mail2", "wire0", "wire1"},
        {"times3"},
    ]


def test_find_events_keeps_two_attacks_of_one_article_apart_by_day_and_place():
    told = article(
        "post", "Harbour Post", "2024-02-08",
        "An air strike hit a bakery in Oru on Wednesday.",
        "The strike killed nine people.",
        "An air strike killed 30 people in Karsan on Monday.",
        "Medics in Karsan counted 30 bodies.",
    )  # fmt: skip

    assert events(told) == [{"post0", "post1"}, {"post2", "post3"}]


def test_find_events_leaves_out_sums_over_years():
    told = article(
        "post", "Harbour Post", "2024-02-08",
        "A bomb exploded in Karsan.",
        "More than 9,000 people have been killed since the war began.",
    )  # fmt: skip

    assert events(told) == [{"post0"}]


def test_find_events_follows_a_number_to_the_event_that_other_articles_tell_it_of():
    told = [
        *article("a", "Harbour Post", "2024-02-08", "Air strikes killed 56 people in Oru on Tuesday."),
        *article("b", "City Wire", "2024-02-07", "Air strikes in Karsan killed 21 people on Monday."),
        *article("c", "Radio Oru", "2024-02-07", "Raids killed 21 people in Karsan on Monday."),
        *article(
            "d", "Channel Nine", "2024-02-08",
            "Air strikes killed 56 people in Oru on Tuesday.",
            "The raids had killed 21 people before.",
        ),
    ]  # fmt: skip

    assert events(told) == [{"b0", "c0", "d1"}, {"a0", "d0"}]


def test_weekday_counts_as_the_last_one_up_to_the_publication():
    told = article(
        "post", "Harbour Post", "2024-02-07",
        "A bomb exploded in Karsan on Wednesday.",
        "Tuesday's bombing in Oru was the second on a Monday.",
    )  # fmt: skip

    days = [reading.day and reading.day.isoformat() for reading in map(read, told)]

    assert days == ["2024-02-07", "2024-02-05"]
