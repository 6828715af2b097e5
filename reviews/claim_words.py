"""Claims named in a sentence: by their words, who said them where, and at the end their number."""

from collections.abc import Sequence

from django.utils.text import Truncator

from claims.models import Claim

CHARACTERS = 100


def in_words(claim: Claim) -> str:
    """As in: “The jet was shot down” (ministry, Courier; claim 12)."""
    outlet = claim.revision.article.outlet
    where = f", {outlet}" if outlet is not None and claim.kind != Claim.Kind.OWN_VOICE else ""
    words = Truncator(" ".join(claim.content.split())).chars(CHARACTERS)
    return f"“{words}” ({claim.asserted_by}{where}; claim {claim.pk})"


def first_in_words(claims: Sequence[Claim]) -> str:
    """The first of them in words, and of the others how many there are, with their numbers."""
    first, others = claims[0], claims[1:]
    if not others:
        return in_words(first)
    numbers = ", ".join(str(claim.pk) for claim in others)
    return f"{in_words(first)} and {len(others)} more (claim{'s' if len(others) > 1 else ''} {numbers})"
