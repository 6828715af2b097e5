"""What reviews do when claims say that something happened."""

from django.db import transaction
from django.dispatch import receiver

from claims.models import EngineRun, EngineSwitch
from claims.signals import claims_extracted
from reviews import suggesting
from reviews.carry_over import carry_over
from reviews.doorbell import ring


@receiver(claims_extracted, sender=EngineRun, dispatch_uid="reviews.carry_over")
def carry_decisions_over(switch: EngineSwitch | None, **_: object) -> None:
    """In the transaction of the switch, so that nobody ever sees claims without what was decided on them."""
    if switch is not None:
        carry_over(switch=switch, now=switch.switched_at)


@receiver(claims_extracted, sender=EngineRun, dispatch_uid="reviews.matching_due")
def have_it_matched(run: EngineRun, **_: object) -> None:
    """As a row in the same transaction, so that no claim is forgotten; the ring comes after it."""
    suggesting.offer([run])
    transaction.on_commit(lambda: ring(run.pk))
