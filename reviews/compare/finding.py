"""What a reviewer may bring to a question from elsewhere: claims to place, questions to merge."""

from claims.models import Claim
from reviews import workflow
from reviews.compare.cards import Card, claim_cards, give_marks
from reviews.models import Placement, Question
from reviews.rules import rules_of

FOUND_LIMIT = 20
MERGE_LIMIT = 30


def found(question: Question, *, words: str, claim_id: int | None) -> list[Card]:
    """Claims to place: the one asked for, else those that hold the words and do not stand here yet."""
    claims = Claim.objects.standing()
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
    cards = claim_cards(claims[:FOUND_LIMIT])
    if rules_of(question).uses_marks:
        give_marks(cards)
    for card in cards:
        card.cut()
    return cards


def to_be_merged_with(question: Question) -> list[Question]:
    """Questions this one may be a double of: those of its event first, then those asking for the same."""
    others = Question.objects.filter(state__in=workflow.EDITABLE).exclude(pk=question.pk)
    of_event = list(others.filter(event=question.event)[:MERGE_LIMIT]) if question.event else []
    seen = [other.pk for other in of_event]
    alike = others.exclude(pk__in=seen).filter(slot=question.slot)[: MERGE_LIMIT - len(of_event)]
    return [*of_event, *alike]
