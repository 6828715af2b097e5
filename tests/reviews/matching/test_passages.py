"""What two reports share, and the numbers that keep them apart."""

import pytest

from reviews.matching.passages import Passage, _compare, do_numbers_differ, find_kinships, numbers_told

WORDS = "Wardens found {} in the burnt ropeworks at Skarholm, the harbour office of the town said"


@pytest.mark.parametrize(
    ("one", "other", "are_kin"),
    [
        ("12 barrels of tar", "12 barrels of tar", True),
        ("12 barrels of tar", "barrels of tar", True),
        ("12 barrels of tar", "30 barrels of tar", False),
        ("12 barrels of tar", "one of 12 barrels of tar", True),
    ],
)
def test_find_kinships_finds_none_where_the_numbers_differ(one, other, are_kin):
    passages = [Passage(WORDS.format(one), "a"), Passage(WORDS.format(other), "b")]

    assert list(find_kinships(passages)) == [("a", "b")] * are_kin


def test_find_kinships_shows_at_most_a_line_of_what_is_shared():
    long = " ".join(f"word{chr(97 + at // 5)}{chr(97 + at)}" for at in range(24))

    (kinship,) = find_kinships([Passage(long, "a"), Passage(f"{long} too", "b")]).values()

    assert kinship.excerpt.endswith(" …")
    assert long.startswith(kinship.excerpt.removesuffix(" …"))
    assert 100 < len(kinship.excerpt) <= 120


def test_find_kinships_compares_two_passages_once_and_cuts_an_excerpt_only_to_be_shown(monkeypatch):
    compared, cut = [], []
    monkeypatch.setattr(
        "reviews.matching.passages._compare",
        lambda one, other, kinship: compared.append(_compare(one, other, kinship)),
    )
    monkeypatch.setattr("reviews.matching.passages._excerpt", lambda text, shared: cut.append(text) or text)
    text = WORDS.format("12 barrels of tar")

    (kinship,) = find_kinships([Passage(text, "a"), Passage(text, "b")]).values()

    assert (len(compared), cut) == (1, [])
    assert (kinship.excerpt, cut) == (text, [text])


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("The fire killed 12 people.", "The fire killed at least 12 people.", False),
        ("The fire killed 12 people.", "The fire killed more than 30 people.", True),
        ("The fire killed 12 people.", "The fire wounded 30 people.", False),
        ("The fire killed 12 people.", "The fire killed dozens of people.", False),
        ("The fire killed 12 people and wounded 30.", "The fire killed 12 people and wounded 44.", True),
    ],
)
def test_do_numbers_differ_compares_what_became_of_whom(one, other, differ):
    assert do_numbers_differ(numbers_told(one), numbers_told(other)) is differ
