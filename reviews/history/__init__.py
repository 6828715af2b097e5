"""The audit trail as people read it: which events they may see, each in words, and as files for programs."""

from reviews.history.events import (
    BY_NUMBER,
    BY_TIME,
    Narrowing,
    narrowed,
    of_object,
    of_question,
    visible_events,
)
from reviews.history.readable import ReadEvent, ReadStep, action_label, read
from reviews.history.tables import table_label, without_secrets

__all__ = [
    "BY_NUMBER",
    "BY_TIME",
    "Narrowing",
    "ReadEvent",
    "ReadStep",
    "action_label",
    "narrowed",
    "of_object",
    "of_question",
    "read",
    "table_label",
    "visible_events",
    "without_secrets",
]
