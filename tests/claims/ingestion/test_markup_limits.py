import pytest

from claims.errors import Unreadable
from claims.ingestion.markup_limits import MAX_ATTRIBUTES, MAX_DEPTH, MAX_TAGS, check_markup


@pytest.mark.parametrize(
    "html",
    [
        "",
        "Rents rose.",
        "<div>" * MAX_DEPTH,
        "<div><b></div>" * 2_000,
        "<p>Rents rose." * 2_000,
        "<ul>" + "<li>Rents rose." * 2_000,
        "<br>" * 2_000,
        "<p " + " ".join(f"data-{number}=x" for number in range(MAX_ATTRIBUTES)) + ">",
        "<meta content='" + "a=b c " * 5_000 + "'>",
        "<script>" + "if (a<b) c='<div>';" * 5_000 + "</script>",
        "<!--" + "<div>" * 5_000 + "-->",
        "<" * MAX_TAGS,
    ],
    ids=[
        "nothing",
        "no_tags",
        "as_deep_as_allowed",
        "unclosed_inside_closed",
        "paragraphs_never_closed",
        "items_never_closed",
        "void",
        "as_many_attributes_as_allowed",
        "long_attribute",
        "script",
        "comment",
        "angles",
    ],
)
def test_check_markup_lets_pages_pass_that_parsers_can_take(html):
    check_markup(html)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<div>" * (MAX_DEPTH + 1), "nested more than 512 deep"),
        ("<DIV\n class='>'>" * (MAX_DEPTH + 1), "nested more than 512 deep"),
        ("</p><b></i>" * (MAX_DEPTH + 1), "nested more than 512 deep"),
        ("<p><!-- x --><i>" * (MAX_DEPTH + 1), "nested more than 512 deep"),
        (
            "<p " + " ".join(f"data-{number}=x" for number in range(MAX_ATTRIBUTES + 1)) + ">",
            "400 attributes",
        ),
        ("<p " + "a " * (MAX_ATTRIBUTES + 1) + ">", "400 attributes"),
        ("<p/" + "a='>'/" * (MAX_ATTRIBUTES + 1), "400 attributes"),
        ("<" * (MAX_TAGS + 1), "50,000 tags"),
        ("</p>" * (MAX_TAGS + 1), "50,000 tags"),
        ("<!---->" * (MAX_TAGS + 1), "50,000 tags"),
    ],
)
def test_check_markup_refuses_what_could_hold_a_parser(html, found):
    with pytest.raises(Unreadable, match=found) as refused:
        check_markup(html)

    assert refused.value.code == "too_complex"


def test_check_markup_returns_the_text_between_tags():
    html = (
        "<title>No</title><p>Rents <b>rose</b>.<script>if (a<b) {}</script><!-- no -->"
        "<noscript>No <i>no</i></noscript><p>Wages fell."
    )

    assert "".join(check_markup(html)) == "Rents rose.Wages fell."
