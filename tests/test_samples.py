"""The sample articles are what they say they are, and the engine finds the claims that are decided on.

The questions that the machine finds in them are in test_sample_questions.py.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import html

from claims.extraction import ExtractedClaim, extract_claims
from claims.ingestion.readable import ReadablePage, read_document

# trafilatura tries to import what its downloader would need for proxies, and urllib3 warns of that.
pytestmark = pytest.mark.filterwarnings("ignore:SOCKS support in urllib3")

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SAMPLES = Path(__file__).parents[1] / "samples"
PAGES = sorted(path.relative_to(SAMPLES).as_posix() for path in SAMPLES.glob("*/*.html"))
DECISIONS: list[dict[str, Any]] = tomllib.loads((SAMPLES / "decisions.toml").read_text(encoding="utf-8"))[
    "question"
]
DECIDED = [claim for question in DECISIONS for claim in question["claim"]]

SLOTS = {"who", "whom", "where", "when", "what", "how many", "why", "whether"}
WIRE_COPIES = {
    "beirut/02-levant-ledger-wire-copy.html": "beirut/01-harbour-wire-blast-at-port.html",
    "hongkong/02-northgate-courier-wire-copy.html": "hongkong/01-harbour-wire-two-counts.html",
    "su22/02-northgate-courier-wire-copy.html": "su22/01-harbour-wire-warplane-shot-down.html",
    "su22/03-levant-ledger-wire-copy.html": "su22/01-harbour-wire-warplane-shot-down.html",
}
REWRITTEN = "beirut/03-northgate-courier-rewritten.html"
FIRST, SECOND = (f"su22/06-meridian-post-hotline-r{number}.html" for number in (1, 2))
SHINGLE_WORDS = 8


@dataclass(frozen=True)
class SamplePage:
    """What stands in a page's file, read without the project's own reader."""

    title: str
    heading: str
    outlet: str
    canonical_url: str
    linked_data: dict[str, Any]
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    @property
    def published_at(self) -> datetime:
        return datetime.fromisoformat(self.linked_data["datePublished"])

    @property
    def modified_at(self) -> datetime:
        return datetime.fromisoformat(self.linked_data["dateModified"])


def read_page(name: str) -> SamplePage:
    tree = html.document_fromstring((SAMPLES / name).read_text(encoding="utf-8"))
    (heading,) = tree.xpath("//article//h1")
    (outlet,) = tree.xpath("//meta[@property='og:site_name']/@content")
    (title,) = tree.xpath("//meta[@property='og:title']/@content")
    (canonical_url,) = tree.xpath("//link[@rel='canonical']/@href")
    (linked_data,) = tree.xpath("//script[@type='application/ld+json']/text()")
    body = tree.xpath("//article//p[not(ancestor::header) and not(@class='byline')]")
    return SamplePage(
        title=title,
        heading=heading.text_content(),
        outlet=outlet,
        canonical_url=canonical_url,
        linked_data=json.loads(linked_data),
        paragraphs=tuple(paragraph.text_content() for paragraph in body),
    )


def shingles(name: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", read_page(name).text.lower())
    return {tuple(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}


def share_found_in(name: str, other: str) -> float:
    """Return how much of page `name` stands word for word in page `other`, 0..1."""
    own = shingles(name)
    return len(own & shingles(other)) / len(own)


@cache
def read_as_ingested(name: str) -> ReadablePage:
    return read_document((SAMPLES / name).read_bytes(), media_type="text/html", now=NOW)


@cache
def claims_of(name: str) -> list[ExtractedClaim]:
    page = read_as_ingested(name)
    assert page.published_at is not None
    return extract_claims(
        page.text, title=page.title, outlet=page.outlet, published_at=page.published_at.date()
    )


def claim_quoted(decided: dict[str, str]) -> ExtractedClaim | None:
    """Return the claim that shares most characters with the quote, as the demonstration finds it."""
    start = read_as_ingested(decided["article"]).text.index(decided["quote"])
    end = start + len(decided["quote"])
    shared = {
        number: sum(max(0, min(end, span.end) - max(start, span.start)) for span in claim.spans)
        for number, claim in enumerate(claims_of(decided["article"]))
    }
    best = max(shared, key=lambda number: (shared[number], -number))
    return claims_of(decided["article"])[best] if shared[best] else None


def test_samples_are_22_articles_one_of_them_in_two_revisions() -> None:
    addresses = [read_page(name).canonical_url for name in PAGES]

    assert (len(addresses), len(set(addresses))) == (23, 22)


@pytest.mark.parametrize("name", PAGES)
def test_sample_page_says_the_same_of_itself_everywhere(name: str) -> None:
    page = read_page(name)

    assert page.heading == page.title == page.linked_data["headline"]
    assert page.outlet == page.linked_data["publisher"]["name"]
    assert page.canonical_url == page.linked_data["mainEntityOfPage"]
    assert page.published_at.utcoffset() is not None
    assert page.modified_at >= page.published_at


@pytest.mark.parametrize("name", PAGES)
def test_sample_page_is_signed_by_a_desk_of_an_invented_outlet(name: str) -> None:
    page = read_page(name)

    assert page.linked_data["author"]["@type"] == "Organization"
    assert (urlsplit(page.canonical_url).hostname or "").endswith(".example")


@pytest.mark.parametrize("name", PAGES)
def test_sample_page_fetches_nothing_from_elsewhere(name: str) -> None:
    tree = html.parse(SAMPLES / name)
    addresses = tree.xpath("//@src | //a/@href | //form/@action | //link/@href[not(../@rel='canonical')]")

    assert [address for address in addresses if not re.match(r"[/#](?!/)", address)] == []


@pytest.mark.parametrize("name", PAGES)
def test_sample_page_is_a_short_dispatch(name: str) -> None:
    assert 120 <= len(read_page(name).text.split()) <= 260


@pytest.mark.parametrize(("copy", "original"), WIRE_COPIES.items())
def test_wire_copy_repeats_and_credits_the_agency(copy: str, original: str) -> None:
    page = read_page(copy)

    assert share_found_in(copy, original) > 0.9
    assert page.linked_data["author"]["name"] == read_page(original).outlet == "Harbour Wire"
    assert "(Harbour Wire) —" in page.paragraphs[0]
    assert page.outlet != "Harbour Wire"


def test_rewritten_copy_says_the_same_in_other_words() -> None:
    assert 0.05 < share_found_in(REWRITTEN, "beirut/01-harbour-wire-blast-at-port.html") < 0.5


def test_other_articles_share_no_long_run_of_words() -> None:
    own_words = [name for name in PAGES if name not in (*WIRE_COPIES, REWRITTEN, FIRST)]
    shared = {
        (name, other): share
        for name in own_words
        for other in own_words
        if name != other and (share := share_found_in(name, other)) > 0.05
    }

    assert shared == {}


def test_revisions_share_their_address_and_differ_in_what_they_report() -> None:
    first, second = read_page(FIRST), read_page(SECOND)

    assert first.canonical_url == second.canonical_url
    assert first.published_at == second.published_at
    assert first.modified_at < second.modified_at
    assert second.paragraphs[-1].startswith("This article was updated")
    call, denial = (paragraph for paragraph in first.paragraphs if paragraph not in second.paragraphs)
    assert "after the jet was shot down" in call
    assert denial.replace("Foreign", "Defence") in second.paragraphs


def test_decisions_are_on_claims_of_one_slot_each() -> None:
    assert {question["slot"] for question in DECISIONS} <= SLOTS
    assert all(len(question["claim"]) >= 2 for question in DECISIONS)
    assert {claim["decision"] for claim in DECIDED} <= {"confirm", "reject"}


@pytest.mark.parametrize("decided", DECIDED, ids=lambda decided: decided["quote"])
def test_decision_quotes_its_article_once(decided: dict[str, str]) -> None:
    page = read_page(decided["article"])

    assert decided["article"] != FIRST, "the superseded revision is not decided on"
    assert sum(paragraph.count(decided["quote"]) for paragraph in page.paragraphs) == 1


@pytest.mark.parametrize("name", PAGES)
def test_reader_keeps_the_whole_article_and_no_furniture(name: str) -> None:
    expected = read_page(name)

    page = read_as_ingested(name)

    assert page.text == expected.text
    assert (page.title, page.outlet, page.canonical_url, page.published_at, page.zone_assumed) == (
        expected.title,
        expected.outlet,
        expected.canonical_url,
        expected.published_at,
        False,
    )


def test_reader_credits_the_agency_for_its_reports_and_the_copies_alone() -> None:
    credited = {name for name in PAGES if read_as_ingested(name).credit == "Harbour Wire"}

    assert credited == {*WIRE_COPIES, *(name for name in PAGES if "harbour-wire" in name)}


@pytest.mark.parametrize("decided", DECIDED, ids=lambda decided: decided["quote"])
def test_engine_finds_the_claim_that_is_decided_on(decided: dict[str, str]) -> None:
    claim = claim_quoted(decided)

    assert claim is not None
    assert claim.speaker is not None


def test_engine_finds_another_claim_for_every_decision_on_a_question() -> None:
    for question in DECISIONS:
        decided = [(claim["article"], claim_quoted(claim)) for claim in question["claim"]]
        assert all(decided.count(one) == 1 for one in decided), question
