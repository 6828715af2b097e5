"""Joining what is equal into groups, whatever the order."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def joined(items: Sequence[T], pairs: Iterable[tuple[int, int]]) -> list[list[T]]:
    """Return the items in groups: those that a chain of the given pairs of positions joins stand together."""
    parents = list(range(len(items)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parents[second] = first
    groups: dict[int, list[T]] = {}
    for at, item in enumerate(items):
        groups.setdefault(root(at), []).append(item)
    return list(groups.values())


def by_key(items: Iterable[T], key: Callable[[T], Hashable]) -> list[list[T]]:
    """Return the items in groups of equal keys, in order of first appearance."""
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return list(groups.values())
