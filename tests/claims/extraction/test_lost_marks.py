"""Texts that have lost their commas and apostrophes are read as if they had them, at the places they give."""

from itertools import pairwise

import pytest

from claims.extraction import extract_claims
from claims.extraction.parse.apostrophes import Word, has_lost_apostrophes, put_back
from claims.extraction.parse.commas import find_left_out, has_lost_commas
from claims.extraction.parse.document import read_document

# Long enough to tell that it has none of the marks.
OPENING = (
    "The harbour of Ostby was quiet for most of the winter and few boats left it. Fishermen mended their "
    "nets in the sheds and waited for the ice to go. The council spent the money for the new pier on the "
    "road to the north. Nobody was hurt when the old crane fell in March. It had stood for forty years. "
)


def told(sentence: str) -> list[tuple[str | None, str]]:
    """Return speaker and content of the claims of a sentence behind the opening."""
    text = OPENING + sentence
    return [
        (claim.speaker.name if claim.speaker else None, " | ".join(span.of(text) for span in claim.spans))
        for claim in extract_claims(text)
        if claim.spans[0].start >= len(OPENING)
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "A ferry hit the pier on Monday killing six people and wounding dozens the Harbour Observatory "
            "said.",
            [
                ("Harbour Observatory", "A ferry hit the pier on Monday"),
                ("Harbour Observatory", "A ferry | killing six people"),
                ("Harbour Observatory", "A ferry | wounding dozens"),
            ],
        ),
        (
            "The crane fell on a shed an engineer told Northline Wire.",
            [("engineer", "The crane fell on a shed")],
        ),
        ("The crane fell on a shed said the mayor.", [("mayor", "The crane fell on a shed")]),
        (
            "The pier held the Harbour Observatory said adding that the crane was old.",
            [("Harbour Observatory", "The pier held"), ("Harbour Observatory", "the crane was old")],
        ),
        ("The mayor said the crane was old.", [("mayor", "the crane was old")]),
    ],
)
def test_speaker_behind_what_is_said_without_a_comma(
    sentence: str, expected: list[tuple[str | None, str]]
) -> None:
    assert told(sentence) == expected


def test_commas_put_back_have_no_width_and_leave_all_words_at_their_place() -> None:
    text = OPENING + "A ferry hit the pier on Monday the Harbour Observatory said."
    tokens = read_document(text).tokens
    put_in = [token for token in tokens if token.start == token.end]

    assert {token.lower for token in put_in} == {","}
    assert all(
        text[token.start : token.end].lower() == token.lower for token in tokens if token not in put_in
    )
    assert all(before.end <= after.start for before, after in pairwise(tokens))


def test_text_with_commas_gets_none() -> None:
    text = OPENING + "A ferry, a tug, and a barge sank, the mayor said on Monday the crew left."

    assert [token for token in read_document(text).tokens if token.start == token.end] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OPENING, True),
        (OPENING + "Ice, snow, rain.", False),
        ("The crane fell on a shed.", False),
        ("", False),
    ],
)
def test_has_lost_commas(text: str, expected: bool) -> None:
    assert has_lost_commas(text) is expected


def test_find_left_out_puts_no_comma_into_a_very_short_sentence() -> None:
    assert find_left_out(["It", "sank"], ["PRP", "VBD"]) == []


@pytest.mark.parametrize(
    ("text", "expected"), [("The crew left.", True), ("The crew’s boat", False), ("It didn't sink", False)]
)
def test_has_lost_apostrophes(text: str, expected: bool) -> None:
    assert has_lost_apostrophes(text) is expected


def words_of(text: str) -> list[Word]:
    found, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        found.append(Word(word, at, at + len(word)))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norways navy left", ["Norway", "'s", "navy", "left"]),
        ("after Mondays crash", ["after", "Monday", "'s", "crash"]),
        ("an EUs envoy", ["an", "EU", "'s", "envoy"]),
        ("The Koreas are", ["The", "Koreas", "are"]),
        ("on Mondays the crew", ["on", "Mondays", "the", "crew"]),
        ("Athens harbour", ["Athens", "harbour"]),
        ("boats left", ["boats", "left"]),
    ],
)
def test_put_back_reads_possessives_of_places_days_and_acronyms(text: str, expected: list[str]) -> None:
    found = put_back(words_of(text))

    assert [word.text for word in found] == expected
    assert all(word.text.strip("'") == text[word.start : word.end] for word in found)


def test_negation_without_its_apostrophe_is_still_one() -> None:
    claims = extract_claims("The navy didnt use the harbour.")

    assert [(claim.statement, claim.frame.negated) for claim in claims] == [
        ("The navy didnt use the harbour.", True)
    ]
