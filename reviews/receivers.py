"""What reviews do when claims say that something happened."""

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from claims.models import EngineRun, EngineSwitch
from claims.signals import claims_extracted
from reviews import suggesting
from reviews.carry_over import carry_over
from reviews.doorbell import ring
from reviews.new_texts import tell_of_new_text


@receiver(claims_extracted, sender=EngineRun, dispatch_uid="reviews.carry_over")
def carry_decisions_over(switch: EngineSwitch | None, **_: object) -> None:
    """In the transaction of the switch, so that nobody ever sees claims without what was decided on them."""
    if switch is not None:
        carry_over(switch=switch, now=switch.switched_at)


@receiver(claims_extracted, sender=EngineRun, dispatch_uid="reviews.new_text")
def open_again_what_rests_on_it(run: EngineRun, switch: EngineSwitch | None, **_: object) -> None:
    """In the transaction that stores the new text, so that no verdict stands on one that has changed."""
    if switch is None:
        tell_of_new_text(run.revision, now=timezone.now())


@receiver(claims_extracted, sender=EngineRun, dispatch_uid="reviews.matching_due")
def have_it_matched(run: EngineRun, **_: object) -> None:
    """As a row in the same transaction, so that no claim is forgotten; the ring comes after it."""
    suggesting.offer([run])
    transaction.on_commit(lambda: ring(run.pk))
