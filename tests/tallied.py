"""Questions with their tallies, as operations would leave them."""

from django.db import connection, transaction

from reviews import audit, tallies
from reviews.models import Question, QuestionTally
from tests.factories import NOW, UserFactory


def recounted(question: Question) -> Question:
    """The question with what factories placed under it counted."""
    with transaction.atomic():
        audit.because(by=question.opened_by, action="factory")
        tallies.recount(question)
    return question


def many_questions(count: int) -> None:
    """Questions with tallies of all sizes, and what the planner knows of them."""
    author = UserFactory()
    with transaction.atomic():
        audit.because(by=author, action="factory")
        questions = Question.objects.bulk_create(
            Question(
                wording=f"Where was jet {n}?",
                slot=Question.Slot.WHERE,
                resolution=Question.Resolution.CONTESTED if n % 2 else Question.Resolution.OPEN,
                opened_by=author,
                opened_at=NOW,
            )
            for n in range(count)
        )
    QuestionTally.objects.bulk_create(
        QuestionTally(
            question=question,
            claims=n % 50,
            suggested=n % 3,
            outlets=n % 9,
            origins=n % 7,
            opposed_origins=n % 5,
            opposed_outlets=n % 6,
            newest_at=NOW if n % 4 else None,
        )
        for n, question in enumerate(questions)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reviews_question, reviews_questiontally")
