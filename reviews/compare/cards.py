"""A claim as a reviewer compares it, and the marks and the origin that are shown with it.

A question may have hundreds of claims, so what a card shows is read as values, not as rows of nine models.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr

from claims.lineage import earlier_wordings
from claims.models import Claim
from claims.presentation import relay
from reviews.compare.differences import Fact, Piece, pieces
from reviews.models import Origin as StoredOrigin
from reviews.models import Placement, SourcingMark

State = Placement.State
MARKED = ("identification", "access", "directness", "basis")
# What is said of a claim, and where it is read, from the claim on.
CLAIM_FIELDS = {
    "claim_id": "id",
    "statement": "statement",
    "content": "content",
    "spans": "spans",
    "sentence_start": "sentence_start",
    "speaker": "speaker__name",
    "kind": "kind",
    "chain": "chain",
    "cue": "cue",
    "frame": "frame",
    "check_worthiness": "check_worthiness",
    "unresolved": "unresolved",
    "engine": "engine_run__engine",
    "engine_version": "engine_run__engine_version",
    "is_current": "engine_run__is_current",
    "revision_number": "revision__number",
    "title": "revision__title",
    "published_at": "revision__published_at",
    "article_id": "revision__article_id",
    "outlet_id": "revision__article__outlet_id",
    "outlet": "revision__article__outlet__name",
    "origin_id": "origin_member__origin_id",
    "origin_reason": "origin_member__reason",
    "origin_set_by": "origin_member__set_by_id",
    "origin_name": "origin_member__origin__name",
    "origin_certainty": "origin_member__origin__certainty",
    "origin_why": "origin_member__origin__reason",
    "is_circular": "origin_member__origin__is_circular",
}
PLACEMENT_FIELDS = {
    "placement_id": "id",
    "position_id": "position_id",
    "state": "state",
    "reason": "reason",
    "carried_from": "carried_from_id",
    "carried_claim_id": "carried_from__claim_id",
    "carried_statement": "carried_from__claim__statement",
    "carried_by": "carried_from__placed_by__username",
}
_KINDS = {str(value): str(label).lower() for value, label in Claim.Kind.choices}
_CERTAINTIES = {str(value): str(label).lower() for value, label in StoredOrigin.Certainty.choices}


@dataclass(slots=True)
class Card:
    """A claim: its words inside their sentence, who, where, when, marks, origin, and where it stands."""

    claim_id: int
    statement: str
    content: str
    spans: list[list[int]]
    sentence_start: int
    sentence: str
    speaker: str | None
    kind: str
    chain: list[dict[str, Any]]
    cue: dict[str, Any] | None
    frame: dict[str, Any]
    check_worthiness: float
    unresolved: list[str]
    engine: str
    engine_version: str
    is_current: bool  # whether its engine run is
    revision_number: int
    title: str
    published_at: datetime | None
    article_id: int
    outlet_id: int | None
    outlet: str | None
    origin_id: int | None
    origin_reason: str | None
    origin_set_by: int | None
    origin_name: str | None
    origin_certainty: str | None
    origin_why: str | None
    is_circular: bool | None
    # Where it stands; a claim that was only found stands nowhere.
    placement_id: int = 0
    position_id: int = 0
    state: str = ""
    reason: str = ""
    carried_from: int | None = None
    carried_claim_id: int | None = None
    carried_statement: str | None = None
    carried_by: str | None = None
    # What is known only beside the other cards.
    pieces: list[Piece] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    mark: SourcingMark | None = None
    earlier_mark: SourcingMark | None = None  # on other words that an earlier engine read at its place
    is_superseded: bool = False  # whether a newer engine's claim took its place
    is_said_again: bool = False  # whether a later text of its article says it at the same position too
    others: int = 0  # how many other claims of the question go back to where it does
    ties: str = ""  # how it is tied to its neighbours of the same origin: "first", "middle", "last" or ""
    anchor: str = ""  # its id on the page; told apart where the claim is suggested twice

    def __post_init__(self) -> None:
        self.anchor = self.anchor or f"claim-{self.claim_id}"

    @property
    def is_suggested(self) -> bool:
        return self.state == State.SUGGESTED

    @property
    def asserted_by(self) -> str:
        """As Claim.asserted_by."""
        if self.speaker is not None:
            return self.speaker
        if self.kind != Claim.Kind.OWN_VOICE:
            return "speaker not named"
        return f"{self.outlet} (own voice)" if self.outlet else "own voice"

    @property
    def outlet_name(self) -> str:
        return self.outlet or "Outlet unknown"

    @property
    def kind_name(self) -> str:
        return _KINDS[self.kind]

    @property
    def certainty_name(self) -> str:
        return _CERTAINTIES.get(self.origin_certainty or "", "")

    @property
    def rewording(self) -> str:
        """The statement where it says more than the verbatim words do, else nothing."""
        return self.statement if _bare(self.statement) != _bare(self.content) else ""

    @property
    def relays(self) -> str:
        """Who passed the claim on, beside the speaker, the nearest to the speaker first."""
        return " ← ".join(reversed(relay(self.chain)[:-1]))

    @property
    def mark_words(self) -> str:
        """What the mark says of the source, without what is unknown."""
        if self.mark is None:
            return ""
        said = [getattr(self.mark, f"get_{name}_display")() for name in MARKED]
        return " · ".join(word for word in said if word != "Unknown")

    @property
    def origin_key(self) -> Hashable:
        """What the claim is counted by, as in `tallies`: its origin, or its own article."""
        return ("article", self.article_id) if self.origin_id is None else ("origin", self.origin_id)

    def cut(self, told: Iterable[Fact] = ()) -> None:
        """Cut the sentence into pieces: the claim's own words, and what in them tells it apart."""
        own = [(start, end) for start, end in self.spans]
        self.pieces = pieces(self.sentence, self.sentence_start, own, told)


