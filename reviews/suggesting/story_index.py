"""The index of claims in the database: which stories a change of claims touches, and who belongs to them.

All writers hold one lock (see matching_run.py), so that two articles that come at once see each other. A new
claim is looked up by its keys; what it is linked to brings its story along. Where claims went or were
given new keys, a story may fall apart, and is put together anew from its claims.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import connection

from claims.models import Claim
from reviews.matching import MATCHER_VERSION, is_same_story, keys_of
from reviews.matching.stories import stories_of
from reviews.models import MatchedClaim
from reviews.suggesting.claim_values import (
    StoredClaim,
    credits_of_articles,
    read_claims,
    standing_claims,
)
from reviews.suggesting.row_ids import row_ids

_AT_ONCE: Final = 500

Story = list[StoredClaim]
Link = tuple[int, int]  # two claims by row number


@dataclass(frozen=True)
class TouchedStories:
    """The stories that changed, each with all its claims, and the claims that belong to none any more."""

    stories: list[Story]
    removed: frozenset[int]


def update_index(article_ids: Collection[int]) -> TouchedStories:
    """Bring the index up to date with what stands of these articles; return the stories this touches.

    To be called under the lock of matching, in its transaction.
    """
    of_articles = MatchedClaim.objects.filter(claim__revision__article__in=article_ids)
    version_of = dict(of_articles.values_list("pk", "matcher_version"))
    touched = set(of_articles.values_list("story", flat=True))
    credits = credits_of_articles(article_ids)
    standing = {claim.pk: claim for claim in read_claims(standing_claims(article_ids), credits_of=credits)}
    removed = frozenset(version_of.keys() - standing.keys())
    fresh = [claim for pk, claim in standing.items() if version_of.get(pk) != MATCHER_VERSION]
    is_rekeyed = any(claim.pk in version_of for claim in fresh)
    if removed:
        MatchedClaim.objects.filter(pk__in=row_ids(removed)).delete()
    keys = {claim.pk: keys_of(claim.value) for claim in fresh}
    _store(fresh, keys)
    known = dict(standing)
    links = list(_links(fresh, keys, known))
    linked = MatchedClaim.objects.filter(pk__in=row_ids({pk for link in links for pk in link} | keys.keys()))
    touched |= set(linked.values_list("story", flat=True))
    members, story_of = _read_stories(touched, known)
    may_fall_apart = bool(removed) or is_rekeyed
    stories = _put_together(members) if may_fall_apart else _united(members, story_of, links)
    _label(stories, story_of)
    return TouchedStories(stories, removed)


def _store(claims: Iterable[StoredClaim], keys: Mapping[int, frozenset[int]]) -> None:
    """Enter claims under their keys; a new one is a story of its own until it is linked."""
    rows = [
        MatchedClaim(
            claim_id=claim.pk,
            keys=sorted(keys[claim.pk]),
            story=claim.pk,
            credits=list(claim.value.credits),
            matcher_version=MATCHER_VERSION,
        )
        for claim in claims
    ]
    MatchedClaim.objects.bulk_create(
        rows,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["claim"],
        update_fields=["keys", "credits", "matcher_version"],
    )


def _links(
    fresh: Collection[StoredClaim], keys: Mapping[int, frozenset[int]], known: dict[int, StoredClaim]
) -> Iterator[Link]:
    """The links of new claims to any in the index, found by key; one is enough between two stories.

    What had to be read for that is added to `known`.
    """
    if not fresh:
        return
    found = find_candidates(frozenset().union(*keys.values()))
    _read_more(found.keys(), known)
    at_key: dict[int, list[int]] = defaultdict(list)
    for pk in sorted(found):
        for key in found[pk][1]:
            at_key[key].append(pk)
    stories = _Joined()
    for claim in fresh:
        story = stories.root(found[claim.pk][0])
        for other in sorted({pk for key in keys[claim.pk] for pk in at_key[key]} - {claim.pk}):
            theirs = stories.root(found[other][0])
            if story != theirs and is_same_story(claim.value, known[other].value):
                stories.join(story, theirs)
                story = stories.root(story)
                yield claim.pk, other


def find_candidates(keys: Iterable[int]) -> dict[int, tuple[int, set[int]]]:
    """The claims that hold any of these keys, by index: their story and their keys.

    To be called in a transaction. The planner takes every key for as common as one in 200 rows, for each is
    rare, and would sooner read the whole table than look up a few hundred of them; so it is told not to.
    """
    candidates = MatchedClaim.objects.filter(keys__overlap=sorted(keys))
    with _reading_by_index():
        return {pk: (story, set(held)) for pk, story, held in candidates.values_list("pk", "story", "keys")}


@contextmanager
def _reading_by_index() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = on")


def _read_stories(
    stories: Collection[int], known: dict[int, StoredClaim]
) -> tuple[list[StoredClaim], dict[int, int]]:
    """The claims of these stories, of which some are known already, and the story of each."""
    story_of = dict(MatchedClaim.objects.filter(story__in=stories).values_list("pk", "story"))
    _read_more(story_of.keys(), known)
    return sorted((known[pk] for pk in story_of), key=lambda claim: claim.value.id), story_of


def _read_more(pks: AbstractSet[int], known: dict[int, StoredClaim]) -> None:
    missing = pks - known.keys()
    if missing:
        claims = Claim.objects.filter(pk__in=row_ids(missing))
        known |= {claim.pk: claim for claim in read_claims(claims)}


def _united(
    members: Iterable[StoredClaim], story_of: Mapping[int, int], links: Iterable[Link]
) -> list[Story]:
    """The claims by story, where links only brought stories together."""
    joined = _Joined()
    for one, other in links:
        joined.join(story_of[one], story_of[other])
    stories: dict[int, Story] = defaultdict(list)
    for claim in members:
        stories[joined.root(story_of[claim.pk])].append(claim)
    return list(stories.values())


def _put_together(members: Collection[StoredClaim]) -> list[Story]:
    """The claims by story, worked out from the claims alone."""
    of_id = {claim.value.id: claim for claim in members}
    return [[of_id[value.id] for value in story] for story in stories_of(claim.value for claim in members)]


def _label(stories: Iterable[Story], story_of: Mapping[int, int]) -> None:
    """Give each story the id that most of its claims have, if that is one of them, or its least."""
    for story in stories:
        own = {claim.pk for claim in story}
        counts = Counter(story_of[pk] for pk in own if story_of[pk] in own)
        label = min(counts, key=lambda story_id: (-counts[story_id], story_id), default=min(own))
        changed = [pk for pk in own if story_of[pk] != label]
        if changed:
            MatchedClaim.objects.filter(pk__in=row_ids(changed)).update(story=label)


class _Joined:
    """Which of some numbers were joined, directly or through others."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def root(self, at: int) -> int:
        while (parent := self._parent.setdefault(at, at)) != at:
            self._parent[at] = self._parent.get(parent, parent)
            at = parent
        return at

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first
