"""What goes into the matcher and what comes out: frozen values, no database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Self

from claims.extraction.types import ExtractedClaim

Slot = Literal["who", "whom", "where", "when", "what", "how many", "why", "whether"]
Certainty = Literal["certain", "probable"]

Json = dict[str, Any]


class UnreadableClaim(ValueError):
    """A line that is no claim; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class MatchClaim:
    """A claim with where it was published.

    `content` is the claim in the article's own words (the statement when empty); `credits` are the
    agencies the article declares in its byline, dateline or foot.
    """

    id: str
    article: str
    outlet: str
    published_at: date | None
    claim: ExtractedClaim
    content: str = ""
    credits: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Read a claim of the engine with "id", "article", "outlet" and "published_at" beside its own keys.

        Raises UnreadableClaim, which says what is missing or wrong.
        """
        try:
            given = json.loads(line)
        except json.JSONDecodeError as error:
            raise UnreadableClaim(f"not JSON: {error}") from error
        if not isinstance(given, dict):
            raise UnreadableClaim("a claim is a JSON object")
        try:
            published_at = _text(given, "published_at") if given["published_at"] is not None else ""
            credits = given.get("credits", [])
            if not isinstance(credits, list) or not all(isinstance(agency, str) for agency in credits):
                raise TypeError(f'"credits" is a list of texts, not {json.dumps(credits)}')
            return cls(
                id=_text(given, "id"),
                article=_text(given, "article"),
                outlet=_text(given, "outlet"),
                published_at=date.fromisoformat(published_at[:10]) if published_at else None,
                claim=_engine_claim(given),
                content=_text(given, "content") if "content" in given else "",
                credits=tuple(credits),
            )
        except KeyError as error:
            raise UnreadableClaim(f"the claim has no {error}") from error
        except (TypeError, ValueError, ArithmeticError) as error:
            raise UnreadableClaim(f"the claim cannot be read: {error}") from error


def _engine_claim(given: Json) -> ExtractedClaim:
    """Read what the engine printed. Its own reader trusts its own writer; this line may be anybody's."""
    _text(given, "statement")
    for part in ("frame", "speaker"):
        if given[part] is not None and not isinstance(given[part], dict):
            raise TypeError(f'"{part}" is an object, not {json.dumps(given[part])}')
    for key in ("predicate", "agent", "target", "place"):
        _text(given["frame"] or {}, key)
    if given["speaker"] is not None:
        _text(given["speaker"], "name")
    try:
        return ExtractedClaim.from_json(given)
    except (TypeError, AttributeError) as error:
        raise TypeError("its spans, chain, cue or frame are not as the engine prints them") from error


def _text(given: Json, key: str) -> str:
    value = given[key]
    if not isinstance(value, str):
        raise TypeError(f'"{key}" is text, not {json.dumps(value)}')
    return value


@dataclass(frozen=True, slots=True)
class OriginGroup:
    """Claims that go back to one first report. `name` and `reason` are words for a reviewer."""

    claims: tuple[str, ...]
    certainty: Certainty
    name: str
    reason: str
    is_circular: bool = False


@dataclass(frozen=True, slots=True)
class MatchedPosition:
    """One answer and the claims that give it.

    `claims` are sorted ids; `reasons` says for each why it stands here, in words for a reviewer;
    `compatible_with` are answers of other positions that can be true at the same time.
    """

    answer: str
    claims: tuple[str, ...]
    reasons: Mapping[str, str]
    compatible_with: tuple[str, ...] = ()
    origins: tuple[OriginGroup, ...] = ()
    is_denial: bool = False

    def as_json(self) -> Json:
        return {
            "answer": self.answer,
            "claims": list(self.claims),
            "origins": [list(origin.claims) for origin in self.origins],
            "compatible_with": list(self.compatible_with),
            "is_denial": self.is_denial,
            "reasons": dict(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class MatchedQuestion:
    """A factual point of one event, and the answers claims give to it.

    `event` is the event in words with its day ("Collapse of the Alder bridge, 3 May 2024"). The question is
    `contested` when two of its positions cannot both be true, and `evolving` when its numbers only
    grow with the days of publication, as tolls do.
    """

    question: str
    slot: Slot
    event: str
    contested: bool
    evolving: bool
    positions: tuple[MatchedPosition, ...]
    why: tuple[str, ...] = field(default=())

    def as_json(self) -> Json:
        """Return the object the command line prints."""
        return {
            "question": self.question,
            "slot": self.slot,
            "event": self.event,
            "contested": self.contested,
            "evolving": self.evolving,
            "positions": [position.as_json() for position in self.positions],
            "why": list(self.why),
        }
