"""What a reviewer writes in an assessment, as values: read from JSON, checked, sealed, compared.

Knows no database, so that a draft, an assessment and a verdict are all compared by the same rules.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from reviews.errors import ReviewError
from reviews.models.verdicts import Confidence, Judgement

RATIONALE_CHARACTERS: Final = 20_000
POSITION_RATIONALE_CHARACTERS: Final = 5_000
NOTE_CHARACTERS: Final = 2_000
URL_CHARACTERS: Final = 2_000
MOST_EVIDENCE: Final = 50


@dataclass(frozen=True)
class PositionJudgement:
    """What is said of one position; an empty judgement or confidence has not been chosen yet."""

    judgement: str = ""
    confidence: str = ""
    rationale: str = ""


@dataclass(frozen=True)
class EvidenceItem:
    """A claim, a link or a file (by its SHA-256), of which one is given; for one position, or for all."""

    claim_id: int | None = None
    url: str = ""
    file_sha256: str = ""
    note: str = ""
    position_id: int | None = None


@dataclass(frozen=True)
class AssessmentContent:
    """All that one reviewer says of a question; a draft may leave any of it empty."""

    judgement: str = ""
    confidence: str = ""
    rationale: str = ""
    positions: Mapping[int, PositionJudgement] = field(default_factory=dict)
    evidence: Sequence[EvidenceItem] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is stored in a draft: position ids become strings, for JSON has no other keys."""
        return {
            "judgement": self.judgement,
            "confidence": self.confidence,
            "rationale": self.rationale,
            "positions": {str(pk): asdict(said) for pk, said in sorted(self.positions.items())},
            "evidence": [asdict(item) for item in self.evidence],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "AssessmentContent":
        """What `to_json` gave."""
        return cls(
            judgement=stored["judgement"],
            confidence=stored["confidence"],
            rationale=stored["rationale"],
            positions={int(pk): PositionJudgement(**said) for pk, said in stored["positions"].items()},
            evidence=tuple(EvidenceItem(**item) for item in stored["evidence"]),
        )

    def digest(self, salt: str) -> str:
        """SHA-256, in hex, of the salt and the content: what the reviewer keeps as a receipt."""
        written = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(f"{salt}\n{written}".encode()).hexdigest()


def check_draft(content: AssessmentContent) -> None:
    """Raise ReviewError where a draft holds what no assessment can: unknown words, or too much."""
    judged: list[AssessmentContent | PositionJudgement] = [content, *content.positions.values()]
    for said in judged:
        if said.judgement and said.judgement not in Judgement.values:
            raise ReviewError(f"“{said.judgement}” is no judgement; use {', '.join(Judgement.values)}.")
        if said.confidence and said.confidence not in Confidence.values:
            raise ReviewError(f"“{said.confidence}” is no confidence; use {', '.join(Confidence.values)}.")
    if len(content.rationale) > RATIONALE_CHARACTERS:
        raise ReviewError(f"The rationale is longer than {RATIONALE_CHARACTERS:,} characters.")
    if any(len(each.rationale) > POSITION_RATIONALE_CHARACTERS for each in content.positions.values()):
        raise ReviewError(f"A note on a position has over {POSITION_RATIONALE_CHARACTERS:,} characters.")
    if len(content.evidence) > MOST_EVIDENCE:
        raise ReviewError(f"That is more than {MOST_EVIDENCE} pieces of evidence.")
    for item in content.evidence:
        if [item.claim_id is not None, bool(item.url), bool(item.file_sha256)].count(True) != 1:
            raise ReviewError("A piece of evidence is a claim, a link or a file.")
        if item.url and not item.url.startswith(("https://", "http://")):
            raise ReviewError("A link begins with https:// or http://.")
        if len(item.url) > URL_CHARACTERS:
            raise ReviewError(f"A link is longer than {URL_CHARACTERS:,} characters.")
        if len(item.note) > NOTE_CHARACTERS:
            raise ReviewError(f"A note on evidence is longer than {NOTE_CHARACTERS:,} characters.")


def check_complete(
    content: AssessmentContent, position_ids: Collection[int], *, asks_confidence: bool = True
) -> None:
    """Raise ReviewError unless it judges the question and each of these positions, and says why.

    Verdicts have no confidence: who adjudicates is not asked for it.
    """
    check_draft(content)
    if set(content.positions) != set(position_ids):
        raise ReviewError(
            "Judge every position of the question, and no other; what a machine added since the round began"
            " waits for the next one."
        )
    if not position_ids:
        raise ReviewError("A question without positions cannot be judged; add the answers first.")
    sure = " and say how sure you are of it" if asks_confidence else ""
    if any(_is_open(said, asks_confidence=asks_confidence) for said in content.positions.values()):
        raise ReviewError(f"Give every position a judgement{sure}.")
    if _is_open(content, asks_confidence=asks_confidence):
        raise ReviewError(f"Judge the question as a whole{',' if sure else ''}{sure}.")
    if not content.rationale.strip():
        raise ReviewError("A judgement needs a rationale that others can check.")
    unknown = {item.position_id for item in content.evidence} - {None, *position_ids}
    if unknown:
        raise ReviewError("A piece of evidence is for a position that is not there.")


def _is_open(said: AssessmentContent | PositionJudgement, *, asks_confidence: bool) -> bool:
    """Whether something was not chosen yet."""
    return not said.judgement or (asks_confidence and not said.confidence)


def differing(contents: Iterable[AssessmentContent]) -> set[int | None]:
    """Where assessments of a question differ: the ids of positions, and None for the question as a whole.

    Only judgements count; confidence, rationale and evidence may differ without a conflict.
    """
    said: dict[int | None, set[str]] = {}
    for content in contents:
        said.setdefault(None, set()).add(content.judgement)
        for pk, position in content.positions.items():
            said.setdefault(pk, set()).add(position.judgement)
    return {where for where, judgements in said.items() if len(judgements) > 1}
