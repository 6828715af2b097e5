"""A claim as a reviewer compares it, and the marks and the origin that are shown with it."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from claims.lineage import earlier_wordings
from claims.models import Claim
from claims.presentation import relay
from reviews.compare.differences import Fact, Piece, pieces
from reviews.models import Origin as StoredOrigin
from reviews.models import OriginClaim, Placement, SourcingMark

MARKED = ("identification", "access", "directness", "basis")


@dataclass(frozen=True)
class Origin:
    """Which first report a claim goes back to, and how many others of the question go back to it too.

    `stored` is None where it is the claim's own article.
    """

    stored: StoredOrigin | None
    others: int
    is_set: bool = False  # by a reviewer
    reason: str = ""


@dataclass
class Card:
    """A claim: its words inside their sentence, who, where, when, marks, origin, and where it stands."""

    claim: Claim
    pieces: list[Piece]
    mark: SourcingMark | None
    placement: Placement | None
    earlier_mark: SourcingMark | None = None  # on other words that an earlier engine read at its place
    is_superseded: bool = False  # whether a newer engine's claim took its place
    origin: Origin | None = None
    anchor: str = ""  # its id on the page: once for a claim, told apart where it is suggested twice
    ties: str = ""  # how it is tied to its neighbours of the same origin: "first", "middle", "last" or ""
    facts: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.anchor = self.anchor or f"claim-{self.claim.pk}"

    @property
    def is_suggested(self) -> bool:
        return self.placement is not None and self.placement.state == Placement.State.SUGGESTED

    @property
    def rewording(self) -> str:
        """The statement where it says more than the verbatim words do, else nothing."""
        return self.claim.statement if _bare(self.claim.statement) != _bare(self.claim.content) else ""

    @property
    def relays(self) -> str:
        """Who passed the claim on, beside the speaker, the nearest to the speaker first."""
        return " ← ".join(reversed(relay(self.claim.chain)[:-1]))

    @property
    def mark_words(self) -> str:
        """What the mark says of the source, without what is unknown."""
        if self.mark is None:
            return ""
        said = [getattr(self.mark, f"get_{name}_display")() for name in MARKED]
        return " · ".join(word for word in said if word != "Unknown")

    @property
    def outlet_name(self) -> str:
        outlet = self.claim.revision.article.outlet
        return outlet.name if outlet else "Outlet unknown"

    @property
    def origin_key(self) -> Hashable:
        """What the claim is counted by: its origin, or its own article where it shares none."""
        return origin_key(self.claim)


def origin_key(claim: Claim) -> Hashable:
    """As `tallies` counts: the origin of the claim, else its article."""
    member = member_of(claim)
    if member is None or member.origin_id is None:
        return "article", claim.revision.article_id
    return "origin", member.origin_id


def member_of(claim: Claim) -> OriginClaim | None:
    """The claim's place in an origin, which the claims here are loaded with; None without one."""
    try:
        return claim.origin_member
    except OriginClaim.DoesNotExist:
        return None


def own_pieces(claim: Claim, sentence: str, told: Iterable[Fact] = ()) -> list[Piece]:
    """The claim's sentence in pieces, its own words and what tells it apart marked."""
    return pieces(sentence, claim.sentence_start, spans(claim), told)


def spans(claim: Claim) -> list[tuple[int, int]]:
    stored: list[Any] = claim.spans
    return [(start, end) for start, end in stored]


def with_origins(placements: "QuerySet[Placement]") -> "QuerySet[Placement]":
    """Placements with the origin of their claims, in the same query."""
    return placements.select_related("claim__origin_member__origin")


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


def _bare(text: str) -> str:
    """Without what a capital or a full stop adds."""
    return text.strip(" .").casefold()
