"""What the matcher finds in a story, in terms of rows: groups of claims, each of which is a question."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from claims.models import folded
from reviews.matching import MatchedPosition, MatchedQuestion
from reviews.suggesting.claim_values import StoredClaim

_LONGEST: Final = 300
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LITTLE: Final = frozenset(
    {"a", "an", "and", "at", "by", "did", "do", "does", "for", "from", "in", "is", "of", "on", "or", "that"}
    | {"the", "to", "was", "were", "with"}
)


@dataclass(frozen=True)
class Answer:
    """One answer of a group: `reasons` says of each claim, by row number, why it stands here.

    `reports` are the claims by the first report they go back to.
    """

    text: str
    reasons: Mapping[int, str]
    compatible_with: frozenset[str]
    reports: tuple[frozenset[int], ...] = ()

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


def is_worth_asking(group: Group, claims: Mapping[int, StoredClaim]) -> bool:
    """Whether there is something to compare: two answers, or one that two outlets or two reports give."""
    if len(group.answers) >= 2:
        return True
    for answer in group.answers:
        outlets = {claims[pk].value.outlet or claims[pk].value.article for pk in answer.reasons}
        reports = [report for report in answer.reports if not report.isdisjoint(answer.reasons)]
        if len(outlets) >= 2 or len(reports) >= 2:
            return True
    return False


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
        reports = tuple(frozenset(claims[pk].pk for pk in origin.claims) for origin in position.origins)
        key = folded(text)
        if key in found:
            earlier = found[key]
            text, compatible = earlier.text, earlier.compatible_with | compatible
            reasons, reports = {**reasons, **earlier.reasons}, earlier.reports + reports
        found[key] = Answer(text, reasons, compatible, reports)
    yield from found.values()


def _ending_in_question_mark(wording: str) -> str:
    wording = wording.strip()
    return wording if len(wording) <= _LONGEST else f"{wording[: _LONGEST - 2]}…?"
