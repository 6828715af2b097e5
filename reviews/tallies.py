"""What is counted of a question, kept with it: claims, outlets, origins, and how contested it is.

Every operation that changes what stands under a question calls `recount` under the question's lock.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db.models import Q

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
    standing = list(_standing(question))
    competing = _competing(question, {each.position for each in standing})
    outlets = _by_position(standing, lambda each: each.outlet)
    origins = _by_position(standing, lambda each: each.origin)
    if question.state != Question.State.DECIDED:
        is_contested = bool(competing) and not question.is_evolving
        resolution = Question.Resolution.CONTESTED if is_contested else Question.Resolution.OPEN
        if question.resolution != resolution:
            question.resolution = resolution
            question.save(update_fields=["resolution"])
    tally, _ = QuestionTally.objects.update_or_create(
        question=question,
        defaults={
            "claims": len({each.claim for each in standing}),
            "suggested": len({each.claim for each in standing if not each.is_confirmed}),
            "outlets": len(set().union(*outlets.values()) - {None}),
            "origins": len(set().union(*origins.values())),
            "answered": len(origins),
            "opposed_outlets": _opposed(competing, outlets),
            "opposed_origins": _opposed(competing, origins),
            "newest_at": max((each.published_at for each in standing if each.published_at), default=None),
        },
    )
    return tally


def _standing(question: Question) -> Iterable[Standing]:
    """What stands there confirmed, or suggested by what is not outdated."""
    shown = Q(state=State.CONFIRMED) | Q(state=State.SUGGESTED, claim__engine_run__is_current=True)
    rows = question.placements.filter(shown, position__merged_into__isnull=True).values_list(
        "position_id",
        "claim_id",
        "claim__revision__article__outlet_id",
        "claim__revision__article_id",
        "claim__origin_member__origin_id",
        "state",
        "claim__revision__published_at",
    )
    for position, claim, outlet, article, origin, state, published_at in rows:
        key = ("article", article) if origin is None else ("origin", origin)
        yield Standing(position, claim, outlet, key, state == State.CONFIRMED, published_at)


def _competing(question: Question, answered: Collection[int]) -> list[tuple[int, int]]:
    """The pairs of answered positions that cannot both be true."""
    pairs = Compatibility.objects.filter(first__question=question).values_list("first_id", "second_id")
    compatible = set(pairs)
    return [pair for pair in combinations(sorted(answered), 2) if pair not in compatible]


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
