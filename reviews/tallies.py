"""What is counted of a question, kept with it: claims, outlets, origins, and how contested it is.

Every operation that changes what stands under a question calls `recount` under the question's lock.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from reviews.models import Compatibility, Placement, Question, QuestionTally

State = Placement.State


@dataclass(frozen=True)
class Standing:
    """A claim that stands under a position, with what it is counted by.

    `origin` is the key of its origin, which is its own article where it shares none.
    """

    position: int
    claim: int
    outlet: int | None
    origin: Hashable
    is_confirmed: bool
    published_at: datetime | None


def recount(question: Question) -> QuestionTally:
    """Count anew what stands under a locked question, and say whether its answers compete.

    A question that was decided keeps its resolution: only what people do next changes that.
    """
    return recount_all([question])[0]


def recount_all(questions: Collection[Question]) -> list[QuestionTally]:
    """The same of several locked questions, in as many queries as of one."""
    standing = _standing(questions)
    compatible = set(
        Compatibility.objects.filter(first__question__in=questions).values_list("first_id", "second_id")
    )
    tallies = []
    for question in questions:
        answered = {each.position for each in standing[question.pk]}
        competing = [pair for pair in combinations(sorted(answered), 2) if pair not in compatible]
        _resolve(question, is_contested=bool(competing) and not question.is_evolving)
        opposed = competing if _is_disputed(question) else []
        tallies.append(_tally(question, standing[question.pk], opposed))
    counted = [field.name for field in QuestionTally._meta.fields if not field.primary_key]
    return QuestionTally.objects.bulk_create(
        tallies, update_conflicts=True, unique_fields=["question"], update_fields=counted
    )


def _is_disputed(question: Question) -> bool:
    """Whether answers that differ are a dispute: not where they follow each other, nor after a dismissal."""
    return not question.is_evolving and question.state != Question.State.DISMISSED


def _resolve(question: Question, *, is_contested: bool) -> None:
    resolution = Question.Resolution.CONTESTED if is_contested else Question.Resolution.OPEN
    if question.state != Question.State.DECIDED and question.resolution != resolution:
        question.resolution = resolution
        question.save(update_fields=["resolution"])


def _tally(
    question: Question, standing: Sequence[Standing], opposed: Sequence[tuple[int, int]]
) -> QuestionTally:
    outlets = _by_position(standing, lambda each: each.outlet)
    origins = _by_position(standing, lambda each: each.origin)
    return QuestionTally(
        question=question,
        claims=len({each.claim for each in standing}),
        suggested=len({each.claim for each in standing if not each.is_confirmed}),
        outlets=len(set().union(*outlets.values()) - {None}),
        origins=len(set().union(*origins.values())),
        answered=len(origins),
        opposed_outlets=_opposed(opposed, outlets),
        opposed_origins=_opposed(opposed, origins),
        newest_at=max((each.published_at for each in standing if each.published_at), default=None),
    )


def _standing(questions: Iterable[Question]) -> dict[int, list[Standing]]:
    """What is counted of what stands there, by question."""
    there = Placement.objects.filter(question__in=questions, position__merged_into__isnull=True).counted()
    rows = there.values_list(
        "question_id",
        "position_id",
        "claim_id",
        "claim__revision__article__outlet_id",
        "claim__revision__article_id",
        "claim__origin_member__origin_id",
        "state",
        "claim__revision__published_at",
    )
    found: dict[int, list[Standing]] = defaultdict(list)
    for question, position, claim, outlet, article, origin, state, published_at in rows:
        key = ("article", article) if origin is None else ("origin", origin)
        is_confirmed = state == State.CONFIRMED
        found[question].append(Standing(position, claim, outlet, key, is_confirmed, published_at))
    return found


def _by_position(
    standing: Iterable[Standing], key: Callable[[Standing], Hashable]
) -> Mapping[int, set[Hashable]]:
    found: dict[int, set[Hashable]] = defaultdict(set)
    for each in standing:
        found[each.position].add(key(each))
    return found


def _opposed(competing: Iterable[tuple[int, int]], behind: Mapping[int, set[Hashable]]) -> int:
    weaker = (min(len(behind[one] - {None}), len(behind[other] - {None})) for one, other in competing)
    return max(weaker, default=0)
