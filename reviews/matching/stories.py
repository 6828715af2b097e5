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

from reviews.matching.places import find_places
from reviews.matching.reading import are_one_kind, is_long, is_pointing, kinds_of, plain
from reviews.matching.terms import is_name, telling_terms
from reviews.matching.types import MatchClaim

# Five terms make 10 pairs, in two buckets of days 20 keys; with the others at most 33.
_TERMS: Final = 5
_NAMES: Final = 3
_PLACES: Final = 2
WINDOW: Final = timedelta(days=4)
_LONG_AGO: Final = timedelta(days=60)
# A name counts up to 6.3, another rare word up to 3.8: two unheard-of names on the same or the next day, or
# three terms with a name among them when up to four days lie between.
_NEAR_EVIDENCE: Final = 12.0
_FAR_EVIDENCE: Final = 15.0
# In this many characters of its own article a claim that names nothing finds what it speaks of.
_PASSAGE: Final = 600
# So many days after it happened an article may tell of it without naming the day.
_NEWS_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class _Traits:
    """What linking looks at. `day` is when it happened or else was published, as an ordinal.

    `is_background` for sums over years and habits, which tell no story.
    """

    article: str
    starts: int
    day: int | None
    is_told_day: bool
    terms: dict[str, float]
    names: frozenset[str]
    places: frozenset[str]
    kinds: frozenset[str]
    points_back: bool
    is_background: bool
    keys: frozenset[int]


def keys_of(claim: MatchClaim) -> frozenset[int]:
    """Return the keys under which an index holds the claim: signed 64 bits, at most 40 of them.

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
        claim.claim.frame.time is not None and day != claim.published_at,
        plain(claim.claim.statement),
    )


@lru_cache(maxsize=65536)
def _traits_of(article: str, starts: int, day: int | None, is_told_day: bool, text: str) -> _Traits:
    terms = telling_terms(text)
    ranked = sorted(terms, key=lambda term: (-terms[term], term))
    names = frozenset([term for term in ranked if is_name(term)][:_NAMES])
    kinds = kinds_of(text)
    places = frozenset([place.key for place in find_places(text)][:_PLACES])
    points_back = is_pointing(text)
    is_background = is_long(text)
    keys = {_key("passage", article, starts // _PASSAGE), _key("passage", article, starts // _PASSAGE + 1)}
    keys |= {_key("name", article, name) for name in names}
    if points_back or starts < _PASSAGE:
        keys.add(_key("lead", article))
    if not is_background:
        buckets = ["undated"] if day is None else [day // WINDOW.days, day // WINDOW.days + 1]
        for one, other in combinations(sorted(ranked[:_TERMS]), 2):
            keys |= {_key(one, other, bucket) for bucket in buckets}
        if kinds and day is not None:
            after = range(day, day + (_NEWS_DAYS if is_told_day else 1) + 1)
            keys |= {_key("place", place, at) for place in places for at in after}
    return _Traits(
        article,
        starts,
        day,
        is_told_day,
        terms,
        names,
        places,
        kinds,
        points_back,
        is_background,
        frozenset(keys),
    )


def _key(*parts: str | int) -> int:
    digest = blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8)
    return int.from_bytes(digest.digest(), "big", signed=True)


def _are_linked(one: _Traits, other: _Traits) -> bool:
    if not one.keys & other.keys:
        return False
    apart = _days_apart(one, other)
    if one.article == other.article:
        return _is_one_passage(one, other) or (apart <= WINDOW.days and bool(one.names & other.names))
    if apart > WINDOW.days or one.is_background or other.is_background:
        return False
    if one.places & other.places and are_one_kind(one.kinds, other.kinds) and _is_one_day(one, other):
        return True
    shared = one.terms.keys() & other.terms.keys()
    evidence = sum(min(one.terms[term], other.terms[term]) for term in shared)
    return evidence >= (_NEAR_EVIDENCE if apart <= 1 else _FAR_EVIDENCE)


def _is_one_day(one: _Traits, other: _Traits) -> bool:
    """Whether both can be of one day: next to each other, or told of in what appeared some days later."""
    if one.day is None or other.day is None:
        return False
    days_on = other.day - one.day
    earlier, later = (one, other) if days_on >= 0 else (other, one)
    is_news_of = earlier.is_told_day and not later.is_told_day
    return abs(days_on) <= (_NEWS_DAYS if is_news_of else 1)


def _days_apart(one: _Traits, other: _Traits) -> int:
    if one.day is None or other.day is None:
        return 0 if one.day == other.day else WINDOW.days + 1
    return abs(one.day - other.day)


def _is_one_passage(one: _Traits, other: _Traits) -> bool:
    """Whether two claims of an article stand together: in one sentence, in the lead, or one after the other.

    The later one may point back to the lead ("the blast"), or name nothing and follow closely.
    """
    if one.starts == other.starts:
        return True
    before, after = (one, other) if one.starts < other.starts else (other, one)
    if before.starts < _PASSAGE and (after.starts < _PASSAGE or after.points_back):
        return True
    return not after.names and after.starts - before.starts <= _PASSAGE
