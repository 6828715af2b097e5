"""What a model may give for a text, and what becomes of it."""

import json
import re
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction.parse.document import read_document
from claims.extraction.types import ExtractedClaim
from claims.llm_engine.answers import GivenClaim
from claims.llm_engine.faithfulness import words_of
from claims.llm_engine.parts import Part, split_into_parts
from claims.llm_engine.reading import Reader
from tests.claims.llm_engine.server import a_claim


def given_claim(quote: str | list[str], **given: Any) -> GivenClaim:
    return GivenClaim(**a_claim(quote, **given))


def read(text: str, *given: GivenClaim, published_at: date | None = date(2021, 3, 2)) -> Reader:
    document = read_document(text)
    reader = Reader(document, title="", outlet="", published_at=published_at)
    reader.read(Part(0, len(document.sentences)), given)
    return reader


def only_claim(text: str, quote: str | list[str], **given: Any) -> ExtractedClaim:
    [claim] = read(text, given_claim(quote, **given)).claims()
    return claim


def words_at(text: str, claim: ExtractedClaim) -> list[str]:
    return [span.of(text) for span in claim.spans]


def test_quote_is_taken_where_the_model_says_it_stands() -> None:
    text = "The dam broke. The lamp went out.\nLater the dam broke. Then the dam broke."

    claim = only_claim(text, "the dam broke", sentence=3)

    assert [span.start for span in claim.spans] == [text.rindex("the dam broke")]


def test_quote_with_other_marks_is_the_texts_own_words() -> None:
    text = "“It’s – as of\u00a0noon – Roe’s”, he said."

    claim = only_claim(text, "\"It's - as of noon - Roe's\"", speaker="he", cue="said")

    assert words_at(text, claim) == ["It’s – as of\u00a0noon – Roe’s"]


def test_quote_in_pieces_has_their_spans() -> None:
    text = "“The dam,” Jane Roe said, “broke at noon.”"

    claim = only_claim(
        text,
        ["The dam,", "broke at noon."],
        speaker="Jane Roe",
        cue="said",
        statement="“The dam broke at noon.”",
    )

    assert (words_at(text, claim), claim.statement, claim.kind) == (
        ["The dam", "broke at noon"],
        "The dam broke at noon.",
        "direct",
    )


@pytest.mark.parametrize(
    "quote",
    [
        ["broke at noon", "The dam"],
        ["The dam", "broke at night"],
        "The dam broke at noon. The lamp went out",
        "broke at noon.\nThe lamp",
        "dam",
        "am broke at noon",
        "…",
    ],
)
def test_quote_that_does_not_stand_in_one_paragraph_is_refused(quote: str | list[str]) -> None:
    reader = read("The dam broke at noon.\nThe lamp went out.", given_claim(quote))

    assert (reader.claims(), reader.refused) == ([], 1)


def test_quote_outside_the_part_is_refused() -> None:
    document = read_document("The dam broke.\nThe lamp went out.")
    reader = Reader(document, title="", outlet="", published_at=None)

    reader.read(Part(0, 1), [given_claim("The lamp went out", sentence=1)])

    assert (reader.claims(), reader.refused) == ([], 1)


@pytest.mark.parametrize(
    ("text", "quote", "cue"),
    [
        ("It is not true that the dam broke.", "the dam broke", ""),
        ("If the dam broke, the town is lost.", "the dam broke", ""),
        ("Roe asked whether the dam broke.", "the dam broke", "asked"),
        ("Roe did not say the dam broke.", "the dam broke", "say"),
        ("Roe said it is untrue, not that the dam broke.", "the dam broke", "said"),
        ("The army may have shot the jet down.", "shot the jet down", ""),
        ("The port will close if the strike goes on.", "The port will close", ""),
        ("The port will close, unless the strike ends.", "The port will close", ""),
        ("Who said the dam broke?", "the dam broke", "said"),
        ("Roe denied that the dam broke.", "the dam broke", ""),
        ("Roe rejected claims that the dam broke.", "the dam broke", ""),
        ("The ministry could not confirm reports that the dam broke.", "the dam broke", "reports"),
    ],
)
def test_quote_torn_out_of_what_turns_it_is_refused(text: str, quote: str, cue: str) -> None:
    reader = read(text, given_claim(quote, cue=cue))

    assert (reader.claims(), reader.refused) == ([], 1)


@pytest.mark.parametrize(
    ("text", "quote", "cue"),
    [
        ("The lamp did not burn, and the dam broke.", "the dam broke", ""),
        ("Roe, who could not come, said the dam broke.", "the dam broke", "said"),
        ("It was clear that the dam broke.", "the dam broke", ""),
        ("It may have been late when officials said that the dam broke.", "the dam broke", "said"),
        ("The dam broke, Roe said. If it rains, go.", "The dam broke", "said"),
    ],
)
def test_quote_beside_what_does_not_turn_it_stands(text: str, quote: str, cue: str) -> None:
    claim = only_claim(text, quote, cue=cue)

    assert words_at(text, claim) == [quote]


def test_denial_keeps_its_sense_when_the_model_forgets_it() -> None:
    text = "Jane Roe denied that the dam broke."

    claim = only_claim(text, "the dam broke", speaker="Jane Roe", cue="denied")

    assert (claim.statement, claim.frame.negated) == ("Jane Roe denied that the dam broke.", True)


