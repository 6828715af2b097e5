"""How reliable speakers usually are, as of when they were quoted; what marks start from."""

from datetime import UTC, date

from django.db.models import CharField, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate

from claims.models import Claim, Revision, Speaker
from claims.speakers import newest_claims
from reviews.models import SourcingMark, SpeakerReliability

UNJUDGED = SourcingMark.Reliability.F


def published_on(claim: Claim) -> date:
    """The day, in UTC, a claim was published; where that is unknown, the day it was seen."""
    times = Revision.objects.filter(pk=claim.revision_id)  # without its text
    published_at, seen_at = times.values_list("published_at", "seen_at").get()
    return (published_at or seen_at).astimezone(UTC).date()


def usual_reliability(claim: Claim) -> SpeakerReliability | None:
    """What was usual of a claim's speaker when it was published; None is as good as F."""
    if claim.speaker_id is None:
        return None
    return SpeakerReliability.objects.of_day(published_on(claim)).filter(speaker=claim.speaker_id).first()


def history_of(speaker: Speaker) -> list[SpeakerReliability]:
    """What was ever said of a speaker, superseded or not, the latest day first."""
    said = SpeakerReliability.objects.filter(speaker=speaker).select_related("set_by")
    return list(said.order_by("-since", "-set_at", "-pk"))


def deviating_marks(speaker: Speaker) -> "QuerySet[SourcingMark]":
    """The current marks on a speaker's newest claims that are not what is usual, the latest first.

    Each with the `usual` that is held against it.
    """
    published = Coalesce("claim__revision__published_at", "claim__revision__seen_at")
    day = TruncDate(published, tzinfo=UTC, output_field=DateField())
    usual = (
        SpeakerReliability.objects.current()
        .filter(speaker=speaker, since__lte=OuterRef("said_on"))
        .order_by("-since")
        .values("reliability")[:1]
    )
    return (
        SourcingMark.objects.current()
        .filter(claim__in=newest_claims(speaker).values("pk"))
        .alias(said_on=day)
        .annotate(usual=Coalesce(Subquery(usual), Value(UNJUDGED.value), output_field=CharField()))
        .exclude(reliability=F("usual"))
        .select_related("claim", "marked_by")
        .defer("claim__search")
        .order_by("-marked_at", "-pk")
    )
