"""What reviews do when claims say that something happened."""

from django.dispatch import receiver

from claims.models import EngineRun, EngineSwitch
from claims.signals import claims_extracted
from reviews.carry_over import carry_over


@receiver(claims_extracted, sender=EngineRun, dispatch_uid="reviews.carry_over")
def carry_decisions_over(switch: EngineSwitch | None, **_: object) -> None:
    """In the transaction of the switch, so that nobody ever sees claims without what was decided on them."""
    if switch is not None:
        carry_over(switch=switch, now=switch.switched_at)
