"""How contested questions are, in short: their order, their counts, and the answers that compete."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import Coalesce

from reviews.models import Placement, Question, QuestionTally
from reviews.models.placements import PlacementQuerySet
from reviews.presentation import backed

# Orders of questions that have an index on their tallies; see QuestionTally.
MOST_CONTESTED = (
    "-tally__opposed_origins",
    "-tally__opposed_outlets",
    "-tally__origins",
    "-tally__question_id",
)
NEWEST_CLAIMS = ("-tally__newest_at", "-tally__question_id")


@dataclass(frozen=True)
class Answer:
    """A position with what stands behind it; shares are percent of the most any answer beside it has."""

    answer: str
    outlets: int
    origins: int
    outlet_share: int
    origin_share: int

    @property
    def backing(self) -> str:
        return backed(self.outlets, self.origins)


def tally_of(question: Question) -> QuestionTally:
    """What is counted of a question; all zero for one nothing was ever placed under."""
    tally: QuestionTally | None = getattr(question, "tally", None)
    return tally if tally is not None else QuestionTally(question=question)


def origin_key(path: str = "") -> Coalesce:
    """What tells the origins of claims apart in a query, `path` leading to the claim.

    A claim of no origin goes back to its own article, which no origin's id may be taken for.
    """
    return Coalesce(f"{path}origin_member__origin_id", -1 * F(f"{path}revision__article_id"))


def answers_of(questions: Collection[Question]) -> dict[int, list[Answer]]:
    """The answered positions of the questions, by question id, in one query; the best backed first.

    Counted are the claims that tallies count.
    """
    rows = _counted(Placement.objects.filter(question__in=[question.pk for question in questions]))
    by_question: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_question[row["question_id"]].append(row)
    return {question: _shares(found) for question, found in by_question.items()}


def _counted(placements: PlacementQuerySet) -> Iterable[Mapping[str, Any]]:
    return (
        placements.counted()
        .filter(position__merged_into__isnull=True)
        .order_by()
        .values("question_id", "position_id", "position__answer", "position__number")
        .annotate(
            outlets=Count("claim__revision__article__outlet", distinct=True),
            origins=Count(origin_key("claim__"), distinct=True),
        )
    )


def _shares(rows: list[Mapping[str, Any]]) -> list[Answer]:
    most = max(max(row["outlets"], row["origins"]) for row in rows)
    rows.sort(key=lambda row: (-row["origins"], -row["outlets"], row["position__number"]))
    return [
        Answer(
            answer=row["position__answer"],
            outlets=row["outlets"],
            origins=row["origins"],
            outlet_share=round(100 * row["outlets"] / most),
            origin_share=round(100 * row["origins"] / most),
        )
        for row in rows
    ]
