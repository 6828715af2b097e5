from datetime import date

import pytest

from claims.extraction.context.coreference import Coreference
from claims.extraction.context.speakers import Named
from claims.extraction.context.statement import Standing, alone
from claims.extraction.parse.document import Document, read_document
from claims.extraction.propositions.splitting import Piece

TUESDAY = date(2021, 3, 2)
ROE = Named("Jane Roe", is_person=True)
PORT = Named("Port of Riga", is_person=False)


def last_sentence(document: Document) -> Piece:
    sentence = document.sentences[-1]
    return ((sentence.first, sentence.last),)


def standing(text: str, speaker: Named | None = None, published_at: date | None = TUESDAY) -> Standing:
    """Return how the last sentence of `text` stands alone."""
    document = read_document(text)
    coreference = Coreference(document)
    return alone(document, last_sentence(document), speaker, published_at, coreference=coreference)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("The Harbour Board met. The board closed the port.", "The board [Harbour Board] closed the port."),
        ("It is clear that the dam broke.", "It is clear that the dam broke."),
        ("The dam broke on Sunday.", "The dam broke on Sunday [28 February 2021]."),
        ("The dam broke last month.", "The dam broke last month [February 2021]."),
        ("The dam broke last week.", "The dam broke last week [22 February 2021 to 28 February 2021]."),
        ("The dam broke last year.", "The dam broke last year [2020]."),
        ("The dam will be closed on Sunday.", "The dam will be closed on Sunday [7 March 2021]."),
        ("The dam broke on 3 May 2019.", "The dam broke on 3 May 2019."),
        ("Jane Roe lost her boat.", "Jane Roe lost her boat."),
    ],
)
def test_alone_says_in_brackets_what_only_the_text_around_tells(text: str, statement: str) -> None:
    assert standing(text) == Standing(statement, ())


@pytest.mark.parametrize(
    ("text", "speaker", "statement"),
    [
        ("I saw the wave.", ROE, "[Jane Roe] saw the wave."),
        ("My boat was lost.", ROE, "[Jane Roe's] boat was lost."),
        ("I am afraid.", ROE, "I [Jane Roe] am afraid."),
        ("We closed the gate.", PORT, "[Port of Riga] closed the gate."),
        ("The flood took our cranes.", PORT, "The flood took [Port of Riga's] cranes."),
    ],
)
def test_alone_gives_first_persons_the_speakers_name(text: str, speaker: Named, statement: str) -> None:
    assert standing(text, speaker) == Standing(statement, ())


@pytest.mark.parametrize(
    ("text", "speaker", "published_at", "unresolved"),
    [
        ("He left the dam.", None, TUESDAY, ("he",)),
        ("I saw the wave.", None, TUESDAY, ("i",)),
        ("We saw the wave.", ROE, TUESDAY, ("we",)),
        ("You saw the wave.", ROE, TUESDAY, ("you",)),
        ("The dam broke on Sunday.", None, None, ("Sunday",)),
        ("The dam broke on 3 May.", None, None, ("3 May",)),
        ("The dam broke two days later.", None, TUESDAY, ("two days later",)),
        ("I left on Sunday.", Named("he", True, unresolved="he"), None, ("he", "i", "Sunday")),
    ],
)
def test_alone_lists_what_nothing_explains(
    text: str, speaker: Named | None, published_at: date | None, unresolved: tuple[str, ...]
) -> None:
    assert standing(text, speaker, published_at) == Standing(text, unresolved)


@pytest.mark.parametrize(
    ("text", "speaker", "statement"),
    [
        ("She saw the wave.", ROE, "[Jane Roe] saw the wave."),
        ("She lost her boat.", ROE, "[Jane Roe] lost her boat."),
        ("It lost a crane.", PORT, "[Port of Riga] lost a crane."),
    ],
)
def test_alone_takes_a_leading_pronoun_after_the_cue_for_the_speaker(
    text: str, speaker: Named, statement: str
) -> None:
    document = read_document(text)

    found = alone(document, last_sentence(document), speaker, TUESDAY, follows_cue=True)

    assert found == Standing(statement, ())


def test_alone_supplies_the_verb_that_an_apposition_lacks() -> None:
    document = read_document("Jane Roe, a baker, left the dam.")

    found = alone(document, ((0, 2), (3, 5)), None, TUESDAY)

    assert found == Standing("Jane Roe [was] a baker.", ())
