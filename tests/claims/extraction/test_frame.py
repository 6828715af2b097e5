from datetime import date
from decimal import Decimal

import pytest

from claims.extraction import Frame, Moment, Quantity, Span, extract_claims


def frames(text: str) -> list[Frame]:
    return [claim.frame for claim in extract_claims(text, published_at=date(2021, 3, 2))]


def test_frame_holds_who_what_where_when_and_how_many() -> None:
    text = "The tug hit the old pier near Stavern on Sunday and 20 boats sank."

    assert frames(text) == [
        Frame(
            predicate="hit",
            agent="The tug",
            target="the old pier near Stavern",
            place="near Stavern",
            time=Moment("Sunday", Span(41, 47), date(2021, 2, 28), date(2021, 2, 28)),
        ),
        Frame(
            predicate="sank",
            agent="20 boats",
            quantities=(Quantity(Decimal("20"), "boats", Span(52, 60)),),
        ),
    ]


def test_frame_of_a_passive_turns_agent_and_target() -> None:
    assert frames("The pier was rammed by a tug.") == [
        Frame(predicate="rammed", agent="a tug", target="The pier")
    ]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The tug did not hit the pier.", True),
        ("Holt denied that the tug hit the pier.", True),
        ("Holt denied that the tug did not hit the pier.", False),
        ("Holt said nobody hit the pier.", True),
        ("Holt said not all boats hit the pier.", True),
        ("Not surprisingly, the tug hit the pier.", False),
        ("Neither Holt nor the union confirmed the report.", True),
        ("Nor did Holt say the tug was old.", True),
        ("Holt never said the tug was old.", True),
        ("Holt disputes the figures.", False),
        ("The tug hit the pier.", False),
    ],
)
def test_frame_negated_follows_verb_and_denial(text: str, negated: bool) -> None:
    assert [frame.negated for frame in frames(text)] == [negated]


def test_frame_keeps_hedges_and_names_no_pronoun() -> None:
    assert frames("It may reportedly have hit the pier.") == [
        Frame(predicate="hit", target="the pier", hedges=("may", "reportedly"))
    ]
