"""The marks a claim had in the course of time, and what each changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from claims.models import Claim
from reviews.compare.cards import earlier_marks
from reviews.models import SourcingMark

# What a mark says, in the order of its form, by the words of the history.
_CHOSEN = {
    "identification": "Identification",
    "access": "Access",
    "directness": "Directness",
    "basis": "Basis",
    "reliability": "Reliability",
    "credibility": "Credibility",
    "status": "Status",
}
_WRITTEN = {"reliability_reason": "Reason for the reliability", "note": "Note"}


@dataclass(frozen=True)
class MarkInTime:
    """A mark and what it changed of the one before it, in words; the first one changed nothing."""

    mark: SourcingMark
    changed: list[str]

    @property
    def is_current(self) -> bool:
        return self.mark.superseded_at is None


def marks_in_time(claim: Claim) -> list[MarkInTime]:
    """The latest first, with those on what earlier engines read at the claim's place."""
    current = SourcingMark.objects.current().filter(claim=claim.pk).select_related("marked_by", "claim")
    marks = [*current.defer("claim__search"), *earlier_marks(claim.pk)]
    told = [MarkInTime(mark, list(_changed(before, mark))) for mark, before in pairwise(marks)]
    return [*told, *(MarkInTime(mark, []) for mark in marks[-1:])]


def _changed(before: SourcingMark, mark: SourcingMark) -> Iterator[str]:
    for name, label in _CHOSEN.items():
        old, new = (getattr(each, f"get_{name}_display")() for each in (before, mark))
        if old != new:
            yield f"{label}: {old} → {new}"
    for name, label in _WRITTEN.items():
        yield from _rewritten(label, getattr(before, name), getattr(mark, name))
    for link in mark.evidence_links:
        if link not in before.evidence_links:
            yield f"Link added: {link}"
    for link in before.evidence_links:
        if link not in mark.evidence_links:
            yield f"Link taken out: {link}"
    if before.is_withheld != mark.is_withheld:
        yield "Withheld from exports" if mark.is_withheld else "No longer withheld from exports"


def _rewritten(label: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if not old:
        yield f"{label} added: “{new}”"
    elif not new:
        yield f"{label} taken out: “{old}”"
    else:
        yield f"{label}: “{old}” → “{new}”"
