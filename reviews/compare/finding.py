"""What a reviewer may bring to a question from elsewhere: claims to place, questions to merge."""

from claims.models import Claim
from reviews import workflow
from reviews.compare.cards import Card, current_marks, marks_of_earlier_wordings, own_pieces
from reviews.models import Placement, Question

FOUND_LIMIT = 20
MERGE_LIMIT = 30


def found(question: Question, *, words: str, claim_id: int | None) -> list[Card]:
    """Claims to place: the one asked for, else those that hold the words and do not stand here yet."""
    claims = Claim.objects.standing().for_display()
    if claim_id is not None:
        claims = claims.filter(pk=claim_id)
    elif words:
        placed = question.placements.filter(
            state__in=(Placement.State.CONFIRMED, Placement.State.SUGGESTED),
            position__merged_into__isnull=True,
        )
        claims = claims.matching(words).exclude(pk__in=placed.values("claim"))
    else:
        return []
    hits = list(claims.select_related("origin_member__origin")[:FOUND_LIMIT])
    marks = current_marks(claim.pk for claim in hits)
    earlier = marks_of_earlier_wordings(claim.pk for claim in hits)
    return [
        Card(
            claim=claim,
            pieces=own_pieces(claim, claim.sentence),
            mark=marks.get(claim.pk),
            placement=None,
            earlier_mark=earlier.get(claim.pk),
        )
        for claim in hits
    ]


def to_be_merged_with(question: Question) -> list[Question]:
    """Questions this one may be a double of: those of its event first, then those asking for the same."""
    others = Question.objects.filter(state__in=workflow.EDITABLE).exclude(pk=question.pk)
    of_event = list(others.filter(event=question.event)[:MERGE_LIMIT]) if question.event else []
    seen = [other.pk for other in of_event]
    alike = others.exclude(pk__in=seen).filter(slot=question.slot)[: MERGE_LIMIT - len(of_event)]
    return [*of_event, *alike]
