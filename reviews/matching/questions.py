"""Claims of a story -> its questions, with positions, origins and reasons."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from reviews.matching.counts import Count
from reviews.matching.events import Event, find_events
from reviews.matching.grouping import by_key
from reviews.matching.origins import find_origins
from reviews.matching.reading import read
from reviews.matching.stories import stories_of
from reviews.matching.topics import TOPICS, Given, Topic
from reviews.matching.types import MatchClaim, MatchedPosition, MatchedQuestion
from reviews.matching.wording import event_in_words, question_of, shortened, title_of


def match(claims: Iterable[MatchClaim]) -> list[MatchedQuestion]:
    """Return the questions of all stories among the claims, in an order that does not depend on theirs."""
    return [question for story in stories_of(claims) for question in match_story(story)]


def match_story(claims: Iterable[MatchClaim]) -> list[MatchedQuestion]:
    """Return the questions on which several claims of one story speak; the same for any order of the claims."""
    readings = sorted(
        (read(claim) for claim in claims), key=lambda reading: (reading.claim.article, reading.at, reading.id)
    )
    return [question for event in find_events(readings) for question in _questions_of(event)]


def _questions_of(event: Event) -> list[MatchedQuestion]:
    found = []
    for topic in TOPICS:
        given = [
            Given(reading, about, value)
            for reading in event.readings
            for about, value in topic.find(reading, event)
        ]
        for same in by_key(given, lambda each: each.about):
            if _is_spoken_on(same):
                found += _question(topic, event, same)
    return found


def _is_spoken_on(given: Sequence[Given[Any]]) -> bool:
    """Whether several claims answer, from more than one article or by more than one speaker."""
    voices = {(each.reading.claim.article, each.reading.speaker) for each in given}
    return len({each.reading.id for each in given}) > 1 and len(voices) > 1


def _question(topic: Topic[Any], event: Event, given: Sequence[Given[Any]]) -> list[MatchedQuestion]:
    groups = topic.group(given)
    if not topic.is_worth_asking(groups):
        return []
    answers = _told_apart([shortened(topic.answer(group)) for group in groups])
    compatible: list[set[str]] = [set() for _ in groups]
    for one, other in combinations(range(len(groups)), 2):
        if topic.may_both(groups[one][0].value, groups[other][0].value):
            compatible[one].add(answers[other])
            compatible[other].add(answers[one])
    positions = tuple(
        _position(topic, event, group, answer, sorted(others, key=answers.index))
        for group, answer, others in zip(groups, answers, compatible, strict=True)
    )
    can_differ = any(len(others) < len(groups) - 1 for others in compatible)
    is_evolving = can_differ and _grows(groups)
    return [
        MatchedQuestion(
            question=question_of(topic.ask(given[0].about, event)),
            slot=topic.slot,
            event=title_of(event),
            contested=can_differ and not is_evolving,
            evolving=is_evolving,
            positions=positions,
            why=_why(event, given),
        )
    ]


def _told_apart(answers: Sequence[str]) -> list[str]:
    """Return the answers, those in the same words with a number behind."""
    seen: dict[str, int] = {}
    apart = []
    for answer in answers:
        seen[answer] = seen.get(answer, 0) + 1
        apart.append(answer if seen[answer] == 1 else f"{answer} ({seen[answer]})")
    return apart


def _position(
    topic: Topic[Any], event: Event, given: Sequence[Given[Any]], answer: str, compatible: Sequence[str]
) -> MatchedPosition:
    claims = {each.reading.id: each.reading.claim for each in given}
    return MatchedPosition(
        answer=answer,
        claims=tuple(sorted(claims)),
        reasons={
            each.reading.id: f"says “{shortened(topic.answer([each]))}” of the {event_in_words(event)}"
            for each in given
        },
        compatible_with=tuple(compatible),
        origins=find_origins([claims[key] for key in sorted(claims)]),
        is_denial=topic.is_denial(given[0].value),
    )


def _grows(groups: Sequence[Sequence[Given[Any]]]) -> bool:
    """Whether these are numbers, and none is smaller than one that was published on an earlier day."""
    told = [
        (each.reading.claim.published_at, each.value)
        for group in groups
        for each in group
        if isinstance(each.value, Count) and each.value.is_exact and each.reading.claim.published_at
    ]
    days = sorted({day for day, _ in told})
    if len(days) < 2:
        return False
    lowest = {day: min(count.low for on, count in told if on == day) for day in days}
    highest = {day: max(count.high for on, count in told if on == day) for day in days}
    return all(highest[one] <= lowest[other] for one, other in zip(days, days[1:], strict=False))


def _why(event: Event, given: Sequence[Given[Any]]) -> tuple[str, ...]:
    articles = {each.reading.claim.article for each in given}
    claims = {each.reading.id for each in given}
    return (
        f"{len(claims)} claims of {len(articles)} articles answer it",
        *event.reasons,
    )
