"""Text in, claims out: who says what, where in the text. Pure Python; no Django, network or clock.

The same text and the same `ENGINE_VERSION` give the same claims.
"""

from claims.extraction.assemble import ENGINE_NAME, ENGINE_VERSION, Extracted, extract, extract_claims
from claims.extraction.types import (
    Attribution,
    Cue,
    Entity,
    ExtractedClaim,
    Frame,
    Moment,
    Proposition,
    Quantity,
    Sentence,
    Span,
    SpeakerMention,
)

__all__ = [
    "ENGINE_NAME",
    "ENGINE_VERSION",
    "Attribution",
    "Cue",
    "Entity",
    "Extracted",
    "ExtractedClaim",
    "Frame",
    "Moment",
    "Proposition",
    "Quantity",
    "Sentence",
    "Span",
    "SpeakerMention",
    "extract",
    "extract_claims",
]
