import json
from datetime import date

import pytest

from claims.extraction import extract_claims


def standing(text: str, published_at: date | None = date(2021, 3, 2)) -> list[tuple[str, tuple[str, ...]]]:
    return [(claim.statement, claim.unresolved) for claim in extract_claims(text, published_at=published_at)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jane Roe said she saw the wave.", [("Jane Roe saw the wave.", ())]),
        ("The port of Riga said it lost a crane.", [("Port of Riga lost a crane.", ())]),
        ("“She saw it,” Jane Roe said.", [("She saw it.", ("she", "it"))]),
        ("“I saw the wave,” Jane Roe said.", [("I saw the wave.", ("i",))]),
        ("It is clear that the dam broke.", [("It is clear that the dam broke.", ())]),
        ("He left the dam.", [("He left the dam.", ("he",))]),
        ("He said the dam broke.", [("The dam broke.", ("He",))]),
        ("Jane Roe denied that the dam broke.", [("Jane Roe denied that the dam broke.", ())]),
        ("Jane Roe did not say that the dam broke.", [("Jane Roe did not say that the dam broke.", ())]),
        ("Jane Roe condemned the raid.", [("Jane Roe condemned the raid.", ())]),
        ("Jane Roe refused to leave.", [("Jane Roe refused to leave.", ())]),
        (
            "Jane Roe denied that the dam broke and that it leaked.",
            [
                ("Jane Roe denied that the dam broke.", ()),
                ("Jane Roe denied that it leaked.", ()),
            ],
        ),
    ],
)
def test_statement_stands_alone_or_says_what_it_lacks(
    text: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert standing(text) == expected


def test_statement_without_day_of_publication_lacks_the_day() -> None:
    assert standing("The dam broke on Sunday.", None) == [("The dam broke on Sunday.", ("Sunday",))]


def test_quotation_of_nobody_is_not_the_outlets_voice() -> None:
    [claim] = extract_claims("“The dam broke at noon.”")

    assert (claim.speaker, claim.kind, claim.unresolved) == (None, "direct", ("speaker",))


def test_chain_runs_from_the_outermost_speaker() -> None:
    [_, claim] = extract_claims("The dam held but Jane Roe says it leaks, according to the Water Board.")

    assert json.dumps([speaker.name for speaker in claim.chain]) == '["Water Board", "Jane Roe"]'


def test_lines_that_repeat_the_title_or_each_other_are_claimed_once() -> None:
    text = "Dam breaks in Riga\nThe dam broke.\nThe dam broke.\n"

    assert [claim.statement for claim in extract_claims(text, title="Dam breaks in Riga")] == [
        "The dam broke."
    ]


def test_outlet_is_no_speaker_of_its_headline() -> None:
    [claim] = extract_claims("Dam was never tested – Baltic News", outlet="Baltic News")

    assert claim.speaker is None
