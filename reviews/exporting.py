"""What may leave the house: the one door through which exports read claims."""

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from claims.models import Claim

# Claims whose current mark withholds them, and those that a newer engine words differently since, as long
# as nobody has marked the new words. No new words let out what somebody held back.
_WITHHELD = """
    WITH RECURSIVE withheld (claim_id) AS (
        SELECT claim_id FROM reviews_sourcingmark WHERE is_withheld AND superseded_at IS NULL
        UNION
        SELECT succession.new_claim_id
        FROM withheld
        JOIN claims_claimsuccession AS succession ON succession.old_claim_id = withheld.claim_id
        WHERE succession.new_claim_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reviews_sourcingmark AS mark
            WHERE mark.claim_id = succession.new_claim_id AND mark.superseded_at IS NULL
        )
    )
    SELECT claim_id FROM withheld
"""


def is_withheld(claim: str = "pk") -> Q:
    """Whether a row's claim stays out of exports; `claim` is the way from the row to the claim's id."""
    return Q(**{f"{claim}__in": RawSQL(_WITHHELD, ())})  # noqa: S611  # no part of it is given


def claims_for_export(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Those of the claims that nobody withholds; every export reads claims through this."""
    return claims.exclude(is_withheld())
