"""Claims that share their words, and what that says of who copied whom."""

import pytest

from reviews.matching.origins import find_origins
from reviews.matching.types import OriginGroup
from tests.reviews.matching.reports import (
    FERRY,
    FERRY_EDITED,
    FERRY_OTHERWISE,
    FERRY_REWORDED,
    TOLL,
    groups,
    said,
)


def test_find_origins_is_sure_of_the_same_passage():
    claims = [said("1", "Alder Times", FERRY, on="2024-05-04"), said("2", "Brant Post", FERRY_EDITED)]

    assert find_origins(claims) == (
        OriginGroup(
            claims=("1", "2"),
            certainty="certain",
            name="Brant Post report of 3 May 2024",
            reason="Alder Times and Brant Post have the same passage:"
            " “ferry Marigold lost her rudder off Brant Point and drifted for six hours … tugs reached”",
        ),
    )


def test_find_origins_finds_a_rewording_probable():
    assert groups(said("1", "Alder Times", FERRY), said("2", "Brant Post", FERRY_REWORDED)) == [
        (("1", "2"), "probable")
    ]


@pytest.mark.parametrize("words", ["32 people were killed in the blast", FERRY_OTHERWISE[:20]])
def test_find_origins_takes_short_words_in_common_for_no_copy(words):
    assert groups(said("1", "Alder Times", words), said("2", "Brant Post", words)) == [
        (("1",), "certain"),
        (("2",), "certain"),
    ]


def test_find_origins_takes_a_common_quote_alone_for_no_copy():
    claims = [
        said("1", "Alder Times", FERRY, "the mate", quoted=True),
        said("2", "Brant Post", FERRY, "the mate", quoted=True),
    ]

    assert groups(*claims) == [(("1",), "certain"), (("2",), "certain")]


def test_find_origins_finds_a_common_quote_beside_another_passage_probable():
    beside = "Passengers slept on the car deck"
    claims = [
        said("1", "Alder Times", FERRY, "the mate", quoted=True, article="a"),
        said("2", "Alder Times", beside, article="a"),
        said("3", "Brant Post", FERRY, "the mate", quoted=True, article="b"),
        said("4", "Brant Post", f"{beside} all night", article="b"),
    ]

    assert groups(*claims) == [(("1", "2", "3", "4"), "probable")]


def test_find_origins_sees_copying_in_other_claims_of_the_articles():
    claims = [said("1", "Alder Times", article="a"), said("2", "Brant Post", article="b")]
    beside = [said("8", "Alder Times", FERRY, article="a"), said("9", "Brant Post", FERRY, article="b")]

    assert [group.claims for group in find_origins(claims, beside=beside)] == [("1", "2")]


def test_find_origins_takes_reports_with_different_numbers_for_different_ones():
    claims = [
        said("1", "Northline Wire", TOLL.format("more than 20", "about 60")),
        said("2", "Radio Alder", TOLL.format("at least 31", "nearly 90"), on="2024-05-04"),
    ]

    assert [(group.claims, group.reason) for group in find_origins(claims)] == [
        (("1",), "its own report"),
        (("2",), "its own report"),
    ]


def test_find_origins_says_when_one_house_repeats_itself():
    claims = [
        said("1", "Northline Wire", FERRY, on="2024-05-03"),
        said("2", "Northline Wire", FERRY, on="2024-05-09"),
        said("3", "Alder Times", "", "Northline Wire", on="2024-05-09"),
    ]

    assert [(group.claims, group.reason) for group in find_origins(claims)] == [
        (
            ("1", "2", "3"),
            "Alder Times cites Northline Wire; Northline Wire says in two of its reports: “ferry Marigold"
            " lost her rudder off Brant Point and drifted for six hours before two tugs reached”",
        )
    ]


def test_find_origins_joins_no_different_numbers_by_another_passage_in_common():
    claims = [
        said("1", "Alder Times", "The blaze killed 20 people", article="a"),
        said("2", "Brant Post", "The blaze killed 31 people", article="b"),
    ]
    beside = [said("8", "Alder Times", FERRY, article="a"), said("9", "Brant Post", FERRY, article="b")]

    assert [group.claims for group in find_origins(claims, beside=beside)] == [("1",), ("2",)]


def test_find_origins_shows_the_words_that_a_rewording_shares():
    (group,) = find_origins([said("1", "Alder Times", FERRY), said("2", "Brant Post", FERRY_REWORDED)])

    assert group.reason == (
        "Alder Times and Brant Post share the words"
        " “ferry Marigold lost her rudder off Brant Point … hours before two tugs reached”"
    )


def test_find_origins_shows_the_quote_in_common():
    claims = [
        said("1", "Alder Times", FERRY, "the mate", quoted=True, article="a"),
        said("2", "Alder Times", "Passengers slept on the deck", article="a"),
        said("3", "Brant Post", FERRY, "the mate", quoted=True, article="b"),
        said("4", "Brant Post", "Passengers slept on the deck all night", article="b"),
    ]

    (group,) = find_origins(claims)

    assert group.reason == (
        "Alder Times and Brant Post have the same quote, “ferry Marigold lost her rudder off Brant Point and"
        " drifted for six hours before two tugs reached”, and beside it “Passengers slept on the deck”"
    )


def test_find_origins_is_sure_of_one_agency_with_equal_words_however_few():
    words = "The mate was unhurt"
    claims = [said("1", "Alder Times", words, credits=("AP",)), said("2", "AP", words)]

    assert [(group.certainty, group.reason) for group in find_origins(claims)] == [
        ("certain", "Alder Times credits AP; AP and Alder Times share the words “mate was unhurt”")
    ]


def test_find_origins_takes_a_later_copy_for_another_report_of_the_agency():
    claims = [
        said("1", "Northline Wire", "The blaze was set by a welder", on="2024-05-03"),
        said(
            "2", "Alder Times", "The blaze was set by a welder", on="2024-05-04", credits=("Northline Wire",)
        ),
        said("3", "Brant Post", "A welder set it, wardens say", on="2024-05-05", credits=("Northline Wire",)),
    ]

    assert [(group.claims, group.name, group.reason.split(";")[0]) for group in find_origins(claims)] == [
        (("1", "2"), "Northline Wire report of 3 May 2024", "Alder Times credits Northline Wire"),
        (("3",), "Northline Wire report as given on 5 May 2024", "Brant Post credits Northline Wire"),
    ]


def test_find_origins_takes_a_copy_with_another_toll_for_another_report_of_the_agency():
    claims = [
        said("1", "Northline Wire", "The blaze killed more than 20 people"),
        said("2", "Alder Times", "At least 31 people were killed", credits=("Northline Wire",)),
    ]

    assert groups(*claims) == [(("1",), "certain"), (("2",), "certain")]


def test_find_origins_takes_a_later_copy_in_the_same_long_words_for_the_same_report():
    claims = [
        said("1", "Northline Wire", FERRY, on="2024-05-03"),
        said("2", "Alder Times", FERRY, on="2024-05-09", credits=("Northline Wire",)),
    ]

    assert groups(*claims) == [(("1", "2"), "certain")]