def placed_cards(placements: "QuerySet[Placement]") -> list[Card]:
    """The claims of placements as cards, in one query."""
    paths = PLACEMENT_FIELDS | {name: f"claim__{path}" for name, path in CLAIM_FIELDS.items()}
    return _read(placements.annotate(words=_sentence("claim__")), paths)


def claim_cards(claims: "QuerySet[Claim]") -> list[Card]:
    """Claims as cards that stand nowhere, in one query."""
    return _read(claims.annotate(words=_sentence("")), CLAIM_FIELDS)


def _read(rows: "QuerySet[Any]", paths: Mapping[str, str]) -> list[Card]:
    names = [*paths, "sentence"]
    return [
        Card(**dict(zip(names, values, strict=True))) for values in rows.values_list(*paths.values(), "words")
    ]


def _sentence(prefix: str) -> Substr:
    """The claim's sentence, cut out by the database: texts are long."""
    start, end = F(f"{prefix}sentence_start"), F(f"{prefix}sentence_end")
    return Substr(f"{prefix}revision__text", start + 1, end - start)


def give_marks(cards: Iterable[Card]) -> None:
    """Give each card its current mark, or the one on what an earlier engine read at its place."""
    by_id = {card.claim_id: card for card in cards}
    marks = _current_marks(by_id)
    wordings = earlier_wordings(by_id)
    earlier = _current_marks({claim_id for found in wordings.values() for claim_id in found})
    for card in cards:
        card.mark = marks.get(card.claim_id)
        words = wordings.get(card.claim_id, ())
        card.earlier_mark = next((earlier[each] for each in words if each in earlier), None)


def _current_marks(claim_ids: Iterable[int]) -> dict[int, SourcingMark]:
    marks = SourcingMark.objects.current().filter(claim__in=list(claim_ids))
    shown = marks.select_related("marked_by", "claim").only(
        *(field.name for field in SourcingMark._meta.concrete_fields),
        "marked_by__username",
        "claim__statement",
    )
    return {mark.claim_id: mark for mark in shown}


def earlier_marks(claim_id: int) -> list[SourcingMark]:
    """The marks that stood on a claim before its current one, also in earlier words; the latest first."""
    superseded = Q(claim=claim_id, superseded_at__isnull=False)
    in_other_words = Q(claim__in=earlier_wordings([claim_id]).get(claim_id, []))
    marks = SourcingMark.objects.filter(superseded | in_other_words).select_related("marked_by", "claim")
    return list(marks.defer("claim__search").order_by("-marked_at", "-pk"))


def _bare(text: str) -> str:
    """Without what a capital or a full stop adds."""
    return text.strip(" .").casefold()
