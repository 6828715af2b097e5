import pytest

from claims.extraction.context.coreference import Coreference
from claims.extraction.parse.document import read_document


def linked(text: str, word: str) -> str | None:
    """Return the name of whom the last mention headed by `word` speaks of, sure or not."""
    document = read_document(text)
    heads = [head for head in Coreference(document).resolved if document.tokens[head].lower == word]
    found = Coreference(document).resolved[max(heads)]
    name = found.referent.name
    return None if name is None else document.span(*name).of(text)


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("Jane Roe closed the dam. Later she left Riga.", "she", "Jane Roe"),
        ("Jane Roe closed the dam. Then Mrs. Roe left Riga.", "roe", "Jane Roe"),
        ("Mr. Poe met Jane Roe on Sunday. He was late.", "he", "Poe"),
        ("Jane Roe met John Poe. Her car was red.", "her", "Jane Roe"),
        ("The Coastal Safety Board (CSB) met. The CSB closed two roads.", "csb", "Coastal Safety Board"),
        ("The Ministry of Trade closed the port. The ministry was wrong.", "ministry", "Ministry of Trade"),
        ("The flood reached Riga. The city was empty.", "city", "Riga"),
    ],
)
def test_coreference_links_mention_to_name(text: str, word: str, name: str) -> None:
    assert linked(text, word) == name


def test_coreference_of_nobody_named_has_no_name() -> None:
    document = read_document("A baker left the dam. He was hurt.")

    coreference = Coreference(document)

    assert [coreference.name_of(head) for head in coreference.resolved] == [None] * len(coreference.resolved)


def test_coreference_keeps_people_with_other_titles_apart() -> None:
    text = "Mr. Roe left the dam. Mrs. Roe stayed in Riga."

    document = read_document(text)
    found = Coreference(document).resolved
    referents = {id(found[at].referent) for at in found if document.tokens[at].lower == "roe"}

    assert len(referents) == 2


def test_coreference_is_sure_of_the_only_name_that_ends_so() -> None:
    text = "The Harbour Board closed the port. The board was wrong."
    document = read_document(text)
    coreference = Coreference(document)

    [*_, board] = [at for at, token in enumerate(document.tokens) if token.lower == "board"]
    name = coreference.name_of(board)

    assert name is not None
    assert document.span(*name).of(text) == "Harbour Board"


def test_coreference_of_the_same_text_is_the_same() -> None:
    text = "Jane Roe met John Poe in Riga. She told him that it had rained. The city was wet. They left. " * 5
    document = read_document(text)

    first, second = (
        {at: (found.referent.name, found.probability) for at, found in Coreference(document).resolved.items()}
        for _ in range(2)
    )

    assert first == second
