"""What is not read is said: other languages, and passages that are no sentences."""

import pytest

from claims.extraction import extract

ENGLISH = "The harbour master said the ferry had left before the storm and that nobody was hurt. "
GERMAN = "Der Hafenmeister sagte, die Fähre sei vor dem Sturm ausgelaufen und niemand sei verletzt worden. "
ARABIC = "قال الوزير إن الجسر مغلق منذ يوم الأحد. "


def test_extract_notes_nothing_about_an_article_that_was_read() -> None:
    extracted = extract(ENGLISH * 20)

    assert (extracted.note, len(extracted.claims) > 0) == ("", True)


@pytest.mark.parametrize("text", [GERMAN * 8, ARABIC * 12])
def test_extract_refuses_other_languages(text: str) -> None:
    extracted = extract(text)

    assert extracted.claims == []
    assert extracted.note.startswith("The text does not look English, so no claims were looked for")


def test_extract_says_which_passages_are_no_sentences() -> None:
    extracted = extract(ENGLISH * 20 + "\n\n" + "the jet said it was hit and " * 200)

    assert extracted.note == "One passage cannot be read as a sentence, so no claims were looked for there."
    assert len(extracted.claims) > 0
