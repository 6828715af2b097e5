"""Amounts a text states: digits and number words, with their unit, range and hedge."""

import re
from decimal import Decimal
from typing import Final

from claims.extraction import lexicon
from claims.extraction.types import Quantity, Span

_SMALL: Final = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
}  # fmt: skip
_TENS: Final = {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_WORDS: Final = {**_SMALL, **_TENS, "dozen": 12}
_SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_UNITS: Final = {
    "%": "percent", "per cent": "percent", "kilometres": "km", "kilometers": "km", "kilometre": "km",
    "kilometer": "km", "kms": "km", "metres": "m", "meters": "m", "metre": "m", "meter": "m", "mile": "miles",
}  # fmt: skip
_CURRENCIES: Final = {"$": "dollars", "£": "pounds", "€": "euros"}
_NO_UNIT: Final = lexicon.word_set(
    "and or but to of in on at by for from with the a an was were is are has had have who that which "
    "when than as p am pm more others other"
)
_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_HEDGE: Final = (
    r"at least|at most|more than|less than|fewer than|as many as|no more than|up to|about|around|some|nearly|"
    r"almost|over|under|roughly|approximately|an estimated"
)
_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,9})?"
_WORD_NUMBER: Final = "|".join(sorted(_WORDS, key=len, reverse=True))
_SCALE: Final = "|".join(_SCALES)
_QUANTITY: Final = re.compile(
    rf"(?:\b(?P<hedge>{_HEDGE}) )?(?:\b(?:between|from) )?"
    rf"(?<![\w.,:/-])(?P<currency>[$£€])?(?:(?P<digits>{_NUMBER})|\b(?P<word>{_WORD_NUMBER})\b)"
    rf"(?:(?: to | and |-|–)[$£€]?(?P<upper>{_NUMBER})(?![\w,.]*:))?"
    rf"(?:[ -](?P<scale>{_SCALE})\b)?"
    r"(?P<gap>[ -]?)(?P<unit>%|per cent\b|[^\W\d_]+)?",
    re.IGNORECASE,
)
_DATE_BEFORE: Final = re.compile(rf"\b{_MONTH}\.? $", re.IGNORECASE)
_DATE_AFTER: Final = re.compile(rf"(?:st|nd|rd|th)? ?{_MONTH}\b", re.IGNORECASE)
_CLOCK_AFTER: Final = re.compile(r"[:.]\d\d\b| ?[ap]\.?m\b", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_LOOKBACK: Final = 12


def find_quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Return the quantities in `text[start:end]` in reading order; [] if it states none.

    Days, years and times of day are not quantities, nor are the numbers in names ("Su-22").

    >>> [(str(q.value), q.unit, q.approximator) for q in find_quantities("Rents rose some 4% in May.")]
    [('4', 'percent', 'some')]
    """
    found = []
    for match in _QUANTITY.finditer(text, start, len(text) if end is None else end):
        quantity = _quantity(text, match)
        if quantity is not None:
            found.append(quantity)
    return found


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    digits, word = match["digits"], match["word"]
    number_at = match.start("digits") if digits else match.start("word")
    number_end = match.end("digits") if digits else match.end("word")
    if digits and (
        _is_time(text, number_at, number_end) or (_YEAR.fullmatch(digits) and not match["currency"])
    ):
        return None
    scale = _SCALES[match["scale"].lower()] if match["scale"] else 1
    value = (Decimal(digits.replace(",", "")) if digits else Decimal(_WORDS[word.lower()])) * scale
    unit, unit_end = _unit(match)
    if word and word.lower() == "one" and not match["scale"]:
        return None
    upper = Decimal(match["upper"].replace(",", "")) * scale if match["upper"] else None
    if upper is not None and upper <= value:
        return None
    begin = (
        match.start("hedge")
        if match["hedge"]
        else match.start("currency")
        if match["currency"]
        else number_at
    )
    last = max(unit_end, match.end("scale"), match.end("upper"), number_end)
    return Quantity(value, unit, Span(begin, last), (match["hedge"] or "").lower(), upper)


def _is_time(text: str, start: int, end: int) -> bool:
    return bool(
        _DATE_BEFORE.search(text, max(0, start - _LOOKBACK), start)
        or _DATE_AFTER.match(text, end)
        or _CLOCK_AFTER.match(text, end)
    )


def _unit(match: re.Match[str]) -> tuple[str, int]:
    """Return the unit in one spelling and where it ends, -1 when nothing names it."""
    if match["currency"]:
        return _CURRENCIES[match["currency"]], -1
    given = (match["unit"] or "").lower()
    if not given or given in _NO_UNIT:
        return "", -1
    return _UNITS.get(given, given), match.end("unit")
