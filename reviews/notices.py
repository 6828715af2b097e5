"""Telling people what concerns them: rows of their inbox, which an e-mail digest may repeat."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.template.defaultfilters import truncatechars
from django.utils import timezone

from reviews import discussion, policies
from reviews.models import Assignment, Comment, Notification, NotificationSettings, Question, Verdict
from reviews.people import people_who_may

Kind = Notification.Kind
Ending = Assignment.Ending
COUNT_UP_TO = 20
TEXT_CHARACTERS = 500  # of a notice
WORDING_CHARACTERS = 240  # of a question, so that what follows it has room
_CAME_BACK = {
    Ending.RELEASED: "{reviewer} gave it back",
    Ending.LAPSED: "{reviewer} did not assess it in time",
    Ending.NO_ACCOUNT: "the account of {reviewer} was closed",
    Ending.NO_ROLE: "{reviewer} may not assess any more",
    Ending.AUTHOR: "one of its answers is {reviewer}’s now",
}


def tell(
    people: Iterable[User],
    kind: Notification.Kind,
    question: Question,
    text: str,
    *,
    comment: Comment | None = None,
    now: datetime,
) -> set[int]:
    """Put a line into the inbox of each of these people, but for those who muted its kind.

    Returns the ids of those who were told.
    """
    told = _listening(people, kind)
    Notification.objects.bulk_create(
        Notification(
            person_id=pk, kind=kind, question=question, comment=comment, text=text[:TEXT_CHARACTERS], at=now
        )
        for pk in sorted(told)
    )
    return told


def _listening(people: Iterable[User], kind: Notification.Kind) -> set[int]:
    """The ids of those who did not mute a kind; who has no account any more is told nothing."""
    asked = {person.pk for person in people if person.is_active}
    muted = NotificationSettings.objects.filter(person__in=asked, muted__contains=[kind])
    return asked - set(muted.values_list("person_id", flat=True))


def tell_adjudicators(question: Question, *, now: datetime) -> None:
    """Tell everybody who may adjudicate a question that it waits for one of them."""
    check = partial(policies.check_may_adjudicate, question=question)
    may = people_who_may("reviews.adjudicate_question")
    people = [person for person in may if policies.allows(check, person)]
    text = f"“{question}” waits for adjudication: its assessments differ"
    tell(people, Kind.ADJUDICATION, question, text, now=now)


def tell_of_returns(assignments: Sequence[Assignment], *, now: datetime) -> None:
    """Tell who assigns that assignments came back, in words that are the same whatever was written."""
    if not assignments:
        return
    leads = _listening(people_who_may("reviews.assign_question"), Kind.RETURNED)
    Notification.objects.bulk_create(
        Notification(
            person_id=pk,
            kind=Kind.RETURNED,
            question=assignment.question,
            text=_of_return(assignment)[:TEXT_CHARACTERS],
            at=now,
        )
        for assignment in assignments
        for pk in sorted(leads - {assignment.reviewer_id})
    )


def _of_return(assignment: Assignment) -> str:
    why = _CAME_BACK[Ending(assignment.ending)].format(reviewer=assignment.reviewer)
    return f"“{assignment.question}” waits for a reviewer again: {why}"


def tell_decided(people: Iterable[User], verdict: Verdict, how: str, *, now: datetime) -> None:
    """Tell who assessed a question how it was decided, and with which answers; `how` is the verb."""
    wording = truncatechars(str(verdict.question), WORDING_CHARACTERS)
    text = f"“{wording}” {how}. {verdict.short_headline}"
    tell(people, Kind.DECIDED, verdict.question, text, now=now)


def end_adjudication(question: Question, *, now: datetime) -> None:
    """Take a question that was adjudicated off everybody's unread notices: it waits for nobody any more."""
    waiting = Notification.objects.filter(question=question, kind=Kind.ADJUDICATION, read_at__isnull=True)
    waiting.update(read_at=now)


def tell_assigned(question: Question) -> None:
    """Tell everybody who is assessing a question that it changed, whether or not they have submitted.

    One line until it is read, however often it changes.
    """
    told = Notification.objects.filter(question=question, kind=Kind.CHANGED, read_at__isnull=True)
    people = User.objects.filter(
        assignments__question=question, assignments__round=question.round, assignments__ended_at__isnull=True
    ).exclude(pk__in=told.values("person"))
    text = f"“{question}” changed while you are assessing it; look at it again before or after you submit"
    tell(people, Kind.CHANGED, question, text, now=timezone.now())


def tell_of_comment(comment: Comment, *, now: datetime) -> None:
    """Tell whom a comment answers, and whom it mentions; each once, and nobody of their own."""
    author, question = comment.written_by, comment.question
    told: set[int] = set()
    if comment.reply_to is not None and comment.reply_to.written_by_id != author.pk:
        text = f"{author} answered your comment on “{question}”"
        told = tell([comment.reply_to.written_by], Kind.REPLIED, question, text, comment=comment, now=now)
    mentioned = [mention.person for mention in comment.mentions.select_related("person").order_by("pk")]
    others = [person for person in mentioned if person.pk not in {author.pk, *told}]
    if others:
        text = f"{author} mentioned you on “{question}”"
        tell(others, Kind.MENTIONED, question, text, comment=comment, now=now)


def tell_of_opened_comments(question: Question, *, now: datetime) -> None:
    """Once a round is decided, tell of what was written during it, which was hidden until now."""
    opened = question.comments.filter(discussion.written_in_review(), round=question.round)
    telling = opened.filter(Q(reply_to__isnull=False) | Q(mentions__isnull=False), withdrawn_at__isnull=True)
    for comment in telling.select_related("written_by", "reply_to__written_by", "question").distinct():
        tell_of_comment(comment, now=now)


def inbox(person: User) -> QuerySet[Notification]:
    """What a person was told, the newest first, without what is hidden from them at this moment."""
    if not person.has_perm("reviews.view_question"):
        return Notification.objects.none()
    shown = Q(comment__isnull=True) | discussion.is_shown(person, "comment__")
    return Notification.objects.filter(shown, person=person).order_by("-at", "-id")


def unread(person: User) -> QuerySet[Notification]:
    return inbox(person).filter(read_at__isnull=True)


def unread_count(person: User) -> str:
    """How many are unread, for the badge on every page: "" for none, "20+" for more than 20; one query."""
    count = unread(person).order_by()[: COUNT_UP_TO + 1].count()
    return f"{COUNT_UP_TO}+" if count > COUNT_UP_TO else str(count or "")