@pytest.mark.parametrize(
    ("cue", "negated"),
    [
        ("ruled out that", True),
        ("rejected claims that", True),
        ("doubted that", True),
        ("demanded that", False),
    ],
)
def test_doubts_and_wishes_keep_their_sense_too(cue: str, negated: bool) -> None:
    text = f"Jane Roe {cue} the dam broke."

    claim = only_claim(text, "the dam broke", speaker="Jane Roe", cue=cue)

    assert (claim.statement, claim.frame.negated) == (text, negated)


def test_denial_behind_its_content_keeps_its_sense() -> None:
    text = "“The dam broke” is what Jane Roe denied."

    claim = only_claim(text, "The dam broke", speaker="Jane Roe", cue="denied")

    assert (claim.statement, claim.frame.negated) == ("Jane Roe denied: The dam broke.", True)


def test_denial_in_the_models_words_stands() -> None:
    text = "Jane Roe came. She denied that the dam broke."

    reader = read(
        text,
        given_claim(
            "the dam broke",
            sentence=1,
            speaker="She",
            speaker_name="Jane Roe",
            cue="denied",
            statement="She denied that the dam broke.",
        ),
    )

    [claim] = reader.claims()
    assert (claim.statement, reader.verbatim_statements) == ("She denied that the dam broke.", 0)


@pytest.mark.parametrize(
    ("mention", "name", "expected"),
    [
        ("he", "John Roe", ("John Roe", ())),
        ("he", "", ("he", ("he",))),
        ("he", "Richard Miles", ("he", ("he",))),
        ("Roe", "John Roe", ("John Roe", ())),
        ("Roe", "Ann Lee", ("Roe", ())),
        ("The ministry", "the Ministry of Ports", ("Ministry of Ports", ())),
    ],
)
def test_speaker_has_the_fullest_name_that_the_text_gives(
    mention: str, name: str, expected: tuple[str, tuple[str, ...]]
) -> None:
    text = f"John Roe met Ann Lee at the Ministry of Ports.\n{mention} said the dam broke."

    claim = only_claim(text, "the dam broke", sentence=1, speaker=mention, speaker_name=name, cue="said")

    assert claim.speaker is not None
    assert (claim.speaker.name, claim.unresolved) == expected
    assert [span.of(text) for span in claim.speaker.spans] == [mention]


def test_words_quoted_by_nobody_lack_their_speaker() -> None:
    claim = only_claim("“The dam broke at noon.”", "The dam broke at noon")

    assert (claim.kind, claim.speaker, claim.unresolved) == ("direct", None, ("speaker",))


def test_words_partly_in_quotation_marks_are_mixed() -> None:
    text = "Roe said the dam was “a ruin” at noon."

    claim = only_claim(text, "the dam was “a ruin” at noon", speaker="Roe", cue="said")

    assert (claim.kind, claim.statement) == ("mixed", "The dam was “a ruin” at noon.")


def test_statement_with_an_open_day_says_so() -> None:
    text = "The dam broke on Sunday."

    reader = read(text, given_claim("The dam broke on Sunday"), published_at=None)

    assert [claim.unresolved for claim in reader.claims()] == [("Sunday",)]


def test_claim_given_twice_is_one() -> None:
    claim = given_claim("The dam broke")

    reader = read("The dam broke.", claim, claim)

    assert len(reader.claims()) == 1


PIECES = [
    "the ministry", "Jane Roe", "he", "said", "denied", "that", "if", "may", "not", "the dam broke", "hit",
    "40km from Oslo", "on Sunday", "“", "”", '"', "’", "'s", ",", ".", "?", ":", " – ", "\n", "\u2028", "(",
    "U.S.", "1,200", "\u00a0", "😀", "\u202e", "שלום", "\x00", "\u0301", "İ", "ß", "ﬁ", "A.", "BERGEN —",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map(" ".join)


@st.composite
def texts_and_answers(draw: st.DrawFn) -> tuple[str, list[GivenClaim]]:
    """A text, and claims whose every field is a stretch of it or of something else."""
    text = draw(TEXTS)

    def stretch() -> str:
        source = draw(st.sampled_from([text, text, text, "Nobody saw it coming."]))
        start = draw(st.integers(0, len(source)))
        return source[start : draw(st.integers(start, len(source)))][:300]

    answers = [
        GivenClaim(
            sentence=draw(st.integers(-1, 5)),
            quote=[stretch() for _ in range(draw(st.integers(1, 2)))],
            statement=stretch(),
            speaker=draw(st.just("") | st.builds(stretch)),
            speaker_name=stretch(),
            cue=draw(st.just("") | st.builds(stretch)),
            reported_by=[],
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    return text, answers


@settings(max_examples=200, deadline=None)
@given(texts_and_answers())
def test_claims_never_say_what_the_text_does_not(given: tuple[str, list[GivenClaim]]) -> None:
    text, answers = given
    document = read_document(text)
    reader = Reader(document, title="", outlet="", published_at=None)

    for part in split_into_parts(document, ""):
        reader.read(part, answers)

    for claim in reader.claims():
        mentions = [span for speaker in claim.chain for span in speaker.spans]
        for span in (*claim.spans, *mentions, *([claim.cue.span] if claim.cue else [])):
            assert span.of(text).strip() == span.of(text) != ""
        assert all(before.end <= after.start for before, after in pairwise(claim.spans))
        assert set(words_of(claim.statement)) <= set(words_of(text))
        assert all(
            set(re.findall(r"\w+", speaker.name)) <= set(re.findall(r"\w+", text)) for speaker in claim.chain
        )
        assert ExtractedClaim.from_json(json.loads(json.dumps(claim.as_json()))) == claim
