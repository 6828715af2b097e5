"""First reports behind claims, kept in step with what the matcher finds; what a reviewer set stays."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.contrib.auth.models import User

from reviews import audit
from reviews.matching import MatchClaim, MatchedQuestion, OriginGroup
from reviews.matching.origins import OWN_REPORT
from reviews.matching.reports import Telling, number_reports
from reviews.models import Origin, OriginClaim, Placement
from reviews.suggesting.claim_values import StoredClaim
from reviews.suggesting.row_ids import row_ids
from reviews.suggesting.writing import SUGGESTED_BY

# "Harbour Wire report of 18 June 2017" -> "Harbour Wire"
_WHEN: Final = re.compile(r" report(?: (?:of|as given on) .*)?$")

# A house and the number of one of its reports.
_Report = tuple[str, int]


@dataclass(frozen=True)
class _Found:
    """An origin as it is to be stored; `claims` by row number."""

    name: str
    certainty: str
    reason: str
    is_circular: bool
    claims: frozenset[int]

    @property
    def columns(self) -> dict[str, str | bool]:
        return {
            "name": self.name,
            "certainty": self.certainty,
            "reason": self.reason,
            "is_circular": self.is_circular,
            "found_by": SUGGESTED_BY,
        }


def update_origins(
    stories: Iterable[tuple[Collection[StoredClaim], Collection[MatchedQuestion]]],
    *,
    removed: Collection[int],
    by: User,
) -> set[int]:
    """Store the origins of the claims that answer a question; return those whose origin is another one now.

    A claim that shares its first report with no other article, and its article with no other report, needs
    none: it goes back to its own article.
    """
    stories = list(stories)
    # What people confirmed stands on, and goes back to where it did, also when it is matched no longer.
    stands = Placement.objects.filter(claim__in=row_ids(removed), state=Placement.State.CONFIRMED)
    gone = set(removed) - set(stands.values_list("claim_id", flat=True))
    ids = {claim.pk for claims, _ in stories for claim in claims} | gone
    members = list(
        OriginClaim.objects.filter(claim__in=row_ids(ids)).values_list("claim_id", "origin_id", "set_by_id")
    )
    set_by_people = {claim for claim, _, set_by in members if set_by is not None}
    before = {claim: origin for claim, origin, set_by in members if set_by is None and origin is not None}
    found = [each for story in stories for each in _worth_storing(*story, without=set_by_people)]
    origin_of = _known_again(found, before)
    audit.because(by=by, action="find_origins", reason=SUGGESTED_BY)
    after: dict[int, int] = {}
    stored = Origin.objects.in_bulk([pk for pk in origin_of if pk is not None])
    for each, pk in zip(found, origin_of, strict=True):
        origin = _written(each, stored.get(pk) if pk is not None else None)
        after |= dict.fromkeys(each.claims, origin.pk)
    changed = {claim for claim in before.keys() | after.keys() if before.get(claim) != after.get(claim)}
    moved = OriginClaim.objects.filter(claim__in=row_ids(changed & before.keys()), set_by__isnull=True)
    moved.delete()
    OriginClaim.objects.bulk_create(
        OriginClaim(claim_id=claim, origin_id=after[claim]) for claim in sorted(changed) if claim in after
    )
    left = set(before.values()) - set(after.values())
    # Locked before they are looked at, so that a reviewer may trace a claim to one of them meanwhile; and
    # whole, for those that are left without a claim go.
    going = Origin.objects.select_for_update(no_key=False)
    machine_made = going.filter(pk__in=left).exclude(found_by="").order_by("pk")
    locked = list(machine_made.values_list("pk", flat=True))
    Origin.objects.filter(pk__in=locked, members__isnull=True).delete()
    return changed


def _worth_storing(
    claims: Collection[StoredClaim], questions: Iterable[MatchedQuestion], *, without: Collection[int]
) -> list[_Found]:
    by_id = {claim.value.id: claim for claim in claims}
    groups = _reports(
        [origin for matched in questions for each in matched.positions for origin in each.origins],
        {claim.value.id: claim.value for claim in claims},
    )
    shared = [(group, [by_id[pk] for pk in group.claims]) for group in groups]
    reports_of: dict[int, int] = Counter(
        article for _, members in shared for article in {claim.article_id for claim in members}
    )
    found = []
    for group, members in shared:
        articles = {claim.article_id for claim in members}
        if len(articles) == 1 and reports_of[min(articles)] == 1:
            continue
        left = frozenset(claim.pk for claim in members) - frozenset(without)
        if left:
            found.append(_Found(group.name[:300], group.certainty, group.reason, group.is_circular, left))
    return found


def _reports(groups: Iterable[OriginGroup], claims: Mapping[str, MatchClaim]) -> list[OriginGroup]:
    """One group for each first report of a story, where each answer had its own for it.

    Groups are found answer by answer: two houses that share a passage on one point need not on another. What
    goes back to one report of one house is one; a claim that goes back to two stays with the larger group.
    Where nothing was traced to a report but its own words, there is none.
    """
    ordered = sorted(groups, key=lambda group: (-len(group.claims), group.name, group.claims))
    claims_of: dict[_Report, set[str]] = defaultdict(set)
    of_report: dict[_Report, list[OriginGroup]] = defaultdict(list)
    taken: set[str] = set()
    for group, report in zip(ordered, _which_reports(ordered, claims), strict=True):
        of_report[report].append(group)
        claims_of[report] |= set(group.claims) - taken
        taken |= set(group.claims)
    return [
        _together(of_report[report], of_it)
        for report, of_it in sorted(claims_of.items())
        if of_it and any(group.reason != OWN_REPORT for group in of_report[report])
    ]


def _which_reports(groups: Sequence[OriginGroup], claims: Mapping[str, MatchClaim]) -> list[_Report]:
    """The house of each group and which of its reports it goes back to: of another day or toll is another."""
    told = [(_WHEN.sub("", group.name), claims[pk]) for group in groups for pk in group.claims]
    numbers = number_reports(
        [
            Telling(house, False, claim.article, claim.published_at, claim.content or claim.claim.statement)
            for house, claim in told
        ]
    )
    number_of = {(house, claim.article): number for (house, claim), number in zip(told, numbers, strict=True)}
    return [
        (house, number_of[house, claims[first].article])
        for house, first in (
            (_WHEN.sub("", group.name), min(group.claims, key=lambda pk: _first_published(claims[pk])))
            for group in groups
        )
    ]


def _first_published(claim: MatchClaim) -> tuple[date, str]:
    return claim.published_at or date.max, claim.id


def _together(groups: Sequence[OriginGroup], claims: Iterable[str]) -> OriginGroup:
    """The largest of the groups, which come first, with the claims of all."""
    is_certain = all(group.certainty == "certain" for group in groups)
    return replace(
        groups[0],
        claims=tuple(sorted(claims)),
        certainty="certain" if is_certain else "probable",
        is_circular=any(group.is_circular for group in groups),
    )


def _known_again(found: Sequence[_Found], before: dict[int, int]) -> list[int | None]:
    """For each origin found the row that has most of its claims, each row once."""
    votes = [
        (-shared, number, pk)
        for number, each in enumerate(found)
        for pk, shared in Counter(before[claim] for claim in each.claims if claim in before).items()
    ]
    origin_of: dict[int, int] = {}
    for _, number, pk in sorted(votes):
        if number not in origin_of and pk not in origin_of.values():
            origin_of[number] = pk
    return [origin_of.get(number) for number in range(len(found))]


def _written(found: _Found, origin: Origin | None) -> Origin:
    if origin is None:
        return Origin.objects.create(**found.columns)
    if any(getattr(origin, name) != value for name, value in found.columns.items()):
        for name, value in found.columns.items():
            setattr(origin, name, value)
        origin.save(update_fields=list(found.columns))
    return origin
