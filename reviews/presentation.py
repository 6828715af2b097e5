"""How what is counted and decided of a question is said. Pure; knows neither Django nor HTML."""

from collections.abc import Sequence

# What a verdict names where there is little room.
ANSWERS_NAMED, ANSWER_CHARACTERS = 3, 60


def counted(claims: int, outlets: int, origins: int) -> str:
    """Counts as they are shown wherever claims are counted.

    >>> counted(7, 5, 1)
    '7 claims, 5 outlets, 1 origin'
    """
    return ", ".join((_of(claims, "claim"), _of(outlets, "outlet"), _of(origins, "origin")))


def backed(outlets: int, origins: int) -> str:
    """What stands behind one answer, where its claims are not the point: "4 outlets, 2 origins"."""
    return f"{_of(outlets, 'outlet')}, {_of(origins, 'origin')}"


def decided(judgement: str, supported: Sequence[str]) -> str:
    """A verdict with the answers it supports, for alone it does not say which.

    >>> decided("Supported", ["56 people", "at least 50"])
    'Supported: 56 people; at least 50'
    """
    return f"{judgement}: {'; '.join(supported)}" if supported else judgement


def decided_in_short(judgement: str, supported: Sequence[str]) -> str:
    """The same where there is little room: long answers are cut, and of many the first are named.

    >>> decided_in_short("Supported", ["1", "2", "3", "4", "5"])
    'Supported: 1; 2; 3; and 2 more'
    """
    named = [_cut(answer) for answer in supported[:ANSWERS_NAMED]]
    more = len(supported) - len(named)
    return decided(judgement, [*named, f"and {more} more"] if more else named)


def _cut(answer: str) -> str:
    return answer if len(answer) <= ANSWER_CHARACTERS else f"{answer[: ANSWER_CHARACTERS - 1].rstrip()}…"


def _of(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
