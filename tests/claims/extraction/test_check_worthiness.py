import pytest

from claims.extraction.check_worthiness import score_sentences
from claims.extraction.document import read_document


def scores(text: str) -> list[float]:
    return [sentence.check_worthiness for sentence in score_sentences(read_document(text))]


def test_score_rises_with_numbers_days_names_and_the_past() -> None:
    text = "It floats.\nIt floated.\nThe boat sank in Riga.\nOn Sunday 12 boats sank in Riga."

    assert scores(text) == [0.5, 0.6, 0.7, 1.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Who closed the dam?", 0.25),
        ("We will close the dam.", 0.25),
        ("I hope and believe.", 0.2),
        ("Thank the crew.", 0.0),
        ("Podcasts", 0.25),
    ],
)
def test_score_falls_for_questions_promises_opinions_and_fragments(text: str, expected: float) -> None:
    assert scores(text) == [expected]
