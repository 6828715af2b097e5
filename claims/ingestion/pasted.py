"""Pages as people paste them -> title, date, byline and the report.

A pasted page is a header (menus, headline, date), the report and a footer (related links, players).
The report reaches from the first line with the shape of a sentence to the last; what stands within
it is kept but for players' clocks and lone interface words. Outside it a line must have
a reason to stay. A line with the shape of a sentence is never dropped, save where the site speaks
of its cookies and newsletters before or after the report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise

from claims.errors import Unreadable
from claims.ingestion import prose
from claims.ingestion.charsets import clean
from claims.ingestion.credits import find_credit, name_credit
from claims.ingestion.page import NOTHING_GIVEN, Given, ReadablePage
from claims.ingestion.published import Published, is_date_words, is_plausible, read_date_line

_BYLINE = re.compile(r"(?:(?:written|words|report|story)\s+)?by:?\s+(?P<names>\S.*)", re.IGNORECASE)
_TEASER = re.compile(
    r"(?:read (?:more|also|next)|(?:also read|see also|related|more on this)\b).*:", re.IGNORECASE
)
_PARTS = re.compile(r"[|·•]|\s[–—]\s|,\s(?=\d|[A-Z][a-z]+\.? \d)")
_UPDATED = re.compile(r"(?:last\s+)?(?:updated?|modified|edited)\b", re.IGNORECASE)
_DANGLING_WORDS = "a an and as at but by for from in into is of on or that the to was were with"
_DANGLING = frozenset(_DANGLING_WORDS.split())
MAX_PARAGRAPHS = 20_000
_LABEL_WORDS = 3  # at most: a section, an outlet's name, a button
_TITLE_WORDS = 30  # at most: two lines of the largest type
_TITLE_CHARACTERS = 300


@dataclass
class _Edge:
    """What the lines above or below the report say, gathered in reading order."""

    title: str = ""
    byline: str = ""
    credit: str = ""
    dates: list[tuple[str, Published | None]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def read_pasted(text: str, *, now: datetime, given: Given = NOTHING_GIVEN) -> ReadablePage:
    """Return the article in a pasted page; its `text` is empty when the paste holds no prose.

    Raises Unreadable (too_large) for a text of more paragraphs than any article has.
    Line ends must be \\n. A title or date in the text that the submitter has given otherwise is
    taken for furniture all the same, so that it is not claimed.
    """
    paragraphs = split_paragraphs(text)
    if len(paragraphs) > MAX_PARAGRAPHS:
        raise Unreadable(
            "too_large",
            f"This text has {len(paragraphs):,} paragraphs; {MAX_PARAGRAPHS:,} are allowed."
            " Give one article at a time.",
        )
    first, last = _find_report(paragraphs, title=given.title)
    if first > last:
        return ReadablePage(text="")
    header = _read_header(paragraphs[:first], given=given)
    footer = _read_footer(paragraphs[last + 1 :], header.title)
    body = list(_without_furniture(paragraphs[first : last + 1], header.title))
    published_text, published = _choose_date(header.dates + footer.dates, now=now)
    page = ReadablePage(
        text="\n\n".join([*header.kept, *body, *footer.kept]),
        title=header.title,
        byline=header.byline or footer.byline,
        credit=find_credit(
            byline=header.byline or footer.byline, first_paragraph=paragraphs[first], last_line=footer.credit
        ),
        published_at=published.at if published else None,
        published_text=published_text,
        zone_assumed=published.zone_assumed if published else False,
    )
    return prefer_given(page, given)


def prefer_given(page: ReadablePage, given: Given) -> ReadablePage:
    """Return the page with what the submitter said in place of what the document said."""
    page = replace(
        page,
        title=clean(given.title) or page.title,
        byline=clean(given.byline) or page.byline,
        outlet=clean(given.outlet) or page.outlet,
    )
    if given.published_at is None:
        return page
    return replace(page, published_at=given.published_at.astimezone(UTC), zone_assumed=False)


def split_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text: its lines, but lines of fixed width are joined by \\n.

    Lines belong together when no empty line parts them and at least a third of the line ends
    fall inside a sentence, with a small letter after them.
    """
    paragraphs = []
    for block in re.split(r"\n(?:[^\S\n]*\n)+", text.strip("\n")):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        breaks = list(pairwise(lines))
        inside = sum(after[0].islower() and not prose.ends_sentence(before) for before, after in breaks)
        if breaks and inside * 3 >= len(breaks):
            paragraphs.append("\n".join(lines))
        else:
            paragraphs.extend(lines)
    return paragraphs


def same_heading(one: str, other: str) -> bool:
    """Tell whether two lines are one headline, with or without the outlet's name after a bar."""
    return bool(one) and bool(other) and _heading_key(one) == _heading_key(other)


def _heading_key(line: str) -> str:
    whole = " ".join(line.casefold().split())
    shorter, _, _ = whole.partition(" | ")
    return shorter if len(shorter.split()) > _LABEL_WORDS else whole


