"""Claims of a story -> its questions, with positions, origins and reasons."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations
from typing import Any, Final

from reviews.matching.actors import find_leaders
from reviews.matching.contradicted import Told, find_contradicted
from reviews.matching.counts import Count
from reviews.matching.events import find_events
from reviews.matching.figures import find_figures
from reviews.matching.grouping import by_key
from reviews.matching.origins import find_origins
from reviews.matching.reading import Reading, read
from reviews.matching.stories import stories_of
from reviews.matching.topics import TOPICS, Given, HowMuch, Topic
from reviews.matching.types import MatchClaim, MatchedPosition, MatchedQuestion
from reviews.matching.wording import NamedEvent, is_simple, named, question_of, shortened, whether

_TOLLS: Final = frozenset({"killed", "wounded", "missing"})


def match(claims: Iterable[MatchClaim]) -> list[MatchedQuestion]:
    """Return the questions of all stories among the claims, in an order that does not depend on theirs."""
    return [question for story in stories_of(claims) for question in match_story(story)]


def match_story(claims: Iterable[MatchClaim]) -> list[MatchedQuestion]:
    """Return the questions on which several claims of one story speak, whatever their order."""
    readings = sorted(
        (read(claim) for claim in claims), key=lambda reading: (reading.claim.article, reading.at, reading.id)
    )
    texts = {text for reading in readings for text in (reading.text, reading.speaker)}
    leaders = frozenset(leader for text in texts for leader in find_leaders(text))
    events = [named(event, leaders) for event in find_events(readings)]
    return [
        *(question for event in events for question in _questions_of(event)),
        *_figures(readings, events),
        *_whether(readings, events),
    ]


def _figures(readings: Sequence[Reading], events: Sequence[NamedEvent]) -> list[MatchedQuestion]:
    """Return how much, or how many, of what is no toll."""
    event_of = {reading.id: event for event in events for reading in event.event.readings}
    topic = HowMuch()
    found = []
    for asked, figures in find_figures(readings):
        placed = [(event_of[each.reading.id], each) for each in figures if each.reading.id in event_of]
        days = {event.day for event, _ in placed if event.day is not None}
        # What names no day goes with the one day that the others name, but not with one of several.
        for same in [placed] if len(days) < 2 else by_key(placed, lambda pair: pair[0].day):
            event = max((event for event, _ in same), key=lambda event: event.day is not None, default=None)
            given = [Given(each.reading, asked, each.count) for _, each in same]
            if event is not None and _is_spoken_on(given):
                found += _question(topic, event, given)
    return found


def _whether(readings: Sequence[Reading], events: Sequence[NamedEvent]) -> list[MatchedQuestion]:
    """Return whether what some say, and others deny, is so."""
    event_of = {reading.id: event for event in events for reading in event.event.readings}
    found = []
    for group in find_contradicted(readings):
        sides = [[each for each in group if not each.is_negated], [each for each in group if each.is_negated]]
        stated = min(sides[0], key=lambda each: (len(each.reading.text), each.reading.id)).reading
        about = event_of.get(stated.id)
        asked = _asked([*(each.reading.denied_clause for each in sides[1]), stated.text])
        if not asked:
            continue
        found.append(
            MatchedQuestion(
                question=asked,
                slot="whether",
                event=shortened(stated.text) if about is None else about.title,
                contested=True,
                evolving=False,
                positions=(_side(sides[0], is_denial=False), _side(sides[1], is_denial=True)),
                why=(f"{len(sides[1])} of {len(group)} claims deny what the others state",),
            )
        )
    return found


def _asked(statements: Iterable[str]) -> str:
    """Return whether the shortest of the statements that can be asked for is true, "" when none can."""
    simple = [statement for statement in statements if is_simple(statement)]
    return whether(min(simple, key=lambda each: (len(each), each))) if simple else ""


def _side(told: Sequence[Told], *, is_denial: bool) -> MatchedPosition:
    claims = {each.reading.id: each.reading.claim for each in told}
    return MatchedPosition(
        answer="no" if is_denial else "yes",
        claims=tuple(sorted(claims)),
        reasons=dict.fromkeys(claims, "says that it is not so" if is_denial else "says that it is so"),
        origins=find_origins([claims[key] for key in sorted(claims)]),
        is_denial=is_denial,
    )


def _questions_of(event: NamedEvent) -> list[MatchedQuestion]:
    found = []
    for topic in TOPICS:
        given = [
            Given(reading, about, value)
            for reading in event.event.readings
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


def _question(topic: Topic[Any], event: NamedEvent, given: Sequence[Given[Any]]) -> list[MatchedQuestion]:
    groups = topic.group(given)
    if not topic.is_worth_asking(groups):
        return []
    answers = _told_apart([shortened(topic.answer(group)) for group in groups])
    compatible: list[set[str]] = [set() for _ in groups]
    for one, other in combinations(range(len(groups)), 2):
        if topic.are_compatible(groups[one], groups[other]):
            compatible[one].add(answers[other])
            compatible[other].add(answers[one])
    positions = tuple(
        _position(topic, event, group, answer, sorted(others, key=answers.index))
        for group, answer, others in zip(groups, answers, compatible, strict=True)
    )
    can_differ = any(len(others) < len(groups) - 1 for others in compatible)
    is_evolving = len(groups) > 1 and _grows(groups)
    return [
        MatchedQuestion(
            question=question_of(topic.ask(given[0].about, event)),
            slot=topic.slot,
            event=event.title,
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
    topic: Topic[Any], event: NamedEvent, given: Sequence[Given[Any]], answer: str, compatible: Sequence[str]
) -> MatchedPosition:
    claims = {each.reading.id: each.reading.claim for each in given}
    return MatchedPosition(
        answer=answer,
        claims=tuple(sorted(claims)),
        reasons={
            each.reading.id: topic.reason(each, shortened(topic.answer([each])), event) for each in given
        },
        compatible_with=tuple(compatible),
        origins=find_origins([claims[key] for key in sorted(claims)]),
        is_denial=topic.is_denial(given[0].value),
    )


def _is_told_with(count: Count) -> bool:
    """Whether the number tells how far a toll has risen; "dozens", and some of the dead, do not."""
    return (count.is_exact or count.is_bound) and not count.is_part


def _grows(groups: Sequence[Sequence[Given[Any]]]) -> bool:
    """Whether these are tolls that only rise with the days of publication; the missing may become fewer.

    Different numbers of one day are a contest, unless the smaller ones say "at least".
    """
    told: dict[date, list[Count]] = {}
    for each in (each for group in groups for each in group):
        published_at = each.reading.claim.published_at
        if isinstance(each.value, Count) and _is_told_with(each.value) and published_at is not None:
            told.setdefault(published_at, []).append(each.value)
    tolls = [told[day] for day in sorted(told)]
    if len(tolls) < 2 or not all(count.fate in _TOLLS for counts in tolls for count in counts):
        return False
    if tolls[0][0].fate == "missing":
        tolls.reverse()
    highest = [max(count.low for count in counts) for counts in tolls]
    lowest = [min(count.low for count in counts) for counts in tolls]
    are_bounds = all(
        count.is_bound or count.low == most
        for counts, most in zip(tolls, highest, strict=True)
        for count in counts
    )
    return are_bounds and all(before <= after for before, after in zip(highest, lowest[1:], strict=False))


def _counted(items: set[str], noun: str) -> str:
    return f"{len(items)} {noun}{'s' * (len(items) != 1)}"


def _why(event: NamedEvent, given: Sequence[Given[Any]]) -> tuple[str, ...]:
    articles = {each.reading.claim.article for each in given}
    claims = {each.reading.id for each in given}
    return (
        f"{_counted(claims, 'claim')} of {_counted(articles, 'article')} answer it",
        *event.event.reasons,
    )
