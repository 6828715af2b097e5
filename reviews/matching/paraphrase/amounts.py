"""Numbers, days and spans of time in an answer, in one form, so that "3m" meets "three million".

No grammar: an answer is a few words, and what counts is whether two of them give the same figures.
"""

import re
from collections.abc import Iterable
from typing import Final, Literal

from reviews.matching.paraphrase.words import all_words, stem

Agreement = Literal["same", "different", ""]
Amounts = frozenset[tuple[str, float]]

_FIGURE: Final = re.compile(r"(\d+(?:\.\d+)?)(m|bn|k)?$")
_MANY: Final = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12,
}  # fmt: skip
_VAGUE: Final = {"dozen": 12.0, "hundred": 100.0, "half": 0.5, "quarter": 0.25}
_MONTHS: Final = {
    name[:length]: number
    for number, name in enumerate(
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december"],
        start=1,
    )
    for length in (3, len(name))
} | {"sept": 9}  # fmt: skip
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME_UNITS: Final = frozenset({"second", "minut", "hour", "day", "week", "month", "year", "decad"})
_YEARS: Final = range(1900, 2101)


def find_amounts(text: str) -> Amounts:
    """Return the figures of a text, each with what it counts.

    That is "year", "month", "day" (of a month), "weekday", a span of time by the stem of its unit
    ("year span") or "number".

    >>> sorted(find_amounts("until 1 July 2024")), sorted(find_amounts("three million"))
    ([('day', 1.0), ('month', 7.0), ('year', 2024.0)], [('number', 3000000.0)])
    """
    words = all_words(text)
    found = set()
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        after = words[at + 1] if at + 1 < len(words) else ""
        if (month := _MONTHS.get(word)) and (word != "may" or _is_figure(before) or _is_figure(after)):
            found.add(("month", float(month)))
        elif word in _DAYS:
            found.add(("weekday", float(_DAYS.index(word))))
        elif word in _VAGUE and not _is_figure(before):
            found.add(("number", _VAGUE[word]))
        elif figure := _FIGURE.match(word):
            found.add(_counted(figure, before, after))
        elif word == "another" and stem(after) in _TIME_UNITS:
            found.add((f"{stem(after)} span", 1.0))
    return frozenset(found)


def _is_figure(word: str) -> bool:
    return bool(_FIGURE.match(word))


def _counted(figure: re.Match[str], before: str, after: str) -> tuple[str, float]:
    value = float(figure[1]) * _MANY.get(figure[2] or "", 1.0)
    if after in _MANY:
        return "number", value * _MANY[after]
    if after in ("hundred", "dozen"):
        return "number", value * _VAGUE[after]
    if (before in _MONTHS or after in _MONTHS) and 1 <= value <= 31:
        return "day", value
    if stem(after) in _TIME_UNITS:
        return f"{stem(after)} span", value
    if not figure[2] and value in _YEARS:
        return "year", value
    return "number", value


def compare_amounts(one: Amounts, other: Amounts) -> Agreement:
    """Say whether two texts give the same figures; "" when nothing of theirs can be compared.

    A day that says more than the other is the same: July 2024 and 2024. A figure that only one gives
    beside those they share says nothing, but figures of one kind without any in common differ.
    """
    shared_kinds = {kind for kind, _ in one} & {kind for kind, _ in other}
    if not shared_kinds:
        return ""
    agree = all(_of_kind(one, kind) & _of_kind(other, kind) for kind in shared_kinds)
    return "same" if agree else "different"


def _of_kind(amounts: Iterable[tuple[str, float]], wanted: str) -> set[float]:
    return {value for kind, value in amounts if kind == wanted}
