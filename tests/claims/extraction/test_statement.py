"""How a proposition reads alone, and that a statement adds no word of its own to what the text says."""

import gzip
import json
import re
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction import extract_claims, lexicon
from claims.extraction.context.coreference import Coreference
from claims.extraction.context.speakers import Named
from claims.extraction.context.statement import Standing, alone
from claims.extraction.parse.document import Document, read_document
from claims.extraction.propositions.splitting import Piece

TUESDAY = date(2021, 3, 2)
DATA: Final = Path(__file__).parents[4] / "shared" / "data"
MONTH: Final = f"(?:{'|'.join(month.capitalize() for month in lexicon.MONTHS)})"
DAY: Final = rf"\d{{1,2}} {MONTH} \d{{4}}"
# What a statement may add: the verb of an apposition, a day, month or year, and the ending of a possessive.
ADDED: Final = re.compile(
    rf"\[(?:is|are|was|were|{DAY}(?: to {DAY})?|{MONTH} \d{{4}}|\d{{4}}(?: to \d{{4}})?)\]|'s?(?=\])"
)
PIECES: Final = [
    "the ministry", "Jane Roe", "Roe, a baker,", "he", "it", "its crew", "said", "told reporters that",
    "denied", "according to", "and", "but", ", who", "whose boat", "which", "was closed", "hit the pier",
    "killing two", "40km from Oslo", "on Sunday", "last month", "the bridge", "“", "”", ",", ".", "?",
    "\n", "(", ")", "may", "if", "not", "I", "we", "this", "'s", "the old port, built in 1960,",
]  # fmt: skip
NEWS: Final = st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)
DAYS: Final = st.none() | st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))
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


def test_alone_names_whose() -> None:
    document = read_document("The widow, whose house burned down, sued the port.")

    found = alone(document, ((0, 2), (3, 7)), None, TUESDAY)

    assert found == Standing("[The widow's] house burned down.", ())


def folded_words(text: str) -> set[str]:
    """Return the words of the text, so that those which a capital letter tells apart are one."""
    return set(re.findall(r"\w+", text.upper().casefold()))


def foreign_words(text: str, published_at: date | None) -> dict[str, set[str]]:
    """Return the statements with the words in them that neither the text has nor a statement may add."""
    known = folded_words(text)
    found = {
        claim.statement: folded_words(ADDED.sub("", claim.statement)) - known
        for claim in extract_claims(text, published_at=published_at)
    }
    return {statement: words for statement, words in found.items() if words}


@settings(max_examples=200, deadline=None)
@given(text=NEWS | st.text(max_size=120), published_at=DAYS)
def test_statements_add_no_words_of_their_own(text: str, published_at: date | None) -> None:
    assert foreign_words(text, published_at) == {}


if (DATA / "gum" / "dev.jsonl.gz").is_file():
    with gzip.open(DATA / "gum" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        ARTICLES = {article["id"]: article["text"] for article in map(json.loads, lines)}

    @pytest.mark.parametrize("text", ARTICLES.values(), ids=ARTICLES.keys())
    def test_statements_add_no_words_to_an_article(text: str) -> None:
        assert foreign_words(text, TUESDAY) == {}


NAUGHTY_STRINGS: Final = DATA / "hostile" / "naughty-strings"
if NAUGHTY_STRINGS.is_dir():

    @pytest.mark.parametrize("path", sorted(NAUGHTY_STRINGS.iterdir()), ids=lambda path: path.name)
    def test_statements_add_no_words_to_a_naughty_text(path: Path) -> None:
        text = path.read_bytes().decode("utf-8", errors="replace")

        assert foreign_words(text, TUESDAY) == {}
