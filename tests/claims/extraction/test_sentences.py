import pytest

from claims.extraction.parse.sentences import find_paragraphs, sentences_of


def sentences(text: str) -> list[str]:
    return [span.of(text) for line in find_paragraphs(text) for span in sentences_of(text, line)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It left at 3 p.m. on Monday. It sank.", ["It left at 3 p.m. on Monday.", "It sank."]),
        ("It left at 3 p.m. The crew slept.", ["It left at 3 p.m.", "The crew slept."]),
        ("Mr. J. Holt of the U.S. Navy came. He sat.", ["Mr. J. Holt of the U.S. Navy came.", "He sat."]),
        ("“It sank. All slept,” she said.", ["“It sank.", "All slept,” she said."]),
        ("She said “all slept.” Then she left.", ["She said “all slept.”", "Then she left."]),
        ("She said “it sank. All slept” there.", ["She said “it sank.", "All slept” there."]),
        ("The wall fell. [3] Nobody saw it.", ["The wall fell. [3]", "Nobody saw it."]),
        ("It fell. (Nobody saw it.) We left.", ["It fell.", "(Nobody saw it.)", "We left."]),
        ("The old pier at dawn Image: Jane Roe", ["The old pier at dawn", "Image: Jane Roe"]),
        (
            "Last updated at May 3 2017 A ferry hit the old pier in Ostby on Monday.",
            ["Last updated at May 3 2017", "A ferry hit the old pier in Ostby on Monday."],
        ),
        (
            "Ferry crash kills six in Ostby Six people were killed when a ferry hit the pier.",
            ["Ferry crash kills six in Ostby", "Six people were killed when a ferry hit the pier."],
        ),
        (
            "OSTBY Norway A ferry hit the old pier near the town.",
            ["OSTBY Norway", "A ferry hit the old pier near the town."],
        ),
        (
            "It fell. Tags ferry harbour Ostby A ferry hit the old pier near the town.",
            ["It fell.", "Tags ferry harbour Ostby", "A ferry hit the old pier near the town."],
        ),
        ("(Reuters Photo) The wall fell on us.", ["(Reuters Photo)", "The wall fell on us."]),
        (
            "Patients with vitamin A deficiency were seen at the clinic on Monday morning.",
            ["Patients with vitamin A deficiency were seen at the clinic on Monday morning."],
        ),
        (
            'She said: "It sank. "Nobody saw it." The crew slept. Then it rained.',
            ['She said: "It sank. "Nobody saw it."', "The crew slept.", "Then it rained."],
        ),
        ("Wall falls\nThe wall fell.\r\nNobody saw", ["Wall falls", "The wall fell.", "Nobody saw"]),
        (" \n\t\u2028 ", []),
        ("", []),
    ],
)
def test_sentences_of_each_paragraph(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_sentences_of_text_with_half_a_character_keep_their_places() -> None:
    text = "The wall fell. \ud83d Nobody saw \udc4d it."

    assert sentences(text) == ["The wall fell.", "\ud83d Nobody saw \udc4d it."]


def test_find_paragraphs_ends_them_at_any_line_break() -> None:
    text = "a \r\n\r\n b\u2028c\x0bd\u2029"

    assert [span.of(text) for span in find_paragraphs(text)] == ["a", "b", "c", "d"]


def test_sentences_of_a_paragraph_longer_than_the_window_stay_whole() -> None:
    long = "Words " * 1000 + "end."
    text = f"First one. {long} Last one."

    assert sentences(text) == ["First one.", long, "Last one."]
