"""Stories of several kinds in, questions with their positions out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.matching import MatchedQuestion, match
from reviews.matching.wording import is_simple
from tests.reviews.matching.tellings import (
    BOMBING,
    BUDGET,
    DISTANCES,
    ELECTION,
    FERRY,
    FIRE,
    MARCH,
    SHELLS,
    STORIES,
    TRIAL,
    article,
    claim,
)


def asked(claims, start: str) -> MatchedQuestion:
    """The one question that begins with these words."""
    (found,) = [question for question in match(claims) if question.question.startswith(start)]
    return found


def positions(question: MatchedQuestion) -> dict[str, tuple[str, ...]]:
    return {position.answer: position.claims for position in question.positions}


def compatible(question: MatchedQuestion) -> dict[str, tuple[str, ...]]:
    return {position.answer: position.compatible_with for position in question.positions}


def assert_within_limits(question: MatchedQuestion) -> None:
    answers = [position.answer for position in question.positions]
    assert question.question.endswith("?")
    assert len(question.question) <= 300
    assert 0 < len(question.event) <= 300
    assert len(set(answers)) == len(answers)
    assert not (question.contested and question.evolving)
    for position in question.positions:
        assert position.claims == tuple(sorted(position.claims))
        assert position.reasons.keys() == set(position.claims)
        assert {claim for origin in position.origins for claim in origin.claims} == set(position.claims)
        assert set(position.compatible_with) <= set(answers) - {position.answer}


def test_match_of_nothing_is_nothing():
    assert match([]) == []


@pytest.mark.parametrize("reader", ["contradicted.words_of", "passages.content_words"])
def test_statements_that_were_read_are_not_read_again(monkeypatch, reader):
    before = match(BOMBING)
    read = []
    monkeypatch.setattr(f"reviews.matching.{reader}", lambda text: read.append(text) or [])

    assert match(BOMBING) == before
    assert read == []


def test_rising_toll_is_evolving_and_not_contested():
    question = asked(FERRY, "How many people were killed")

    assert question.question == "How many people were killed in the crash near Skarholm on 3 May 2024?"
    assert (question.slot, question.event) == ("how many", "Crash near Skarholm, 3 May 2024")
    assert (question.contested, question.evolving) == (False, True)
    assert positions(question) == {
        "at least 12": ("post0",),
        "at least 14": ("nine0",),
        "at least 17": ("echo0",),
    }
    assert question.why[0] == "3 claims of 3 articles answer it"


def test_reasons_are_words_for_a_reviewer():
    question = asked(FERRY, "How many people were killed")

    told = "of the people who were killed in the crash near Skarholm on 3 May 2024"
    assert [dict(position.reasons) for position in question.positions] == [
        {"post0": f"says “at least 12” {told}"},
        {"nine0": f"says “At least 14” {told}"},
        {"echo0": f"says “at least 17” {told}"},
    ]


def test_different_counts_of_one_day_are_contested_and_vague_ones_fit_both():
    crowd = asked(MARCH, "How many people took part")
    arrests = asked(MARCH, "How many people were arrested")

    assert (crowd.contested, crowd.evolving) == (True, False)
    assert compatible(crowd) == {
        "tens of thousands": ("20,000",),
        "20,000": ("tens of thousands",),
        "80,000": (),
    }
    assert positions(arrests) == {"23": ("courier1",), "at least 60": ("radio3",)}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("At least 12 people were killed.", "56 people were killed.", False),
        ("At least 12 people were killed.", "Dozens of people were killed.", False),
        ("12 people were killed.", "56 people were killed.", True),
        ("12 people were killed.", "At least 56 people were killed.", True),
        ("Another shell killed four people.", "56 people were killed.", False),
        ("22 officers were killed.", "56 people were killed.", False),
    ],
)
def test_numbers_are_contested_unless_the_smaller_leaves_room(one, other, expected):
    told = "A bomb exploded at the customs house in Karsan on Friday."
    claims = [
        *article("post", "Harbour Post", "2024-05-04", told, one),
        *article("wire", "City Wire", "2024-05-04", told, other),
    ]

    question = asked(claims, "How many people were killed")

    assert (len(question.positions), question.contested) == (2, expected)


def test_toll_rises_through_what_is_more_than_a_number():
    told = "The bomb exploded at the customs house in Karsan on Friday."
    claims = [
        *article("post", "Harbour Post", "2024-05-03", told, "More than 50 people were killed."),
        *article("wire", "City Wire", "2024-05-04", told, "At least 78 people were killed."),
        *article("nine", "Channel Nine", "2024-05-04", told, "The toll of the bombing has risen to 135."),
    ]

    question = asked(claims, "How many people were killed")

    assert positions(question) == {"more than 50": ("post1",), "at least 78": ("wire1",), "135": ("nine1",)}
    assert (question.contested, question.evolving) == (False, True)


def test_claim_on_another_day_stays_out():
    march = "20,000 people marched through Velmora on Saturday to protest against the labour law."
    earlier = "A week earlier, on September 7 [7 September 2024], 80,000 people had marched."
    claims = [
        *article("post", "Harbour Post", "2024-09-15", march, earlier),
        *article("wire", "City Wire", "2024-09-15", march),
    ]

    question = asked(claims, "How many people took part")

    assert positions(question) == {"20,000": ("post0", "wire0")}


def test_dozens_and_a_number_are_compatible():
    question = asked(BOMBING, "How many people were wounded")

    assert compatible(question) == {"dozens": ("140",), "140": ("dozens",)}
    assert not question.contested


def test_denial_claim_and_silence_are_positions_on_who_did_it():
    question = asked(BOMBING, "Who carried out the bombing in Karsan")

    assert positions(question) == {
        "Red Banner group": ("times1",),
        "separatist fighters": ("mail1",),
        "denied by Red Banner": ("mail2",),
    }
    assert [position.answer for position in question.positions if position.is_denial] == [
        "denied by Red Banner"
    ]


def test_weapon_and_vehicle_are_questions_of_their_own():
    weapon, vehicle = asked(BOMBING, "How was the bombing"), asked(BOMBING, "Which vehicle")

    assert compatible(weapon) == {"a suicide bomb": ("a bomb",), "a bomb": ("a suicide bomb",)}
    assert positions(vehicle) == {"a truck": ("times0", "times2"), "a car": ("mail0",)}


def test_another_attack_of_another_day_and_place_is_another_event():
    dead = asked(BOMBING, "How many people were killed")

    assert positions(dead) == {"31": ("mail0", "times0"), "at least 44": ("wire0",)}


def test_statement_and_its_denial_meet():
    overloaded, gas = asked(FERRY, "Is it true"), asked(MARCH, "Is it true")

    assert overloaded.question == "Is it true that the Alma was overloaded?"
    assert positions(overloaded) == {"yes": ("post1",), "no": ("post2",)}
    assert positions(gas) == {"yes": ("radio2",), "no": ("courier2",)}


@pytest.mark.parametrize(
    "statement",
    [
        "Alder and Karsan gave opposing accounts of whether a telephone line was used.",
        "It was overloaded.",
        "The Alma was overloaded, although the harbour master had warned her captain.",
        "The Alma " + "was very " * 20 + "overloaded.",
    ],
)
def test_statement_that_is_not_one_simple_clause_is_not_asked(statement):
    assert not is_simple(statement)


def test_one_person_is_alive_or_dead():
    question = asked(FERRY, "What became of the captain")

    assert (question.slot, question.contested) == ("what", True)
    assert positions(question) == {"alive": ("nine1",), "dead": ("nine2",)}


def test_causes_of_a_fire_are_asked_for():
    question = asked(FIRE, "What caused the fire in Dorrimore")

    assert positions(question) == {"a gas leak": ("ledger1", "post1"), "an electrical fault": ("nine1",)}


def test_share_is_asked_for_by_what_it_is_a_share_of():
    question = asked(ELECTION, "How high")

    assert question.question == (
        "How high was turnout, in percent, in the election in Marrowby on 6 October 2024?"
    )
    assert positions(question) == {"48 per cent": ("radio0",), "61.5 per cent": ("ledger0",)}
    assert question.contested


def test_things_are_counted_by_what_they_did():
    question = asked(SHELLS, "How many shells")

    assert question.question == "How many shells reached the depot in the shelling in Oru on 3 May 2024?"
    assert positions(question) == {"23": ("wire1",), "58": ("post1",)}
    assert [dict(position.reasons) for position in question.positions] == [
        {"wire1": "says “Only 23 shells reached the depot.”"},
        {"post1": "says “58 of the 59 shells reached their targets.”"},
    ]


@pytest.mark.parametrize("story", [BUDGET, TRIAL, DISTANCES], ids=["budget", "trial", "distances"])
def test_figures_that_cannot_be_asked_for_in_plain_words_raise_no_question(story):
    assert [each.question for each in match(story) if each.slot == "how many"] == []


def test_one_voice_alone_raises_no_question():
    told = article(
        "post", "Harbour Post", "2024-07-02", "A fire in Dorrimore killed five people.", "Six people died."
    )

    assert match(told) == []


def test_claims_of_a_wire_copy_are_one_origin():
    copies = [
        claim(
            "The fire in Dorrimore on Monday killed five workers at the plant of Kemet in the old port.",
            id=f"{name}0", article=name, outlet=name, on="2024-07-02",
        )
        for name in ("post", "nine", "wire")
    ]  # fmt: skip
    question = asked(copies, "How many people were killed")

    assert [origin.claims for origin in question.positions[0].origins] == [("nine0", "post0", "wire0")]


WORDS = sorted(
    {word for story in STORIES.values() for each in story for word in each.claim.statement.split()}
)
ODD_WORDS = [
    "number",
    "the",
    "of",
    "12",
    "dozens",
    "among",
    "[x]",
    "“",
    "東京",
    "Al-",
    "4%",
    "Monday's",
    "\u200b",
    "not",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(WORDS + ODD_WORDS), max_size=20),
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from(["", "2024-05-03", "2024-05-04"]),
        ),
        max_size=6,
    )
)
def test_match_takes_whatever_words_come(told):
    claims = [
        claim(" ".join(words), id=f"c{number}", article=name, on=on, at=number)
        for number, (words, name, on) in enumerate(told)
    ]

    for question in match(claims):
        assert_within_limits(question)


@pytest.mark.parametrize("name", sorted(STORIES.keys() - {"budget", "trial"}))
def test_questions_are_words_within_their_limits(name):
    questions = match(STORIES[name])

    assert questions
    for question in questions:
        assert_within_limits(question)
