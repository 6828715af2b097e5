"""What an HTML page says about itself. Each field is taken from the first of these that has it:

title: JSON-LD headline, og:title, citation_title, the only h1, title element
byline: JSON-LD author, author metas, an element marked as author
outlet: JSON-LD publisher, og:site_name, application-name
credit: JSON-LD sourceOrganization and creditText
canonical_url: link rel=canonical, og:url, JSON-LD url
published_text: JSON-LD datePublished, publication metas, a time element: the one marked as that of
    publishing, the first of the first article element, or the only one of the page
language: html lang, JSON-LD inLanguage, og:locale
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from claims.ingestion.address import MAX_URL_CHARACTERS

_ARTICLE_TYPES = re.compile(r"(?:Article|Posting|Report)$|^Report|^CreativeWork$")
_JSON_LD_CHARACTERS = 300_000
_JSON_LD_OBJECTS = 5_000
_FIELD_CHARACTERS = 300
_AUTHOR_METAS = (
    "author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "article:author",
)
_DATE_METAS = (
    "article:published_time", "og:article:published_time", "citation_publication_date", "citation_date",
    "datepublished", "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "parsely-pub-date",
    "sailthru.date", "publishdate", "pubdate", "publication_date", "publish-date", "date",
)  # fmt: skip


@dataclass(frozen=True)
class PageMetadata:
    """As written in the page but for white space, cut at 300 characters; "" where it says nothing."""

    title: str = ""
    byline: str = ""
    outlet: str = ""
    credit: str = ""
    canonical_url: str = ""
    published_text: str = ""
    language: str = ""


def read_metadata(tree: HtmlElement) -> PageMetadata:
    """Return what the page says about itself, in the order of this module's description."""
    metas = _read_metas(tree)
    article = _find_article(tree)

    def meta(*names: str) -> str:
        return next((metas[name] for name in names if metas.get(name)), "")

    authors = (metas[name] for name in _AUTHOR_METAS if metas.get(name) and "://" not in metas[name])
    outlet = _name(article.get("publisher")) or meta("og:site_name", "application-name")
    title = (
        _string(article.get("headline"))
        or meta("og:title", "citation_title", "twitter:title", "dc.title")
        or _only(tree.xpath("//h1"))
        or _text(next(iter(tree.xpath("//title")), None))
    )
    return PageMetadata(
        title=_without_outlet(title, outlet),
        byline=_name(article.get("author")) or next(authors, "") or _marked(tree, "author"),
        outlet=outlet,
        credit=_name(article.get("sourceOrganization")) or _string(article.get("creditText")),
        canonical_url=_link(tree) or meta("og:url") or _string(article.get("url")),
        published_text=_string(article.get("datePublished")) or meta(*_DATE_METAS) or _time(tree),
        language=_language(tree, article, meta("og:locale")),
    )


def _read_metas(tree: HtmlElement) -> dict[str, str]:
    """Return the first content of each meta name, property or itemprop, by its lower-case name."""
    metas: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = _squeezed(element.get("content") or "")
        if name and content:
            metas.setdefault(name.strip().lower(), content)
    return metas


def _find_article(tree: HtmlElement) -> dict[str, Any]:
    """Return the page's JSON-LD object of an article type, the first with a date if there are several."""
    found = [
        thing
        for script in tree.xpath("//script[contains(@type, 'ld+json')]")
        for thing in _objects(_load_json_ld(script.text_content() or ""))
        if any(_ARTICLE_TYPES.search(kind) for kind in _strings(thing.get("@type")))
    ]
    return next((thing for thing in found if thing.get("datePublished")), found[0] if found else {})


def _load_json_ld(source: str) -> Any:
    """Return the JSON in a script, None for what is none; comment marks around it are common."""
    source = re.sub(
        r"^\s*(?:<!--|/\*<!\[CDATA\[\*/|//<!\[CDATA\[|<!\[CDATA\[)", "", source[:_JSON_LD_CHARACTERS]
    )
    source = re.sub(r"(?:-->|/\*\]\]>\*/|//\]\]>|\]\]>)\s*$", "", source).strip().rstrip(";")
    try:
        return json.loads(source, strict=False)  # control characters inside strings are common too
    except (ValueError, RecursionError):
        return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects in a JSON value, outer before inner, at most `_JSON_LD_OBJECTS` values deep in."""
    waiting = deque([value])
    for _ in range(_JSON_LD_OBJECTS):
        if not waiting:
            return
        thing = waiting.popleft()
        if isinstance(thing, dict):
            yield thing
            waiting.extend(thing.values())
        elif isinstance(thing, list):
            waiting.extend(thing)


def _name(value: Any) -> str:
    """Return the name or names of a JSON-LD person or organisation, which may also be plain text."""
    things = value if isinstance(value, list) else [value]
    names = [
        _string(thing.get("name")) if isinstance(thing, dict) else _string(thing) for thing in things[:20]
    ]
    return ", ".join(name for name in names if name and "://" not in name)[:_FIELD_CHARACTERS]


def _string(value: Any) -> str:
    return _squeezed(value) if isinstance(value, str) else ""


def _strings(value: Any) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _squeezed(text: str) -> str:
    return " ".join(text[:_FIELD_CHARACTERS].split())


def _text(element: HtmlElement | None) -> str:
    return "" if element is None else _squeezed(element.text_content())


def _only(elements: list[HtmlElement]) -> str:
    return _text(elements[0]) if len(elements) == 1 else ""


def _marked(tree: HtmlElement, role: str) -> str:
    """Return the text of the first element that is marked up as the author."""
    marked = tree.xpath("//*[@itemprop=$role or @rel=$role]", role=role)
    text = _text(marked[0]) if marked else ""
    return text if len(text) <= 120 else ""


def _link(tree: HtmlElement) -> str:
    links = tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")
    return str(links[0])[:MAX_URL_CHARACTERS] if links else ""


def _time(tree: HtmlElement) -> str:
    """Return what the page's time element says: the one marked, the article's first, or the only one."""
    times = tree.xpath(
        "//*[@itemprop='datePublished' or @pubdate or contains(@class, 'dt-published')]"
    ) or tree.xpath("(//article)[1]//time")
    if not times:
        times = tree.xpath("//time")
        if len(times) != 1:
            return ""
    element = times[0]
    return _squeezed(element.get("datetime") or element.get("content") or "") or _text(element)


def _language(tree: HtmlElement, article: dict[str, Any], locale: str) -> str:
    declared = tree.xpath("string(/html/@lang)") or _string(article.get("inLanguage")) or locale
    found = re.match(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$", declared[:40].strip())
    return found.group().replace("_", "-") if found else ""


def _without_outlet(title: str, outlet: str) -> str:
    """Return a title without the outlet's name, which many pages add behind a bar or dash."""
    head, mark, tail = title.rpartition(" | ")
    if not mark or tail.casefold() != outlet.casefold():
        parted = re.match(r"(?P<head>.+)\s[-–—|·]\s(?P<tail>[^-–—|·]+)$", title)
        if parted is None or not outlet or parted["tail"].casefold() != outlet.casefold():
            return title
        head = parted["head"]
    return head.strip()
