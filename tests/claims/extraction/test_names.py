from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from claims.extraction.names.labelling import (
    EDGE,
    FORBIDDEN,
    UNKNOWN,
    Features,
    Labelled,
    Model,
    Models,
    Table,
    columns_of,
    find_labelled,
    label,
    load_models,
    runs_of,
    save_models,
)
from claims.extraction.parse.document import read_document

TEXT = "Roe met Roe. Doe saw Roe."
VOCABULARY = {"word": {"roe": 0, "met": 1, "saw": 2, ".": 3, EDGE: 4}, "outer": {"O": 0, EDGE: 1}}


def weights(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def make_models() -> Models:
    """Outer: "roe" begins a person, but not behind "saw"; inner: nothing."""
    labels = ("B-person", "I-person", "O")
    roe = Table((("word", 0),), np.array([0]), np.array([[3, 1, 0]], np.float32))
    saw = Table((("word", -1),), np.array([2]), np.array([[-5, 0, 0]], np.float32))
    transitions = np.zeros((3, 3), np.float32)
    transitions[1, 2] = FORBIDDEN
    outer = Model(labels, (roe, saw), weights(0, 0, 1), transitions)
    inner = Model(("O",), (), weights(0), np.zeros((1, 1), np.float32))
    return Models(VOCABULARY, outer, inner)


def test_label_adds_up_weights_and_finds_the_best_sequence():
    document = read_document(TEXT)
    columns = {"word": [token.lower for token in document.tokens]}

    outer, inner = label(make_models(), document, columns)

    assert outer == [Labelled(0, 1, "person"), Labelled(2, 3, "person")]
    assert inner == []


def test_features_see_nothing_beyond_their_sentence():
    document = read_document(TEXT)
    features = Features(document, {"word": [token.lower for token in document.tokens]}, VOCABULARY)

    assert features.keys((("word", -1),)).tolist() == [4, 0, 1, 0, 4, UNKNOWN, 2, 0]
    assert features.keys((("word", 1),)).tolist() == [1, 0, 3, 4, 2, 0, 3, 4]


def test_features_tell_pairs_of_values_apart():
    document = read_document(TEXT)
    features = Features(document, {"word": [token.lower for token in document.tokens]}, VOCABULARY)

    keys = features.keys((("word", 0), ("word", 1))).tolist()

    assert keys == [0 * 5 + 1, 1 * 5 + 0, 0 * 5 + 3, 3 * 5 + 4, UNKNOWN, 2 * 5 + 0, 0 * 5 + 3, 3 * 5 + 4]


def test_saved_models_come_back_as_they_were(tmp_path: Path):
    document = read_document(TEXT)
    columns = {"word": [token.lower for token in document.tokens]}
    models = make_models()

    save_models(models, tmp_path / "models.npz")
    save_models(models, tmp_path / "again.npz")

    loaded = load_models(tmp_path / "models.npz")
    assert label(loaded, document, columns) == label(models, document, columns)
    assert (tmp_path / "models.npz").read_bytes() == (tmp_path / "again.npz").read_bytes()


def test_runs_of_ends_one_run_where_the_next_begins():
    found = runs_of(["B-place", "B-place", "I-place", "O", "B-time"])

    assert found == [Labelled(0, 1, "place"), Labelled(1, 3, "place"), Labelled(4, 5, "time")]


@pytest.mark.parametrize("text", ["", "Oslo", "x" * 10_000, "و" * 50, "Roe, Doe " * 700])
def test_columns_of_give_every_token_a_value(text: str):
    document = read_document(text)

    columns = columns_of(document)

    assert {len(values) for values in columns.values()} == {len(document.tokens)}


def test_find_labelled_keeps_each_layer_apart():
    text = (
        "The Norwegian Ministry of Defence sent General Kari Nordmann to the city of Bergen on Monday. " * 5
    )
    outer, inner = find_labelled(read_document(text))

    assert all(one.last <= other.first for one, other in pairwise(outer))
    assert all(one.last <= other.first for one, other in pairwise(inner))


def test_find_labelled_does_not_hang_on_what_else_a_text_holds():
    sentence = "General Kari Nordmann left the city of Bergen."
    long = "The quick brown fox jumped over the lazy dog near the old stone bridge. " * 100

    alone, _ = find_labelled(read_document(sentence))
    behind, _ = find_labelled(read_document(f"{sentence}\n\n{long}"))

    assert behind[: len(alone)] == alone
