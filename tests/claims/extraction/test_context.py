from dataclasses import dataclass

import pytest

from claims.extraction.context.speakers import Named, SpeakerNames
from claims.extraction.parse.document import read_document


@dataclass(frozen=True)
class Source:
    first: int
    last: int
    head_last: int


def speakers(text: str, *sources: str) -> list[Named]:
    """Return who the sources are, each given as it is written, looked for one behind the other.

    What each says ends with its sentence.
    """
    document = read_document(text)
    names, found, at = SpeakerNames(document), [], 0
    for written in sources:
        start = text.index(written, at)
        at = start + len(written)
        inside = [i for i, token in enumerate(document.tokens) if start <= token.start and token.end <= at]
        source = Source(inside[0], inside[-1] + 1, _before_comma(text, document.tokens, inside))
        sentence = document.sentences[document.sentence_index(start)]
        found.append(
            names.resolve(source, cue_at=inside[-1] + 1, until=sentence.last, paragraph=sentence.paragraph)
        )
    return found


def _before_comma(text: str, tokens: list, inside: list[int]) -> int:
    return next((i for i in inside if tokens[i].lower == ","), inside[-1] + 1)


@pytest.mark.parametrize(
    ("text", "sources", "name"),
    [
        ("Mayor Jane Roe said it rained.", ["Mayor Jane Roe"], Named("Jane Roe", True)),
        ("Jane Roe, a baker, said it rained.", ["Jane Roe, a baker"], Named("Jane Roe", True)),
        (
            "The Ministry of Trade said it rained.",
            ["The Ministry of Trade"],
            Named("Ministry of Trade", False),
        ),
        ("Two witnesses said it rained.", ["Two witnesses"], Named("Two witnesses", True)),
        ("They said it rained.", ["They"], Named("They", False, unresolved="They")),
        (
            "Jane Roe said it rained. She said it snowed.",
            ["Jane Roe", "She"],
            Named("Jane Roe", True),
        ),
        (
            "The Ministry of Trade said it rained. The ministry said it snowed.",
            ["The Ministry of Trade", "The ministry"],
            Named("Ministry of Trade", False),
        ),
        (
            "Jane Roe, a spokeswoman, said it rained. The spokeswoman said it snowed.",
            ["Jane Roe, a spokeswoman", "The spokeswoman"],
            Named("Jane Roe", True),
        ),
        (
            "The coalition said it rained. The Oslo-led coalition met.",
            ["The coalition"],
            Named("Oslo-led coalition", False),
        ),
        (
            "It rained, according to a report by the Harbour Board.",
            ["a report by the Harbour Board"],
            Named("Harbour Board", False),
        ),
        (
            "A witness named Jane Roe said it rained.",
            ["A witness named Jane Roe"],
            Named("Jane Roe", True),
        ),
        ("A baker was hurt, he said.", ["he"], Named("baker", True)),
        (
            "The army stood by its statement that it rained.",
            ["its"],
            Named("army", False),
        ),
        (
            "Flight director Jane Roe said it rained.",
            ["Flight director Jane Roe"],
            Named("Jane Roe", True),
        ),
    ],
)
def test_resolve_gives_the_fullest_name(text: str, sources: list[str], name: Named) -> None:
    *_, last = speakers(text, *sources)

    assert last == name


def test_resolve_leaves_open_which_of_two_a_description_means() -> None:
    text = "A Danish official said it rained. A Swedish official said it snowed. The official said it hailed."

    *_, last = speakers(text, "A Danish official", "A Swedish official", "The official")

    assert last == Named("official", True, unresolved="official")


def test_resolve_leaves_open_who_he_is_when_another_was_named_since() -> None:
    text = "Mr. Roe said it rained. John Poe was wet. The ministry said it snowed."

    *_, last = speakers(text, "Mr. Roe", "The ministry")

    assert last == Named("ministry", False, unresolved="ministry")
