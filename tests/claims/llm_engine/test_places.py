import pytest

from claims.extraction.types import Span
from claims.llm_engine.places import Places, fold

TEXT = "The dam broke. Madam saw the dam: dam 2."


@pytest.mark.parametrize(
    ("words", "starts"),
    [("dam", [4, 29, 34]), (" dam ", [4, 29, 34]), ("dam: dam", [29]), ("am", []), ("", []), (" ", [])],
)
def test_find_gives_whole_words(words: str, starts: list[int]) -> None:
    found = list(Places(TEXT).find(words, Span(0, len(TEXT))))

    assert [place.start for place in found] == starts


def test_nearest_stays_within_reach_and_beside_what_is_taken() -> None:
    places = Places(TEXT)

    assert places.nearest("dam", Span(21, 24), reach=100) == Span(29, 32)
    assert places.nearest("dam", Span(21, 24), reach=100, beside=(Span(25, 33),)) == Span(34, 37)
    assert places.nearest("dam", Span(21, 24), reach=4) is None


def test_fold_keeps_every_offset() -> None:
    strange = "“İß”’\u00a0ﬁ–\u202f😀"

    assert len(fold(strange)) == len(strange)


def test_empty_text_has_no_place() -> None:
    assert Places("").first("dam") is None
