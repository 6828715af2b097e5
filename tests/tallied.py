"""Tallies for what factories made, as an operation would leave them."""

from django.db import transaction

from reviews import audit, tallies
from reviews.models import Question


def recounted(question: Question) -> Question:
    with transaction.atomic():
        audit.because(by=question.opened_by, action="factory")
        tallies.recount(question)
    return question
