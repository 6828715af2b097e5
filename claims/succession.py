"""Claims of two engine runs over one text -> which took the place of which. Pure; knows no database.

As both runs read the same characters, a claim is known again by where it stands: two claims are the
same place when the characters they share are at least half of the characters they have together
(Jaccard). Pairs are made one to one, the greatest share first; at the same share those that also say
the same by the same speaker go first, then those that stand earlier.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

# The bound at which spans of attributions count as the same in PARC and PolNeAR.
SAME_PLACE = 0.5

Spans = tuple[tuple[int, int], ...]


class Kind(StrEnum):
    """KEPT says the same by the same speaker, REWORDED something else at the same place."""

    KEPT = "kept"
    REWORDED = "reworded"
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is compared of a claim: `spans` half-open, in reading order; `speaker` a key, "" for none."""

    id: int
    spans: Spans
    speaker: str
    statement: str


@dataclass(frozen=True, slots=True)
class Succession:
    """What became of a claim: `old` is None for one that was added, `new` for one that was dropped."""

    kind: Kind
    old: int | None
    new: int | None


class _Pair(NamedTuple):
    """An old and a new claim at the same place, by their numbers; the best pair is the least."""

    distance: float
    is_reworded: bool
    old: int
    new: int


def find_successions(old: Sequence[Standing], new: Sequence[Standing]) -> list[Succession]:
    """Return one succession for each claim of both: those of `old` in their order, then what was added.

    Claims that stand where they stood are paired without looking at others; of the rest, the work
    grows with the number of pairs that overlap.

    >>> find_successions([Standing(1, ((0, 9),), "", "It fell.")], [Standing(2, ((0, 8),), "", "It fell.")])
    [Succession(kind=<Kind.KEPT: 'kept'>, old=1, new=2)]
    """
    partner = _partners(old, new)
    found = []
    for number, claim in enumerate(old):
        if number not in partner:
            found.append(Succession(Kind.DROPPED, claim.id, None))
            continue
        successor = new[partner[number]]
        kind = Kind.KEPT if _says_the_same(claim, successor) else Kind.REWORDED
        found.append(Succession(kind, claim.id, successor.id))
    taken = set(partner.values())
    added = [claim.id for number, claim in enumerate(new) if number not in taken]
    return found + [Succession(Kind.ADDED, None, claim_id) for claim_id in added]


def _partners(old: Sequence[Standing], new: Sequence[Standing]) -> dict[int, int]:
    """The number of the new claim that took the place of an old one, by the old one's number."""
    partner: dict[int, int] = {}
    taken: set[int] = set()
    _pair_up(_pairs_at_equal_spans(old, new), partner, taken)
    left_old = [number for number in range(len(old)) if number not in partner]
    left_new = [number for number in range(len(new)) if number not in taken]
    _pair_up(_pairs_that_overlap(old, left_old, new, left_new), partner, taken)
    return partner


def _pair_up(pairs: Iterable[_Pair], partner: dict[int, int], taken: set[int]) -> None:
    """Enter the pairs, best first, as far as both are free."""
    for pair in sorted(pairs):
        if pair.old not in partner and pair.new not in taken:
            partner[pair.old] = pair.new
            taken.add(pair.new)


def _pairs_at_equal_spans(old: Sequence[Standing], new: Sequence[Standing]) -> Iterator[_Pair]:
    at: dict[Spans, list[int]] = defaultdict(list)
    for number, claim in enumerate(new):
        at[claim.spans].append(number)
    for number, claim in enumerate(old):
        for other in at[claim.spans]:
            yield _Pair(0.0, not _says_the_same(claim, new[other]), number, other)


def _pairs_that_overlap(
    old: Sequence[Standing], of_old: Iterable[int], new: Sequence[Standing], of_new: Iterable[int]
) -> Iterator[_Pair]:
    for (first, second), shared in _shared_characters(old, of_old, new, of_new).items():
        together = _length(old[first].spans) + _length(new[second].spans) - shared
        if shared >= SAME_PLACE * together:
            yield _Pair(1 - shared / together, not _says_the_same(old[first], new[second]), first, second)


def _shared_characters(
    old: Sequence[Standing], of_old: Iterable[int], new: Sequence[Standing], of_new: Iterable[int]
) -> dict[tuple[int, int], int]:
    """How many characters an old and a new claim share, for the pairs that share any; one sweep."""
    stretches = sorted(
        [(start, end, True, number) for number in of_old for start, end in old[number].spans]
        + [(start, end, False, number) for number in of_new for start, end in new[number].spans]
    )
    shared: dict[tuple[int, int], int] = defaultdict(int)
    open_old: list[tuple[int, int]] = []
    open_new: list[tuple[int, int]] = []
    for start, end, is_old, number in stretches:
        open_old = [(until, other) for until, other in open_old if until > start]
        open_new = [(until, other) for until, other in open_new if until > start]
        for until, other in open_new if is_old else open_old:
            pair = (number, other) if is_old else (other, number)
            shared[pair] += min(end, until) - start
        (open_old if is_old else open_new).append((end, number))
    return shared


def _length(spans: Spans) -> int:
    return sum(end - start for start, end in spans)


def _says_the_same(one: Standing, other: Standing) -> bool:
    return (one.speaker, one.statement) == (other.speaker, other.statement)
