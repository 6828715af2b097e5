import pytest

from claims.extraction.context.bodies import BodyNames
from claims.extraction.context.mentions import find_mentions
from claims.extraction.parse.document import read_document


def fullest(text: str, head: str) -> str | None:
    """Return the fullest name of the body that the last mention headed by `head` is."""
    document = read_document(text)
    mentions = find_mentions(document)
    [*_, mention] = [one for one in mentions if document.tokens[one.head].lower == head]
    name = BodyNames(document, mentions).fullest(mention)
    return None if name is None else document.span(*name).of(text)


@pytest.mark.parametrize(
    ("text", "head", "name"),
    [
        ("The Oslo-led coalition met. The coalition left.", "coalition", "Oslo-led coalition"),
        ("Norway’s Trade Ministry closed the port.", "ministry", "Norway’s Trade Ministry"),
        (
            "The High Command of the Danish navy met. The command left.",
            "command",
            "High Command of the Danish navy",
        ),
        ("The army left. Later the Danish army returned.", "army", "Danish army"),
        ("The Danish army met the Swedish army. The army left.", "army", None),
        ("The Oslo-based Bird Watch agency left.", "agency", "Bird Watch agency"),
        (
            "The Danish Office for Human Rights monitor left. The office closed.",
            "office",
            "Danish Office for Human Rights",
        ),
        ("A new ministry met. The ministry left.", "ministry", None),
    ],
)
def test_fullest_is_the_one_name_of_the_body_in_the_text(text: str, head: str, name: str | None) -> None:
    assert fullest(text, head) == name
