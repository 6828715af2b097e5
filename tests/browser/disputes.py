"""A dispute to look at: answers and a vague one, a wire copy, suggestions, a mark, dates. All invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from claims.models import Claim
from reviews.models import Position, Question
from tests.factories import (
    ArticleFactory,
    ClaimFactory,
    OriginClaimFactory,
    OriginFactory,
    OutletFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    RevisionFactory,
    SourcingMarkFactory,
    SpeakerFactory,
)

BEFORE = (
    "Rescue crews worked through the night at the ferry landing, where the upper deck gave way"
    " shortly after nine. Relatives waited behind a cordon.\n\n"
)
AFTER = (
    "\n\nThe harbour office closed the landing until further notice. Divers were to go down again at first"
    " light, weather permitting.\n\nAn inquiry was opened the same evening."
)
SUGGESTED = {"state": "suggested", "suggested_by": "matcher 1.0.0", "placed_by": None, "score": 0.8}


@dataclass(frozen=True)
class Dispute:
    question: Question
    positions: list[Position]
    claims: dict[str, Claim]


def report(
    outlet: str,
    sentence: str,
    *,
    speaker: str | None,
    number: str = "",
    cue: str = "",
    said: str = "",
    hours: int = 0,
    day: str = "2024-05-03",
    negated: bool = False,
) -> Claim:
    """A claim in an article of its own: the words `said` of a sentence, with `number` as its quantity."""
    text = BEFORE + sentence + AFTER
    start = len(BEFORE)
    said_at = start + sentence.index(said)
    at = start + sentence.index(number) if number else start
    quantity = {
        "value": number,
        "upper": None,
        "unit": "people",
        "approximator": "",
        "span": [at, at + len(number)],
    }
    frame: dict[str, Any] = {
        "predicate": "die",
        "quantities": [quantity] if number else [],
        "negated": negated,
        "time": {"text": "Friday", "span": [0, 0], "earliest": day, "latest": day},
    }
    published = datetime.fromisoformat("2024-05-03T21:30:00+00:00") + timedelta(hours=hours)
    name = OutletFactory._meta.model.objects.filter(name=outlet).first() or OutletFactory(name=outlet)
    article = ArticleFactory(outlet=name, title=f"{outlet}: {sentence[:60]}", published_at=published)
    revision = RevisionFactory(article=article, text=text)
    who = None
    if speaker is not None:
        known = SpeakerFactory._meta.model.objects.filter(name=speaker).first()
        who = known or SpeakerFactory(name=speaker)
    cue_at = start + sentence.find(cue)
    return ClaimFactory(
        revision=revision,
        sentence_start=start,
        sentence_end=start + len(sentence),
        spans=[[said_at, said_at + len(said or sentence)]],
        statement=said[:1].upper() + said[1:] + "." if said else sentence,
        speaker=who,
        kind="own_voice" if who is None else "indirect",
        cue={"text": cue, "span": [cue_at, cue_at + len(cue)]} if cue else None,
        frame=frame,
        check_worthiness=0.83,
    )


def ferry_reports() -> dict[str, Claim]:
    """What the papers said of it, one of them copied from another."""
    return {
        "wire": report(
            "Harbour Wire",
            "The harbour office said 56 people had died.",
            said="56 people had died",
            speaker="harbour office",
            number="56",
            cue="said",
            hours=1,
        ),
        "copy": report(
            "Meridian Post",
            "The harbour office said 56 people had died, according to Harbour Wire.",
            said="56 people had died",
            speaker="harbour office",
            number="56",
            cue="said",
            hours=3,
        ),
        "guard": report(
            "Ostwick Courier",
            "A coast guard officer put the number of the dead at 56.",
            said="the number of the dead at 56",
            speaker="coast guard officer",
            number="56",
            cue="put",
            hours=9,
            day="2024-05-04",
        ),
        "union": report(
            "Northern Ledger",
            "The ferry workers' union said at least 85 people were killed.",
            said="at least 85 people were killed",
            speaker="ferry workers' union",
            number="85",
            cue="said",
            hours=6,
        ),
        "hospital": report(
            "Ostwick Courier",
            "Two hospitals have taken in 85 bodies, a doctor said.",
            said="Two hospitals have taken in 85 bodies",
            speaker="doctor",
            number="85",
            cue="said",
            hours=12,
        ),
        "early": report("Meridian Post", "Dozens are feared dead.", speaker=None, hours=0),
    }


def ferry_dispute(**question: Any) -> Dispute:
    """Three positions: 56 (confirmed and suggested, with a wire copy), at least 85 (suggested), dozens."""
    asked = QuestionFactory(
        wording=question.pop("wording", "How many people died when the ferry landing at Ostwick gave way?"),
        slot="how many",
        event="Collapse of the Ostwick ferry landing, 3 May 2024",
        proposed_by="matcher 1.0.0",
        resolution="contested",
        **question,
    )
    fifty_six, eighty_five, dozens = (
        PositionFactory(question=asked, answer=answer, number=number)
        for number, answer in enumerate(("56 people", "at least 85 people", "dozens of people"), start=1)
    )
    claims = ferry_reports()
    PlacementFactory(position=fifty_six, claim=claims["wire"])
    PlacementFactory(
        position=fifty_six, claim=claims["copy"], reason="It gives the same number, 56.", **SUGGESTED
    )
    PlacementFactory(
        position=fifty_six, claim=claims["guard"], reason="It gives the same number, 56.", **SUGGESTED
    )
    PlacementFactory(position=eighty_five, claim=claims["union"])
    PlacementFactory(
        position=eighty_five, claim=claims["hospital"], reason="It gives the same number, 85.", **SUGGESTED
    )
    PlacementFactory(
        position=dozens, claim=claims["early"], reason="“Dozens” is vaguer than a number.", **SUGGESTED
    )
    origin = OriginFactory(name="Harbour Wire", reason="The later report cites Harbour Wire for it.")
    for name in ("wire", "copy"):
        OriginClaimFactory(origin=origin, claim=claims[name])
    SourcingMarkFactory(
        claim=claims["wire"], reliability="B", credibility="3", note="Spokesman on the record."
    )
    return Dispute(question=asked, positions=[fifty_six, eighty_five, dozens], claims=claims)


__all__ = ["SUGGESTED", "Dispute", "ferry_dispute", "report"]
