"""Which claim stands where an earlier one stood, and which stood there before it."""

from collections import defaultdict
from collections.abc import Iterable

from claims.models import Claim, ClaimSuccession


def last_succession(claim: Claim) -> ClaimSuccession | None:
    """What became of a claim of an earlier engine run, at the end of all switches; None while it stands.

    Its `new_claim` is the claim of the current run that stands there now, or None when one on the
    way was dropped. Each switch is later than the one before, so the way has an end.
    """
    found: ClaimSuccession | None = None
    while not claim.engine_run.is_current:
        step = (
            ClaimSuccession.objects.filter(old_claim=claim)
            .select_related(
                "switch__old_run", "switch__new_run", "new_claim__engine_run", "new_claim__speaker"
            )
            .order_by("-pk")
            .first()
        )
        if step is None:
            return found
        found = step
        if step.new_claim is None:
            return found
        claim = step.new_claim
    return found


def earlier_wordings(claim_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each of the claims the earlier ones that said something else at its place, the latest first.

    Not those that said the same: what people decided on them was carried over as it stood.
    """
    found: dict[int, list[int]] = defaultdict(list)
    asked_of = {claim_id: {claim_id} for claim_id in claim_ids}  # a claim on the way -> those it is asked for
    seen = {(claim_id, claim_id) for claim_id in asked_of}
    while asked_of:
        links = ClaimSuccession.objects.filter(new_claim__in=asked_of, old_claim__isnull=False)
        earlier: dict[int, set[int]] = defaultdict(set)
        for new, old, kind in links.order_by("-pk").values_list("new_claim_id", "old_claim_id", "kind"):
            for asked in asked_of[new]:
                if (asked, old) in seen:
                    continue  # where a run is current again, the way leads back
                seen.add((asked, old))
                earlier[old].add(asked)
                if kind == ClaimSuccession.Kind.REWORDED:
                    found[asked].append(old)
        asked_of = dict(earlier)
    return dict(found)


def precessions(claim: Claim) -> list[ClaimSuccession]:
    """By which steps a claim took the place of earlier ones, the latest first."""
    steps = ClaimSuccession.objects.filter(new_claim=claim, old_claim__isnull=False)
    return list(steps.select_related("switch__old_run", "old_claim__speaker").order_by("-pk"))
