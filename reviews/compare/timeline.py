"""A question's claims along time: when they were published, and when the event was that they tell of.

Places are shares of the width, so that the picture needs no size. Pure, but for the cards it reads.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from reviews.compare.cards import Card
from reviews.compare.columns import Column

TICKS = 5
# Marks nearer than this share of the width stand above each other, as far as there is room.
NEAR = 1.6
LEVELS = 4
LEVEL_PIXELS = 13
PADDING_PIXELS = 13
EDGE = 2.0  # percent left free on either side

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Mark:
    """A claim on the line; `x` and `width` in percent, `y` in pixels from the row's top."""

    claim_id: int
    x: float
    y: int
    width: float
    is_suggested: bool
    label: str
    when: str

    @property
    def end(self) -> float:
        return round(self.x + self.width, 2)


@dataclass
class Row:
    number: int
    answer: str
    marks: list[Mark] = field(default_factory=list)
    undated: int = 0

    @property
    def height(self) -> int:
        return max((mark.y for mark in self.marks), default=PADDING_PIXELS) + PADDING_PIXELS


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Line:
    """One way to lay the claims out in time."""

    name: str  # "published" or "event"
    title: str
    rows: list[Row]
    ticks: list[Tick]
    dated: int

    @property
    def undated(self) -> int:
        return sum(row.undated for row in self.rows)


@dataclass(frozen=True)
class Timeline:
    lines: list[Line]

    @property
    def is_empty(self) -> bool:
        return not any(line.dated for line in self.lines)


@dataclass(frozen=True)
class _Dated:
    """What is laid out of a card."""

    claim_id: int
    is_suggested: bool
    label: str
    when: Interval | None


def timeline(columns: Sequence[Column]) -> Timeline:
    """The claims by publication and by the time of the event they tell of."""
    return Timeline(
        [
            _line("published", "By publication", columns, _published),
            _line("event", "By time of the event", columns, _happened),
        ]
    )


def _line(
    name: str, title: str, columns: Sequence[Column], when: Callable[[Column], Iterable[_Dated]]
) -> Line:
    dated = [(column, list(when(column))) for column in columns]
    known = [one.when for _, found in dated for one in found if one.when]
    if not known:
        return Line(name, title, [], [], 0)
    first, last = min(start for start, _ in known), max(end for _, end in known)
    margin = max((last - first) * 0.02, timedelta(minutes=30))
    first, last = first - margin, last + margin
    rows = [
        Row(
            number=column.position.number,
            answer=column.position.answer,
            marks=_laid_out(found, first, last),
            undated=sum(one.when is None for one in found),
        )
        for column, found in dated
    ]
    return Line(name, title, rows, _ticks(first, last), len(known))


def _published(column: Column) -> Iterable[_Dated]:
    for card in column.cards:
        at = card.published_at
        yield _Dated(card.claim_id, card.is_suggested, _label(card), (at, at) if at else None)


def _happened(column: Column) -> Iterable[_Dated]:
    for card in column.cards:
        moment = card.frame.get("time") or {}
        days = [date.fromisoformat(day) for day in (moment.get("earliest"), moment.get("latest")) if day]
        when = (_midnight(days[0]), _midnight(days[-1] + timedelta(days=1))) if days else None
        yield _Dated(card.claim_id, card.is_suggested, _label(card), when)


def _label(card: Card) -> str:
    return f"{card.asserted_by}, {card.outlet_name}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _laid_out(dated: Sequence[_Dated], first: datetime, last: datetime) -> list[Mark]:
    """Marks of what has a date, from left to right; one that would cover another stands a level lower."""
    marks: list[Mark] = []
    ends = [-100.0] * LEVELS  # where each level is free again
    known = [(one.when, one) for one in dated if one.when is not None]
    for when, one in sorted(known, key=lambda pair: (pair[0], pair[1].claim_id)):
        start, end = (_share(moment, first, last) for moment in when)
        free = [level for level in range(LEVELS) if ends[level] + NEAR <= start]
        level = free[0] if free else min(range(LEVELS), key=lambda each: ends[each])
        ends[level] = max(end, ends[level])
        marks.append(
            Mark(
                claim_id=one.claim_id,
                x=start,
                y=PADDING_PIXELS + level * LEVEL_PIXELS,
                width=round(end - start, 2),
                is_suggested=one.is_suggested,
                label=one.label,
                when=_words(when),
            )
        )
    return marks


def _share(moment: datetime, first: datetime, last: datetime) -> float:
    return round(EDGE + (100 - 2 * EDGE) * ((moment - first) / (last - first)), 2)


def _words(when: Interval) -> str:
    start, end = when
    if start == end:
        return f"{start:%-d %b %Y, %H:%M}"
    final = end - timedelta(days=1)
    return f"{start:%-d %b %Y}" if final <= start else f"{start:%-d %b %Y} to {final:%-d %b %Y}"


# From fine to coarse: the distance of two ticks, and how one is written.
_STEPS: tuple[tuple[timedelta, str], ...] = (
    (timedelta(hours=1), "%-d %b, %H:%M"),
    (timedelta(hours=3), "%-d %b, %H:%M"),
    (timedelta(hours=6), "%-d %b, %H:%M"),
    (timedelta(hours=12), "%-d %b, %H:%M"),
    (timedelta(days=1), "%-d %b"),
    (timedelta(days=2), "%-d %b"),
    (timedelta(days=7), "%-d %b %Y"),
    (timedelta(days=30), "%-d %b %Y"),
    (timedelta(days=91), "%-d %b %Y"),
    (timedelta(days=365), "%b %Y"),
    (timedelta(days=3652), "%Y"),
    (timedelta(days=36525), "%Y"),
)


def _ticks(first: datetime, last: datetime) -> list[Tick]:
    """At most `TICKS` even moments between the ends, written as finely as they lie apart."""
    step, written = next((one for one in _STEPS if (last - first) / one[0] <= TICKS), _STEPS[-1])
    origin = datetime(first.year, 1, 1, tzinfo=UTC)
    at = origin + step * -((origin - first) // step)
    found = []
    while at <= last:
        if at >= first:
            found.append(Tick(_share(at, first, last), f"{at:{written}}"))
        at += step
    return found
