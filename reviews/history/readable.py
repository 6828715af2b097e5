"""Audit events as people read them: step by step, each row by its name, each value in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from reviews.history.diffs import Piece, word_diff
from reviews.history.names import Name, RowKey, name_from_image, name_rows
from reviews.history.tables import NOTHING, SECRETS, Image, column_of, columns_of, table_label, written
from reviews.models import AuditEvent

SHOWN_LINES = 3
SHOWN_EVENTS = 5
LONG_CHARACTERS = 60
SHORT_WORDS = 6  # up to which two values are read side by side
SHOWN_CHARACTERS = 4000
# Writes of one transaction without a request or step of their own follow each other closely.
SAME_STEP = timedelta(seconds=1)
UNNAMED = "Written outside any step"  # by the database's user, for nobody said who acts
VERBS = {
    "insert": "added",
    "update": "changed",
    "delete": "removed",
    "bulk": "added",
    "base": "found as it is",
    "note": "",
}
LOOKS = {"insert": "is-ok", "bulk": "is-ok", "update": "is-info", "delete": "is-bad"}
# Nothing a reader looks for; the row's number stands in its name, its version is counted by every step.
_DULL = frozenset({"id", "version", "search"})


@dataclass(frozen=True)
class Said:
    """A value in words, with the page of what it refers to, "" for none."""

    text: str
    url: str = ""

    @property
    def is_nothing(self) -> bool:
        return self.text == NOTHING

    @property
    def is_long(self) -> bool:
        return len(self.text) > LONG_CHARACTERS or "\n" in self.text


@dataclass(frozen=True)
class Line:
    """What happened to one column: either `old` and `new`, or, of long texts, where their words differ."""

    label: str
    old: Said | None = None
    new: Said | None = None
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True)
class ReadEvent:
    """One event in words; `lines` are in the order of the table's columns."""

    event: AuditEvent
    what: str
    name: Name
    verb: str
    look: str
    lines: Sequence[Line]

    @property
    def first_lines(self) -> Sequence[Line]:
        return self.lines[:SHOWN_LINES]

    @property
    def other_lines(self) -> Sequence[Line]:
        return self.lines[SHOWN_LINES:]


@dataclass(frozen=True)
class ReadStep:
    """What one person did in one go."""

    action: str
    events: Sequence[ReadEvent] = field(default_factory=list)

    @property
    def first(self) -> AuditEvent:
        return self.events[0].event

    @property
    def first_events(self) -> Sequence[ReadEvent]:
        return self.events[:SHOWN_EVENTS]

    @property
    def other_events(self) -> Sequence[ReadEvent]:
        return self.events[SHOWN_EVENTS:]


def read(events: Iterable[AuditEvent]) -> list[ReadStep]:
    """The events in their order, those of one step together; two queries at most for each table named."""
    events = list(events)
    names = name_rows({key for event in events for key in _keys(event)})
    return [
        ReadStep(action=action_label(together[0].action), events=[_read(event, names) for event in together])
        for together in _steps(events)
    ]


def action_label(action: str) -> str:
    """ "Take question" of "take_question"."""
    return UNNAMED if action == "unnamed" else action.replace("_", " ").capitalize()


def _steps(events: Sequence[AuditEvent]) -> list[list[AuditEvent]]:
    steps: list[list[AuditEvent]] = []
    for event in events:
        if steps and _is_same_step(steps[-1][-1], event):
            steps[-1].append(event)
        else:
            steps.append([event])
    return steps


def _is_same_step(one: AuditEvent, other: AuditEvent) -> bool:
    if _key(one) != _key(other):
        return False
    return bool(one.request_id or one.change_id) or abs(one.at - other.at) < SAME_STEP


def _key(event: AuditEvent) -> tuple[Any, ...]:
    return event.actor_id, event.actor, event.action, event.reason, event.change_id, event.request_id


def _keys(event: AuditEvent) -> Iterable[RowKey]:
    """The rows an event names: the one it is about, and those its values refer to."""
    yield event.table_name, event.row_id
    for image in (event.old, event.new):
        for name, value in (image or {}).items():
            table = column_of(event.table_name, name).refers_to
            if table and isinstance(value, int):
                yield table, value


def _read(event: AuditEvent, names: Mapping[RowKey, Name]) -> ReadEvent:
    table, image = event.table_name, event.new or event.old
    known, told = names.get((table, event.row_id)), name_from_image(table, event.row_id, image)
    name = Name(known.text, known.url or told.url) if known and known.text else told
    together = _together(event)
    if len(together) > 1:
        name = Name(f"{len(together):,} rows", name.url)
    return ReadEvent(
        event=event,
        what=table_label(table),
        name=name,
        verb=VERBS.get(event.operation, ""),
        look=LOOKS.get(event.operation, ""),
        lines=_lines(table, event.old, _counted(event), names),
    )


def _counted(event: AuditEvent) -> Image | None:
    """The new image; of rows written together, which ones, without their hashes."""
    together = _together(event)
    if event.new is None or not together:
        return event.new
    return event.new | {"rows": ", ".join(sorted(together, key=int))}


def _together(event: AuditEvent) -> Mapping[str, str]:
    """The hashes of rows that were written down together, by their ids; empty for one with its image."""
    if event.operation not in ("bulk", "base") or event.new is None:
        return {}
    rows = event.new.get("rows", {})
    return rows if isinstance(rows, dict) else {}


def _lines(table: str, old: Image | None, new: Image | None, names: Mapping[RowKey, Name]) -> list[Line]:
    """What differs; of a row that came or went, what it said."""
    before, after = old or {}, new or {}
    lines = []
    for name in _in_order(table, {**before, **after}):
        one, other = before.get(name), after.get(name)
        if one == other or (not one and not other and (old is None or new is None)):
            continue
        label = column_of(table, name).label
        if (table, name) in SECRETS:
            lines.append(Line(label, new=Said("set; not shown")))
            continue
        said = [_said(table, name, value, names) for value in (one, other)]
        lines.append(_line(label, *said, is_update=bool(old and new)))
    return lines


def _in_order(table: str, image: Image) -> list[str]:
    rank = {name: number for number, name in enumerate(columns_of(table))}
    return sorted(image.keys() - _DULL, key=lambda name: (rank.get(name, len(rank)), name))


def _said(table: str, name: str, value: Any, names: Mapping[RowKey, Name]) -> Said:
    refers_to = column_of(table, name).refers_to
    if refers_to and isinstance(value, int):
        known = names.get((refers_to, value))
        return Said(known.text, known.url) if known else Said(f"number {value}")
    return Said(written(table, name, value))


def _line(label: str, old: Said, new: Said, *, is_update: bool) -> Line:
    if not is_update:
        shown = old if new.is_nothing else new
        return Line(label, new=_shortened(shown))
    is_text = not (old.url or new.url or old.is_nothing or new.is_nothing)
    if is_text and (old.is_long or new.is_long or min(map(_words, (old, new))) > SHORT_WORDS):
        pieces = [Piece(piece.kind, _cut(piece.text)) for piece in word_diff(old.text, new.text)]
        return Line(label, pieces=pieces)
    return Line(label, old=_shortened(old), new=_shortened(new))


def _words(said: Said) -> int:
    return len(said.text.split())


def _shortened(said: Said) -> Said:
    return Said(_cut(said.text), said.url)


def _cut(text: str) -> str:
    left = len(text) - SHOWN_CHARACTERS
    return text if left <= 0 else f"{text[:SHOWN_CHARACTERS]}… ({left:,} more characters)"
