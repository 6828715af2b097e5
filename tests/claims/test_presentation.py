"""Cutting a text into pieces: nothing of it may be lost, moved or attributed to another claim."""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.presentation import (
    PARAGRAPH_BREAK,
    Segment,
    context,
    differing_words,
    frame_rows,
    full_name,
    paragraphs,
    relay,
    reveal,
    segments,
)


@dataclass
class Mention:
    """A claim as far as showing it goes."""

    pk: int
    spans: list[list[int]]
    sentence_start: int = 0
    sentence_end: int = 0
    speaker_spans: list[list[int]] = field(default_factory=list)
    cue: dict[str, Any] | None = None


@st.composite
def texts_with_claims(draw: st.DrawFn) -> tuple[str, list[Mention]]:
    text = draw(st.text(st.sampled_from("ab \n\u202e😀é"), min_size=1, max_size=60))
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 12)).map(
        lambda place: [place[0], min(place[0] + place[1], len(text))]
    )
    mentions = []
    for pk in range(draw(st.integers(0, 6))):
        sentence = draw(places)
        mentions.append(
            Mention(
                pk=pk,
                spans=draw(st.lists(places, min_size=1, max_size=3)),
                sentence_start=sentence[0],
                sentence_end=sentence[1],
                speaker_spans=draw(st.lists(places, max_size=2)),
                cue=draw(st.none() | places.map(lambda span: {"text": "", "span": span})),
            )
        )
    return text, mentions


def covering(spans: list[list[int]], offset: int) -> bool:
    return any(start <= offset < end for start, end in spans)


@given(texts_with_claims())
def test_segments_join_back_to_the_text(example: tuple[str, list[Mention]]) -> None:
    text, mentions = example

    pieces = segments(text, mentions)

    assert "".join(piece.text for piece in pieces) == text
    assert [piece.start for piece in pieces] == [
        sum(len(earlier.text) for earlier in pieces[:number]) for number in range(len(pieces))
    ]


@given(texts_with_claims())
def test_segments_name_exactly_the_claims_at_each_character(example: tuple[str, list[Mention]]) -> None:
    text, mentions = example

    pieces = segments(text, mentions)

    for piece in pieces:
        for offset in range(piece.start, piece.start + len(piece.text)):
            assert piece.claims == tuple(m.pk for m in mentions if covering(m.spans, offset))
            assert piece.speakers == tuple(m.pk for m in mentions if covering(m.speaker_spans, offset))
            assert piece.cues == tuple(m.pk for m in mentions if m.cue and covering([m.cue["span"]], offset))
            assert piece.sentences == tuple(
                m.pk for m in mentions if covering([[m.sentence_start, m.sentence_end]], offset)
            )


@given(texts_with_claims())
def test_segments_begin_each_claim_once(example: tuple[str, list[Mention]]) -> None:
    text, mentions = example

    begins = [(pk, piece.start) for piece in segments(text, mentions) for pk in piece.begins]

    assert sorted(begins) == [(m.pk, min(start for start, _ in m.spans)) for m in mentions]


@given(texts_with_claims(), st.data())
def test_segments_of_a_part_are_those_of_the_whole_cut_to_it(
    example: tuple[str, list[Mention]], data: st.DataObject
) -> None:
    text, mentions = example
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    part = segments(text, mentions, start=start, end=end)

    assert "".join(piece.text for piece in part) == text[start:end]
    whole = {o: p.claims for p in segments(text, mentions) for o in range(p.start, p.start + len(p.text))}
    assert {o: p.claims for p in part for o in range(p.start, p.start + len(p.text))} == {
        offset: whole[offset] for offset in range(start, end)
    }


@given(texts_with_claims())
def test_paragraphs_hold_all_but_the_breaks(example: tuple[str, list[Mention]]) -> None:
    text, mentions = example

    shown = paragraphs(segments(text, mentions))

    # A break that a claim cuts in two leaves single line ends behind, so compare without any.
    assert "".join(p.text for paragraph in shown for p in paragraph).replace("\n", "") == text.replace(
        "\n", ""
    )


def test_segments_of_overlapping_and_discontinuous_claims() -> None:
    text = "The jet was shot down, he said, near Resafa."
    first = Mention(
        1, [[0, 21], [32, 43]], 0, 44, speaker_spans=[[23, 25]], cue={"text": "said", "span": [26, 30]}
    )
    second = Mention(2, [[8, 21]], 0, 44)

    pieces = segments(text, [first, second])

    both = (1, 2)
    assert pieces == [
        Segment(0, "The jet ", claims=(1,), sentences=both, begins=(1,)),
        Segment(8, "was shot down", claims=both, sentences=both, begins=(2,)),
        Segment(21, ", ", sentences=both),
        Segment(23, "he", speakers=(1,), sentences=both),
        Segment(25, " ", sentences=both),
        Segment(26, "said", cues=(1,), sentences=both),
        Segment(30, ", ", sentences=both),
        Segment(32, "near Resafa", claims=(1,), sentences=both),
        Segment(43, ".", sentences=both),
    ]


