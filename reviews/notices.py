"""Telling people what concerns them: rows of their inbox, which an e-mail digest may repeat."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User

from reviews.models import Comment, Notification, NotificationSettings, Question


def tell(
    people: Iterable[User],
    kind: Notification.Kind,
    question: Question,
    text: str,
    *,
    comment: Comment | None = None,
    now: datetime,
) -> None:
    """Put a line into the inbox of each of these people, but for those who muted its kind."""
    told = {person.pk: person for person in people if person.is_active}
    muted = NotificationSettings.objects.filter(person__in=told, muted__contains=[kind])
    silent = set(muted.values_list("person_id", flat=True))
    Notification.objects.bulk_create(
        Notification(person=person, kind=kind, question=question, comment=comment, text=text[:500], at=now)
        for pk, person in told.items()
        if pk not in silent
    )


def tell_adjudicators(question: Question, *, but: Iterable[User], now: datetime) -> None:
    """Tell everybody who could adjudicate a question that it waits for one of them."""
    may = User.objects.with_perm(
        "reviews.adjudicate_question",
        backend="django.contrib.auth.backends.ModelBackend",
        include_superusers=False,
    )
    people = may.filter(is_active=True).exclude(pk__in=[person.pk for person in but])
    text = f"“{question}” waits for adjudication: its assessments differ"
    tell(people, Notification.Kind.ADJUDICATION, question, text, now=now)