def _find_report(paragraphs: list[str], *, title: str) -> tuple[int, int]:
    """Return the first and last paragraph of the report; first > last if there is none.

    Headlines may end like sentences; one that stands twice, or was given as the title, is known.
    """
    times = Counter(_heading_key(paragraph) for paragraph in paragraphs)
    sentences = [
        number
        for number, paragraph in enumerate(paragraphs)
        if prose.is_sentence(paragraph)
        and not prose.is_housekeeping(paragraph)
        and not is_date_words(paragraph)
    ]
    starts = [
        number
        for number in sentences
        if not same_heading(paragraphs[number], title)
        and not (prose.is_question_or_cry(paragraphs[number]) and times[_heading_key(paragraphs[number])] > 1)
    ]
    if starts:
        return starts[0], sentences[-1]
    rest = sentences or [number for number, paragraph in enumerate(paragraphs) if prose.is_long(paragraph)]
    return (rest[0], rest[-1]) if rest else (1, 0)


def _read_header(paragraphs: list[str], *, given: Given) -> _Edge:
    header = _Edge()
    headings = [heading for paragraph in paragraphs for heading in _take_facts(paragraph, header)]
    given_stands_here = any(same_heading(heading, given.title) for heading in headings)
    written = given.title if given_stands_here else _choose_title(headings)
    header.title = given.title or written
    below_title = False
    for heading in headings:
        if same_heading(heading, written):
            below_title = True
        elif prose.is_sentence(heading) or prose.is_long(heading) or prose.is_bullet(heading):
            header.kept.append(heading)
        elif below_title and len(prose.words_of(heading)) > _LABEL_WORDS:
            header.kept.append(heading)  # a standfirst, which often has no full stop
    return header


def _read_footer(paragraphs: list[str], title: str) -> _Edge:
    """Keep what follows the last sentence until the first label: a last line may be cut off, or listed."""
    footer = _Edge()
    ended = False
    for paragraph in paragraphs:
        left = _take_facts(paragraph, footer)
        cut_off = len(prose.words_of(paragraph)) > _LABEL_WORDS and not same_heading(paragraph, title)
        if left and (prose.is_bullet(paragraph) or cut_off) and not ended:
            footer.kept.append(paragraph)
        else:
            ended = True
    return footer


def _take_facts(paragraph: str, edge: _Edge) -> list[str]:
    """Put date, byline and credit that a line outside the report states into `edge`; return what is left."""
    if prose.is_timer(paragraph) or prose.is_menu(paragraph) or prose.is_housekeeping(paragraph):
        return []
    if is_date_words(paragraph):
        edge.dates.append((paragraph, read_date_line(paragraph)))
        return []
    if prose.is_sentence(paragraph):
        return [paragraph]
    if _TEASER.match(paragraph):
        return []
    if credit := name_credit(paragraph):
        edge.credit = credit
        edge.byline = edge.byline or credit
        return []
    parts = [part.strip() for part in _PARTS.split(paragraph[:_TITLE_CHARACTERS])]
    left = []
    for part in parts:
        if is_date_words(part):
            edge.dates.append((part, read_date_line(part)))
        elif (byline := _BYLINE.fullmatch(part)) and _are_names(byline["names"]):
            edge.byline = edge.byline or byline["names"]
        else:
            left.append(part)
    if len(left) == len(parts):
        return [paragraph]
    return [part for part in left if len(prose.words_of(part)) > _LABEL_WORDS]


def _are_names(names: str) -> bool:
    words = prose.words_of(names)
    return 0 < len(words) <= 12 and sum(word[0].isupper() for word in words) * 2 > len(words)


def _choose_title(headings: list[str]) -> str:
    """Return the headline: the line that stands twice, or the first of four words, or the longest."""
    lengths = {heading: len(prose.words_of(heading)) for heading in headings}
    likely = [
        heading
        for heading, words in lengths.items()
        if 2 <= words <= _TITLE_WORDS
        and len(heading) <= _TITLE_CHARACTERS
        and not prose.is_bullet(heading)
        and (prose.is_question_or_cry(heading) or not prose.is_sentence(heading))
    ]
    times = Counter(_heading_key(heading) for heading in headings)
    twice = [heading for heading in likely if times[_heading_key(heading)] > 1]
    once = [
        heading
        for heading in likely
        if not prose.is_sentence(heading) and prose.words_of(heading)[-1].lower() not in _DANGLING
    ]
    full = [heading for heading in once if lengths[heading] > _LABEL_WORDS]
    chosen = next(iter(twice or full), "") or max(once, key=len, default="")
    return " ".join(chosen.split())


def _without_furniture(paragraphs: list[str], title: str) -> Iterator[str]:
    """Yield the paragraphs of the report without the players and buttons that stand between them."""
    repeated = Counter(paragraphs)
    for paragraph in paragraphs:
        is_furniture = (
            prose.is_timer(paragraph)
            or prose.is_menu(paragraph)
            or _TEASER.match(paragraph)
            or same_heading(paragraph, title)
            or repeated[paragraph] > 2
        )
        if prose.is_sentence(paragraph) or not is_furniture:
            yield paragraph


def _choose_date(dates: list[tuple[str, Published | None]], *, now: datetime) -> tuple[str, Published | None]:
    """Return the first sensible date and its words, one of publishing before one of updating."""
    ordered = sorted(dates, key=lambda date: _UPDATED.match(date[0]) is not None)
    for text, published in ordered:
        if published is not None and is_plausible(published.at, now=now):
            return text, published
    return (ordered[0][0] if ordered else ""), None
