import pytest

from reviews.presentation import backed, counted, decided, decided_in_short


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((7, 5, 2), "7 claims, 5 outlets, 2 origins"),
        ((1, 1, 1), "1 claim, 1 outlet, 1 origin"),
        ((0, 0, 0), "0 claims, 0 outlets, 0 origins"),
        ((1200, 5, 2), "1,200 claims, 5 outlets, 2 origins"),
    ],
)
def test_counts_are_said_in_full(counts: tuple[int, int, int], said: str) -> None:
    assert counted(*counts) == said


def test_what_stands_behind_an_answer_is_said_in_short() -> None:
    assert backed(4, 1) == "4 outlets, 1 origin"


def test_verdict_names_every_answer_it_supports() -> None:
    assert decided("Supported", ["56 people", "at least 50"]) == "Supported: 56 people; at least 50"
    assert decided("Conflicting evidence", []) == "Conflicting evidence"


def test_verdict_in_short_cuts_long_answers_and_counts_those_left_out() -> None:
    said = decided_in_short(
        "Supported", ["56", "by the count of the harbour office " * 3, "all", "none", "9"]
    )

    assert (
        said == "Supported: 56; by the count of the harbour office by the count of the harb…; all; and 2 more"
    )
