"""The values the engine gives back: frozen, comparable, and written to plain JSON and read back again.

Every offset counts code points of the text the engine was given, half-open: `text[span.start:span.end]`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

Json = dict[str, Any]

AttributionKind = Literal["direct", "indirect", "mixed"]
ClaimKind = Literal["direct", "indirect", "mixed", "own_voice"]
Modality = Literal["", "happened", "planned", "threatened", "hypothetical"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A non-empty place in the text. Raises ValueError when it is empty, negative or turned around."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"A span needs 0 <= start < end, got {self.start}..{self.end}.")

    def of(self, text: str) -> str:
        """Return the words that stand at this place of `text`."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Span") -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def as_json(self) -> list[int]:
        return [self.start, self.end]

    @classmethod
    def from_json(cls, given: list[int]) -> Self:
        start, end = given
        return cls(start, end)


def spans_as_json(spans: Iterable[Span]) -> list[list[int]]:
    return [span.as_json() for span in spans]


def spans_from_json(given: Iterable[list[int]]) -> tuple[Span, ...]:
    return tuple(Span.from_json(pair) for pair in given)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, headline or list item; `check_worthiness` is 0..1, see `check_worthiness.py`."""

    span: Span
    check_worthiness: float

    def as_json(self) -> Json:
        return {"span": self.span.as_json(), "check_worthiness": self.check_worthiness}


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that signal an attribution: "said", "according to"."""

    text: str
    span: Span

    def as_json(self) -> Json:
        return {"text": self.text, "span": self.span.as_json()}

    @classmethod
    def from_json(cls, given: Json) -> Self:
        return cls(text=given["text"], span=Span.from_json(given["span"]))


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who (source) signals by which words (cue) that these words (content) are theirs.

    `content` follows the convention of PARC: quotation marks and a leading "that" belong to it.
    `source` is the whole description ("Jane Roe, a spokesperson for the harbour"); it is empty when the
    text names nobody. `parent` is the index, in the same list, of the attribution whose content
    this one stands in.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    kind: AttributionKind
    parent: int | None = None

    def as_json(self) -> Json:
        return {
            "source": spans_as_json(self.source),
            "cue": spans_as_json(self.cue),
            "content": spans_as_json(self.content),
            "kind": self.kind,
            "parent": self.parent,
        }


@dataclass(frozen=True, slots=True)
class Proposition:
    """One thing a sentence says. Two spans when its subject stands apart from its predicate."""

    sentence: Span
    spans: tuple[Span, ...]

    def as_json(self) -> Json:
        return {"sentence": self.sentence.as_json(), "spans": spans_as_json(self.spans)}


@dataclass(frozen=True, slots=True)
class Entity:
    """A name, date or quantity in the text; `type` is person, organisation, place, time, quantity or name."""

    span: Span
    type: str
    name: str

    def as_json(self) -> Json:
        return {"span": self.span.as_json(), "type": self.type, "name": self.name}


