import gzip
import json
import re
from pathlib import Path

import pytest

from claims.extraction.check_worthiness import (
    Weights,
    content_words,
    find_signs,
    load_weights,
    score,
    score_sentences,
)
from claims.extraction.parse.document import read_document
from claims.extraction.training.check_worthiness import (
    LABELS,
    MissingSentence,
    read_labelled,
    write_weights,
)


def scores(text: str) -> list[float]:
    return [sentence.check_worthiness for sentence in score_sentences(read_document(text))]


@pytest.mark.parametrize(
    ("claim", "no_claim"),
    [
        ("The council closed two of its five libraries in 2019.", "Libraries are the soul of a town."),
        ("The minister said that the dam had been empty for a month.", "What should the minister say?"),
        ("We will build forty flats on the old mill site next year.", "We will never give up."),
        ("Rents rose faster than wages.", "Let us be kind to one another."),
        ("Thank you to Mayor Lindqvist, who opened the shelter in March.", "Thank you all so much."),
        ("Ana Duarte is a judge at the court of appeal in Lisbon.", "She is simply wonderful."),
        ("The law requires every landlord to test the water once a year.", "Please listen to me."),
        ("There were two ferries a day until the strike.", "There is joy in giving."),
        ("We have cut the wait for a passport to nine days.", "We have grown so much as a community."),
        ("I will sign the fisheries treaty in Tromsø on Monday.", "I will carry your stories with me."),
        ("Eleven harvests lost in twenty years.", "Courage in the face of doubt."),
    ],
)
def test_score_of_a_claim_is_above_a_half_and_of_anything_else_below(claim: str, no_claim: str) -> None:
    assert scores(claim)[0] > 0.5 > scores(no_claim)[0]


def test_score_rises_with_each_fact_that_can_be_looked_up() -> None:
    found = scores(
        "They left.\nThe crew left the ship.\nThe crew left the ship in Bergen on Sunday.\n"
        "The crew of 14 left the ship in Bergen on 3 May 2019."
    )

    assert found == sorted(found)
    assert len(set(found)) == 4


def test_score_of_part_of_a_sentence_knows_nothing_of_the_rest() -> None:
    document = read_document("Please come in, 12 boats sank off Riga in 2019.")
    appeal = document.sentences[0].first, document.sentences[0].first + 3

    assert content_words(document, *appeal) == content_words(read_document("Please come in"), 0, 3)
    assert find_signs(document, *appeal).isdisjoint({"numbers >= 1", "names >= 1", "year", "main past"})
    assert score(document, *appeal) < 0.5


def test_score_of_no_tokens_is_none() -> None:
    assert score(read_document("It rained."), 1, 1) == 0.0


def test_find_signs_names_what_a_reader_sees() -> None:
    document = read_document("Did you see that 3 boats sank?")

    signs = find_signs(document, 0, len(document.tokens))

    assert signs >= {"question mark", "second person", "numbers >= 1", "figures >= 1", "VBD"}
    assert signs.isdisjoint({"first person", "quotation", "year", "unit", "names >= 1", "no finite verb"})


def test_weights_that_know_nothing_leave_the_intercept() -> None:
    assert Weights(0.0, {}, {}).chance({"year"}, ["boat"]) == 0.5


def test_weights_count_words_by_the_root_of_their_number() -> None:
    weights = Weights(0.0, {}, {"boat": 1.0})

    assert weights.chance(set(), ["boat"] * 4) == weights.chance(set(), ["boat", "boat", "boat", "boat"])
    assert weights.chance(set(), ["boat"] * 4) > weights.chance(set(), ["boat"])
    assert weights.chance(set(), ["boat", "x", "y", "z"]) < weights.chance(set(), ["boat"])


@pytest.mark.parametrize("intercept", [-1e9, 1e9])
def test_weights_stay_in_bounds_however_great_they_are(intercept: float) -> None:
    assert 0 <= Weights(intercept, {}, {}).chance(set(), []) <= 1


def test_weights_written_are_read_again_in_thousandths_and_without_the_smallest(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    weights = Weights(-0.5, {"year": 1.2344, "unit": 0.0}, {"öl": 0.25, '"': -0.1, "boat": 0.004, "bay": 2.0})

    write_weights(weights, path)

    assert load_weights(path) == Weights(-0.5, {"year": 1.234}, {"öl": 0.25, '"': -0.1, "bay": 2.0})


def test_weights_of_words_with_one_initial_share_a_line(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"

    write_weights(Weights(0.0, {"year": 1.0}, {"boat": 0.5, "ash": 0.25, "bay": 2.0}), path)

    assert path.read_text(encoding="utf-8").splitlines() == [
        '{"intercept": 0,',
        '"signs": {"year": 1000},',
        '"words": {',
        '"ash": 250,',
        '"bay": 2000, "boat": 500',
        "}}",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "?!?!?!",
        "\u202eمرحبا\u202c بالعالم",
        "e\u0301" * 50,
        "👩‍👩‍👧 👍🏽 🏴‍☠️",
        "a" * 5000,
        "word " * 3000,
        '"' * 400,
        "(((((((((((((((((((( x",
        "1 2 3 4 5 6 7 8 9 10 " * 40,
        "\x00\x01 NUL.",
    ],
)
def test_scores_of_hostile_text_are_in_bounds_short_and_repeatable(text: str) -> None:
    found = scores(text)

    assert found == scores(text)
    assert [value for value in found if not 0 <= value <= 1 or round(value, 3) != value] == []


def test_scores_are_true_to_the_share_of_claims() -> None:
    own = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines() if '"own"' in line]
    read = [(max(scores(label["text"])), label["claim"]) for label in own[::3]]

    low = [claim for value, claim in read if value < 0.3]
    middle = [claim for value, claim in read if 0.3 <= value <= 0.7]
    high = [claim for value, claim in read if value > 0.7]

    assert sum(low) / len(low) < 0.25
    assert 0.25 < sum(middle) / len(middle) < 0.75
    assert sum(high) / len(high) > 0.75
    assert sum(value for value, _ in read) / len(read) == pytest.approx(
        sum(claim for _, claim in read) / len(read), abs=0.06
    )


def test_labels_are_many_and_of_both_kinds() -> None:
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    places = [json.dumps({key: label[key] for key in label if key != "claim"}) for label in labels]

    assert len(places) == len(set(places)) >= 3000
    assert 0.4 < sum(label["claim"] for label in labels) / len(labels) < 0.6


def test_read_labelled_refuses_a_corpus_that_lacks_a_labelled_sentence(tmp_path: Path) -> None:
    for corpus, name in (("gum", "train.jsonl.gz"), ("ewt", "train.conllu.gz")):
        (tmp_path / corpus).mkdir()
        gzip.open(tmp_path / corpus / name, "wt").close()

    with pytest.raises(MissingSentence, match=re.escape("GUM has no sentence [0, ")):
        list(read_labelled(tmp_path))
