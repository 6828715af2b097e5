"""What the matcher finds in a story, in terms of rows: groups of claims, each of which is a question."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from claims.models import folded
from reviews.matching import MatchedPosition, MatchedQuestion, OriginGroup
from reviews.suggesting.claim_values import StoredClaim

_LONGEST: Final = 300
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LITTLE: Final = frozenset(
    {"a", "an", "and", "at", "by", "did", "do", "does", "for", "from", "in", "is", "of", "on", "or", "that"}
    | {"the", "to", "was", "were", "with"}
)


@dataclass(frozen=True)
class Answer:
    """One answer of a group: `reasons` says of each claim, by row number, why it stands here."""

    text: str
    reasons: Mapping[int, str]
    compatible_with: frozenset[str]

    @property
    def key(self) -> str:
        """By which answers are compared."""
        return folded(self.text)


@dataclass(frozen=True)
class Group:
    """A question as the matcher found it. `topic` is what it asks, apart from event and wording."""

    wording: str
    slot: str
    event: str
    topic: str
    is_evolving: bool
    answers: tuple[Answer, ...]
    why: str

    @property
    def claims(self) -> frozenset[int]:
        return frozenset(pk for answer in self.answers for pk in answer.reasons)

    def answer_keys(self, claim: int) -> set[str]:
        return {answer.key for answer in self.answers if claim in answer.reasons}


def read_group(matched: MatchedQuestion, claims: Mapping[str, StoredClaim]) -> Group:
    """Express a matched question in row numbers and within what columns hold; equal answers become one."""
    event = matched.event[:_LONGEST]
    return Group(
        wording=_ending_in_question_mark(matched.question),
        slot=matched.slot,
        event=event,
        topic=topic_of(matched.question, event),
        is_evolving=matched.evolving,
        answers=tuple(_answers(matched.positions, claims)),
        why="; ".join(matched.why),
    )


def is_worth_asking(
    answers: Collection[Answer], claims: Mapping[int, StoredClaim], origins: Collection[OriginGroup]
) -> bool:
    """Whether there is something to compare: two answers, or one that two outlets or origins give."""
    given = [answer for answer in answers if answer.reasons]
    if len(given) >= 2:
        return True
    standing = [claims[pk] for answer in given for pk in answer.reasons]
    outlets = {claim.value.outlet or claim.value.article for claim in standing}
    of_claim = {claim: number for number, origin in enumerate(origins) for claim in origin.claims}
    return len(outlets) >= 2 or len({of_claim.get(claim.value.id, -1) for claim in standing}) >= 2


def topic_of(wording: str, event: str) -> str:
    """What a question asks, by its words without names and those of its event, in the order of the alphabet.

    >>> topic_of("How many people were killed in the blast in Alder on 3 May?", "Blast in Alder, 3 May 2024")
    'how killed many people'
    """
    of_event = {word.lower() for word in _WORD.findall(event)}
    first, *others = _WORD.findall(wording) or [""]
    plain = {first.lower(), *(word for word in others if word[0].islower())}
    return " ".join(sorted(plain - of_event - _LITTLE))[:_LONGEST]


def _answers(positions: Collection[MatchedPosition], claims: Mapping[str, StoredClaim]) -> Iterator[Answer]:
    found: dict[str, Answer] = {}
    for position in positions:
        text = position.answer.strip()[:_LONGEST].strip()
        reasons = {claims[pk].pk: position.reasons.get(pk, "") for pk in position.claims}
        compatible = frozenset(folded(answer.strip()[:_LONGEST]) for answer in position.compatible_with)
        key = folded(text)
        if key in found:
            earlier = found[key]
            text, compatible = earlier.text, earlier.compatible_with | compatible
            reasons = {**reasons, **earlier.reasons}
        found[key] = Answer(text, reasons, compatible)
    yield from found.values()


def _ending_in_question_mark(wording: str) -> str:
    wording = wording.strip()
    return wording if len(wording) <= _LONGEST else f"{wording[: _LONGEST - 2]}…?"
