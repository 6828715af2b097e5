"""The article a claim stands in, to be read beside the columns."""

from dataclasses import dataclass

from claims.models import Claim, Revision
from claims.presentation import Segment, paragraphs, segments
from reviews.models import Placement, Question


@dataclass(frozen=True)
class Reading:
    """A revision's text with the claims of the question marked in it, one of them the chosen one."""

    claim: Claim
    revision: Revision
    paragraphs: list[list[Segment]]
    here: int  # how many claims of the question stand in this text


def reading(question: Question, claim: Claim) -> Reading:
    """The text around a claim; two queries. `claim` comes with its revision and that one's article."""
    standing = Placement.objects.filter(
        question=question, state__in=(Placement.State.CONFIRMED, Placement.State.SUGGESTED)
    )
    others = (
        Claim.objects.filter(revision=claim.revision_id, placements__in=standing).defer("search").distinct()
    )
    claims = {other.pk: other for other in others} | {claim.pk: claim}
    ordered = sorted(claims.values(), key=lambda each: (each.spans[0][0], each.pk))
    return Reading(
        claim=claim,
        revision=claim.revision,
        paragraphs=paragraphs(segments(claim.revision.text, ordered)),
        here=len(ordered),
    )
