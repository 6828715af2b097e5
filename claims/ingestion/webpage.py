"""HTML -> the article in it: trafilatura for the words, the page's own metadata for the rest."""

from __future__ import annotations

import copy
import re
import warnings
from datetime import datetime

import htmldate
import lxml.etree  # type: ignore[import-untyped]
import lxml.html  # type: ignore[import-untyped]

from claims.errors import Unreadable
from claims.ingestion import prose
from claims.ingestion.address import choose_address
from claims.ingestion.charsets import clean
from claims.ingestion.credits import find_credit, name_credit
from claims.ingestion.page import NOTHING_GIVEN, Given, ReadablePage
from claims.ingestion.page_metadata import PageMetadata, read_metadata
from claims.ingestion.pasted import prefer_given, read_pasted
from claims.ingestion.published import FUTURE_ALLOWED, Published, is_plausible, read_published

with warnings.catch_warnings():
    # Its downloader, which we do not use, would like to have support for SOCKS proxies.
    warnings.filterwarnings("ignore", message="SOCKS support in urllib3")
    import trafilatura

_NOT_PROSE = "//script | //style | //template | //nav | //header | //footer | //aside | //form"
_WITH_OTHER_DATES = "p", "li", "td", "blockquote", "footer", "aside", "figure", "time"
_DATE_FORMAT = "%Y-%m-%dT%H:%M:%S%z"


def read_webpage(html: str, *, now: datetime, url: str = "", given: Given = NOTHING_GIVEN) -> ReadablePage:
    """Return the article in a page; its `text` is empty when there is none.

    Only for pages that `check_markup` lets pass: others can hold the parser for very long.
    """
    tree = _parse(html)
    if tree is None:
        return ReadablePage(text="")
    metadata = read_metadata(tree)
    title = clean(metadata.title)
    # What is left around the words is what is left around pasted ones: date lines, clocks, buttons.
    words = read_pasted(_find_words(tree), now=now, given=Given(title=title or given.title))
    published = _find_date(tree, metadata, words, now=now)
    page = ReadablePage(
        text=words.text,
        title=title or words.title,
        byline=clean(re.sub(r"^by:?\s+", "", metadata.byline, flags=re.IGNORECASE)) or words.byline,
        credit=_find_credit(metadata, words),
        outlet=clean(metadata.outlet),
        canonical_url=choose_address(metadata.canonical_url, url=url),
        published_at=published.at if published else None,
        published_text=clean(metadata.published_text) or (published.text if published else ""),
        zone_assumed=published.zone_assumed if published else False,
        language=metadata.language,
    )
    return prefer_given(page, given)


def _parse(html: str) -> lxml.html.HtmlElement | None:
    """Return the root of the page as a reader with scripts sees it, None when there is nothing in it."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(html.encode(), parser=parser)
    except lxml.etree.ParserError:  # "Document is empty"
        return None
    except RecursionError as error:
        raise Unreadable("too_complex", "This page is nested too deeply to be read.") from error
    for element in tree.xpath("//noscript"):
        element.drop_tree()
    return tree


def _find_words(tree: lxml.html.HtmlElement) -> str:
    """Return the article's paragraphs, parted by empty lines, "" if the page has no prose."""
    text = trafilatura.extract(tree, fast=True, include_comments=False, deduplicate=False) or ""
    text = text.replace("\n", "\n\n")
    if not prose.holds_prose(text):
        text = _all_paragraphs(tree)  # a dispatch of a sentence or two is too short for trafilatura
    return clean(text)


def _all_paragraphs(tree: lxml.html.HtmlElement) -> str:
    """Return the prose in the page's paragraphs, or in its body when it has none."""
    bare = copy.deepcopy(tree)
    for element in bare.xpath(_NOT_PROSE):
        element.drop_tree()
    parts = bare.xpath("//p[not(.//p)]") or bare.xpath("//body")
    lines = (" ".join(line.split()) for part in parts for line in part.text_content().split("\n\n"))
    return "\n\n".join(line for line in lines if prose.is_sentence(line) or prose.is_long(line))


def _find_credit(metadata: PageMetadata, words: ReadablePage) -> str:
    declared = name_credit(metadata.credit) or clean(metadata.credit)
    if declared and declared.casefold() != metadata.outlet.casefold():
        return declared
    return words.credit or find_credit(byline=metadata.byline)


def _find_date(
    tree: lxml.html.HtmlElement, metadata: PageMetadata, words: ReadablePage, *, now: datetime
) -> Published | None:
    """Return when the page says it was published; a date that makes no sense is no date.

    The page's declaration comes first, then a line of its own at the head or foot of the article.
    htmldate looks in the rest, but not in running text, where dates are those of events, and not
    among several time elements, which may be those of other articles.
    """
    if metadata.published_text:
        declared = read_published(metadata.published_text)
        return declared if declared and is_plausible(declared.at, now=now) else None
    if words.published_at is not None:
        return Published(words.published_at, words.zone_assumed, words.published_text)
    bare = copy.deepcopy(tree)
    for element in list(bare.iter(*_WITH_OTHER_DATES)):
        if element.getparent() is not None:
            element.drop_tree()
    found = htmldate.find_date(
        bare,
        extensive_search=False,
        original_date=True,
        outputformat=_DATE_FORMAT,
        max_date=now + FUTURE_ALLOWED,
    )
    return read_published(found) if found else None