def test_context_is_the_paragraph_around_the_claim() -> None:
    text = "Before.\n\nOne said. Two said.\n\nAfter."
    start = text.index("Two")

    found = context(text, Mention(1, [[start, start + 3]], start, start + 9))

    assert text[slice(*found)] == "One said. Two said."


def test_context_of_a_claim_over_two_paragraphs_holds_both() -> None:
    text = "Before.\n\nOne.\n\nTwo.\n\nAfter."

    found = context(text, Mention(1, [[9, 13], [15, 19]], 9, 13))

    assert text[slice(*found)] == "One.\n\nTwo."


def test_context_of_an_endless_paragraph_is_cut_between_words() -> None:
    text = "word " * 1000 + "claim" + " word" * 1000
    start = 5000

    found = context(text, Mention(1, [[start, start + 5]], start, start + 5), limit=12)

    assert text[slice(*found)] == "word word claim word word"


def test_context_without_any_space_is_cut_all_the_same() -> None:
    text = "x" * 5000

    found = context(text, Mention(1, [[2000, 2005]], 2000, 2005), limit=10)

    assert found == (1990, 2015)


@given(st.text())
def test_reveal_joins_back_to_the_text(text: str) -> None:
    assert "".join(piece for piece, _ in reveal(text)) == text


@given(st.text())
def test_reveal_labels_every_control_and_direction(text: str) -> None:
    plain = "".join(piece for piece, label in reveal(text) if not label)

    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not [c for c in plain if unicodedata.bidirectional(c) in turning]
    assert not [c for c in plain if unicodedata.category(c) == "Cc" and c not in "\t\n"]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("plain words\n\tand lines", []),
        ("pass\u200bword", ["ZWSP"]),
        ("pass\u200dword", ["ZWJ"]),
        ("\u200cfirst", ["ZWNJ"]),
        ("👩\u200d👧", []),
        ("می\u200cخواهم", []),
        ("\ufeffstart \u00adsoft \u2066isolated\u2069", ["BOM", "SHY", "LRI", "PDI"]),
        ("tag\U000e0041", ["U+E0041"]),
        ("\u0660\u06dd arabic digits", []),
    ],
)
def test_reveal_labels_what_is_hidden_and_leaves_what_scripts_need(text: str, labels: list[str]) -> None:
    assert [label for _, label in reveal(text) if label] == labels


def test_full_name_tells_number_and_name() -> None:
    assert [full_name("\u202e"), full_name("\x07")] == [
        "U+202E right-to-left override",
        "U+0007 control character",
    ]


def test_frame_rows_say_only_what_the_frame_says() -> None:
    frame = {
        "predicate": "shoot down",
        "agent": "the coalition",
        "target": "a jet",
        "place": "",
        "time": {"text": "Sunday", "span": [0, 6], "earliest": "2017-06-18", "latest": "2017-06-18"},
        "quantities": [
            {"value": "20", "upper": "30", "unit": "km", "approximator": "some", "span": [0, 1]},
            {"value": "2", "upper": None, "unit": "", "approximator": "", "span": [0, 1]},
        ],
        "negated": True,
        "hedges": ["perhaps", "likely"],
    }

    assert frame_rows(frame) == [
        ("Event", "shoot down"),
        ("Agent", "the coalition"),
        ("Target", "a jet"),
        ("Time", "Sunday (2017-06-18)"),
        ("Quantities", "some 20 to 30 km; 2"),
        ("Polarity", "negated"),
        ("Hedges", "perhaps, likely"),
    ]
    assert frame_rows({}) == []


def test_relay_names_each_only_where_it_changes() -> None:
    names = ["Harbour Wire", "the mayor", "the mayor", "Harbour Wire"]

    assert relay({"name": name, "spans": []} for name in names) == [
        "Harbour Wire",
        "the mayor",
        "Harbour Wire",
    ]


def test_paragraph_breaks_are_empty_lines() -> None:
    assert PARAGRAPH_BREAK.split("a\nb\n\nc\n\n\nd") == ["a\nb", "c", "d"]


# --- differing_words ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "differ"),
    [
        ("The jet fell.", "The jet fell.", ([], [])),
        ("The jet fell.", "The jet fell on Sunday.", ([], [" on Sunday"])),
        ("It fell.", "The jet fell.", (["It"], ["The jet"])),
        ("", "It fell.", ([], ["It fell."])),
        ("Nothing alike", "42!", (["Nothing alike"], ["42!"])),
    ],
)
def test_differing_words_are_marked_on_both_sides(
    old: str, new: str, differ: tuple[list[str], list[str]]
) -> None:
    cut = differing_words(old, new)

    assert tuple([text for text, differs in side if differs] for side in cut) == differ


@given(st.text(max_size=80), st.text(max_size=80))
def test_differing_words_join_back_to_their_sentences(old: str, new: str) -> None:
    cut = differing_words(old, new)

    assert tuple("".join(text for text, _ in side) for side in cut) == (old, new)


def test_differing_words_of_very_long_sentences_differ_as_a_whole() -> None:
    old, new = "word " * 400, "word " * 401

    assert differing_words(old, new) == ([(old, True)], [(new, True)])
