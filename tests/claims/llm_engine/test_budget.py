import pytest

from claims.llm_engine.budget import Budget, estimate_tokens
from claims.llm_engine.errors import OverBudget


def test_budget_counts_what_was_used_and_not_what_was_reserved() -> None:
    run = Budget(1_000, of="this run")
    text = Budget(500, of="one text", within=run)

    text.reserve(400)
    text.settle(400, 150)

    assert (text.used, run.used) == (150, 150)


def test_budget_that_would_be_exceeded_reserves_nothing() -> None:
    run = Budget(300, of="this run")
    text = Budget(500, of="one text", within=run)
    text.reserve(200)

    with pytest.raises(OverBudget, match="about 200 tokens, and of the 300 for this run 100 are left"):
        text.reserve(200)

    assert (text.used, run.used) == (200, 200)


@pytest.mark.parametrize(("text", "tokens"), [("", 1), ("abcdef", 3), ("שלום", 3), ("\ud800", 1)])
def test_estimate_tokens_counts_three_bytes_each(text: str, tokens: int) -> None:
    assert estimate_tokens(text) == tokens
