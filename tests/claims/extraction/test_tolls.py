"""Tolls, and what is told of an event inside another clause, are claims of their own."""

import pytest

from claims.extraction import extract_claims


def contents(text: str) -> list[str]:
    return [" | ".join(span.of(text) for span in claim.spans) for claim in extract_claims(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "A gas tank blew up at the mill, killing six people and wounding thirty.",
            [
                "A gas tank blew up at the mill",
                "A gas tank | killing six people",
                "A gas tank | wounding thirty",
            ],
        ),
        (
            "A truck has hit the market killing nine people after its brakes failed.",
            ["A truck | killing nine people", "A truck has hit the market | after its brakes failed"],
        ),
        (
            "Twelve sailors were killed and 30 wounded in the crash.",
            ["Twelve sailors were killed", "30 | wounded in the crash"],
        ),
        (
            "The bomb killed six miners and injured 14 others.",
            ["The bomb killed six miners", "The bomb | injured 14 others"],
        ),
        ("The rebels were accused of killing six people.", ["The rebels were accused of killing six people"]),
        ("Six guards were killed on Monday.", ["Six guards were killed on Monday"]),
        (
            "Six miners died in a raid carried out by rebels on the camp.",
            ["Six miners died in a raid", "a raid | carried out by rebels on the camp"],
        ),
        (
            "Nine people died when a truck hit the market.",
            ["Nine people died", "a truck hit the market"],
        ),
        ("Nine people die when trucks hit markets.", ["Nine people die when trucks hit markets"]),
        (
            "A guard was shot in the village of Ostby, where a clerk was getting married.",
            ["A guard was shot in the village of Ostby", "a clerk was getting married"],
        ),
        (
            "A fire that destroyed the mill killed a guard.",
            ["A fire | destroyed the mill", "A fire | killed a guard"],
        ),
        ("The raids that killed guards stopped.", ["The raids that killed guards stopped"]),
    ],
)
def test_extract_claims_tells_tolls_and_events_apart(text: str, expected: list[str]) -> None:
    assert contents(text) == expected


def test_number_of_the_hurt_gets_the_verb_that_was_left_out() -> None:
    claims = extract_claims("Twelve sailors were killed and 30 wounded in the crash.")

    assert [claim.statement for claim in claims] == [
        "Twelve sailors were killed.",
        "30 [were] wounded in the crash.",
    ]


@pytest.mark.parametrize(
    ("text", "speaker", "statement"),
    [
        (
            "The harbour board put the toll at 14 dead.",
            "harbour board",
            "Harbour board put the toll at 14 dead.",
        ),
        (
            "The Harbour Observatory counted 12 dead.",
            "Harbour Observatory",
            "Harbour Observatory counted 12 dead.",
        ),
        (
            "The Harbour Observatory gave a toll of nine dead.",
            "Harbour Observatory",
            "Harbour Observatory gave a toll of nine dead.",
        ),
        (
            "The blast was claimed by the Red Heron Front.",
            "Red Heron Front",
            "The blast was claimed by Red Heron Front.",
        ),
    ],
)
def test_who_gives_a_toll_or_claims_an_attack_is_its_speaker(text: str, speaker: str, statement: str) -> None:
    (claim,) = extract_claims(text)

    assert claim.speaker is not None
    assert (claim.speaker.name, claim.statement) == (speaker, statement)


def test_blast_claimed_by_somebody_stays_the_subject_of_what_it_did() -> None:
    text = "A blast claimed by the Red Heron Front hit the mill."
    claims = extract_claims(text)

    assert [(claim.speaker.name if claim.speaker else None, claim.statement) for claim in claims] == [
        ("Red Heron Front", "A blast [was] claimed by Red Heron Front."),
        (None, "A blast claimed by the Red Heron Front hit the mill."),
    ]
