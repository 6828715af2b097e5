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
_WORDS: Final = {**_SMALL, **_TENS}
_SCALES: Final = {
    "dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12,
}  # fmt: skip
# What "dozens" and "tens of thousands" can mean: from two of them up to the next word.
_VAGUE: Final = {
    "dozens": (24, 99), "scores": (40, 99), "hundreds": (200, 999), "thousands": (2000, 9999),
    "tens of thousands": (20_000, 99_999), "hundreds of thousands": (200_000, 999_999),
    "millions": (2 * 10**6, 999 * 10**6), "tens of millions": (20 * 10**6, 99 * 10**6),
    "hundreds of millions": (200 * 10**6, 999 * 10**6), "billions": (2 * 10**9, 999 * 10**9),
}  # fmt: skip
_UNITS: Final = {
    "%": "percent", "per cent": "percent", "percent": "percent", "percentage points": "percentage points",
    "kilometres": "km", "kilometers": "km", "kilometre": "km", "kilometer": "km", "kms": "km",
    "metres": "m", "meters": "m", "metre": "m", "meter": "m", "mile": "miles", "dollar": "dollars",
    "euro": "euros", "pound": "pounds", "kilograms": "kg", "kilos": "kg", "kilogram": "kg", "tonne": "tonnes",
}  # fmt: skip
_CURRENCIES: Final = {
    "$": "dollars", "us$": "dollars", "usd": "dollars", "£": "pounds", "gbp": "pounds", "€": "euros",
    "eur": "euros", "¥": "yen", "₹": "rupees",
}  # fmt: skip
_NO_UNIT: Final = lexicon.word_set(
    "and or but to of in on at by for from with the a an was were is are has had have who that which "
    "when than as p am pm more others other strong per after before into out over under between during"
)
_ORDINAL_ENDS: Final = frozenset({"st", "nd", "rd", "th"})
_MONTH: Final = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_HEDGE: Final = (
    r"at least|at most|no more than|no fewer than|no less than|not more than|more than|less than|fewer than|"
    r"as many as|as much as|as few as|upwards of|up to|close to|just over|just under|well over|about|around|"
    r"some|nearly|almost|over|under|roughly|approximately|an estimated|a minimum of|a maximum of"
)
_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,9})?"
_TENS_AND_ONES: Final = rf"(?:twenty|{'|'.join(_TENS)})-(?:{'|'.join(list(_SMALL)[1:10])})"
_WORD_NUMBER: Final = "|".join([_TENS_AND_ONES, *sorted(_WORDS, key=len, reverse=True)])
_SCALE: Final = "dozen|hundred|thousand|million|billion|trillion"
_VAGUE_WORDS: Final = "|".join(sorted(_VAGUE, key=len, reverse=True))
_QUANTITY: Final = re.compile(
    rf"(?:\b(?P<hedge>{_HEDGE}) )?(?:\b(?:between|from) )?"
    rf"(?:(?<![\w.,:/-])(?:(?P<currency>US\$|[$£€¥₹]|\b(?:USD|EUR|GBP) ))?"
    rf"(?:(?P<digits>{_NUMBER})|\b(?P<word>{_WORD_NUMBER})\b|\b(?P<article>(?:half )?an?)(?= (?:{_SCALE})\b))"
    rf"(?:(?: to | and |-|–)(?:US\$|[$£€])?(?P<upper>{_NUMBER})(?![\w,.]*:))?"
    rf"(?:[ -](?P<scale>{_SCALE})\b|(?P<suffix>k|mn?|bn|tn)\b)?"
    rf"|\b(?P<vague>{_VAGUE_WORDS})\b(?: of)?)"
    r"(?P<gap>[ -]?)(?P<unit>%|per cent\b|percentage points\b|[^\W\d_]+)?",
    re.IGNORECASE,
)
_DATE_BEFORE: Final = re.compile(rf"\b{_MONTH}\.? $", re.IGNORECASE)
_DATE_AFTER: Final = re.compile(rf"(?:st|nd|rd|th)? ?{_MONTH}\b", re.IGNORECASE)
_CLOCK_AFTER: Final = re.compile(r"[:.]\d\d\b| ?[ap]\.?m\b", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_LOOKBACK: Final = 12


def find_quantities(text: str, start: int = 0, end: int | None = None) -> list[Quantity]:
    """Return the quantities in `text[start:end]` in reading order; [] if it states none.

    "Dozens" and the like are ranges, with the word as approximator. Days, years, times of day and ordinals
    are not quantities, nor are the numbers in names ("Su-22").

    >>> [(str(q.value), q.unit, q.approximator) for q in find_quantities("Rents rose some 4% in May.")]
    [('4', 'percent', 'some')]
    >>> [(str(q.value), str(q.upper), q.unit) for q in find_quantities("Hundreds of people fled.")]
    [('200', '999', 'people')]
    """
    found = []
    for match in _QUANTITY.finditer(text, start, len(text) if end is None else end):
        quantity = _vague(match) if match["vague"] else _quantity(text, match)
        if quantity is not None:
            found.append(quantity)
    return found


def _vague(match: re.Match[str]) -> Quantity:
    word = match["vague"].lower()
    low, high = _VAGUE[word]
    unit, unit_end = _unit(match)
    begin = match.start("hedge") if match["hedge"] else match.start("vague")
    approximator = f"{match['hedge'].lower()} {word}" if match["hedge"] else word
    span = Span(begin, max(unit_end, match.end("vague")))
    return Quantity(Decimal(low), unit, span, approximator, Decimal(high))


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    number = next(name for name in ("digits", "word", "article") if match[name])
    if _is_no_amount(text, match, match.start(number), match.end(number)):
        return None
    scale = _scale(match)
    value = _scaled(match[number], scale)
    upper = _scaled(match["upper"], scale) if match["upper"] else None
    if upper is not None and upper <= value:
        return None
    unit, unit_end = _unit(match)
    begin = next(match.start(name) for name in ("hedge", "currency", number) if match[name])
    last = max(unit_end, *(match.end(name) for name in ("scale", "suffix", "upper", number)))
    return Quantity(value, unit, Span(begin, last), (match["hedge"] or "").lower(), upper)


def _is_no_amount(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Whether the number is a day, a year, an ordinal, a pronoun ("one of them") or stuck to a name."""
    digits, word = match["digits"], match["word"]
    unit = (match["unit"] or "").lower()
    if digits:
        is_year = bool(_YEAR.fullmatch(digits)) and not match["currency"]
        is_ordinal = not match["gap"] and unit in _ORDINAL_ENDS
        return is_year or is_ordinal or _is_time(text, start, end)
    return bool(word) and word.lower() == "one" and not match["scale"]


def _scale(match: re.Match[str]) -> int:
    """Return what the number is multiplied by; "5m" is 5 metres, but "$5m" 5 million dollars."""
    if match["scale"]:
        return _SCALES[match["scale"].lower()]
    suffix = (match["suffix"] or "").lower()
    return _SCALES[suffix] if suffix and (match["currency"] or suffix != "m") else 1


def _scaled(written: str, scale: int) -> Decimal:
    """Return the value without the decimals that the scale has taken up: "3.2m" is 3200000."""
    value = _value(written) * scale
    return value.to_integral_value() if scale > 1 and value == value.to_integral_value() else value


def _value(written: str) -> Decimal:
    """Return the value of digits, a number word or the article of "a dozen"."""
    lower = written.lower()
    if lower[0].isdigit():
        return Decimal(lower.replace(",", ""))
    if lower.startswith("half "):
        return Decimal("0.5")
    if lower in {"a", "an"}:
        return Decimal(1)
    return Decimal(sum(_WORDS[part] for part in lower.split("-")))


def _is_time(text: str, start: int, end: int) -> bool:
    return bool(
        _DATE_BEFORE.search(text, max(0, start - _LOOKBACK), start)
        or _DATE_AFTER.match(text, end)
        or _CLOCK_AFTER.match(text, end)
    )


def _unit(match: re.Match[str]) -> tuple[str, int]:
    """Return the unit in one spelling and where it ends, -1 when nothing names it."""
    if match["currency"]:
        return _CURRENCIES[match["currency"].strip().lower()], -1
    if (match["suffix"] or "").lower() == "m":
        return "m", match.end("suffix")
    given = (match["unit"] or "").lower()
    if not given or given in _NO_UNIT:
        return "", -1
    return _UNITS.get(given, given), match.end("unit")


MEASURES: Final = frozenset(_UNITS.values()) | frozenset(_CURRENCIES.values())
# A text without digits and without any of these states no amount.
NUMBER_WORDS: Final = frozenset(_WORDS) | frozenset(_SCALES) | frozenset(" ".join(_VAGUE).split())
