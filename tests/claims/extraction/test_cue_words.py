import pytest

from claims.extraction.attribution import cue_words


@pytest.mark.parametrize(
    ("form", "lemma", "base"),
    [
        ("said", "say", "say"),
        ("denies", "deny", "deny"),
        ("denied", "deni", "deny"),
        ("arguing", "argu", "argue"),
        ("criticizing", "criticiz", "criticize"),
        ("quipped", "quipp", "quip"),
        ("urges", "urge", "urge"),
        ("sank", "sink", "sink"),
    ],
)
def test_base_of_a_form(form: str, lemma: str, base: str) -> None:
    assert cue_words.base_of(form, lemma) == base


def test_words_that_deny_or_doubt_are_different_words() -> None:
    assert not cue_words.DENIAL & cue_words.DOUBT
