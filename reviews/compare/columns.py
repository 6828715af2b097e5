"""A question's positions as columns of claim cards, counted."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db.models import Q, QuerySet

from reviews.compare.cards import Card, give_marks, placed_cards
from reviews.compare.differences import Kind, differing_answers, facts, telling
from reviews.models import Compatibility, Placement, Position, PositionVerdict, Question, Verdict
from reviews.presentation import counted
from reviews.rules import rules_of

State = Placement.State
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass
class Column:
    """A position and the cards under it, those of one origin beside each other, else by publication."""

    position: Position
    cards: list[Card]
    judged: PositionVerdict | None  # what the standing verdict says of it
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
        return bool(self.cards) and all(card.frame.get("negated") for card in self.cards)

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
    in_order = standing.order_by("claim__revision__published_at", "claim_id", "position_id")
    by_position = _by_position(in_order, with_marks=rules_of(question).uses_marks)
    positions = list(question.positions.standing())
    judged = _judgements(verdict)
    compatible = _compatible(question)
    answers = differing_answers([position.answer for position in positions], slot=question.slot)
    return [
        Column(
            position=position,
            cards=_tied(by_position.get(position.pk, [])),
            judged=judged.get(position.pk),
            answer=answer,
            compatible=compatible[position.pk],
        )
        for position, answer in zip(positions, answers, strict=True)
    ]


def _by_position(standing: QuerySet[Placement], *, with_marks: bool) -> dict[int, list[Card]]:
    """The cards by position, with their marks, their origins and what tells them apart."""
    cards = placed_cards(standing)
    if with_marks:
        give_marks(cards)
    sharing = Counter({card.claim_id: card.origin_key for card in cards}.values())
    newest = _newest_texts(cards)
    superseded = {card.carried_claim_id for card in cards if card.is_suggested}
    by_position: dict[int, list[Card]] = defaultdict(list)
    anchored: set[int] = set()
    for card in cards:
        by_position[card.position_id].append(card)
        card.facts = facts(card.frame, card.sentence, card.sentence_start)
        card.others = sharing[card.origin_key] - 1
        card.is_superseded = card.claim_id in superseded
        card.is_said_again = card.revision_number < newest[_words(card)]
        if card.claim_id in anchored:
            card.anchor += f"-{card.position_id}"
        anchored.add(card.claim_id)
    apart = telling(
        {position: [fact for card in found for fact in card.facts] for position, found in by_position.items()}
    )
    for card in cards:
        card.cut(fact for fact in card.facts if fact.key in apart[card.position_id])
    return by_position


def _words(card: Card) -> tuple[int, int, str]:
    """What tells the words of an article at a position apart, whichever text of it they are read in."""
    return card.position_id, card.article_id, card.content


def _newest_texts(cards: list[Card]) -> dict[tuple[int, int, str], int]:
    newest: dict[tuple[int, int, str], int] = {}
    for card in cards:
        newest[_words(card)] = max(card.revision_number, newest.get(_words(card), 0))
    return newest


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
    return card.published_at or _LAST, card.claim_id


def _judgements(verdict: Verdict | None) -> dict[int, PositionVerdict]:
    standing = verdict.positions.all() if verdict and not verdict.stale_at else []
    return {judged.position_id: judged for judged in standing}


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
    """As `tallies` counts: a claim under two positions once, an outlet that is not known not at all.

    A claim that a later text of its article says again is counted there; see `PlacementQuerySet.counted`.
    """
    cards = [card for card in cards if not card.is_said_again]
    outlets = {card.outlet_id for card in cards} - {None}
    return counted(
        len({card.claim_id for card in cards}), len(outlets), len({card.origin_key for card in cards})
    )