@dataclass(frozen=True, slots=True)
class SpeakerMention:
    """A speaker by the fullest name the text gives, and where this attribution names them ("he")."""

    name: str
    spans: tuple[Span, ...]

    def as_json(self) -> Json:
        return {"name": self.name, "spans": spans_as_json(self.spans)}

    @classmethod
    def from_json(cls, given: Json) -> Self:
        return cls(name=given["name"], spans=spans_from_json(given["spans"]))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A stated amount. `value` is in the unit as written: "4%" is Decimal("4") percent, not 0.04.

    `upper` is the other end of a stated range ("20 to 30"). `unit` is the thing counted when it
    is no measure ("people"), `approximator` the hedge as written ("at least", "some").
    """

    value: Decimal
    unit: str
    span: Span
    approximator: str = ""
    upper: Decimal | None = None

    def as_json(self) -> Json:
        return {
            "value": str(self.value),
            "upper": None if self.upper is None else str(self.upper),
            "unit": self.unit,
            "approximator": self.approximator,
            "span": self.span.as_json(),
        }

    @classmethod
    def from_json(cls, given: Json) -> Self:
        return cls(
            value=Decimal(given["value"]),
            upper=None if given["upper"] is None else Decimal(given["upper"]),
            unit=given["unit"],
            approximator=given["approximator"],
            span=Span.from_json(given["span"]),
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """When, as written, and the first and last day it can mean; both None when the text does not tell."""

    text: str
    span: Span
    earliest: date | None = None
    latest: date | None = None

    def as_json(self) -> Json:
        return {
            "text": self.text,
            "span": self.span.as_json(),
            "earliest": None if self.earliest is None else self.earliest.isoformat(),
            "latest": None if self.latest is None else self.latest.isoformat(),
        }

    @classmethod
    def from_json(cls, given: Json) -> Self:
        earliest, latest = given["earliest"], given["latest"]
        return cls(
            text=given["text"],
            span=Span.from_json(given["span"]),
            earliest=None if earliest is None else date.fromisoformat(earliest),
            latest=None if latest is None else date.fromisoformat(latest),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """The event a claim speaks of, in the text's own words; "" where the text does not say it plainly.

    `predicate` is a lemma with its particle ("shoot down"), `family` the kind of event it tells of, see
    `predicate_families.py`. `modality` says whether it happened or is only planned, threatened or
    hypothetical; it is "" for states, and where the tense does not tell.
    """

    predicate: str = ""
    family: str = ""
    agent: str = ""
    target: str = ""
    place: str = ""
    time: Moment | None = None
    quantities: tuple[Quantity, ...] = ()
    negated: bool = False
    hedges: tuple[str, ...] = ()
    modality: Modality = ""

    def as_json(self) -> Json:
        return {
            "predicate": self.predicate,
            "family": self.family,
            "agent": self.agent,
            "target": self.target,
            "place": self.place,
            "time": None if self.time is None else self.time.as_json(),
            "quantities": [quantity.as_json() for quantity in self.quantities],
            "negated": self.negated,
            "hedges": list(self.hedges),
            "modality": self.modality,
        }

    @classmethod
    def from_json(cls, given: Json) -> Self:
        """Read a frame; one written before engine 0.5 has neither family nor modality."""
        return cls(
            predicate=given["predicate"],
            family=given.get("family", ""),
            agent=given["agent"],
            target=given["target"],
            place=given["place"],
            time=None if given["time"] is None else Moment.from_json(given["time"]),
            quantities=tuple(Quantity.from_json(quantity) for quantity in given["quantities"]),
            negated=given["negated"],
            hedges=tuple(given["hedges"]),
            modality=given.get("modality", ""),
        )


@dataclass(frozen=True, slots=True)
class ExtractedClaim:
    """One assertion, by one speaker, at one place of the text.

    `spans` are the verbatim words, without quotation marks, cue or speaker; `statement` is the same as a
    sentence
    that can be read alone. `speaker` None means the outlet's own voice. `chain` holds the speakers
    from the outermost to the nearest, `speaker` being the last: in "the agency quoted the mayor as saying",
    (agency, mayor). `unresolved` lists the words that keep the statement from standing alone.
    """

    statement: str
    spans: tuple[Span, ...]
    sentence: Span
    speaker: SpeakerMention | None
    chain: tuple[SpeakerMention, ...]
    cue: Cue | None
    kind: ClaimKind
    frame: Frame
    check_worthiness: float
    unresolved: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """Return the claim as plain JSON values; `from_json` gives back an equal claim."""
        return {
            "statement": self.statement,
            "spans": spans_as_json(self.spans),
            "sentence": self.sentence.as_json(),
            "speaker": None if self.speaker is None else self.speaker.as_json(),
            "chain": [speaker.as_json() for speaker in self.chain],
            "cue": None if self.cue is None else self.cue.as_json(),
            "kind": self.kind,
            "frame": self.frame.as_json(),
            "check_worthiness": self.check_worthiness,
            "unresolved": list(self.unresolved),
        }

    @classmethod
    def from_json(cls, given: Json) -> Self:
        return cls(
            statement=given["statement"],
            spans=spans_from_json(given["spans"]),
            sentence=Span.from_json(given["sentence"]),
            speaker=None if given["speaker"] is None else SpeakerMention.from_json(given["speaker"]),
            chain=tuple(SpeakerMention.from_json(speaker) for speaker in given["chain"]),
            cue=None if given["cue"] is None else Cue.from_json(given["cue"]),
            kind=given["kind"],
            frame=Frame.from_json(given["frame"]),
            check_worthiness=given["check_worthiness"],
            unresolved=tuple(given["unresolved"]),
        )
