"""Facts in a sentence -> claims."""

from datetime import date
from typing import Final

from claims.extraction.sentences import find_sentences
from claims.extraction.types import ExtractedClaim, Frame

ENGINE_NAME: Final = "default"
ENGINE_VERSION: Final = "0.1.0"


def extract_claims(
    text: str, *, title: str = "", outlet: str = "", published_at: date | None = None
) -> list[ExtractedClaim]:
    """Return the claims of an article in reading order."""
    return [
        ExtractedClaim(
            statement=sentence.of(text),
            spans=(sentence,),
            sentence=sentence,
            speaker=None,
            chain=(),
            cue=None,
            kind="own_voice",
            frame=Frame(),
            check_worthiness=0.5,
        )
        for sentence in find_sentences(text)
    ]
