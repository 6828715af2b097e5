import pytest

from claims.ingestion.decide import Decision, Known, Outcome, canonical_text, decide, text_sha256

KNOWN = Known(article_id=7, text_sha256="b")
OTHER = Known(article_id=8, text_sha256="c")


@pytest.mark.parametrize(
    ("same_url", "same_text", "text", "expected"),
    [
        (None, None, "c", Decision(Outcome.NEW)),
        (None, OTHER, "c", Decision(Outcome.DUPLICATE, article_id=8)),
        (KNOWN, None, "b", Decision(Outcome.SAME, article_id=7)),
        (KNOWN, KNOWN, "b", Decision(Outcome.SAME, article_id=7)),
        (KNOWN, None, "c", Decision(Outcome.CHANGED, article_id=7)),
        (KNOWN, OTHER, "c", Decision(Outcome.CHANGED, article_id=7)),
        (KNOWN, KNOWN, "a", Decision(Outcome.CHANGED, article_id=7)),
    ],
    ids=[
        "nothing_known",
        "same_words_in_the_outlet",
        "unchanged",
        "unchanged_and_found_by_its_words_too",
        "changed",
        "changed_into_the_words_of_another_article",
        "changed_back",
    ],
)
def test_decide_looks_at_the_address_before_the_words(same_url, same_text, text, expected):
    assert decide(same_url=same_url, same_text=same_text, text_sha256=text) == expected


def test_article_that_changes_and_changes_back_has_changed_twice():
    current, second = text_sha256("Rents rose."), text_sha256("Rents fell.")
    outcomes = []

    for seen in [second, current, current]:
        decision = decide(same_url=Known(1, current), same_text=None, text_sha256=seen)
        outcomes.append(decision.outcome)
        current = seen

    assert outcomes == [Outcome.CHANGED, Outcome.CHANGED, Outcome.SAME]


@pytest.mark.parametrize(
    "same",
    [
        "Rents rose.\r\n\r\nWages fell.",
        "  Rents  rose. \n\n\n\n Wages\u00a0fell.\n",
        "Rents rose.\u2028Wages fell.",
    ],
)
def test_text_sha256_ignores_line_ends_and_white_space(same):
    assert text_sha256(same) == text_sha256("Rents rose.\nWages fell.")


def test_text_sha256_ignores_how_accents_are_composed():
    assert text_sha256("Cafe\u0301s closed.") == text_sha256("Caf\u00e9s closed.")


@pytest.mark.parametrize(
    "other", ["rents rose.", "Rents rose", "Rents rose!", "Rents. rose", "“Rents rose.”"]
)
def test_text_sha256_sees_case_and_punctuation(other):
    assert text_sha256(other) != text_sha256("Rents rose.")


def test_text_sha256_of_a_known_text_never_changes_within_a_version():
    assert text_sha256("Rents rose.\n\nWages fell.") == (
        "166ab9f86363c9b38aeec115538e67ecfda4e345531ab32d168a0937898ae59a"
    )


def test_canonical_text_of_white_space_is_empty():
    assert canonical_text(" \n\t\u00a0\n") == ""
