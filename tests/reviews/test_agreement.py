"""Agreement beyond chance: against worked examples that were published, and against well-kept libraries."""

from collections import Counter
from collections.abc import Sequence

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from reviews.agreement.measures import Figure, Ratings, Undefined, cohen_kappa, ratings_of_two

JUDGEMENTS = ("supported", "refuted", "not enough", "conflicting")
ratings = st.lists(st.lists(st.sampled_from(JUDGEMENTS), max_size=5), max_size=40)
judged_by_two = st.lists(st.tuples(st.sampled_from(JUDGEMENTS), st.sampled_from(JUDGEMENTS)), min_size=1)


def by_item(*raters: str) -> list[list[str]]:
    """What each item was called, from a line for each rater; a dot where one did not rate it."""
    return [[said for said in item if said != "."] for item in zip(*raters, strict=True)]


# --- Published worked examples ------------------------------------------------------------------
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), sections A, B and C.
TWO_OBSERVERS_BINARY = by_item("0100000010", "1110010000")
TWO_OBSERVERS_NOMINAL = by_item("aabbdcccedda", "babbbccceddd")
FOUR_OBSERVERS_WITH_GAPS = by_item("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
# Cohen, A coefficient of agreement for nominal scales (1960), the diagnoses of 200 patients by two judges.
DIAGNOSES = {
    ("personality disorder", "personality disorder"): 88,
    ("personality disorder", "neurosis"): 14,
    ("personality disorder", "psychosis"): 18,
    ("neurosis", "personality disorder"): 10,
    ("neurosis", "neurosis"): 40,
    ("neurosis", "psychosis"): 10,
    ("psychosis", "personality disorder"): 2,
    ("psychosis", "neurosis"): 6,
    ("psychosis", "psychosis"): 12,
}


@pytest.mark.parametrize(
    ("rated", "categories", "alpha", "items", "values"),
    [
        (TWO_OBSERVERS_BINARY, "01", 0.095, 10, 20),
        (TWO_OBSERVERS_NOMINAL, "abcde", 0.692, 12, 24),
        (FOUR_OBSERVERS_WITH_GAPS, "12345", 0.743, 11, 40),
    ],
)
def test_krippendorff_alpha_is_as_published(
    rated: list[list[str]], categories: str, alpha: float, items: int, values: int
) -> None:
    figure = Ratings.of(rated, categories).krippendorff_alpha()

    assert figure.value is not None
    assert (round(figure.value, 3), figure.items, figure.ratings) == (alpha, items, values)


def test_krippendorff_alpha_counts_what_the_published_example_counts() -> None:
    found = Ratings.of(FOUR_OBSERVERS_WITH_GAPS, "12345")

    assert found.by_category == {"1": 9, "2": 13, "3": 10, "4": 5, "5": 3}
    assert found.rated_once == 1


def test_cohen_kappa_is_as_published() -> None:
    figure = cohen_kappa(DIAGNOSES)

    assert figure.value is not None
    assert (round(figure.value, 3), figure.items, figure.ratings, figure.pairs) == (0.492, 200, 400, 200)


def test_percent_agreement_is_as_published_with_kappa() -> None:
    categories = ["personality disorder", "neurosis", "psychosis"]

    assert ratings_of_two(DIAGNOSES, categories).percent_agreement() == Figure(0.7, 200, 400, 200)


# --- Against libraries --------------------------------------------------------------------------
@given(ratings)
def test_krippendorff_alpha_is_that_of_the_library(rated: list[list[str]]) -> None:
    table = [[each.count(judgement) for judgement in JUDGEMENTS] for each in rated]
    paired = [row for row in table if sum(row) > 1]
    assume(sum(1 for column in zip(*paired, strict=True) if any(column)) > 1)

    figure = Ratings.of(rated, JUDGEMENTS).krippendorff_alpha()

    theirs = krippendorff.alpha(value_counts=np.array(table), level_of_measurement="nominal")
    assert figure.value == pytest.approx(theirs, abs=1e-9)


@given(judged_by_two)
def test_cohen_kappa_is_that_of_the_library(judged: list[tuple[str, str]]) -> None:
    assume(len({said for pair in judged for said in pair}) > 1)

    figure = cohen_kappa(Counter(judged))

    first, second = zip(*judged, strict=True)
    assert figure.value == pytest.approx(cohen_kappa_score(first, second), abs=1e-9)


# --- Where there is no figure -------------------------------------------------------------------
@pytest.mark.parametrize("rated", [[], [["supported"]], [["supported"], [], ["refuted"]]])
def test_agreement_without_two_ratings_of_an_item_is_undefined(rated: list[list[str]]) -> None:
    found = Ratings.of(rated, JUDGEMENTS)

    nothing = Figure(None, 0, 0, 0, Undefined.NO_PAIRS)
    assert (found.percent_agreement(), found.krippendorff_alpha()) == (nothing, nothing)
    assert found.rated_once == sum(len(each) == 1 for each in rated)


def test_kappa_of_nothing_is_undefined() -> None:
    assert cohen_kappa({}) == Figure(None, 0, 0, 0, Undefined.NO_PAIRS)


def test_agreement_on_one_category_only_has_no_figure_beyond_chance() -> None:
    found = Ratings.of([["supported", "supported"]] * 3, JUDGEMENTS)

    assert found.percent_agreement() == Figure(1.0, 3, 6, 3)
    assert found.krippendorff_alpha() == Figure(None, 3, 6, 3, Undefined.ONE_CATEGORY)
    assert cohen_kappa({("supported", "supported"): 3}) == Figure(None, 3, 6, 3, Undefined.ONE_CATEGORY)


# --- What holds of all of them ------------------------------------------------------------------
@given(ratings, st.permutations(JUDGEMENTS))
def test_agreement_does_not_depend_on_the_order_of_categories(
    rated: list[list[str]], order: Sequence[str]
) -> None:
    found, other = Ratings.of(rated, JUDGEMENTS), Ratings.of(rated, order)

    assert found.krippendorff_alpha() == other.krippendorff_alpha()
    assert found.percent_agreement() == other.percent_agreement()
    assert found.by_category == other.by_category


@given(ratings, ratings)
def test_ratings_add_up(some: list[list[str]], more: list[list[str]]) -> None:
    assert Ratings.of(some, JUDGEMENTS) + Ratings.of(more, JUDGEMENTS) == Ratings.of(some + more, JUDGEMENTS)


@given(ratings)
def test_pairs_of_ratings_are_all_counted_together(rated: list[list[str]]) -> None:
    found = Ratings.of(rated, JUDGEMENTS)

    assert sum(found.together.values()) == found.percent_agreement().pairs


@given(judged_by_two)
def test_kappa_does_not_depend_on_who_is_first(judged: list[tuple[str, str]]) -> None:
    turned = Counter((second, first) for first, second in judged)

    assert cohen_kappa(Counter(judged)) == cohen_kappa(turned)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (0, "too few to mean anything"),
        (9, "too few to mean anything"),
        (10, "few: read it with care"),
        (29, "few: read it with care"),
        (30, ""),
    ],
)
def test_figure_says_how_far_its_number_of_items_reaches(items: int, words: str) -> None:
    rated = Ratings.of([["supported", "refuted"]] * items, JUDGEMENTS)

    assert rated.percent_agreement().caution == words
