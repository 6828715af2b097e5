import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.history.diffs import Kind, Piece, word_diff


def test_word_diff_marks_the_words_that_were_replaced() -> None:
    pieces = word_diff("The coalition shot the jet down.", "The coalition shot a drone down.")

    assert pieces == [
        Piece(Kind.SAME, "The coalition shot "),
        Piece(Kind.OLD, "the jet "),
        Piece(Kind.NEW, "a drone "),
        Piece(Kind.SAME, "down."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", []),
        ("same", "same", [Piece(Kind.SAME, "same")]),
        ("", "new", [Piece(Kind.NEW, "new")]),
        ("old", "", [Piece(Kind.OLD, "old")]),
        ("a b", "a b c", [Piece(Kind.SAME, "a "), Piece(Kind.OLD, "b"), Piece(Kind.NEW, "b c")]),
    ],
)
def test_word_diff_of_little(old: str, new: str, pieces: list[Piece]) -> None:
    assert word_diff(old, new) == pieces


def test_word_diff_leaves_out_what_is_far_from_any_difference() -> None:
    far = "word " * 100

    pieces = word_diff(f"{far}old {far}", f"{far}new {far}")

    assert [piece.kind for piece in pieces] == [
        Kind.LEFT_OUT,
        Kind.SAME,
        Kind.OLD,
        Kind.NEW,
        Kind.SAME,
        Kind.LEFT_OUT,
    ]
    assert pieces[1].text == pieces[4].text == "word " * 12


@given(st.lists(st.sampled_from(["a ", "b ", "c\n", "  ", "d"]), max_size=11).map("".join), st.data())
def test_word_diff_holds_both_texts_whole(old: str, data: st.DataObject) -> None:
    new = data.draw(st.lists(st.sampled_from(["a ", "b ", "e", "\n"]), max_size=11).map("".join))

    pieces = word_diff(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != Kind.NEW) == old
    assert "".join(piece.text for piece in pieces if piece.kind != Kind.OLD) == new


def test_word_diff_of_long_texts_that_share_nothing_is_quick() -> None:
    old = " ".join(f"a{number}" for number in range(20_000))
    new = " ".join(f"b{number}" for number in range(20_000))
    began = time.process_time()

    pieces = word_diff(old, new)

    assert pieces == [Piece(Kind.OLD, old), Piece(Kind.NEW, new)]
    assert time.process_time() - began < 1
