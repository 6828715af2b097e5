"""Writing what the matcher suggests about a question: as little as differs, as one audited step of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import F

from claims.models import folded
from reviews import audit, changes, workflow
from reviews.matching import MATCHER_VERSION
from reviews.models import Compatibility, Placement, Position, Question, SuggestedQuestion
from reviews.reopening import of_new_origins, reopen_for_found
from reviews.suggesting.groups import Group
from reviews.suggesting.plans import Column, Plan, compatible_pairs
from reviews.suggesting.stored import MATCHER, StoredQuestion
from reviews.suggesting.wishes import Reasons

SUGGESTED_BY = f"{MATCHER}{MATCHER_VERSION}"
# Added to the numbers of columns while they change places, for no two may have one at any moment.
_ASIDE = 10_000


@dataclass(frozen=True)
class Difference:
    """What one step of the matcher changed about a question."""

    question: Question
    suggested: int = 0
    withdrawn: int = 0
    is_proposed: bool = False
    is_taken_back: bool = False


@dataclass(frozen=True)
class Pen:
    """In whose name and when the matcher writes. The questions are locked, and counted by the caller."""

    by: User
    now: datetime

    def propose(self, group: Group) -> Difference:
        """Propose a group as a new question."""
        audit.because(by=self.by, action="propose_question", reason=SUGGESTED_BY)
        question = Question.objects.create(
            wording=group.wording,
            slot=group.slot,
            event=group.event,
            state=Question.State.PROPOSED,
            is_evolving=group.is_evolving,
            proposed_by=SUGGESTED_BY,
            opened_by=self.by,
            opened_at=self.now,
        )
        SuggestedQuestion.objects.create(question=question, topic=group.topic)
        plan = Plan(new=list(enumerate(group.answers, start=1)), compatible=compatible_pairs(group.answers))
        self._begin(question, "propose_question", "proposed the question", reason=group.why)
        self._write(question, {}, plan)
        return Difference(question, suggested=plan.suggested, is_proposed=True)

    def carry_out(self, stored: StoredQuestion, plan: Plan, *, topic: str = "") -> Difference | None:
        """Write a plan for a question that is there; None where there is nothing to write."""
        question = stored.row
        if topic and stored.topics != {topic}:
            SuggestedQuestion.objects.filter(question=question).exclude(topic=topic).update(topic=topic)
        if plan.is_empty:
            return None
        self._begin(question, "suggest", _in_words(plan))
        positions = {folded(each.answer): each.pk for each in stored.standing_positions}
        self._write(question, positions, plan)
        # Also where nobody may change it: what is shown differs, and open pages ask by version.
        Question.objects.filter(pk=question.pk).update(version=F("version") + 1)
        self._open_again(question, plan.added)
        return Difference(question, suggested=plan.suggested, withdrawn=plan.withdrawn)

    def _open_again(self, question: Question, added: Collection[int]) -> None:
        """Open a decided question again if a claim was added that brings what its verdict does not know."""
        if question.state in workflow.REOPEN.before:
            claims = of_new_origins(question, added)
            question.refresh_from_db()
            reopen_for_found(question, claims, by=self.by, now=self.now)

    def take_back(self, stored: StoredQuestion, *, reason: str) -> Difference:
        """Dismiss a proposed question that nobody has touched, with all that was suggested there."""
        question = stored.row
        self._begin(question, "dismiss_question", "took the proposed question back", reason=reason)
        gone = [placement.pk for placement in stored.placements]
        Placement.objects.filter(pk__in=gone).delete()
        Question.objects.filter(pk=question.pk).update(
            state=Question.State.DISMISSED, state_reason=reason, version=F("version") + 1
        )
        return Difference(question, withdrawn=len(gone), is_taken_back=True)

    def _begin(self, question: Question, action: str, summary: str, *, reason: str = "") -> None:
        changes.begin(
            question=question,
            action=action,
            summary=summary,
            reason=f"{SUGGESTED_BY}: {reason}" if reason else SUGGESTED_BY,
            by=self.by,
            now=self.now,
        )

    def _write(self, question: Question, positions: dict[str, int], plan: Plan) -> None:
        """Write the rows; `positions` are those that stand, by answer."""
        if plan.fields:
            Question.objects.filter(pk=question.pk).update(**plan.fields)
        if plan.gone:
            Placement.objects.filter(pk__in=[placement.pk for placement in plan.gone]).delete()
        for first, second in sorted(plan.no_longer_compatible):
            Compatibility.objects.filter(first=first, second=second).delete()
        if plan.left_over:
            Position.objects.filter(pk__in=plan.left_over).delete()
        _move_columns(plan.columns)
        positions = positions | {folded(column.answer): column.position.pk for column in plan.columns}
        added = Position.objects.bulk_create(
            Position(
                question=question,
                answer=answer.text,
                number=number,
                proposed_by=SUGGESTED_BY,
                added_by=self.by,
                added_at=self.now,
            )
            for number, answer in plan.new
        )
        new = {}
        for (_, answer), position in zip(plan.new, added, strict=True):
            positions[answer.key] = position.pk
            new[position.pk] = dict(answer.reasons)
        self._suggest(question, plan.missing | new)
        for placement, reason in plan.reworded:
            Placement.objects.filter(pk=placement.pk).update(
                reason=reason, state=Placement.State.SUGGESTED, suggested_by=SUGGESTED_BY
            )
        self._say_compatible(plan.compatible, positions)

    def _suggest(self, question: Question, places: Mapping[int, Reasons]) -> None:
        Placement.objects.bulk_create(
            Placement(
                question=question,
                position_id=position_id,
                claim_id=claim,
                state=Placement.State.SUGGESTED,
                reason=reason,
                suggested_by=SUGGESTED_BY,
                placed_at=self.now,
            )
            for position_id, reasons in sorted(places.items())
            for claim, reason in sorted(reasons.items())
        )

    def _say_compatible(self, pairs: Collection[tuple[str, str]], positions: Mapping[str, int]) -> None:
        if not pairs:
            return
        answers = dict(Position.objects.filter(pk__in=positions.values()).values_list("pk", "answer"))
        both = [sorted(positions[key] for key in pair) for pair in sorted(pairs)]
        Compatibility.objects.bulk_create(
            Compatibility(
                first_id=first,
                second_id=second,
                reason=f"“{answers[first]}” and “{answers[second]}” can both be true.",
                said_by=self.by,
                said_at=self.now,
            )
            for first, second in both
        )


def _move_columns(columns: Iterable[Column]) -> None:
    """Give positions their numbers and answers, two of which may change places."""
    moved = [column for column in columns if not column.is_as_it_was]
    ids = [column.position.pk for column in moved if column.number != column.position.number]
    Position.objects.filter(pk__in=ids).update(number=F("number") + _ASIDE)
    for column in moved:
        column.position.number, column.position.answer = column.number, column.answer
    Position.objects.bulk_update([column.position for column in moved], ["number", "answer"])


def _in_words(plan: Plan) -> str:
    """What a step did, for the question's history."""
    said = []
    if plan.suggested:
        said.append(f"suggested {_count(plan.suggested, 'claim')}")
    if plan.withdrawn:
        said.append(f"withdrew {_count(plan.withdrawn, 'suggestion')}")
    if plan.fields:
        said.append("reworded the question")
    return ", ".join(said) or "worded its suggestions anew"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
