"""How far reviewers who judge the same things agree, beyond chance. Pure; knows neither Django nor HTML.

Three figures over nominal categories, each with what it rests on:

- percent agreement: of all pairs of ratings of the same item, the share that are equal;
- Cohen's kappa, of two raters who rated the same items (Cohen, Educational and Psychological Measurement
  20 (1960), 37-46): (p_o - p_e) / (1 - p_e), where p_e is expected from how often each chose each category;
- Krippendorff's alpha, of any number of raters and with missing ratings (Krippendorff, Computing
  Krippendorff's Alpha-Reliability, 2011): 1 - D_o / D_e, where D_e is expected from all ratings together.

1 is perfect agreement, 0 what chance gives, less than 0 is worse than chance. Everything is computed from
counts, so that a database may do the counting.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

# Below the first a figure says nothing, below the second little. A rule of thumb: with 10 items one more
# disagreement moves percent agreement by ten points, with 30 by three.
FEW, FEWER_THAN_ENOUGH = 10, 30


class Undefined(Enum):
    """Why there is no figure."""

    NO_PAIRS = "nothing was rated by two"
    ONE_CATEGORY = "only one category was ever chosen, so chance alone would agree as well"


@dataclass(frozen=True)
class Figure:
    """A figure, or why there is none. `items` have at least two ratings, of which there are `ratings`.

    `pairs` are the pairs of ratings of the same item.
    """

    value: float | None
    items: int
    ratings: int
    pairs: int
    undefined: Undefined | None = None

    @property
    def caution(self) -> str:
        """In words, what the number of items lets one conclude; nothing where there are enough."""
        if self.items < FEW:
            return "too few to mean anything"
        return "few: read it with care" if self.items < FEWER_THAN_ENOUGH else ""


@dataclass(frozen=True)
class Ratings:
    """How many items were rated how: by how many ratings of each category, in the order of `categories`.

    With the categories ("yes", "no"), {(2, 0): 7, (1, 1): 3} are seven items that two raters called "yes",
    and three that they called differently.
    """

    categories: tuple[str, ...]
    items: Mapping[tuple[int, ...], int]

    @classmethod
    def of(cls, rated: Iterable[Sequence[str]], categories: Sequence[str]) -> "Ratings":
        """From the ratings of each item, in no order; who gave them does not matter."""
        counted = Counter(tuple(Counter(ratings)[each] for each in categories) for ratings in rated)
        return cls(tuple(categories), counted)

    def __add__(self, other: "Ratings") -> "Ratings":
        return Ratings(self.categories, Counter(self.items) + Counter(other.items))

    @property
    def rated_once(self) -> int:
        """Items with one rating, which no figure can use."""
        return sum(count for ratings, count in self.items.items() if sum(ratings) == 1)

    @property
    def by_category(self) -> dict[str, int]:
        """How often each category was chosen for an item with at least two ratings."""
        chosen = [0] * len(self.categories)
        for ratings, count in self._pairable():
            for place, times in enumerate(ratings):
                chosen[place] += times * count
        return dict(zip(self.categories, chosen, strict=True))

    @property
    def together(self) -> dict[tuple[str, str], int]:
        """How many pairs of ratings of the same item chose these two categories, in their order."""
        pairs: Counter[tuple[str, str]] = Counter()
        for ratings, count in self._pairable():
            for first, times in enumerate(ratings):
                pairs[self.categories[first], self.categories[first]] += count * times * (times - 1) // 2
                for second in range(first + 1, len(ratings)):
                    pairs[self.categories[first], self.categories[second]] += count * times * ratings[second]
        return dict(pairs)

    def percent_agreement(self) -> Figure:
        """As a share, 0 to 1."""
        equal = sum(
            count * sum(times * (times - 1) // 2 for times in ratings) for ratings, count in self._pairable()
        )
        if not self._pairs:
            return self._figure(Undefined.NO_PAIRS)
        return self._figure(Fraction(equal, self._pairs))

    def krippendorff_alpha(self) -> Figure:
        """Nominal: two categories are the same or differ, without degrees."""
        if not self._pairs:
            return self._figure(Undefined.NO_PAIRS)
        chosen = self.by_category.values()
        n = sum(chosen)
        expected = Fraction(n * n - sum(times * times for times in chosen), n - 1)
        if not expected:
            return self._figure(Undefined.ONE_CATEGORY)
        observed = sum(
            (
                Fraction(count * (sum(ratings) ** 2 - sum(times * times for times in ratings)))
                / (sum(ratings) - 1)
                for ratings, count in self._pairable()
            ),
            Fraction(0),
        )
        return self._figure(1 - observed / expected)

    def _pairable(self) -> list[tuple[tuple[int, ...], int]]:
        return [(ratings, count) for ratings, count in self.items.items() if sum(ratings) > 1]

    @property
    def _pairs(self) -> int:
        return sum(count * sum(ratings) * (sum(ratings) - 1) // 2 for ratings, count in self._pairable())

    def _figure(self, found: Fraction | Undefined) -> Figure:
        items = sum(count for _, count in self._pairable())
        ratings = sum(count * sum(ratings) for ratings, count in self._pairable())
        return _figure(found, items=items, ratings=ratings, pairs=self._pairs)


def _figure(found: Fraction | Undefined, *, items: int, ratings: int, pairs: int) -> Figure:
    if isinstance(found, Undefined):
        return Figure(None, items, ratings, pairs, found)
    return Figure(float(found), items, ratings, pairs)


def cohen_kappa(judged: Mapping[tuple[str, str], int]) -> Figure:
    """Of two raters: how many items the first put into one category and the second into another."""
    n = sum(judged.values())
    counts = {"items": n, "ratings": 2 * n, "pairs": n}
    if not n:
        return _figure(Undefined.NO_PAIRS, **counts)
    first: Counter[str] = Counter()
    second: Counter[str] = Counter()
    for (one, other), count in judged.items():
        first[one] += count
        second[other] += count
    expected = Fraction(sum(first[each] * second[each] for each in first), n * n)
    if expected == 1:
        return _figure(Undefined.ONE_CATEGORY, **counts)
    observed = Fraction(sum(count for (one, other), count in judged.items() if one == other), n)
    return _figure((observed - expected) / (1 - expected), **counts)


def ratings_of_two(judged: Mapping[tuple[str, str], int], categories: Sequence[str]) -> Ratings:
    """The same items without who of the two judged how."""
    items: Counter[tuple[int, ...]] = Counter()
    for pair, count in judged.items():
        items[tuple(pair.count(each) for each in categories)] += count
    return Ratings(tuple(categories), items)
