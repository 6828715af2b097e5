"""Two wordings, and whether they say the same."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.matching.paraphrase import Scorer, read_wording, same_meaning, scorer
from reviews.matching.paraphrase.amounts import compare_amounts, find_amounts
from reviews.matching.paraphrase.polarity import answers_yes_or_no, are_opposed, is_negated, ways
from reviews.matching.paraphrase.training import balanced_accuracy, fit
from reviews.matching.paraphrase.vectors import UNKNOWN_RANK, WordTable, word_table, write_word_table
from reviews.matching.paraphrase.wording import FEATURES, SIGNS, measure
from reviews.matching.paraphrase.words import all_words, content_words, stem

PHRASES = st.lists(
    st.sampled_from(
        ["the", "ferry", "sank", "did not", "rise", "fall", "no", "yes", "3", "three", "2024", "May",
         "bridge", "Alder", "because of", "rain",
         "“", "’s", "İ", "ß", "😀", "שלום", "\x00", "½", "1,000,000", "9" * 40]
    ),
    max_size=8,
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the dam", "Dam."),
        ("at least 56", "56 people"),
        ("56 people", "at least fifty-six civilians"),
        ("to stop smuggling", "to curb the smuggling of goods"),
        ("gas leak", "a leaking gas pipe"),
        ("because of rain", "owing to heavy rainfall"),
        ("a suicide attack", "a suicide bomber"),
        ("U.S. troops", "American soldiers"),
        ("3m euros", "three million euros"),
    ],
)
def test_same_meaning_meets_other_words_for_one_thing(one, other):
    assert same_meaning(one, other) > 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a school", "a hospital"),
        ("the mayor", "the governor"),
        ("two years", "three years"),
        ("14 people were hurt in the fire", "56 people were hurt in the fire"),
        ("prices will rise", "prices will fall"),
        ("He resigned", "He did not resign"),
        ("the crew survived", "the crew is dead"),
        ("the ferry", ""),
        ("", ""),
    ],
)
def test_same_meaning_tells_other_things_apart(one, other):
    assert same_meaning(one, other) < 0.5


@settings(deadline=None)
@given(one=PHRASES, other=PHRASES)
def test_same_meaning_is_a_share_and_the_same_both_ways_round(one, other):
    likely = same_meaning(one, other)

    assert 0.0 <= likely <= 1.0
    assert same_meaning(other, one) == likely
    assert same_meaning(one, one) == (1.0 if all_words(one) else 0.0)


def test_measure_gives_a_value_for_each_feature_and_weight():
    values = measure(read_wording("the ferry sank"), read_wording("a boat went down"))

    assert len(values) == len(FEATURES) == len(SIGNS) == len(scorer().weights)
    assert all(weight * sign >= 0 for weight, sign in zip(scorer().weights, SIGNS, strict=True))


def test_read_wording_lets_the_words_of_the_question_weigh_less():
    plain, asked = (
        read_wording("harbour fire"),
        read_wording("harbour fire", asked=frozenset({stem("harbour")})),
    )

    assert asked.weights[0] < plain.weights[0]
    assert asked.weights[1] == plain.weights[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("The mayor’s 1,200 men", ["the", "mayor", "1200", "men"]),
        ("twenty-five on the 3rd", ["25", "on", "the", "3"]),
        ("the U.S. and the UK", ["the", "america", "and", "the", "britain"]),
        ("He told us: don't!", ["he", "told", "us", "don't"]),
        ("£3m, 2.5bn", ["3m", "2.5bn"]),
    ],
)
def test_all_words_folds_case_numbers_and_short_names(text, words):
    assert all_words(text) == words


def test_content_words_leaves_out_what_only_joins():
    assert content_words("because of the rain that fell on the bridge") == ["rain", "fell", "bridge"]


@pytest.mark.parametrize(
    "forms",
    [
        ("smuggle", "smuggles", "smuggled", "smuggling", "smugglers"),
        ("kill", "kills", "killed", "killing", "killer"),
        ("protect", "protection", "protected"),
        ("city", "cities"),
        ("invest", "investor", "investors", "investment"),
        ("crossing", "crosses", "crossed", "cross"),
    ],
)
def test_stem_is_one_for_the_forms_of_a_word(forms):
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("bus", "bust"), ("crisis", "cross"), ("was", "wash"), ("56", "5")]
)
def test_stem_keeps_other_words_apart(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("", set()),
        ("the mayor may resign", set()),
        ("1 July 2024", {("day", 1), ("month", 7), ("year", 2024)}),
        ("in May 2024", {("month", 5), ("year", 2024)}),
        ("on Monday", {("weekday", 0)}),
        ("three more years", {("number", 3)}),
        ("three years", {("year span", 3)}),
        ("another year", {("year span", 1)}),
        ("three million", {("number", 3_000_000)}),
        ("3m", {("number", 3_000_000)}),
        ("dozens or a dozen", {("number", 12)}),
        ("two hundred", {("number", 200)}),
        ("2050 people and 1850 more", {("year", 2050), ("number", 1850)}),
    ],
)
def test_find_amounts_reads_figures_with_what_they_count(text, amounts):
    assert find_amounts(text) == amounts


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("July 2024", "2024", "same"),
        ("until 1 July 2024", "July 2024", "same"),
        ("July 2024", "April 2024", "different"),
        ("three years", "two years", "different"),
        ("12 of 40", "40", "same"),
        ("three years", "2024", ""),
        ("for good", "2024", ""),
        ("", "", ""),
    ],
)
def test_compare_amounts_compares_what_is_of_one_kind(one, other, agreement):
    assert compare_amounts(find_amounts(one), find_amounts(other)) == agreement


@pytest.mark.parametrize(("text", "side"), [("Yes, it did", 1), ("No.", -1), ("It did", 0), ("", 0)])
def test_answers_yes_or_no_reads_the_first_word(text, side):
    assert answers_yes_or_no(all_words(text)) == side


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("he resigned", False),
        ("he didn't resign", True),
        ("he did not deny it", False),
        ("No", False),
        ("No, he didn’t", True),
    ],
)
def test_is_negated_counts_negations(text, is_so):
    assert is_negated(all_words(text)) is is_so


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [
        ("prices rose and increased", "prices decreased", True),
        ("prices will rise", "prices will not fall", False),
        ("prices will rise", "rents were paid", False),
        ("support that weakens", "support that strengthens", False),
    ],
)
def test_are_opposed_wants_opposite_ways_and_none_in_common(one, other, is_so):
    assert are_opposed(ways(all_words(one)), ways(all_words(other))) is is_so


def test_word_table_is_read_as_it_was_written(tmp_path):
    vectors = numpy.array([[1, 0, 5], [0, 1, 5], [0.6, 0.8, 5]], dtype="float32")

    write_word_table(tmp_path / "words.npz", ["ferry", "sank", "ferries"], vectors, dimensions=2)
    table = WordTable.read(tmp_path / "words.npz")

    assert table.dimensions == 2
    assert table.vector(stem("ferry")) == pytest.approx([0.894, 0.447], abs=0.01)
    assert table.vector("unheard") == pytest.approx([0, 0])
    assert table.rarity(stem("ferry")) < table.rarity("sank") < table.rarity("unheard")


def test_word_table_knows_frequent_words_as_less_rare():
    table = word_table()

    assert table.rarity(stem("people")) < table.rarity(stem("ferry")) < table.rarity("qqqq")
    assert table.rarity("qqqq") == pytest.approx(1 + numpy.log1p(UNKNOWN_RANK / 300))


def test_scorer_is_read_as_it_was_written(tmp_path):
    written = Scorer(weights=(1.5, -2.0), bias=-0.25)
    (tmp_path / "scorer.json").write_text(written.as_json(), encoding="utf-8")

    assert Scorer.read(tmp_path / "scorer.json") == written


def test_fit_finds_what_tells_same_from_other_and_leaves_out_what_speaks_against_its_sign():
    chance = numpy.random.default_rng(5)
    is_same = chance.random(400) < 0.2
    telling = is_same + chance.normal(0, 0.3, 400)
    features = numpy.zeros((400, len(SIGNS)))
    features[:, 0] = telling
    features[:, 1] = chance.random(400) - is_same

    weights, bias = fit(features, is_same)

    assert weights[0] > 0
    assert weights[1] == 0
    assert balanced_accuracy(features @ weights + bias, is_same) > 0.9
