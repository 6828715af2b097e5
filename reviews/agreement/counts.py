"""How often reviewers judged alike, counted by the database over rounds that were decided.

A round belongs to the period in which its verdict was reached; days begin at midnight UTC. Nothing is
counted of a round that has no verdict yet, so that no figure tells that somebody assessed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F, Model, QuerySet, TextChoices, Value
from django.db.models.functions import TruncMonth

from reviews import policies
from reviews.agreement.measures import Figure, Ratings, cohen_kappa, ratings_of_two
from reviews.blinding import visible_assessments
from reviews.models import Judgement, Project, Verdict

CATEGORIES = tuple(Judgement.values)
MOST_PAIRS = 100
LATELY = timedelta(days=90)


class Field(TextChoices):
    """What is judged, and compared."""

    POSITION = "position", "Each position"
    QUESTION = "question", "Questions as a whole"


@dataclass(frozen=True)
class Narrowed:
    """What is looked at: days are of the verdict, in UTC, both included; `pair` are two reviewers."""

    field: Field = Field.QUESTION
    since: date | None = None
    until: date | None = None
    project: Project | None = None
    pair: tuple[User, User] | None = None


@dataclass(frozen=True)
class Rounds:
    """How many rounds two or more assessed, and how many of them were adjudicated, since they differed."""

    count: int = 0
    adjudicated: int = 0

    def __add__(self, other: "Rounds") -> "Rounds":
        return Rounds(self.count + other.count, self.adjudicated + other.adjudicated)

    @property
    def share(self) -> float:
        return self.adjudicated / self.count if self.count else 0.0


@dataclass(frozen=True)
class Agreement:
    """The figures of one group of items, such as a month; kappa is of two reviewers only."""

    name: str
    ratings: Ratings
    rounds: Rounds
    kappa: Figure | None = None
    pair: tuple[User, User] | None = None
    judged: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def percent(self) -> Figure:
        return self.ratings.percent_agreement()

    @property
    def alpha(self) -> Figure:
        return self.ratings.krippendorff_alpha()

    @property
    def key(self) -> str:
        """How a pair is asked for; nothing of other groups."""
        return ",".join(person.get_username() for person in self.pair or ())

    @classmethod
    def of_two(
        cls, pair: tuple[User, User], judged: Mapping[tuple[str, str], int], rounds: Rounds
    ) -> "Agreement":
        """`judged` says how often the first judged the one and the second the other."""
        first, second = pair
        return cls(
            name=f"{first} and {second}",
            ratings=ratings_of_two(judged, CATEGORIES),
            rounds=rounds,
            kappa=cohen_kappa(judged),
            pair=pair,
            judged=judged,
        )


@dataclass(frozen=True)
class Report:
    """Agreement in all, and by month, project and pair; of pairs those with the most items in common."""

    narrowed: Narrowed
    whole: Agreement
    months: list[Agreement]
    projects: list[Agreement]
    pairs: list[Agreement]
    pair_count: int


def report(narrowed: Narrowed, *, by: User) -> Report:
    """The figures of what this person may see; a handful of queries, however many assessments.

    Raises NotAllowed for who may not see verdicts.
    """
    policies.check_may_see_agreement(by)
    groups = _items_by_group(narrowed, by=by)
    rounds = _rounds_by_group(narrowed, by=by)
    months = _summed(0, groups, rounds)
    names = dict(Project.objects.values_list("pk", "name"))
    projects = [
        Agreement(names.get(pk, "No project"), *summed) for pk, summed in _summed(1, groups, rounds).items()
    ]
    judged = _judged_by_pair(narrowed, by=by)
    pairs = _pairs(judged, _rounds_by_pair(narrowed, by=by))
    return Report(
        narrowed=narrowed,
        whole=pairs[0] if narrowed.pair and pairs else _in_all(groups, rounds),
        months=[Agreement(f"{month:%Y-%m}", *months[month]) for month in sorted(months, reverse=True)],
        projects=sorted(projects, key=lambda each: each.name.casefold()),
        pairs=pairs,
        pair_count=len(judged),
    )


def whole(narrowed: Narrowed, *, by: User) -> Agreement:
    """The first figures of the report, without its groups. Raises NotAllowed as it does."""
    policies.check_may_see_agreement(by)
    if narrowed.pair is not None:
        pairs = _pairs(_judged_by_pair(narrowed, by=by), _rounds_by_pair(narrowed, by=by))
        if pairs:
            return pairs[0]
    return _in_all(_items_by_group(narrowed, by=by), _rounds_by_group(narrowed, by=by))


_NOTHING = Ratings(CATEGORIES, {})
# A month and a project; None is for what has none.
_Key = tuple[datetime, int | None]


def _in_all(groups: Mapping[_Key, Ratings], rounds: Mapping[_Key, Rounds]) -> Agreement:
    return Agreement("All", sum(groups.values(), start=_NOTHING), sum(rounds.values(), start=Rounds()))


def _summed(
    part: int, groups: Mapping[_Key, Ratings], rounds: Mapping[_Key, Rounds]
) -> dict[Any, tuple[Ratings, Rounds]]:
    """The groups of the same month, or of the same project, together: by that part of their keys."""
    found: dict[Any, tuple[Ratings, Rounds]] = defaultdict(lambda: (_NOTHING, Rounds()))
    for key, ratings in groups.items():
        before = found[key[part]]
        found[key[part]] = (before[0] + ratings, before[1] + rounds.get(key, Rounds()))
    return found


def _ratings(narrowed: Narrowed, *, by: User) -> "QuerySet[Model, tuple]":
    """One row a rating, as _COLUMNS; an item is a question in a round, or one of its positions."""
    conditions: dict[str, Any] = {"question__verdicts__round": F("round")}
    if narrowed.since is not None:
        conditions["question__verdicts__decided_at__gte"] = _midnight(narrowed.since)
    if narrowed.until is not None:
        conditions["question__verdicts__decided_at__lt"] = _midnight(narrowed.until + timedelta(days=1))
    rated = visible_assessments(by).filter(**conditions).annotate(whole=Value(0))
    if narrowed.project is not None:
        rated = rated.filter(question__project=narrowed.project)
    if narrowed.pair is not None:
        rated = rated.filter(reviewer__in=narrowed.pair)
    position, judgement = "whole", "judgement"
    if narrowed.field == Field.POSITION:
        position, judgement = "positions__position_id", "positions__judgement"
        rated = rated.filter(positions__isnull=False)
    return rated.order_by().values_list(
        "question_id",
        position,
        "round",
        "reviewer_id",
        judgement,
        TruncMonth("question__verdicts__decided_at", tzinfo=UTC),
        "question__project_id",
        "question__verdicts__manner",
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def _counted(sql: str, narrowed: Narrowed, *, by: User) -> list[tuple]:
    """What the query says of the ratings, which it names `rated`."""
    rows, parameters = _ratings(narrowed, by=by).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"WITH rated ({_COLUMNS}) AS ({rows}) {sql}", [*parameters])
        return cursor.fetchall()


_COLUMNS = "question, position, round, reviewer, judgement, month, project, manner"
_TIMES = ", ".join(f"count(*) FILTER (WHERE judgement = '{each}')" for each in CATEGORIES)
_PLACES = ", ".join(f"times_{place}" for place in range(len(CATEGORIES)))
# How many items of a month and project were judged how often as what.
_ITEMS = f"""
    SELECT month, project, {_PLACES}, count(*)
    FROM (SELECT {_TIMES}, min(month), min(project) FROM rated GROUP BY question, position, round)
        AS items ({_PLACES}, month, project)
    GROUP BY month, project, {_PLACES}
