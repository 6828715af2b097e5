"""What an article declares about where it comes from: its byline, dateline, foot, and its feed's own field.

A mention in the prose ("the mayor told Reuters") is a citing and no credit, a person's name is no agency,
and what a picture is credited to says nothing about the words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from claims.extraction.types import Span
from reviews.matching.publishers import agency_name, is_medium, publisher_name

Where = Literal["byline", "dateline", "foot", "declared"]

# "TRT World and Agencies": copy of agencies that are not named. Two such articles need not share a report.
UNNAMED_AGENCIES: Final = "agencies"

_LINES_ON_TOP: Final = 6  # title, date, byline, place: a dateline stands in one of the first lines
_LINES_AT_THE_FOOT: Final = 4
_LONGEST_SIGNED_LINE: Final = 160
_LONGEST_BARE_BYLINE: Final = 60
_LONGEST_CAPTION: Final = 100
_LONGEST_OPENING: Final = 140  # characters of a line in which a dateline ends

_NAME: Final = r"[^\W\d_][\w.’'&-]*(?: [^\W\d_][\w.’'&-]*){0,4}"
_PLACE_AND_DATE: Final = r"(?:[^\W\d_][\w.’'/-]*,?(?: [\w.’'/-]+,?){0,6}[ ,]*)?"
_DASH: Final = r"\s*(?:[-–—_]+|:)\s*"
_DATELINES: Final = (
    # "ANKARA, June 19 (Reuters) - ", "(AP) — ", "Alder, 3 May (Northline Wire): "
    re.compile(rf"{_PLACE_AND_DATE}\((?P<name>{_NAME}(?: ?[/,] ?{_NAME})*)\){_DASH}(?=\S)"),
    # "MOSCOW, June 19. /TASS/. "
    re.compile(rf"{_PLACE_AND_DATE}\.? ?/(?P<name>{_NAME})/\.?\s+(?=\S)"),
    # "Damascus, SANA - ", "BEIJING, June 19, Xinhua -- "
    re.compile(rf"{_PLACE_AND_DATE}(?<=[,\s])(?P<name>[^\W\d_][\w-]*)\s*[-–—_]+\s*(?=\S)"),
)
_BYLINE: Final = re.compile(r"\s*(?:by|from|written by)\s+(?P<names>\S.*)$", re.IGNORECASE)
_AFTER_A_SENTENCE: Final = r"(?:^|(?<=[.!?”\"’'\])])\s*)"
_SOURCE_LINE: Final = re.compile(
    rf"{_AFTER_A_SENTENCE}[(\[]?\s*(?:news )?sources?\s*:\s*(?P<names>[^.()\[\]]{{2,100}})[)\].]*\s*$",
    re.IGNORECASE,
)
_WITH_INPUT: Final = re.compile(
    rf"{_AFTER_A_SENTENCE}[(\[]?\s*(?:with\s+(?:(?:additional\s+)?(?:inputs?|reporting|files?|material|information"
    r"|reports?)\s+(?:from|by)\s+)?|(?:additional|further)\s+reporting\s+(?:by|from)\s+)"
    r"(?P<names>[^()\[\]]{2,100}?)[)\].]*\s*$",
    re.IGNORECASE,
)
_CONTRIBUTED: Final = re.compile(
    r"(?P<names>[^.()\[\]]{2,100}?)\s+(?:also\s+)?contributed\s+to\s+this\s+(?:report|story|article)[)\].]*\s*$",
    re.IGNORECASE,
)
# Reuters closes its reports with this formula, which says who wrote and who edited but not for whom.
_REPORTING_AND_EDITING: Final = re.compile(
    r"\(?\s*\b(?P<names>(?:additional )?reporting by\b.{3,300}?\bediting by)\b", re.IGNORECASE | re.DOTALL
)
_COPYRIGHT: Final = re.compile(
    r"^\s*(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:\d{4}\s+)?(?P<names>[^.,()\d]{2,60})", re.IGNORECASE
)
# "... he said. — AFP", "... he said. (AP)", or the name alone on the line
_SIGNED: Final = re.compile(
    rf"{_AFTER_A_SENTENCE}[-–—(\[/\s]*(?P<names>{_NAME}(?: ?[/,] ?{_NAME})*)[)\]/.\s]*$"
)
_FOOTS: Final = (_SOURCE_LINE, _WITH_INPUT, _CONTRIBUTED, _COPYRIGHT, _SIGNED)
_PICTURE: Final = re.compile(
    r"\b(?:photos?|photograph\w*|images?|pictures?|pics?|video|graphic|file photo|getty)\b", re.IGNORECASE
)
_BETWEEN_NAMES: Final = re.compile(
    r"\s*(?:[,/|;&+·•]|\band\b|\bwith\b|\bfor\b|\bin\b|\bvia\b)\s*", re.IGNORECASE
)
_UNNAMED: Final = re.compile(
    r"(?:(?:news|wire|press|international|foreign|other)\s+)*(?:agencies|wires)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Credit:
    """An agency an article declares. `agency` is its usual name, or `UNNAMED_AGENCIES`.

    `span` is where the text names it; None when a byline or a feed's field beside the text does.
    """

    agency: str
    span: Span | None
    where: Where


def find_credits(text: str, *, title: str = "", byline: str = "", source: str = "") -> tuple[Credit, ...]:
    """Return what an article declares about where it comes from, each agency once; () if nothing.

    `byline` and `source` are the fields a page or a feed gives beside the text. A line that repeats
    `title` is passed over.

    >>> [credit.agency for credit in find_credits("ANKARA, June 19 (Reuters) - Turkey was told, it said.")]
    ['Reuters']
    """
    found = [Credit(agency, None, "declared") for _, agency in _named(source, any_medium=True)]
    found += [Credit(agency, None, "byline") for _, agency in _named(_byline_names(byline))]
    lines = [line for line in _lines(text) if line.of(text).strip().casefold() != title.strip().casefold()]
    top, foot = lines[:_LINES_ON_TOP], lines[-_LINES_AT_THE_FOOT:]
    for line in top:
        found += _on_top(text, line, is_last=line is lines[-1])
    for line in reversed(foot):
        found += _at_the_foot(text, line, is_whole_text=len(lines) == 1)
    first_of: dict[str, Credit] = {}
    for credit in found:
        first_of.setdefault(credit.agency, credit)
    return tuple(first_of.values())


def _lines(text: str) -> list[Span]:
    """Give the lines with words in them, without the blanks around."""
    return [Span(found.start(), found.end()) for found in re.finditer(r"\S(?:[^\n]*\S)?", text)]


def _on_top(text: str, line: Span, *, is_last: bool) -> Iterator[Credit]:
    words = line.of(text)
    opening = words[:_LONGEST_OPENING]
    for form in _DATELINES:
        dateline = form.match(opening)
        if dateline and (names := list(_named(dateline["name"], any_medium=form is _DATELINES[0]))):
            for at, agency in names:
                yield _at(agency, line.start + dateline.start("name"), at, "dateline")
            return
    if len(words) > _LONGEST_SIGNED_LINE or _PICTURE.search(words):
        return
    if byline := _BYLINE.match(words):
        for at, agency in _named(byline["names"]):
            yield _at(agency, line.start + byline.start("names"), at, "byline")
    elif len(words) <= _LONGEST_BARE_BYLINE and not is_last:
        # "TRT World and Agencies", "Agence France-Presse": a byline without "by" holds nothing but media
        yield from (_at(agency, line.start, at, "byline") for at, agency in _only_media(words))


def _at_the_foot(text: str, line: Span, *, is_whole_text: bool) -> Iterator[Credit]:
    words = line.of(text)
    offset = max(0, len(words) - 2 * _LONGEST_SIGNED_LINE)
    ending = words[offset:]
    if formula := _REPORTING_AND_EDITING.search(ending):
        start = line.start + offset + formula.start("names")
        yield Credit("Reuters", Span(start, start + len(formula["names"])), "foot")
        return
    if len(words) <= _LONGEST_CAPTION and _PICTURE.search(words):
        return
    for form in _FOOTS:
        signed = form.search(ending)
        if not signed or (is_whole_text and signed.start() == 0):
            continue
        if form is _SIGNED:
            named: Iterable[tuple[Span, str]] = _only_media(signed["names"])
        else:
            named = _named(signed["names"], any_medium=form is _SOURCE_LINE)
        credits = [
            _at(agency, line.start + offset + signed.start("names"), at, "foot") for at, agency in named
        ]
        if credits:
            yield from credits
            return


def _at(agency: str, offset: int, at: Span, where: Where) -> Credit:
    return Credit(agency, Span(offset + at.start, offset + at.end), where)


def _byline_names(byline: str) -> str:
    with_by = _BYLINE.match(byline)
    return with_by["names"] if with_by else byline


def _named(names: str, *, any_medium: bool = False) -> Iterator[tuple[Span, str]]:
    """Give place and usual name of the agencies in a list of names ("Jane Roe and AFP"), in order.

    With `any_medium` other media count too, as in "Source: Alder Valley Times".
    """
    for at in _parts(names):
        part = at.of(names)
        if agency := agency_name(part):
            yield at, agency
        elif _UNNAMED.fullmatch(part):
            yield at, UNNAMED_AGENCIES
        elif any_medium and is_medium(part):
            yield at, publisher_name(part)


def _only_media(names: str) -> list[tuple[Span, str]]:
    """Like `_named`, but nothing when the words hold anything besides media."""
    parts = [at.of(names) for at in _parts(names)]
    if not all(is_medium(part) or _UNNAMED.fullmatch(part) for part in parts):
        return []
    return list(_named(names))


def _parts(names: str) -> list[Span]:
    parts, start = [], 0
    for between in [*_BETWEEN_NAMES.finditer(names), None]:
        end = between.start() if between else len(names)
        bare = names[start:end].strip(" .()[]")
        if bare:
            at = names.index(bare, start)
            parts.append(Span(at, at + len(bare)))
        start = between.end() if between else end
    return parts
