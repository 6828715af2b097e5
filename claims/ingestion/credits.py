"""Wire credits: whose report a copied text is, as its dateline, byline or last line says."""

from __future__ import annotations

import re

# Agencies as they sign; the list is only needed where a name stands without a dateline around it.
_AGENCIES = {
    name.casefold(): credit
    for credit, names in {
        "AAP": "AAP|Australian Associated Press",
        "AFP": "AFP|Agence France-Presse|Agence France Presse",
        "ANSA": "ANSA",
        "Anadolu": "Anadolu|Anadolu Agency|AA",
        "AP": "AP|Associated Press|The Associated Press",
        "dpa": "dpa|Deutsche Presse-Agentur",
        "EFE": "EFE",
        "Interfax": "Interfax",
        "IRNA": "IRNA",
        "Kyodo": "Kyodo|Kyodo News",
        "PA": "PA|PA Media|Press Association",
        "PTI": "PTI|Press Trust of India",
        "Reuters": "Reuters|Thomson Reuters",
        "RIA Novosti": "RIA|RIA Novosti",
        "SANA": "SANA",
        "TASS": "TASS|Itar-Tass",
        "The Canadian Press": "The Canadian Press|Canadian Press",
        "UPI": "UPI|United Press International",
        "Xinhua": "Xinhua|Xinhua News Agency",
    }.items()
    for name in names.split("|")
}
_NAME = r"[^\W\d_][\w.’'&\-]*(?: [^\W\d_][\w.’'&\-]*){0,3}"
# "ANKARA, June 19 (Reuters) - ", "Moscow/Geneva (Northline Wire) — "; at most five words of place and date
_DATELINE = re.compile(
    rf"[^\W\d_][\w.’'\-/]*,?(?: [\w.’'\-/]+,?){{0,5}} \((?P<name>{_NAME})\)\s*[-–—:]+\s", re.UNICODE
)
_BARE_DATELINE = re.compile(rf"\((?P<name>{_NAME})\)\s*[-–—:]+\s")
_DATELINE_REACH = 120  # characters; where a paragraph's opening ends, and what bounds the match
_EDGES = " ()[]—–-©.,/"


def find_credit(*, byline: str = "", first_paragraph: str = "", last_line: str = "") -> str:
    """Return the agency a text is credited to, "" if it names none.

    A bracket after a place in capitals or a date names an agency whatever it is called; elsewhere,
    as in "Jan Reed (Lede) - ", only known ones count.

    >>> find_credit(first_paragraph="ANKARA, June 19 (Reuters) - Turkey said it was told.")
    'Reuters'
    """
    opening = first_paragraph[:_DATELINE_REACH]
    for form in (_DATELINE, _BARE_DATELINE):
        found = form.match(opening)
        if found and (credit := name_credit(found["name"])):
            return credit
        if found and _is_place_and_date(opening[: found.start("name") - 1]):
            return found["name"]
    for part in re.split(r"[,/|;]| and | with | for ", byline.removeprefix("By ")):
        if credit := name_credit(part):
            return credit
    return name_credit(last_line) if len(last_line) <= 60 else ""


def _is_place_and_date(opening: str) -> bool:
    """Tell whether the words before a dateline's bracket are LEDE, or Lede, Feb 3."""
    words = opening.split()
    has_date = any(word.strip(",.").isdigit() for word in words)
    return bool(words) and (words[0].isupper() or has_date) and all(not word[0].islower() for word in words)


def name_credit(name: str) -> str:
    """Return the usual short name of a known agency, "" for any other name."""
    return _AGENCIES.get(name.strip(_EDGES).casefold(), "")
