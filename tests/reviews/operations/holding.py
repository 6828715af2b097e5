"""Who holds a question, as a test has them take it and submit what they judged."""

from django.contrib.auth.models import User

from reviews import operations
from reviews.models import Assignment, Judgement, Notification, Question
from tests.factories import NOW
from tests.reviews.rows import judged

Ending = Assignment.Ending


def told(person: User) -> list[str]:
    return list(
        Notification.objects.filter(person=person).order_by("at", "id").values_list("text", flat=True)
    )


def take(question: Question, by: User) -> Assignment:
    return operations.take_question(question_id=question.pk, by=by, now=NOW)


def submit(question: Question, by: User, judgement: str = Judgement.SUPPORTED) -> None:
    content = judged(question, judgement)
    operations.submit_assessment(question_id=question.pk, content=content, by=by, now=NOW)
