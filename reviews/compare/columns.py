"""A question's positions as columns of claim cards, counted."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import Q

from reviews.compare.cards import (
    Card,
    Origin,
    current_marks,
    marks_of_earlier_wordings,
    member_of,
    origin_key,
    own_pieces,
    with_origins,
)
from reviews.compare.differences import Kind, differing_answers, facts, telling
from reviews.models import Compatibility, Placement, Position, Question, Verdict
from reviews.presentation import counted

State = Placement.State
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass
class Column:
    """A position and the cards under it, those of one origin beside each other, else by publication."""

    position: Position
    cards: list[Card]
    judgement: str  # what the standing verdict says of it, for showing; "" when there is none
    answer: list[tuple[str, Kind]] = field(default_factory=list)  # in pieces, with what differs elsewhere
    compatible: list[Compatibility] = field(default_factory=list)

    @property
    def suggestions(self) -> list[Card]:
        return [card for card in self.cards if card.is_suggested]

    @property
    def counts(self) -> str:
        return _counted(self.cards)

    @property
    def is_denial(self) -> bool:
        """Whether what its claims say is that something is not so."""
        return bool(self.cards) and all(card.claim.frame.get("negated") for card in self.cards)

    @property
    def compatible_with(self) -> list[tuple[Position, str]]:
        """The positions that can be true beside this one, and why."""
        return [
            (said.second if said.first_id == self.position.pk else said.first, said.reason)
            for said in self.compatible
        ]


@dataclass(frozen=True)
class Board:
    """All columns of a question, and what is counted over them."""

    columns: list[Column]

    @property
    def cards(self) -> list[Card]:
        return [card for column in self.columns for card in column.cards]

    @property
    def counts(self) -> str:
        return _counted(self.cards)

    @property
    def suggested(self) -> int:
        return sum(card.is_suggested for card in self.cards)


def board(question: Question, *, verdict: Verdict | None) -> Board:
    """The screen's columns; six queries."""
    return Board(columns(question, verdict=verdict))


def columns(question: Question, *, verdict: Verdict | None) -> list[Column]:
    """The standing positions in their order, each with the claims confirmed or suggested under it.

    A suggestion of an engine that a newer one replaced is not shown.
    """
    is_shown = Q(state=State.CONFIRMED) | Q(state=State.SUGGESTED, claim__engine_run__is_current=True)
    standing = question.placements.filter(is_shown, position__merged_into__isnull=True)
    placements = list(with_origins(standing.with_claims()))
    cards = _cards(placements)
    positions = list(question.positions.standing())
    judged = _judgements(verdict)
    compatible = _compatible(question)
    answers = differing_answers([position.answer for position in positions], slot=question.slot)
    return [
        Column(
            position=position,
            cards=_tied(cards[position.pk]),
            judgement=judged.get(position.pk, ""),
            answer=answer,
            compatible=compatible[position.pk],
        )
        for position, answer in zip(positions, answers, strict=True)
    ]


def _cards(placements: list[Placement]) -> Mapping[int, list[Card]]:
    """The cards by position, with their marks, their origins and what tells them apart."""
    claim_ids = {placement.claim_id for placement in placements}
    marks = current_marks(claim_ids)
    earlier = marks_of_earlier_wordings(claim_ids)
    superseded = {
        placement.carried_from.claim_id
        for placement in placements
        if placement.state == State.SUGGESTED and placement.carried_from
    }
    sharing = Counter({claim.pk: origin_key(claim) for claim in (each.claim for each in placements)}.values())
    stated = {
        placement.pk: facts(placement.claim.frame, placement.sentence, placement.claim.sentence_start)
        for placement in placements
    }
    apart = telling(_by_position((placement, stated[placement.pk]) for placement in placements))
    anchored: set[int] = set()
    cards: dict[int, list[Card]] = defaultdict(list)
    for placement in placements:
        claim = placement.claim
        seen = claim.pk in anchored
        anchored.add(claim.pk)
        told = [fact for fact in stated[placement.pk] if fact.key in apart[placement.position_id]]
        cards[placement.position_id].append(
            Card(
                claim=claim,
                pieces=own_pieces(claim, placement.sentence, told),
                mark=marks.get(claim.pk),
                placement=placement,
                earlier_mark=earlier.get(claim.pk),
                is_superseded=claim.pk in superseded,
                origin=_origin(placement, sharing),
                anchor=f"claim-{claim.pk}-{placement.position_id}" if seen else "",
                facts=stated[placement.pk],
            )
        )
    return cards


def _by_position(stated: Iterable[tuple[Placement, list]]) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for placement, said in stated:
        found[placement.position_id] += said
    return found


def _origin(placement: Placement, sharing: Mapping[Hashable, int]) -> Origin:
    member = member_of(placement.claim)
    others = sharing[origin_key(placement.claim)] - 1
    if member is None or member.origin is None:
        return Origin(stored=None, others=others, is_set=member is not None)
    is_set = member.set_by_id is not None
    reason = member.reason if is_set else member.origin.reason
    return Origin(stored=member.origin, others=others, is_set=is_set, reason=reason)


def _tied(cards: list[Card]) -> list[Card]:
    """The cards with those of one origin beside each other, each told how it is tied to its neighbours."""
    groups: dict[Hashable, list[Card]] = defaultdict(list)
    for card in cards:
        groups[card.origin_key].append(card)
    ordered = []
    for group in sorted(groups.values(), key=lambda group: _published(group[0])):
        for index, card in enumerate(group):
            if len(group) > 1:
                card.ties = "first" if index == 0 else "last" if index == len(group) - 1 else "middle"
            ordered.append(card)
    return ordered


def _published(card: Card) -> tuple[datetime, int]:
    return card.claim.revision.published_at or _LAST, card.claim.pk


def _judgements(verdict: Verdict | None) -> dict[int, str]:
    standing = verdict.positions.all() if verdict and not verdict.stale_at else []
    return {judged.position_id: judged.get_judgement_display() for judged in standing}


def _compatible(question: Question) -> Mapping[int, list[Compatibility]]:
    found: dict[int, list[Compatibility]] = defaultdict(list)
    both = Compatibility.objects.filter(
        first__question=question, first__merged_into__isnull=True, second__merged_into__isnull=True
    )
    for said in both.select_related("first", "second").order_by("first__number", "second__number"):
        found[said.first_id].append(said)
        found[said.second_id].append(said)
    return found


def _counted(cards: list[Card]) -> str:
    """As `tallies` counts: a claim under two positions once, an outlet that is not known not at all."""
    outlets = {card.claim.revision.article.outlet_id for card in cards} - {None}
    return counted(
        len({card.claim.pk for card in cards}), len(outlets), len({card.origin_key for card in cards})
    )
