"""An engine for tests: finds what it is told to, under whatever version, so that runs can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from claims.engines import EngineIdentity, Extraction
from claims.extraction import ExtractedClaim, Frame, Span, SpeakerMention


@dataclass
class FakeEngine:
    """Finds these claims in every text; `asked` is what it was asked to read."""

    claims: Sequence[ExtractedClaim]
    version: str = "9.0.0"
    note: str = ""
    waits_seconds: float = 0
    asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def identity(self) -> EngineIdentity:
        return EngineIdentity("fake", self.version, "0" * 64)

    def extract_claims(self, text: str, *, title: str, outlet: str, published_at: date | None) -> Extraction:
        self.asked.append({"text": text, "title": title, "outlet": outlet, "published_at": published_at})
        return Extraction(self.claims, made_by=self.identity, note=self.note)


def found(words: str, *, text: str, says: str = "", speaker: str = "") -> ExtractedClaim:
    """A claim whose content are these words where they first stand in the text; it says them, or `says`."""
    start = text.index(words)
    span = Span(start, start + len(words))
    mention = SpeakerMention(speaker, ()) if speaker else None
    return ExtractedClaim(
        statement=says or f"{words[0].upper()}{words[1:]}.",
        spans=(span,),
        sentence=span,
        speaker=mention,
        chain=(mention,) if mention else (),
        cue=None,
        kind="indirect" if mention else "own_voice",
        frame=Frame(),
        check_worthiness=0.5,
    )
