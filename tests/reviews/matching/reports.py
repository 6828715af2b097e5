"""Reports as several outlets print them."""

from datetime import date

from claims.extraction.types import ExtractedClaim, Frame, Span, SpeakerMention
from reviews.matching.origins import find_origins
from reviews.matching.types import MatchClaim

FERRY = (
    "The ferry Marigold lost her rudder off Brant Point and drifted for six hours before two tugs reached her"
)
FERRY_EDITED = FERRY.replace("for six", "six").replace("two tugs", "tugs") + " on Friday"
FERRY_REWORDED = (
    "Off Brant Point two tugs reached the drifting ferry Marigold, which had lost her rudder, after hours"
)
TOLL = "A blaze in the ropeworks at Skarholm killed {} people and wounded {} on Tuesday evening, wardens said"
FERRY_OTHERWISE = "Engine trouble left a passenger ship adrift near the headland"


def said(
    id: str, outlet: str, words: str = "", *speakers: str,
    on: str = "2024-05-03", credits: tuple[str, ...] = (), quoted: bool = False, article: str = "",
) -> MatchClaim:  # fmt: skip
    """A claim with words of its own, unless some are given."""
    chain = tuple(SpeakerMention(name, (Span(0, 1),)) for name in speakers)
    claim = ExtractedClaim(
        statement=words or f"{outlet} says of {id} what nobody else says",
        spans=(Span(0, 1),),
        sentence=Span(0, 1),
        speaker=chain[-1] if chain else None,
        chain=chain,
        cue=None,
        kind="direct" if quoted else "indirect" if chain else "own_voice",
        frame=Frame(),
        check_worthiness=1.0,
    )
    return MatchClaim(
        id,
        article or f"{outlet} {id}",
        outlet,
        date.fromisoformat(on) if on else None,
        claim,
        credits=credits,
    )


def groups(*claims: MatchClaim) -> list[tuple[tuple[str, ...], str]]:
    return [(group.claims, group.certainty) for group in find_origins(claims)]
