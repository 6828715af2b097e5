"""Claims shared out to the first reports behind them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.matching import passages
from reviews.matching.origins import find_circles, find_origins
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


def test_find_origins_of_nothing_is_nothing():
    assert find_origins([]) == ()


def test_find_origins_takes_each_house_for_an_origin_of_its_own():
    assert groups(said("1", "Alder Times"), said("2", "Brant Post"), said("3", "The Alder Times Online")) == [
        (("1", "3"), "certain"),
        (("2",), "certain"),
    ]


def test_find_origins_names_a_lone_report_and_says_that_it_is_alone():
    assert find_origins([said("1", "Alder Times", on="2024-05-03")]) == (
        OriginGroup(
            claims=("1",),
            certainty="certain",
            name="Alder Times report of 3 May 2024",
            reason="its own report",
        ),
    )


def test_find_origins_takes_a_citing_back_to_the_report_cited():
    claims = [
        said("1", "Reuters", on="2024-05-02"),
        said("2", "Alder Times", "", "Reuters"),
        said("3", "Brant Post", "", "the Reuters news agency", "the harbour master"),
    ]

    assert find_origins(claims) == (
        OriginGroup(
            claims=("1", "2", "3"),
            certainty="certain",
            name="Reuters report of 2 May 2024",
            reason="Alder Times and Brant Post cite Reuters",
        ),
    )


def test_find_origins_groups_what_cites_a_report_that_is_not_here():
    claims = [
        said("1", "Alder Times", "", "SANA", on="2024-05-04"),
        said("2", "Brant Post", "", "the SANA news agency"),
    ]

    assert [(group.claims, group.name) for group in find_origins(claims)] == [
        (("1", "2"), "SANA report as given on 3 May 2024")
    ]


def test_find_origins_keeps_what_an_outlet_says_itself_apart_from_what_it_cites():
    claims = [said("1", "Alder Times", article="a"), said("2", "Alder Times", "", "Reuters", article="a")]

    assert groups(*claims) == [(("1",), "certain"), (("2",), "certain")]


def test_find_origins_takes_a_person_or_body_cited_for_no_report():
    claims = [
        said("1", "Alder Times", "", "the harbour master"),
        said("2", "Brant Post", "", "the harbour master"),
    ]

    assert groups(*claims) == [(("1",), "certain"), (("2",), "certain")]


def test_find_origins_takes_the_speaker_behind_the_agency_for_no_second_citing():
    claims = [said("1", "Alder Times", "", "the harbour master", "Reuters"), said("2", "Reuters")]

    assert groups(*claims) == [(("1",), "certain"), (("2",), "certain")]


def test_find_origins_takes_an_outlet_that_names_itself_for_no_citing():
    assert groups(said("1", "BBC", "", "BBC News")) == [(("1",), "certain")]


def test_find_origins_follows_a_chain_of_media_to_its_end():
    assert [
        group.name for group in find_origins([said("1", "Alder Times", "", "Brant Post", "AFP", "a witness")])
    ] == ["AFP report as given on 3 May 2024"]


def test_find_origins_follows_an_outlet_that_only_passes_on_another_report():
    claims = [
        said("1", "Alder Times", "", "Brant Post"),
        said("2", "Brant Post", "", "AFP", on="2024-05-02"),
    ]

    assert find_origins(claims) == (
        OriginGroup(
            claims=("1", "2"),
            certainty="certain",
            name="AFP report as given on 2 May 2024",
            reason="Brant Post cites AFP; Alder Times cites Brant Post;"
            " Brant Post, which others cite, itself has it from AFP",
        ),
    )


def test_find_origins_stays_with_the_outlet_cited_when_it_reports_itself_too():
    claims = [
        said("1", "Alder Times", "", "Brant Post"),
        said("2", "Brant Post", "", "AFP"),
        said("3", "Brant Post"),
    ]

    assert groups(*claims) == [(("1", "3"), "certain"), (("2",), "certain")]


def test_find_origins_marks_a_circle_of_citings():
    claims = [said("1", "Alder Times", "", "Brant Post"), said("2", "Brant Post", "", "the Alder Times")]

    assert find_origins(claims) == (
        OriginGroup(
            claims=("1", "2"),
            certainty="certain",
            name="Alder Times and Brant Post, citing each other",
            reason="Brant Post cites Alder Times; Alder Times cites Brant Post;"
            " Alder Times cites Brant Post and Brant Post cites Alder Times:"
            " a circle in which no first report can be told",
            is_circular=True,
        ),
    )


@pytest.mark.parametrize(
    ("cites", "circles"),
    [
        ({}, []),
        ({"A": {"B"}}, []),
        ({"A": {"A"}}, []),
        ({"A": {"B"}, "B": {"C"}}, []),
        ({"A": {"B"}, "B": {"A"}, "C": {"A"}}, [("A", "B")]),
        ({"A": {"B"}, "B": {"C"}, "C": {"A"}, "D": {"E", "A"}, "E": {"D"}}, [("A", "B", "C"), ("D", "E")]),
    ],
)
def test_find_circles_finds_those_who_reach_each_other(cites, circles):
    assert find_circles(cites) == circles


def test_find_origins_is_sure_of_one_agency_with_nearly_the_same_words():
    short, edited = (
        "Tugs reached the drifting ferry Marigold",
        "Two tugs reached the drifting ferry Marigold on Friday",
    )
    claims = [
        said("1", "Alder Times", short, credits=("AP",)),
        said("2", "Brant Post", edited, credits=("AP",)),
    ]

    assert find_origins(claims)[0].name == "AP report as given on 3 May 2024"
    assert groups(*claims) == [(("1", "2"), "certain")]


def test_find_origins_finds_one_agency_in_other_words_probable():
    claims = [
        said("1", "Alder Times", FERRY, credits=("AP",)),
        said("2", "Brant Post", FERRY_OTHERWISE, credits=("Associated Press",)),
    ]

    assert find_origins(claims) == (
        OriginGroup(
            claims=("1", "2"),
            certainty="probable",
            name="AP report as given on 3 May 2024",
            reason="Alder Times and Brant Post credit AP;"
            " Alder Times and Brant Post both name “AP”, in words that differ",
        ),
    )


def test_find_origins_takes_a_lone_copy_for_a_report_of_its_agency():
    (group,) = find_origins([said("1", "Alder Times", credits=("AFP",))])

    assert (group.name, group.certainty, group.reason) == (
        "AFP report as given on 3 May 2024",
        "certain",
        "Alder Times credits AFP",
    )


@pytest.mark.parametrize("credits", [("AP", "AFP"), ("agencies",), ("Alder Times",)])
def test_find_origins_joins_nothing_by_credits_that_do_not_tell_one_agency(credits):
    claims = [said("1", "Alder Times", credits=credits), said("2", "Brant Post", credits=("AP", "AFP"))]

    assert groups(*claims) == [(("1",), "certain"), (("2",), "certain")]


def test_find_origins_takes_a_citing_back_to_the_last_report_before_it():
    claims = [
        said("1", "Northline Wire", on="2024-05-01"),
        said("2", "Northline Wire", on="2024-05-06"),
        said("3", "Alder Times", "", "Northline Wire", on="2024-05-05"),
        said("4", "Brant Post", "", "Northline Wire", on="2024-05-09"),
    ]

    assert groups(*claims) == [(("1", "3"), "certain"), (("2", "4"), "certain")]


def test_find_origins_takes_no_citing_back_to_a_report_with_another_toll():
    claims = [
        said("1", "Northline Wire", "The blaze killed 20 people"),
        said("2", "Alder Times", "The blaze killed 31 people", "Northline Wire"),
    ]

    assert groups(*claims) == [(("1",), "certain"), (("2",), "certain")]


def test_find_origins_without_days_names_none():
    assert find_origins([said("1", "Alder Times", on="")])[0].name == "Alder Times report"


def test_find_origins_without_an_outlet_takes_the_article():
    claims = [said("1", "", article="17"), said("2", "", article="18"), said("3", "", article="17")]

    assert groups(*claims) == [(("1", "3"), "certain"), (("2",), "certain")]


def test_find_origins_counts_reasons_beyond_the_first_few():
    houses = [
        f"{word} Times"
        for word in ("Alder", "Brant", "Cole", "Dunn", "Esk", "Firth", "Gale", "Holm", "Inver")
    ]
    claims = [said(str(at), house, FERRY) for at, house in enumerate(houses)]

    (group,) = find_origins(claims)

    assert len(group.claims) == 9
    assert group.reason.endswith("; and 2 more of the kind")


OUTLETS = ("Alder Times", "Brant Post", "Reuters", "BBC News", "BBC", "")
CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(OUTLETS),
        st.sampled_from(
            ["", FERRY, FERRY_EDITED, FERRY_REWORDED, TOLL.format("20", "60"), TOLL.format("31", "90")]
        ),
        st.lists(
            st.sampled_from(["Reuters", "Alder Times", "Brant Post", "BBC", "AFP", "a witness"]), max_size=2
        ),
        st.sampled_from([(), ("AP",), ("Reuters",), ("AP", "AFP"), ("agencies",)]),
        st.booleans(),
        st.sampled_from(["", "2024-05-03", "2024-05-04", "2024-05-09"]),
    ),
    max_size=12,
).map(
    lambda rows: [
        said(str(at), outlet, words, *speakers, credits=credits, quoted=quoted, on=on)
        for at, (outlet, words, speakers, credits, quoted, on) in enumerate(rows)
    ]
)


@settings(deadline=None, max_examples=200)
@given(claims=CLAIMS, data=st.data())
def test_find_origins_is_a_partition_whatever_the_order(claims, data):
    found = find_origins(claims)

    assert sorted(id for group in found for id in group.claims) == sorted(claim.id for claim in claims)
    assert find_origins(data.draw(st.permutations(claims))) == found
    assert all(group.name and group.reason for group in found)


@settings(deadline=None, max_examples=100)
@given(claims=CLAIMS)
def test_find_origins_keeps_what_one_house_says_in_its_own_voice_together(claims):
    # A house may tell of one event in reports of several days, and with several tolls.
    claims = [
        each
        for each in claims
        if "blaze" not in each.claim.statement and each.published_at != date(2024, 5, 9)
    ]
    own = {claim.id for claim in claims if claim.outlet in ("BBC", "BBC News") and not claim.claim.chain}
    own -= {claim.id for claim in claims if claim.credits not in ((), ("agencies",), ("AP", "AFP"))}

    together = [group for group in find_origins(claims) if own & set(group.claims)]

    assert len(together) == min(1, len(own))


def test_find_origins_compares_a_passage_with_few_others_however_many_hold_it(monkeypatch):
    compared: list[None] = []
    compare = passages._compare
    monkeypatch.setattr(passages, "_compare", lambda *given: compared.append(compare(*given)))

    found = find_origins([said(str(at), f"Paper {at} Times", f"{FERRY}, it says {at}") for at in range(500)])

    assert len(found) == 1
    assert len(compared) < 500 * 10
