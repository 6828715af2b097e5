"""What holds for every text, however strange: checked on generated news, on noise, and on hostile strings."""

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction import Attribution, Entity, ExtractedClaim, Proposition, Sentence, Span, extract_claims
from claims.extraction.attribution.attributions import find_attributions
from claims.extraction.check_worthiness import score_sentences
from claims.extraction.names.entities import find_entities
from claims.extraction.parse.document import read_document
from claims.extraction.propositions.splitting import find_propositions

PIECES = [
    "the ministry", "Jane Roe", "Roe", "he", "it", "said", "says", "told reporters", "denied", "adding",
    "that", "according to", "while", "when", "and", "but", "who", "was closed", "hit", "40km from Oslo",
    "on Sunday", "the bridge", "“", "”", '"', "‘", "’", "'", "''", ",", ".", "?", ":", ";", " – ", "\n",
    "\r\n", "\u2028", "(", ")", "[", "U.S.", "3 p.m.", "Mr.", "1,200", "$5 million", "31 June", "not",
    "may", "if", "😀", "\u202e", "שלום", "\x00", "\u0301", "İ", "ß", "ﬁ", "\ud7ff", "　", "A.", "'s",
    "’s", "the", "a", "in a statement", "reports that",
]  # fmt: skip
NEWS = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
GLUED = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
NOISE = st.text(max_size=200)
DAYS = st.none() | st.dates()
NAUGHTY_STRINGS = Path(__file__).parents[4] / "shared" / "data" / "hostile" / "naughty-strings"


# What a statement adds stands in square brackets: a day reckoned from the day of publication, or a verb that
# is understood. (A name in brackets is the text's own.)
ADDED = re.compile(
    r"\[(?:is|are|was|were|[^\[\]]*\b(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December|\d{3,4})\b[^\[\]]*)\]"
)


def folded_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def spans_of(found: ExtractedClaim | Attribution | Proposition | Sentence | Entity) -> list[tuple[Span, ...]]:
    match found:
        case ExtractedClaim():
            speakers = [speaker.spans for speaker in found.chain]
            cue = [(found.cue.span,)] if found.cue else []
            amounts = [(quantity.span,) for quantity in found.frame.quantities]
            time = [(found.frame.time.span,)] if found.frame.time else []
            return [found.spans, (found.sentence,), *speakers, *cue, *amounts, *time]
        case Attribution():
            return [found.source, found.cue, found.content]
        case Proposition():
            return [(found.sentence,), found.spans]
        case Sentence() | Entity():
            return [(found.span,)]


def check_spans(text: str, groups: list[tuple[Span, ...]]) -> None:
    for spans in groups:
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
            assert not text[span.start].isspace()
            assert not text[span.end - 1].isspace()
        for before, after in pairwise(spans):
            assert before.end <= after.start


def check_claim(text: str, claim: ExtractedClaim) -> None:
    assert claim.spans
    assert 0 <= claim.check_worthiness <= 1
    assert folded_words(ADDED.sub("", claim.statement)) <= folded_words(text)
    assert (claim.speaker is None) or (claim.chain and claim.chain[-1] == claim.speaker)
    assert claim.kind != "own_voice" or (claim.speaker is None and claim.cue is None)
    for speaker in claim.chain:
        assert " ".join(speaker.name.split()) in " ".join(text.split())
    assert ExtractedClaim.from_json(json.loads(json.dumps(claim.as_json()))) == claim


def _leads_outwards(attributions: list[Attribution], attribution: Attribution) -> bool:
    """Whether the parents end, instead of leading round in a circle."""
    for _ in attributions:
        if attribution.parent is None:
            return True
        attribution = attributions[attribution.parent]
    return False


def check_text(text: str, day: date | None) -> None:
    claims = extract_claims(text, published_at=day)
    if day is None:
        assert not any(re.search(r"\[[^\]]*\d{4}\]", claim.statement) for claim in claims if "[" not in text)
    assert claims == extract_claims(text, published_at=day)
    for claim in claims:
        check_spans(text, spans_of(claim))
        check_claim(text, claim)
    document = read_document(text)
    attributions = find_attributions(document)
    for attribution in attributions:
        assert attribution.content
        assert _leads_outwards(attributions, attribution)
    layers = [attributions, find_propositions(document), score_sentences(document), find_entities(document)]
    for layer in layers:
        for found in layer:
            check_spans(text, spans_of(found))


@settings(max_examples=300, deadline=None)
@given(text=NEWS | GLUED | NOISE, day=DAYS)
def test_every_fact_stands_in_the_text(text: str, day: date | None) -> None:
    check_text(text, day)


if NAUGHTY_STRINGS.is_dir():

    @pytest.mark.parametrize("path", sorted(NAUGHTY_STRINGS.iterdir()), ids=lambda path: path.name)
    def test_every_fact_stands_in_a_naughty_text(path: Path) -> None:
        text = path.read_bytes().decode("utf-8", errors="replace")

        check_text(text, date(2017, 6, 19))
