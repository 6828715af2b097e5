"""Answers that cannot both be true and are judged so all the same: it is asked about once, never forbidden.

Whoever judges may know why both hold; see VerdictQuerySet.with_contradictions for what was decided.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Set
from itertools import combinations

from reviews.assessing import AssessmentContent
from reviews.errors import ReviewError
from reviews.models import Compatibility, Judgement, Question

Competing = Mapping[int, Set[int]]


def competing(question: Question, positions: Collection[int]) -> Competing:
    """By position, which of the others cannot be true beside it; none where answers follow each other."""
    found: dict[int, set[int]] = defaultdict(set)
    if question.is_evolving or len(positions) < 2:
        return found
    of_question = Compatibility.objects.filter(first__question=question)
    compatible = set(of_question.values_list("first_id", "second_id"))
    for one, other in combinations(sorted(positions), 2):
        if (one, other) not in compatible:
            found[one].add(other)
            found[other].add(one)
    return found


def contradicting(content: AssessmentContent, competing: Competing) -> set[int]:
    """The positions that are judged Supported beside one that cannot be true with them."""
    supported = {pk for pk, said in content.positions.items() if said.judgement == Judgement.SUPPORTED}
    return {pk for pk in supported if supported & competing.get(pk, set())}


def check_meant(question: Question, content: AssessmentContent) -> None:
    """Ask, by raising ReviewError, whether answers that cannot both be true are meant so."""
    if contradicting(content, competing(question, content.positions)):
        raise ReviewError(
            "You judge answers as Supported that cannot both be true."
            " Change that, or say below that you mean it."
        )
