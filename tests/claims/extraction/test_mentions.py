import pytest

from claims.extraction.context.mentions import Mention, find_mentions
from claims.extraction.parse.document import read_document


def named(text: str) -> list[tuple[str, str]]:
    document = read_document(text)
    return [
        (document.span(*mention.name).of(text), mention.gender)
        for mention in find_mentions(document)
        if mention.kind == "name"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mayor Jane Roe left.", [("Jane Roe", "female")]),
        ("Mr. Poe left.", [("Poe", "male")]),
        ("The Ministry of Trade closed the port.", [("Ministry of Trade", ""), ("Trade", "")]),
        ("We met Omar al-Amin there.", [("Omar al-Amin", "male")]),
        ("The General Command left.", [("General Command", "")]),
        ("Al-Amin, a channel in Riga, left.", [("Al-Amin", ""), ("Riga", "")]),
        ("Jane left.", [("Jane", "female")]),
    ],
)
def test_find_mentions_gives_names_without_their_titles_and_names_inside_them(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert named(text) == expected


def test_find_mentions_gives_pronouns_with_what_their_form_tells() -> None:
    found = find_mentions(read_document("She lost it."))

    assert found == [
        Mention(0, 0, 1, "pronoun", 0, "subject", 1, "singular", "female"),
        Mention(2, 2, 3, "pronoun", 0, "object", 1, "singular", ""),
    ]


def test_find_mentions_of_a_list_gives_the_list_first() -> None:
    text = "Jane Roe and John Poe left."
    document = read_document(text)

    found = [(mention.kind, document.span(*mention.name).of(text)) for mention in find_mentions(document)]

    assert found == [("group", "Jane Roe and John Poe"), ("name", "Jane Roe"), ("name", "John Poe")]


def test_find_mentions_of_what_is_no_prose_is_empty() -> None:
    assert find_mentions(read_document("Roe " * 700)) == []
