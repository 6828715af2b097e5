"""What a model gave for a text -> claims that our engine stands for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from claims.extraction.parse.document import Document
from claims.extraction.types import Cue, ExtractedClaim
from claims.llm_engine import facts
from claims.llm_engine.answers import GivenClaim
from claims.llm_engine.faithfulness import Faithfulness, words_of
from claims.llm_engine.grounding import Grounded, ground, trimmed
from claims.llm_engine.parts import Part
from claims.llm_engine.places import Places

_PRONOUNS: Final = frozenset({"he", "she", "it", "they", "i", "we", "you"})


@dataclass(frozen=True, slots=True)
class _Stated:
    statement: str
    is_own: bool


class Reader:
    """Reads answers about one document, part by part, and counts what it does not believe."""

    def __init__(self, document: Document, *, title: str, outlet: str, published_at: date | None) -> None:
        self._document = document
        self._outlet = outlet
        self._published_at = published_at
        self._places = Places(document.text)
        self._faithfulness = Faithfulness(document.text, title=title, outlet=outlet)
        self._claims: dict[tuple[object, str], ExtractedClaim] = {}
        self.refused = 0
        self.verbatim_statements = 0

    def read(self, part: Part, given: Sequence[GivenClaim]) -> None:
        for claim in given:
            found = ground(self._document, self._places, part, claim)
            piece = None if found is None else facts.tokens_at(self._document, found.spans)
            if found is None or piece is None or facts.is_torn_out(self._document, piece, found.cue):
                self.refused += 1
                continue
            self._add(self._without_outlet(found), piece, claim.statement)

    def claims(self) -> list[ExtractedClaim]:
        """Return the claims in reading order, each with what keeps its statement from standing alone."""
        found = sorted(
            self._claims.values(), key=lambda claim: (claim.spans[-1], claim.spans, claim.statement)
        )
        pointing = facts.unresolved_in([claim.statement for claim in found], self._published_at)
        return [
            replace(claim, unresolved=tuple(dict.fromkeys((*claim.unresolved, *words))))
            for claim, words in zip(found, pointing, strict=True)
        ]

    def _without_outlet(self, found: Grounded) -> Grounded:
        """Return the claim as the outlet's own when the outlet is given as its speaker."""
        if found.chain and self._outlet and found.chain[-1].name.casefold() == self._outlet.casefold():
            return replace(found, chain=(), cue=None)
        return found

    def _add(self, found: Grounded, piece: facts.Piece, statement: str) -> None:
        document = self._document
        denied = facts.is_denied(document, found.cue)
        kind = facts.kind_of(document, piece, attributed=bool(found.chain or found.cue))
        speaker = found.chain[-1] if found.chain else None
        stated = self._stated(found, statement, asserted=facts.is_asserted(document, found.cue))
        unresolved = () if kind == "own_voice" else ("speaker",)
        if speaker is not None:
            unresolved = (speaker.name,) if speaker.name.casefold() in _PRONOUNS else ()
        claim = ExtractedClaim(
            statement=stated.statement,
            spans=found.spans,
            sentence=document.sentences[document.sentence_index(found.spans[-1].start)].span,
            speaker=speaker,
            chain=found.chain,
            cue=found.cue,
            kind=kind,
            frame=facts.frame_of(document, piece, published_at=self._published_at, denied=denied),
            check_worthiness=facts.check_worthiness_of(document, piece),
            unresolved=unresolved,
        )
        if (claim.spans, claim.statement) not in self._claims:
            self._claims[claim.spans, claim.statement] = claim
            self.verbatim_statements += not stated.is_own

    def _stated(self, found: Grounded, statement: str, *, asserted: bool) -> _Stated:
        """Return the model's sentence when it keeps to the quote and to a denial or a wish, else our own."""
        quote = " ".join(span.of(self._document.text) for span in found.spans)
        cue = "" if found.cue is None else found.cue.text
        keeps_sense = asserted or set(words_of(cue)) <= set(words_of(statement))
        if keeps_sense and self._faithfulness.allows(statement, quote, cue=cue):
            return _Stated(_sentence(trimmed(statement)), is_own=True)
        if not asserted and found.cue is not None:
            quote = self._with_cue(found, found.cue, quote)
        return _Stated(_sentence(quote), is_own=False)

    def _with_cue(self, found: Grounded, cue: Cue, quote: str) -> str:
        """Return "Jane Roe denied that the dam broke": the quote alone would say the opposite."""
        speaker = found.chain[-1].name if found.chain else ""
        start = found.spans[0].start
        sentence = self._document.sentences[self._document.sentence_index(start)].span
        if sentence.start <= cue.span.start and cue.span.end <= start:
            return f"{speaker} {self._document.text[cue.span.start : start]}{quote}"
        return f"{speaker} {cue.text}: {quote}"


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    # "ŉ" and some others have capitals of two characters.
    text = text[:1].upper() + text[1:] if len(text[:1].upper()) == 1 else text
    return text if text.endswith((".", "!", "?", "…")) else text + "."
