"""Which claims may tell of the same story, by an index of rare terms and days: no pass over all claims.

A claim's keys depend on that claim alone, and whether two claims are linked on those two alone. A story is
a connected component of linked claims, so it is the same in whatever order claims arrive.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from typing import Final

from reviews.matching.terms import telling_terms
from reviews.matching.types import MatchClaim

# Six terms make 15 pairs, in two buckets of days 30 keys, and up to two keys of the passage.
_TERMS: Final = 6
WINDOW: Final = timedelta(days=4)
_LONG_AGO: Final = timedelta(days=60)
# A name counts up to 6.3, another rare word up to 3.8: two unheard-of names on the same or the next day, or
# three terms with a name among them when up to four days lie between.
_NEAR_EVIDENCE: Final = 12.0
_FAR_EVIDENCE: Final = 15.0
# In this many characters of its own article a claim that names nothing finds what it speaks of.
_PASSAGE: Final = 400


@dataclass(frozen=True, slots=True)
class _Traits:
    """What linking looks at. `day` is when it happened or else was published, as an ordinal."""

    article: str
    starts: int
    day: int | None
    terms: dict[str, float]
    keys: frozenset[int]

    @property
    def names_its_story(self) -> bool:
        return len(self.terms) >= 2


def keys_of(claim: MatchClaim) -> frozenset[int]:
    """Return the keys under which an index holds the claim: signed 64 bits, at most 32 of them.

    They stand for pairs of its rarest terms with days, and for its passage of the article. Claims
    that are linked share a key; one popular word alone never is one.
    """
    return _traits(claim).keys


def is_same_story(one: MatchClaim, other: MatchClaim) -> bool:
    """Return whether two claims are linked: the same rare terms within days, or a passage of one article."""
    return _are_linked(_traits(one), _traits(other))


def stories_of(claims: Iterable[MatchClaim]) -> list[list[MatchClaim]]:
    """Return the claims by story: connected components of linked claims, each and all sorted by id."""
    ordered = sorted(claims, key=lambda claim: claim.id)
    traits = [_traits(claim) for claim in ordered]
    parents = list(range(len(ordered)))

    def root(at: int) -> int:
        while parents[at] != at:
            parents[at] = parents[parents[at]]
            at = parents[at]
        return at

    index: dict[int, list[int]] = defaultdict(list)
    for at, found in enumerate(traits):
        for key in found.keys:
            index[key].append(at)
    for members in index.values():
        for one, other in combinations(members, 2):
            first, second = root(one), root(other)
            if first != second and _are_linked(traits[one], traits[other]):
                parents[max(first, second)] = min(first, second)
    stories: dict[int, list[MatchClaim]] = defaultdict(list)
    for at, claim in enumerate(ordered):
        stories[root(at)].append(claim)
    return list(stories.values())


def day_of(claim: MatchClaim) -> date | None:
    """Return the day the claim tells of, or else the one it was published on.

    A time of more than a week, or long before the publication, says nothing about the story's day.
    """
    moment = claim.claim.frame.time
    if moment is not None and moment.earliest is not None and moment.latest is not None:
        is_short = moment.latest - moment.earliest <= timedelta(days=7)
        if is_short and (claim.published_at is None or _is_near(moment.latest, claim.published_at)):
            return moment.earliest
    return claim.published_at


def _is_near(day: date, published_at: date) -> bool:
    return published_at - _LONG_AGO <= day <= published_at + WINDOW


def _traits(claim: MatchClaim) -> _Traits:
    day = day_of(claim)
    return _traits_of(
        claim.article,
        claim.claim.sentence.start,
        None if day is None else day.toordinal(),
        claim.claim.statement,
    )


@lru_cache(maxsize=65536)
def _traits_of(article: str, starts: int, day: int | None, statement: str) -> _Traits:
    terms = telling_terms(statement)
    keys = {_key("passage", article, starts // _PASSAGE), _key("passage", article, starts // _PASSAGE + 1)}
    kept = sorted(terms, key=lambda term: (-terms[term], term))[:_TERMS]
    buckets = ["undated"] if day is None else [day // WINDOW.days, day // WINDOW.days + 1]
    for one, other in combinations(sorted(kept), 2):
        keys |= {_key(one, other, bucket) for bucket in buckets}
    return _Traits(article, starts, day, terms, frozenset(keys))


def _key(*parts: str | int) -> int:
    digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8)
    return int.from_bytes(digest.digest(), "big", signed=True)


def _are_linked(one: _Traits, other: _Traits) -> bool:
    if not one.keys & other.keys:
        return False
    if one.article == other.article and _is_passage(one, other):
        return True
    if one.day is None or other.day is None:
        apart = 0 if one.day == other.day else WINDOW.days + 1
    else:
        apart = abs(one.day - other.day)
    if apart > WINDOW.days:
        return False
    shared = one.terms.keys() & other.terms.keys()
    evidence = sum(min(one.terms[term], other.terms[term]) for term in shared)
    return evidence >= (_NEAR_EVIDENCE if apart <= 1 else _FAR_EVIDENCE)


def _is_passage(one: _Traits, other: _Traits) -> bool:
    """Whether a claim that names no story follows, or shares a sentence with, one that does."""
    if one.starts == other.starts:
        return True
    before, after = (one, other) if one.starts < other.starts else (other, one)
    return before.names_its_story and not after.names_its_story and after.starts - before.starts <= _PASSAGE
