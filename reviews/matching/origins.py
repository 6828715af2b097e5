"""Which claims go back to one first report: wire copies, "A, citing B", copied and reworded passages.

Every claim gets a node: the house it cites, the agency its article is a copy of, or else the house that
published it. What others have from a house is shared out to its reports (`reports.py`): one of two days ago,
or one with another toll, is another. Links join nodes, each with a certainty and a reason in words:

- certain: a citing followed to its end, the same passage, the same agency with nearly the same words;
- probable: the same agency in other words, a passage reworded, a quote in common beside another passage.

A speech quoted word by word is no evidence of copying: two reporters may have heard it. Claims that give
different numbers for one thing are never joined for their words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

from reviews.matching.credits import UNNAMED_AGENCIES
from reviews.matching.passages import (
    Kinship,
    Numbers,
    Passage,
    add_numbers,
    do_numbers_differ,
    find_kinships,
    numbers_told,
)
from reviews.matching.publishers import is_medium, publisher_name
from reviews.matching.reports import Telling, number_reports
from reviews.matching.types import Certainty, MatchClaim, OriginGroup

# The reason of a group that is traced to nobody: claims of one house alone.
OWN_REPORT: Final = "its own report"

_MOST_REASONS: Final = 6
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class _Node:
    """A report, as far as one claim tells: a house's own, or the copy of it in another house.

    `report` numbers the reports that others have from the house, from 0.
    """

    house: str
    copy_in: str = ""
    report: int = 0


@dataclass(frozen=True, slots=True, order=True)
class _Link:
    """`is_doubtful` comes first: sorted links join what is certain before what is probable."""

    is_doubtful: bool
    one: _Node
    other: _Node
    reason: str
    is_circle: bool = False
    is_by_wording: bool = False


@dataclass(frozen=True)
class _Placed:
    """A claim with the house that published it, the medium it cites and the agency its article copies."""

    claim: MatchClaim
    house: str
    cited: str
    agency: str
    report: int = 0

    @property
    def source(self) -> str:
        return self.cited or self.agency or self.house

    @property
    def text(self) -> str:
        return self.claim.content or self.claim.claim.statement

    @cached_property
    def node(self) -> _Node:
        copy_in = self.house if self.agency and not self.cited else ""
        return _Node(self.source, copy_in, self.report)

    @property
    def agencies(self) -> set[str]:
        """All whose copy this claim may be."""
        named = {publisher_name(credit) for credit in self.claim.credits} | {self.house, self.cited}
        return named - {UNNAMED_AGENCIES, ""}


def find_origins(
    claims: Sequence[MatchClaim], *, beside: Sequence[MatchClaim] = ()
) -> tuple[OriginGroup, ...]:
    """Share the claims out to their first independent reports, whatever the order they come in.

    Every claim stands in exactly one group. `beside` are other claims of the same articles: they stand in
    no group, but passages among them show what was copied. The work grows with the number of claims, not
    of their pairs.
    """
    houses = {publisher_name(claim.outlet) for claim in claims}
    ours = [_place(claim, houses) for claim in sorted(claims, key=lambda claim: claim.id)]
    both = _numbered(
        [*ours, *(_place(claim, houses) for claim in sorted(beside, key=lambda claim: claim.id))]
    )
    placed = both[: len(ours)]
    joined = _Joined(_numbers_of(placed))
    certain_first = sorted([*_circle_links(placed), *_passing_on(placed), *_copies(placed), *_passages(both)])
    for link in certain_first:
        joined.join(link)
    members: dict[_Node, list[_Placed]] = {}
    for each in placed:
        members.setdefault(joined.root(each.node), []).append(each)
    used: dict[_Node, list[_Link]] = {}
    for link in joined.used:
        used.setdefault(joined.root(link.one), []).append(link)
    groups = [_group(every, used.get(root, [])) for root, every in members.items()]
    return tuple(sorted(groups, key=lambda group: group.claims))


def _place(claim: MatchClaim, houses: set[str]) -> _Placed:
    house = publisher_name(claim.outlet) or f"article {claim.article}"
    credited = {publisher_name(credit) for credit in claim.credits} - {house, UNNAMED_AGENCIES, ""}
    return _Placed(
        claim=claim,
        house=house,
        cited=_cited_medium(claim, house, houses),
        # When two agencies are named, nothing tells which of them brought this claim.
        agency=credited.pop() if len(credited) == 1 else "",
    )


def _numbered(placed: Sequence[_Placed]) -> list[_Placed]:
    """Give each claim the number of the report of its source that it goes back to."""
    sources = {each.source for each in placed if each.source != each.house}
    shared = [each for each in placed if each.source in sources]
    told = [
        Telling(each.source, bool(each.cited), each.claim.article, each.claim.published_at, each.text)
        for each in shared
    ]
    report_of = dict(zip(map(id, shared), number_reports(told), strict=True))
    return [replace(each, report=report_of.get(id(each), 0)) for each in placed]


def _numbers_of(placed: Iterable[_Placed]) -> dict[_Node, Numbers]:
    numbers: dict[_Node, Numbers] = {}
    for each in placed:
        numbers[each.node] = add_numbers(numbers.get(each.node, {}), numbers_told(each.text))
    return numbers


def _cited_medium(claim: MatchClaim, house: str, houses: set[str]) -> str:
    """Return the last of the media that open the chain of speakers: B in "A, citing B, citing a mayor"."""
    cited = ""
    for speaker in claim.claim.chain:
        name = publisher_name(speaker.name)
        if not (is_medium(speaker.name) or name in houses):
            break
        if name != house:
            cited = name
    return cited


def _citings(placed: Iterable[_Placed]) -> dict[str, set[str]]:
    """Give for each house the media it cites."""
    cites: dict[str, set[str]] = {}
    for each in placed:
        if each.cited:
            cites.setdefault(each.house, set()).add(each.cited)
    return cites


def _circle_links(placed: list[_Placed]) -> Iterator[_Link]:
    cites = _citings(placed)
    nodes = sorted({each.node for each in placed})
    for circle in find_circles(cites):
        rounds = [f"{name} cites {_listed(cites[name] & set(circle))}" for name in circle]
        reason = f"{_listed(rounds)}: a circle in which no first report can be told"
        first, *others = (node for node in nodes if node.house in circle and not node.copy_in)
        for other in others:
            yield _Link(False, first, other, reason, is_circle=True)


def find_circles(cites: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """Return the groups of two or more houses that cite each other, directly or in a round, each sorted.

    >>> find_circles({"A": {"B"}, "B": {"C"}, "C": {"A"}, "D": {"A"}})
    [('A', 'B', 'C')]
    """
    left = {house: set(cited) & cites.keys() - {house} for house, cited in cites.items()}
    # Who cites nobody that is left, or is cited by nobody left, is in no circle: few houses remain.
    while left:
        cited = set().union(*left.values())
        gone = {house for house, others in left.items() if not others or house not in cited}
        if not gone:
            break
        left = {house: others - gone for house, others in left.items() if house not in gone}
    reached = {house: _reached(house, left) for house in left}
    circles = {
        tuple(sorted({other for other in reached[house] if house in reached[other]})) for house in reached
    }
    return sorted(circle for circle in circles if len(circle) > 1)


def _reached(start: str, cites: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for other in cites[waiting.pop()] - reached:
            reached.add(other)
            waiting.append(other)
    return reached


def _passing_on(placed: list[_Placed]) -> Iterator[_Link]:
    """Link a house whose own claims all come from one other report to that report, for those who cite it."""
    nodes_of: dict[str, set[_Node]] = {}
    targets: dict[str, set[_Node]] = {}
    for each in placed:
        targets.setdefault(each.house, set()).add(each.node)
        if not each.node.copy_in:
            nodes_of.setdefault(each.node.house, set()).add(each.node)
    for house, from_whom in targets.items():
        reports = {(node.house, node.report) for node in from_whom}
        # When it has several reports from elsewhere, nothing tells which of them the others have from it.
        if len(reports) == 1 and house not in {node.house for node in from_whom}:
            source = min(from_whom)
            reason = f"{house}, which others cite, itself has it from {source.house}"
            for node in sorted(nodes_of.get(house, ())):
                yield _Link(False, node, source, reason)


def _copies(placed: list[_Placed]) -> Iterator[_Link]:
    """Link the copies of one report with each other and with the report; equal words make that certain."""
    nodes_of: dict[tuple[str, int], set[_Node]] = {}
    for each in placed:
        nodes_of.setdefault((each.node.house, each.node.report), set()).add(each.node)
    for (agency, _), nodes in nodes_of.items():
        (first, *others) = sorted(nodes)
        for other in others:
            both = _listed(node.copy_in for node in (first, other) if node.copy_in)
            verb = "both name" if first.copy_in else "names"
            yield _Link(True, first, other, f"{both} {verb} “{agency}”, in words that differ")


def _passages(placed: list[_Placed]) -> Iterator[_Link]:
    """Link nodes whose claims share passages; an agency in common lets shorter ones do."""
    holders: dict[str, _Placed] = {}
    passages = []
    for each in placed:
        node = each.node
        holder = "\t".join((each.claim.article, node.house, node.copy_in, str(node.report)))
        holders.setdefault(holder, each)
        passages.append(Passage(each.text, holder, is_quote=each.claim.claim.kind == "direct"))
    for (first, second), kinship in find_kinships(passages).items():
        one, other = holders[first], holders[second]
        # Two reports of one agency, days apart, speak of the event in the same few words.
        are_apart = one.source == other.source and one.report != other.report
        has_common_credit = bool(one.agencies & other.agencies) and not are_apart
        certainty = kinship.certainty(has_common_credit=has_common_credit)
        if certainty and one.node != other.node:
            reason = _in_words(kinship, one, other)
            yield _Link(certainty == "probable", one.node, other.node, reason, is_by_wording=True)


def _in_words(kinship: Kinship, one: _Placed, other: _Placed) -> str:
    if one.house == other.house:
        shown = kinship.excerpt or kinship.quote
        sources = {one.node.house, other.node.house} - {one.house}
        if not sources or one.source == other.source:
            return f"{one.house} says in two of its reports: “{shown}”"
        return f"{one.house} gives in its own voice what it also gives from {_listed(sources)}: “{shown}”"
    both = _listed({one.house, other.house})
    if kinship.same:
        return f"{both} have the same passage: “{kinship.excerpt}”"
    if kinship.quoted:
        return f"{both} have the same quote, “{kinship.quote}”, and beside it “{kinship.excerpt}”"
    return f"{both} share the words “{kinship.excerpt}”"


class _Joined:
    """Nodes joined by links, and the links that were needed for it."""

    def __init__(self, numbers: dict[_Node, Numbers]) -> None:
        """`numbers` are those that the claims of each node give; those of joined nodes come together."""
        self._numbers = numbers
        self._parent: dict[_Node, _Node] = {}
        self.used: list[_Link] = []

    def root(self, node: _Node) -> _Node:
        path = []
        while (parent := self._parent.get(node, node)) != node:
            path.append(node)
            node = parent
        for passed in path:
            self._parent[passed] = node
        return node

    def join(self, link: _Link) -> None:
        one, other = sorted((self.root(link.one), self.root(link.other)))
        numbers, others = self._numbers.get(one, {}), self._numbers.get(other, {})
        if one != other and not (link.is_by_wording and do_numbers_differ(numbers, others)):
            self._parent[other] = one
            self._numbers[one] = add_numbers(numbers, others)
            self.used.append(link)


def _group(members: list[_Placed], links: list[_Link]) -> OriginGroup:
    certainty: Certainty = "probable" if any(link.is_doubtful for link in links) else "certain"
    is_circular = any(link.is_circle for link in links)
    reasons = list(dict.fromkeys([*_facts(members), *(link.reason for link in links)]))
    if not reasons:
        reasons = [OWN_REPORT]
    more = len(reasons) - _MOST_REASONS
    shown = reasons[:_MOST_REASONS] + ([f"and {more} more of the kind"] if more > 0 else [])
    return OriginGroup(
        claims=tuple(each.claim.id for each in members),
        certainty=certainty,
        name=_circle_name(links) if is_circular else _name(members, links),
        reason="; ".join(shown),
        is_circular=is_circular,
    )


def _facts(members: list[_Placed]) -> Iterator[str]:
    """Say in words who cites whom and who credits whom."""
    citing: dict[str, set[str]] = {}
    crediting: dict[str, set[str]] = {}
    for each in members:
        if each.cited:
            citing.setdefault(each.cited, set()).add(each.house)
        elif each.agency:
            crediting.setdefault(each.agency, set()).add(each.house)
    for medium, houses in sorted(citing.items()):
        yield f"{_listed(houses)} {'cites' if len(houses) == 1 else 'cite'} {medium}"
    for agency, houses in sorted(crediting.items()):
        yield f"{_listed(houses)} {'credits' if len(houses) == 1 else 'credit'} {agency}"


def _circle_name(links: list[_Link]) -> str:
    houses = {node.house for link in links if link.is_circle for node in (link.one, link.other)}
    return f"{_listed(houses)}, citing each other"


def _name(members: list[_Placed], links: list[_Link]) -> str:
    """Name the report the members go back to, with its day: "Reuters report of 18 June 2017"."""
    house = _first_house(members, links)
    own = [each for each in members if each.house == house]
    days = sorted(each.claim.published_at for each in own or members if each.claim.published_at)
    if not days:
        return f"{house} report"
    return f"{house} report {'of' if own else 'as given on'} {_day(days[0])}"


def _first_house(members: list[_Placed], links: list[_Link]) -> str:
    """Choose who most members name as their source and has it from nobody here; else who published first."""
    passes_on = {each.house for each in members if each.node.house != each.house} - {
        each.house for each in members if each.node == _Node(each.house)
    }
    named: dict[str, int] = {}
    for each in members:
        if each.node.house != each.house and each.node.house not in passes_on:
            named[each.node.house] = named.get(each.node.house, 0) + 1
    if named:
        return min(named, key=lambda house: (-named[house], house))
    first = min(members, key=lambda each: (each.claim.published_at or date.max, each.house))
    return first.house


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _listed(names: Iterable[str]) -> str:
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last}" if most else last
