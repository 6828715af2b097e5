"""Claims that say again, in a newer text of their article, what a person had rejected in an earlier one."""

from collections import defaultdict
from collections.abc import Mapping

from claims.models import folded
from reviews.models import Placement
from reviews.suggesting.claim_values import StoredClaim
from reviews.suggesting.row_ids import row_ids

NewerClaims = Mapping[int, frozenset[int]]  # a rejected claim -> the claims that say the same again


def rejected_before(claims: Mapping[int, StoredClaim]) -> NewerClaims:
    """The claims of earlier texts that a person rejected somewhere, with those of `claims` that repeat them.

    A claim repeats another of its article that stands in the same words. Where several stand in these words,
    as in "12 killed, 30 wounded", it is the one of the same statement, if there is one.
    """
    said: dict[tuple[int, str], list[StoredClaim]] = defaultdict(list)
    for claim in claims.values():
        said[claim.article_id, folded(claim.value.content)].append(claim)
    rejected = (
        Placement.objects.filter(
            state=Placement.State.REJECTED,
            claim__revision__article__in=row_ids({claim.article_id for claim in claims.values()}),
        )
        .order_by("claim")
        .values_list("claim", "claim__revision__article", "claim__content", "claim__statement")
        .distinct()
    )
    found = {}
    for pk, article, content, statement in rejected:
        if pk in claims:
            continue
        same_words = said.get((article, folded(content)), ())
        same = [each for each in same_words if folded(each.value.claim.statement) == folded(statement)]
        if same_words:
            found[pk] = frozenset(each.pk for each in same or same_words)
    return found
