"""Claims of a story -> its questions."""

from collections import defaultdict
from collections.abc import Iterable

from reviews.matching.stories import day_of, stories_of
from reviews.matching.types import MatchClaim, MatchedPosition, MatchedQuestion, OriginGroup


def match(claims: Iterable[MatchClaim]) -> list[MatchedQuestion]:
    """Return the questions of all stories among the claims, in an order that does not depend on theirs."""
    return [question for story in stories_of(claims) for question in match_story(story)]


def match_story(claims: Iterable[MatchClaim]) -> list[MatchedQuestion]:
    """Return the questions on which several claims of one story speak."""
    counted: dict[str, dict[str, list[MatchClaim]]] = defaultdict(lambda: defaultdict(list))
    for claim in sorted(claims, key=lambda claim: claim.id):
        for quantity in claim.claim.frame.quantities:
            if quantity.unit in {"people", "civilians", "children", "dead"}:
                counted[quantity.unit][f"{quantity.approximator} {quantity.value}".strip()].append(claim)
    found = []
    for unit, answers in sorted(counted.items()):
        if sum(map(len, answers.values())) < 2:
            continue
        first = min((claim for claims in answers.values() for claim in claims), key=lambda claim: claim.id)
        positions = tuple(
            MatchedPosition(
                answer=answer,
                claims=tuple(claim.id for claim in members),
                reasons={claim.id: f"states {answer} {unit}" for claim in members},
                origins=tuple(
                    OriginGroup((claim.id,), "probable", claim.outlet, "its own report") for claim in members
                ),
            )
            for answer, members in sorted(answers.items())
        )
        day = day_of(first)
        found.append(
            MatchedQuestion(
                question=f"How many {unit}?",
                slot="how many",
                event=f"{first.claim.frame.predicate}, {day}",
                contested=len(positions) > 1,
                evolving=False,
                positions=positions,
                why=(f"claims of one story count {unit}",),
            )
        )
    return found
