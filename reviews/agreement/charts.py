"""Agreement as pictures: where two judgements meet, and how the figures went from month to month. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from reviews.agreement.counts import Agreement
from reviews.models import Judgement

# How dark a cell of the heat map is, from none to all of the items; each has a class in the stylesheet.
SHADES = 5


@dataclass(frozen=True)
class Cell:
    """How often the one was judged and the other; `shade` is 0 for never to SHADES for most of all."""

    count: int
    shade: int
    is_equal: bool


@dataclass(frozen=True)
class Heat:
    """Who judged what as what: of a pair the first's rows and the second's columns.

    Of more than two there is no first: each pair of ratings is counted once, on one side of the diagonal.
    """

    rows: list[tuple[str, list[Cell]]]
    columns: list[str]
    first: str = ""
    second: str = ""


@dataclass(frozen=True)
class Line:
    """A group with the share of its equal pairs as the width of a bar, in percent."""

    group: Agreement
    width: float


@dataclass(frozen=True)
class Bar:
    """How often a judgement was chosen; the width is its share in percent."""

    name: str
    count: int
    width: float


def heat_of(group: Agreement) -> Heat | None:
    """None where nothing was judged by two."""
    pairs = group.judged if group.pair else group.ratings.together
    most = max(pairs.values(), default=0)
    if not most:
        return None
    names = {str(value): str(label) for value, label in Judgement.choices}
    rows = [
        (label, [_cell(pairs.get((row, column), 0), most, is_equal=row == column) for column in names])
        for row, label in names.items()
    ]
    first, second = (person.get_username() for person in group.pair) if group.pair else ("", "")
    return Heat(rows, list(names.values()), first, second)


def lines_of(months: Sequence[Agreement]) -> list[Line]:
    """Those months in which something was judged by two."""
    return [
        Line(each, round(100 * each.percent.value, 1)) for each in months if each.percent.value is not None
    ]


def chosen_in(group: Agreement) -> list[Bar]:
    counts = group.ratings.by_category
    total = sum(counts.values()) or 1
    return [
        Bar(str(label), counts[value], round(100 * counts[value] / total, 1))
        for value, label in Judgement.choices
    ]


def _cell(count: int, most: int, *, is_equal: bool) -> Cell:
    return Cell(count, -(-count * SHADES // most), is_equal)
