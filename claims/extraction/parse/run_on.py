"""Where a headline, a date or a credit runs on into the sentence behind it, as in scraped and pasted pages.

"Last updated at 3 May 2017 Six hurt in mill fire A fire broke out ..." is three things on one line.
"""

import re
from collections.abc import Iterator
from typing import Final

from claims.extraction.lexicon import word_set

_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_DAY: Final = (
    rf"(?:(?:[A-Z][a-z]+day,? )?(?:\d{{1,2}} {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? ?\d{{4}})"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{4})"
)
# "Published 3 May 2017", "3 May 2017", "03.05.2017 (updated 14:57 03.05.2017)".
_STAMP: Final = re.compile(
    rf"(?:(?:Last )?(?:[Uu]pdated|[Pp]ublished|[Pp]osted|[Mm]odified|Date of publication)(?: on| at|:)? )?"
    rf"{_DAY}(?: ?\((?:updated|published)[^()]{{1,40}}\))? (?=[A-Z\d])"
)
_SHORT_ADDRESS: Final = re.compile(r"Get short URL \d* ?")
_CREDITED: Final = re.compile(
    r"\((?:[^()]{0,40}\b)?(?:Photo|Agencies|Agency|Reuters|AFP|AP|Getty|Sputnik|Xinhua)\b[^()]{0,20}\)"
    r" (?=[A-Z])"
)
_NUMBER: Final = (
    "One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|Thirteen|Fourteen|Fifteen|Sixteen|Seventeen|"
    "Eighteen|Nineteen|Twenty|Thirty|Dozens|Scores|Hundreds|Thousands|Several|Many"
)
# How a sentence of news opens, and hardly ever a word inside of one.
_OPENING: Final = re.compile(
    rf" (?=(?:(?:A|An|The|{_NUMBER}|Nearly|Almost) [a-z]|At least |More than \d|"
    r"(?:Nearly|Almost|Over|About|Around|Some) \d))"
)
# "BERGEN Norway A ferry ...": a dateline that has lost its dash.
_DATELINE: Final = re.compile(
    rf"[A-Z]{{3,}}(?:[ -][A-Z]{{3,}})?(?: [A-Z][a-z]+)? (?=(?:A|An|The|{_NUMBER}) [a-z])"
)
# What stands before the words a page is filed under.
_FILED: Final = frozenset({"tags", "tag", "topics", "keywords", "related"})
_FEWEST_BEFORE: Final = 3
_FEWEST_BEHIND: Final = 7
_TITLE_RUN: Final = 3
# A capital behind these goes on with the sentence ("in The old man ..."), or names a kind ("hepatitis A").
_HOLDING: Final = word_set(
    "a an the of in on at to for from by with as and or but nor said says say told tell called titled named "
    "vitamin hepatitis influenza type group grade class plan category section article part schedule route "
    "paper read reading reads wrote film book novel song play"
)


def find_run_ons(line: str, starts: list[int]) -> Iterator[int]:
    """Give the places of a paragraph's line, whose sentences begin at `starts`, where one runs into another.

    Away from the opening of the paragraph only a run of capitalised words ends where a sentence opens.
    """
    at = _behind_stamps(line)
    if at:
        yield at
    yield from (found.end() for found in _CREDITED.finditer(line))
    ends = [*starts[1:], len(line)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for found in _OPENING.finditer(line, max(start, at), end):
            before, behind = line[max(start, at) : found.start()].split(), line[found.end() : end].split()
            if _opens(before, behind, anywhere=number > 0):
                yield found.end()


def _behind_stamps(line: str) -> int:
    at = 0
    while (found := _STAMP.match(line, at) or _SHORT_ADDRESS.match(line, at)) and found.end() > at:
        at = found.end()
    dateline = _DATELINE.match(line, at)
    return at if dateline is None else dateline.end()


def _opens(before: list[str], behind: list[str], *, anywhere: bool) -> bool:
    if len(before) < _FEWEST_BEFORE or len(behind) < _FEWEST_BEHIND:
        return False
    if before[-1].lower() in _HOLDING or not before[-1][-1].isalnum():
        return False
    titled = all(word[0].isupper() or word[0].isdigit() for word in before[-_TITLE_RUN:])
    return titled or not anywhere or before[0].lower() in _FILED
