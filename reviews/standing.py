"""Under which questions claims stand and how that was decided, for pages of articles, claims, speakers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from claims.models import Claim
from reviews.models import Judgement, Placement, PositionVerdict, Question, SourcingMark

JUDGEMENT_LOOKS = {
    Judgement.SUPPORTED: "is-ok",
    Judgement.REFUTED: "is-bad",
    Judgement.NOT_ENOUGH_EVIDENCE: "",
    Judgement.CONFLICTING_EVIDENCE: "is-warn",
}
_ORDER = {
    Placement.State.CONFIRMED: 0,
    Placement.State.SUGGESTED: 1,
    Placement.State.REJECTED: 2,
}


@dataclass(frozen=True)
class Standing:
    """A claim under a position, and what the standing verdict says of that position, if there is one."""

    placement: Placement
    judgement: Judgement | None

    @property
    def judgement_look(self) -> str:
        return JUDGEMENT_LOOKS[self.judgement] if self.judgement else ""


def give(claims: Iterable[Claim]) -> None:
    """Give each claim its `standing` and its current `mark`, for the template, in three queries.

    Confirmed placements come first, rejected ones last. Those that were carried over to the claim of
    a newer engine are left out, for they stand there.
    """
    claims = list(claims)
    placements = (
        Placement.objects.filter(claim__in=claims, state__in=_ORDER)
        .select_related("question", "position", "placed_by", "carried_from__claim", "carried_from__placed_by")
        .defer("carried_from__claim__search")
    )
    in_order = sorted(placements, key=lambda each: (_ORDER[Placement.State(each.state)], each.pk))
    judgements = _judgements(in_order)
    standing: dict[int, list[Standing]] = defaultdict(list)
    for placement in in_order:
        standing[placement.claim_id].append(Standing(placement, judgements.get(placement.position_id)))
    marks = {mark.claim_id: mark for mark in SourcingMark.objects.current().filter(claim__in=claims)}
    for claim in claims:
        claim.standing = standing[claim.pk]  # type: ignore[attr-defined]  # for the template
        claim.mark = marks.get(claim.pk)  # type: ignore[attr-defined]  # the same


def _judgements(placements: Iterable[Placement]) -> dict[int, Judgement]:
    """What standing verdicts say of the placements' positions, by position; a reopened question has none."""
    decided = {
        placement.position_id: placement.question.round
        for placement in placements
        if placement.question.state == Question.State.DECIDED
    }
    judged = PositionVerdict.objects.filter(position__in=decided, verdict__stale_at__isnull=True)
    return {
        position: Judgement(judgement)
        for position, judgement, round_ in judged.values_list("position", "judgement", "verdict__round")
        if decided[position] == round_
    }
