"""The e-mail digest: one letter with what is unread and was not e-mailed before, as often as a person likes.

A letter is sent inside the transaction that marks what it holds as e-mailed: a crash between the two sends
it once more and never loses it, and then under the same Message-ID. What is hidden from a person when it is
sent is not in it, and waits for the next one.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from claims.presentation import reveal
from reviews import notices
from reviews.models import Comment, Notification, NotificationSettings
from reviews.telling import unsubscribing

Digest = NotificationSettings.Digest
PERIODS = {
    Digest.HOURLY: timedelta(hours=1),
    Digest.DAILY: timedelta(days=1),
    Digest.WEEKLY: timedelta(weeks=1),
}
PEOPLE_AT_A_TIME = 500
LISTED = 50
TAKEN = 500
QUOTED_CHARACTERS = 300

_log = logging.getLogger(__name__)


def send_due(*, now: datetime) -> int:
    """Send every digest that is due, and return how many went out; none where no mail server is named.

    An address that is refused is tried again when the next digest is due. Any other trouble with the server
    rises, and everybody who is still to be served is when this is called again.
    """
    if not settings.SENDS_EMAIL:
        return 0
    waiting = list(due(now).values_list("pk", flat=True)[:PEOPLE_AT_A_TIME])
    if not waiting:
        return 0
    with get_connection() as connection:
        return sum(send_digest(pk, connection=connection, now=now) for pk in waiting)


def due(now: datetime) -> QuerySet[User]:
    """Active people with an address whose time for a digest has come, and who have something unread."""
    has_come = Q(notification_settings__isnull=True) | Q(notification_settings__digested_at__isnull=True)
    for digest, period in PERIODS.items():
        has_come |= Q(
            notification_settings__digest=digest, notification_settings__digested_at__lte=now - period
        )
    new = Notification.objects.filter(person=OuterRef("pk"), read_at__isnull=True, emailed_at__isnull=True)
    people = User.objects.filter(has_come, Exists(new), is_active=True).exclude(email="")
    return people.exclude(notification_settings__digest=Digest.NEVER).order_by("pk")


@transaction.atomic
def send_digest(person_id: int, *, connection: BaseEmailBackend | None = None, now: datetime) -> bool:
    """Send one person's digest, and return whether there was one to send.

    False too where it is being sent by somebody else at this moment, or was since it fell due.
    """
    NotificationSettings.objects.get_or_create(person_id=person_id)
    unlocked = NotificationSettings.objects.select_for_update(skip_locked=True, no_key=True)
    chosen = unlocked.filter(person_id=person_id).first()
    person = due(now).filter(pk=person_id).first()
    if chosen is None or person is None:
        return False
    new = notices.unread(person).filter(
        Q(comment__isnull=True) | Q(comment__withdrawn_at__isnull=True), emailed_at__isnull=True
    )
    locked = new.select_for_update(skip_locked=True, no_key=True, of=("self",))
    ids = list(locked.values_list("pk", flat=True)[:TAKEN])
    if not ids:
        return False
    taken = Notification.objects.filter(pk__in=ids)
    listed = taken.select_related("question", "comment").order_by("-at", "-id")[:LISTED]
    taken.update(emailed_at=now)
    chosen.digested_at = now
    chosen.save(update_fields=["digested_at"])
    letter = _letter(person, list(listed), more=max(len(ids) - LISTED, 0))
    letter.connection = connection
    try:
        letter.send()
    except SMTPRecipientsRefused as refused:
        _log.warning("The mail server refused the address of %s: %s", person.get_username(), refused)
        taken.update(emailed_at=None)
        return False
    return True


def _letter(person: User, listed: Sequence[Notification], *, more: int) -> EmailMessage:
    count = len(listed) + more
    unsubscribe = settings.BASE_URL + unsubscribing.address(person)
    inbox = settings.BASE_URL + reverse("admin:reviews_notification_changelist")
    choices = settings.BASE_URL + reverse("admin:reviews_notification_settings")
    lines = [line for notification in listed for line in _lines(notification)]
    if more:
        lines += [f"And {more} more in your inbox.", ""]
    lines += [
        f"Your inbox: {inbox}",
        f"What you are told, and how often: {choices}",
        f"No more of these e-mails: {unsubscribe}",
    ]
    return EmailMessage(
        subject=f"Crossclaim: {count} {'thing concerns' if count == 1 else 'things concern'} you",
        body="\n".join(lines) + "\n",
        to=[person.email],
        headers={
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Message-ID": _message_id(listed),
        },
    )


def _lines(notification: Notification) -> list[str]:
    """What one notice says, what the comment says that it is about, and where to look."""
    said = [f"* {notification.at:%Y-%m-%d %H:%M} UTC: {_legible(notification.text)}"]
    if notification.comment is not None:
        said.append(f"  “{_legible(_shortened(notification.comment))}”")
    return [*said, f"  {settings.BASE_URL}{notification.get_absolute_url()}", ""]


def _shortened(comment: Comment) -> str:
    text = " ".join(comment.text.split())
    return text if len(text) <= QUOTED_CHARACTERS else text[: QUOTED_CHARACTERS - 1] + "…"


def _legible(text: str) -> str:
    """On one line, with a name in the place of each character that would hide or turn others."""
    return "".join(f"[{label}]" if label else piece for piece, label in reveal(" ".join(text.split())))


def _message_id(listed: Sequence[Notification]) -> str:
    """The same for the same notices, so that a letter sent twice is known as one."""
    content = hashlib.sha256(" ".join(str(notification.pk) for notification in listed).encode()).hexdigest()
    return f"<digest.{content[:32]}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"
