"""What the compare screen shows: a question's positions as columns of claim cards.

A fixed number of queries, however many claims stand under the question.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from claims.lineage import earlier_wordings
from claims.models import Claim
from reviews.models import Placement, Position, Question, SourcingMark, Verdict

FOUND_LIMIT = 20
TAKEN_OUT_LIMIT = 50


@dataclass(frozen=True)
class Card:
    """A claim as a reviewer compares it: its words inside their sentence, who, where, when, marks."""

    claim: Claim
    pieces: list[tuple[str, bool]]  # the sentence in pieces; True where the words are the claim's
    mark: SourcingMark | None
    placement: Placement | None
    earlier_mark: SourcingMark | None = None  # on other words that an earlier engine read at its place
    is_superseded: bool = False  # whether a newer engine's claim took its place

    @property
    def rewording(self) -> str:
        """The statement where it says more than the verbatim words do, else nothing."""
        return self.claim.statement if _bare(self.claim.statement) != _bare(self.claim.content) else ""

    @property
    def relays(self) -> list[str]:
        """Who passed the claim on, beside the speaker, the nearest to the speaker first."""
        return [link["name"] for link in reversed(self.claim.chain[:-1])]


@dataclass(frozen=True)
class Column:
    """A position and the cards under it."""

    position: Position
    cards: list[Card]
    suggestions: list[Card]  # a newer engine's words for what a person placed here, to be confirmed
    judgement: str  # what the standing verdict says of it, for showing; "" when there is none

    @property
    def outlet_count(self) -> int:
        return len({card.claim.revision.article.outlet_id for card in self.cards} - {None})


def columns(question: Question, *, verdict: Verdict | None) -> list[Column]:
    """The positions in their order, each with its confirmed claims by date of publication.

    With them come the claims of a newer engine that are to take the place of reworded ones.
    """
    is_shown = Q(state=Placement.State.CONFIRMED) | Q(
        state=Placement.State.SUGGESTED, carried_from__isnull=False, claim__engine_run__is_current=True
    )
    placements = list(question.placements.filter(is_shown).with_claims())
    superseded = {
        placement.carried_from.claim_id
        for placement in placements
        if placement.state == Placement.State.SUGGESTED and placement.carried_from
    }
    marks = current_marks(placement.claim_id for placement in placements)
    earlier = marks_of_earlier_wordings(placement.claim_id for placement in placements)
    cards: dict[tuple[int, str], list[Card]] = defaultdict(list)
    for placement in placements:
        card = Card(
            claim=placement.claim,
            pieces=pieces(placement.sentence, placement.claim),
            mark=marks.get(placement.claim_id),
            placement=placement,
            earlier_mark=earlier.get(placement.claim_id),
            is_superseded=placement.claim_id in superseded,
        )
        cards[placement.position_id, placement.state].append(card)
    standing = verdict.positions.all() if verdict and not verdict.stale_at else []
    judged = {judged.position_id: judged.get_judgement_display() for judged in standing}
    return [
        Column(
            position=position,
            cards=cards[position.pk, Placement.State.CONFIRMED],
            suggestions=cards[position.pk, Placement.State.SUGGESTED],
            judgement=judged.get(position.pk, ""),
        )
        for position in question.positions.all()
    ]


def taken_out(question: Question) -> list[Placement]:
    """What was rejected here and why, the latest first."""
    rejected = question.placements.filter(state=Placement.State.REJECTED)
    shown = rejected.select_related(
        "position", "placed_by", "claim__speaker", "claim__revision__article__outlet"
    )
    return list(shown.defer("claim__revision__text").order_by("-placed_at", "-pk")[:TAKEN_OUT_LIMIT])


def found(question: Question, *, words: str, claim_id: int | None) -> list[Card]:
    """Claims to place: the one asked for, else those that hold the words and do not stand here yet."""
    claims = Claim.objects.standing().for_display()
    if claim_id is not None:
        claims = claims.filter(pk=claim_id)
    elif words:
        placed = question.placements.filter(state=Placement.State.CONFIRMED).values("claim")
        claims = claims.matching(words).exclude(pk__in=placed)
    else:
        return []
    hits = list(claims[:FOUND_LIMIT])
    marks = current_marks(claim.pk for claim in hits)
    earlier = marks_of_earlier_wordings(claim.pk for claim in hits)
    return [
        Card(
            claim=claim,
            pieces=pieces(claim.sentence, claim),
            mark=marks.get(claim.pk),
            placement=None,
            earlier_mark=earlier.get(claim.pk),
        )
        for claim in hits
    ]


def pieces(sentence: str, claim: Claim) -> list[tuple[str, bool]]:
    """Cut a claim's sentence into pieces, True where they are the claim's own words.

    The claim's spans count from the revision's start, so they are moved by the sentence's start;
    what lies outside the sentence is left out.
    """
    cut: list[tuple[str, bool]] = []
    at = 0
    for start, end in _spans(claim):
        start, end = max(start - claim.sentence_start, at), min(end - claim.sentence_start, len(sentence))
        if end <= start:
            continue
        cut += [(sentence[at:start], False), (sentence[start:end], True)]
        at = end
    cut.append((sentence[at:], False))
    return [(text, own) for text, own in cut if text]


def current_marks(claim_ids: Iterable[int]) -> dict[int, SourcingMark]:
    """The sourcing mark that stands on each of the claims, by claim id."""
    marks = SourcingMark.objects.current().filter(claim__in=list(claim_ids))
    shown = marks.select_related("marked_by", "claim", "carried_from").defer("claim__search")
    return {mark.claim_id: mark for mark in shown}


def marks_of_earlier_wordings(claim_ids: Iterable[int]) -> dict[int, SourcingMark]:
    """The mark that stands on what an earlier engine read at the place of a claim, by the claim's id."""
    wordings = earlier_wordings(claim_ids)
    marks = current_marks(earlier for found in wordings.values() for earlier in found)
    newest = {
        claim_id: next((each for each in found if each in marks), None)
        for claim_id, found in wordings.items()
    }
    return {claim_id: marks[earlier] for claim_id, earlier in newest.items() if earlier is not None}


def earlier_marks(claim_id: int) -> list[SourcingMark]:
    """The marks that stood on a claim before its current one, also in earlier words; the latest first."""
    superseded = Q(claim=claim_id, superseded_at__isnull=False)
    in_other_words = Q(claim__in=earlier_wordings([claim_id]).get(claim_id, []))
    marks = SourcingMark.objects.filter(superseded | in_other_words).select_related("marked_by", "claim")
    return list(marks.defer("claim__search").order_by("-marked_at", "-pk"))


def _spans(claim: Claim) -> list[tuple[int, int]]:
    spans: list[Any] = claim.spans
    return [(start, end) for start, end in spans]


def _bare(text: str) -> str:
    """Without what a capital or a full stop adds."""
    return text.strip(" .").casefold()