"""  # noqa: S608  # nothing in it is given
_PAIRS = """
    SELECT one.reviewer, other.reviewer, one.judgement, other.judgement, count(*)
    FROM rated AS one JOIN rated AS other USING (question, position, round)
    WHERE one.reviewer < other.reviewer
    GROUP BY 1, 2, 3, 4
"""
_COUNTED = f"count(*), count(*) FILTER (WHERE manner = '{Verdict.Manner.ADJUDICATED}')"
_ROUNDS = f"""
    SELECT month, project, {_COUNTED}
    FROM (SELECT min(month), min(project), min(manner) FROM rated GROUP BY question, round
          HAVING count(DISTINCT reviewer) > 1) AS rounds (month, project, manner)
    GROUP BY month, project
"""  # noqa: S608  # nothing in it is given
_ROUNDS_OF_PAIRS = f"""
    SELECT one.reviewer, other.reviewer, {_COUNTED}
    FROM (SELECT DISTINCT question, round, reviewer, manner FROM rated) AS one
    JOIN (SELECT DISTINCT question, round, reviewer FROM rated) AS other USING (question, round)
    WHERE one.reviewer < other.reviewer
    GROUP BY 1, 2
"""  # noqa: S608  # nothing in it is given


def _items_by_group(narrowed: Narrowed, *, by: User) -> dict[_Key, Ratings]:
    groups: dict[_Key, dict[tuple[int, ...], int]] = defaultdict(dict)
    for month, project_id, *times, count in _counted(_ITEMS, narrowed, by=by):
        groups[month, project_id][tuple(times)] = count
    return {group: Ratings(CATEGORIES, items) for group, items in groups.items()}


def _rounds_by_group(narrowed: Narrowed, *, by: User) -> dict[_Key, Rounds]:
    return {
        (month, project_id): Rounds(count, adjudicated)
        for month, project_id, count, adjudicated in _counted(_ROUNDS, narrowed, by=by)
    }


def _rounds_by_pair(narrowed: Narrowed, *, by: User) -> dict[tuple[int, int], Rounds]:
    return {
        (one, other): Rounds(count, adjudicated)
        for one, other, count, adjudicated in _counted(_ROUNDS_OF_PAIRS, narrowed, by=by)
    }


def _judged_by_pair(narrowed: Narrowed, *, by: User) -> dict[tuple[int, int], Counter[tuple[str, str]]]:
    judged: dict[tuple[int, int], Counter[tuple[str, str]]] = defaultdict(Counter)
    for one, other, said, otherwise, count in _counted(_PAIRS, narrowed, by=by):
        judged[one, other][said, otherwise] += count
    return dict(judged)


def _pairs(
    judged: Mapping[tuple[int, int], Counter[tuple[str, str]]], rounds: Mapping[tuple[int, int], Rounds]
) -> list[Agreement]:
    most = sorted(judged, key=lambda pair: (-judged[pair].total(), pair))[:MOST_PAIRS]
    people = User.objects.in_bulk({pk for pair in most for pk in pair})
    return [
        _in_order(people[one], people[other], judged[one, other], rounds[one, other]) for one, other in most
    ]


def _in_order(one: User, other: User, judged: Counter[tuple[str, str]], rounds: Rounds) -> Agreement:
    """The pair by name."""
    if one.get_username() <= other.get_username():
        return Agreement.of_two((one, other), judged, rounds)
    turned = Counter({(otherwise, said): count for (said, otherwise), count in judged.items()})
    return Agreement.of_two((other, one), turned, rounds)


def one_line(*, by: User) -> str:
    """How far reviewers agreed lately, for the dashboard; nothing where nobody judged the same.

    Of positions, for there judgements differ that are alike of the question as a whole.
    """
    lately = Narrowed(field=Field.POSITION, since=datetime.now(UTC).date() - LATELY)
    found = whole(lately, by=by)
    percent, alpha, rounds = found.percent, found.alpha, found.rounds
    if percent.value is None:
        return ""
    of = f"{percent.items:,} position{'' if percent.items == 1 else 's'} of the last {LATELY.days} days"
    beyond = "" if alpha.value is None else f" (Krippendorff's α {alpha.value:.2f})"
    caution = f", {percent.caution}" if percent.caution else ""
    adjudicated = f"{rounds.adjudicated:,} of {rounds.count:,} round{'' if rounds.count == 1 else 's'}"
    return f"{percent.value:.0%} of judgements agree{beyond}, over {of}{caution}; {adjudicated} adjudicated."


def find_pair(usernames: Iterable[str]) -> tuple[User, User] | None:
    """Two different people by their names, or None."""
    people = User.objects.in_bulk(list(usernames), field_name="username")
    found = sorted(people.values(), key=lambda person: person.get_username())
    return (found[0], found[1]) if len(found) == 2 else None
