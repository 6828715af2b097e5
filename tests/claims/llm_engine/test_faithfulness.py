import pytest

from claims.llm_engine.faithfulness import Faithfulness

TEXT = (
    "The Port of Riga closed on Monday. Jane Roe, its director, came late. She said it had lost about 40 "
    "cranes in the storm. The mayor denied this and did not resign. He may resign."
)
QUOTE = "it had lost about 40 cranes in the storm"


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("It had lost about 40 cranes in the storm.", QUOTE),
        ("The Port of Riga had lost about 40 cranes in the storm.", QUOTE),
        ("She said it had lost about 40 cranes in the storm.", QUOTE),
        ("On Monday it had lost about 40 cranes in the storm.", QUOTE),
        ("The Port of Riga’s director came late.", "its director came late"),
    ],
)
def test_statement_with_words_of_the_article_is_allowed(statement: str, quote: str) -> None:
    assert Faithfulness(TEXT, title="", outlet="").allows(statement, quote)


def test_statement_may_name_the_title_and_the_outlet() -> None:
    article = Faithfulness(TEXT, title="The great storm", outlet="Harbour Wire")

    assert article.allows("The great storm had lost about 40 cranes.", "it had lost about 40 cranes")
    assert article.allows("Harbour Wire had lost about 40 cranes.", "it had lost about 40 cranes")
    assert not article.allows("The storm Harbour had lost about 40 cranes.", "it had lost about 40 cranes")


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("", id="nothing"),
        pytest.param("The Port of Oslo had lost about 40 cranes in the storm.", id="a name from elsewhere"),
        pytest.param("It had lost about 400 cranes in the storm.", id="another number"),
        pytest.param("It had lost about 40 cranes and 3 ships in the storm.", id="one more number"),
        pytest.param("It had lost 40 cranes in the storm.", id="no longer about"),
        pytest.param("It had lost about 40 cranes.", id="less said"),
        pytest.param("It had not lost about 40 cranes in the storm.", id="negated"),
        pytest.param("It did not, it had lost about 40 cranes in the storm.", id="negated in its words"),
        pytest.param("It may had lost about 40 cranes in the storm.", id="hedged"),
        pytest.param("The mayor denied it had lost about 40 cranes in the storm.", id="denied by another"),
        pytest.param("The storm had lost in about 40 cranes.", id="turned around"),
        pytest.param("Jane Riga had lost about 40 cranes in the storm.", id="two names made one"),
        pytest.param("Cranes had lost about 40 storms.", id="words mixed"),
    ],
)
def test_statement_that_says_something_else_is_not_allowed(statement: str) -> None:
    assert not Faithfulness(TEXT, title="", outlet="").allows(statement, QUOTE)


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("He resigned.", "He may resign"),
        ("He may resign.", "resign"),
        ("The mayor did resign.", "did not resign"),
        ("The mayor didn’t resign.", "resign"),
    ],
)
def test_statement_has_no_not_or_may_more_or_less(statement: str, quote: str) -> None:
    assert not Faithfulness(TEXT, title="", outlet="").allows(statement, quote)


def test_statement_may_write_a_negation_in_its_other_form() -> None:
    article = Faithfulness("The mayor did not resign.", title="", outlet="")

    assert article.allows("The mayor didn’t resign.", "The mayor did not resign")


def test_word_of_denial_comes_in_with_the_cue_only() -> None:
    article = Faithfulness("The mayor denied the dam broke.", title="", outlet="")

    assert article.allows("The mayor denied the dam broke.", "the dam broke", cue="denied")
    assert not article.allows("The mayor denied the dam broke.", "the dam broke")
