"""How reliable a speaker usually is, said from a day on."""

from datetime import UTC, date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Speaker
from reviews import audit, policies
from reviews.errors import ReviewError
from reviews.models import SourcingMark, SpeakerReliability
from reviews.operations import steps


@transaction.atomic
def set_speaker_reliability(
    *, speaker_id: int, reliability: str, since: date, reason: str, by: User, now: datetime
) -> SpeakerReliability:
    """Say how reliable a speaker usually is from a day on, until what is said of a later day.

    What was said of the same day is superseded and stays readable; marks that were made stay as they are,
    and no verdict becomes stale. The same again changes nothing. Raises ReviewError for a day that has
    not come, or without a reason.
    """
    policies.check_may_set_reliability(by)
    speaker = Speaker.objects.select_for_update(no_key=True).filter(pk=speaker_id).first()
    if speaker is None:
        raise ReviewError(f"There is no speaker {speaker_id}.")
    if reliability not in SourcingMark.Reliability.values:
        raise ReviewError(f"“{reliability}” is no reliability; use A to F.")
    if since > now.astimezone(UTC).date():
        raise ReviewError("That day has not come: say since when it is known.")
    reason = steps.check_reason(reason, "Say what this reliability rests on.")
    current = SpeakerReliability.objects.current().filter(speaker=speaker, since=since).first()
    if current is not None and (current.reliability, current.reason) == (reliability, reason):
        return current
    audit.because(by=by, action="set_speaker_reliability", reason=reason)
    if current is not None:
        current.superseded_at = max(now, current.set_at)
        current.save(update_fields=["superseded_at"])
    return SpeakerReliability.objects.create(
        speaker=speaker, reliability=reliability, since=since, reason=reason, set_by=by, set_at=now
    )
