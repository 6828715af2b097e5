"""One's own inbox: read, and told apart from what one does not want to be told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from reviews import notices
from reviews.errors import ReviewError
from reviews.models import Notification, NotificationSettings


def mark_read(*, notification_ids: Collection[UUID], by: User, now: datetime) -> int:
    """Mark these of one's own notices as read, and return how many were not yet; others are left alone."""
    return notices.unread(by).filter(pk__in=notification_ids).update(read_at=now)


def mark_all_read(*, until: datetime | None = None, by: User, now: datetime) -> int:
    """Mark all of one's own notices as read, or those up to the last one that was seen."""
    rows = notices.unread(by)
    return (rows if until is None else rows.filter(at__lte=until)).update(read_at=now)


@transaction.atomic
def change_notification_settings(*, muted: Collection[str], digest: str, by: User) -> NotificationSettings:
    """Say what one does not want to be told of, and how often by e-mail.

    Raises ReviewError for words that are none of ours.
    """
    unknown = set(muted) - set(Notification.Kind.values)
    if unknown:
        raise ReviewError(f"There is no notice of the kind “{min(unknown)}”.")
    if digest not in NotificationSettings.Digest.values:
        raise ReviewError(f"There is no digest “{digest}”.")
    in_order = [kind for kind in Notification.Kind.values if kind in set(muted)]
    changed, _ = NotificationSettings.objects.update_or_create(
        person=by, defaults={"muted": in_order, "digest": digest}
    )
    return changed


def stop_digests(*, person_id: int) -> None:
    """Send this person no more digests; who followed the signed link of one may ask for that."""
    if User.objects.filter(pk=person_id).exists():
        NotificationSettings.objects.update_or_create(
            person_id=person_id, defaults={"digest": NotificationSettings.Digest.NEVER}
        )
