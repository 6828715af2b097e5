"""How many of whom a statement counts, and what became of them."""

import pytest

from reviews.matching.counts import find_counts


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("The fire killed 12 people and injured dozens.", "12 | people | killed; dozens | people | wounded"),
        (
            "Some 9 villagers were killed 16 were wounded.",
            "Some 9 | villagers | killed; 16 | people | wounded",
        ),
        ("The toll of the crash in the old harbour has risen to 31.", "31 | people | killed"),
        (
            "The clinic counted 9 dead and dozens more wounded.",
            "9 | people | killed; dozens | people | wounded",
        ),
        (
            "Fifteen villagers among them 4 children were killed.",
            "Fifteen | villagers | killed; 4 | children | killed",
        ),
        ("At least 60 of the dead were passengers.", "At least 60 | passengers | killed"),
        (
            "The storm was killing and wounding hundreds of people.",
            "hundreds of | people | wounded; hundreds of | people | killed",
        ),
        ("Police arrested 23 protesters.", "23 | protesters | arrested"),
        ("The lawyers counted 60 arrests.", "60 | people | arrested"),
        ("Organisers put the number of marchers at 80,000.", "80,000 | people | gathered"),
        ("Nearly 40,000 people marched through the capital.", "Nearly 40,000 | people | gathered"),
        ("Six people are still missing.", "Six | people | missing"),
        ("The deficit is 3.2 billion euros.", "3.2 billion euros | euros"),
        ("He was jailed for six years.", ""),
        ("Many of which were damaged.", ""),
    ],
)  # fmt: skip
def test_find_counts_reads_number_sort_and_fate(statement, expected):
    found = [
        " | ".join(filter(None, (each.words, each.counted, each.fate))) for each in find_counts(statement)
    ]

    assert "; ".join(found) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("12 people died.", "At least 12 people died.", True),
        ("12 people died.", "13 people died.", False),
        ("Dozens of people died.", "56 people died.", True),
        ("Dozens of people died.", "6 people died.", False),
        ("More than 120 people died.", "126 people died.", True),
        ("More than 120 people died.", "300 people died.", False),
        ("Nearly 70 people died.", "68 people died.", True),
    ],
)
def test_counts_may_both_be_true_when_their_words_allow_it(one, other, expected):
    (first,), (second,) = find_counts(one), find_counts(other)

    assert (first.may_be(second), second.may_be(first)) == (expected, expected)


def test_count_says_which_number_is_a_bound_and_which_a_part():
    total, part = find_counts("At least 17 people died, including three children.")

    assert [(each.is_bound, each.is_part, each.answer_words) for each in (total, part)] == [
        (True, False, "17"),
        (False, True, "3"),
    ]
