"""What every step of the compare screen has: whom it is for, its form, its operation, what it says then."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, QueryDict
from django.urls import reverse

from reviews import workflow
from reviews.errors import ReviewError
from reviews.forms import StepForm
from reviews.models import Placement, Position, Question


class Step:
    """One step on one question, to be taken by POST, by a plain form as well as without leaving the page.

    A subclass says what the step is called in addresses, on what it is taken, and calls one operation. One
    with a `title` has a form that is shown in a dialog; `inline` names the form that stands on the page.
    """

    name: ClassVar[str]
    on: ClassVar[str] = ""  # "position", "placement", "claim" or "change"; "" for the question itself
    check: ClassVar[Callable[[User], None]]
    title: ClassVar[str] = ""
    lede: ClassVar[str] = ""
    label: ClassVar[str] = ""
    inline: ClassVar[str] = ""
    is_undoable: ClassVar[bool] = True
    brings_evidence: ClassVar[bool] = False  # a verdict that rests on less falls
    anchor: str = ""

    def __init__(self, question: Question, on: int | None, *, by: User) -> None:
        self.question = question
        self.subject_id = on
        self.by = by

    @classmethod
    def route(cls) -> str:
        return f"<int:pk>/{cls.name.replace('_', '-')}/" + ("<int:on>/" if cls.on else "")

    @property
    def url(self) -> str:
        args = [self.question.pk, self.subject_id] if self.on else [self.question.pk]
        return reverse(f"admin:reviews_question_{self.name}", args=args)

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        """What the step needs to know. Raises ReviewError where what it is taken on is gone."""
        return StepForm(data)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        """Call the operation. Raises what it raises."""
        raise NotImplementedError

    def done(self, given: dict[str, Any]) -> str:
        """What the step did, for the person who took it."""
        raise NotImplementedError

    @property
    def warning(self) -> str:
        """What its dialog says beforehand, where the step brings a verdict down."""
        if not self.brings_evidence or self.question.state not in workflow.REOPEN.before:
            return ""
        return (
            "This question is decided. If this changes what its verdict rests on, the verdict becomes stale"
            f" and round {self.question.round + 1} begins."
        )

    def fallen(self) -> str:
        """What is said afterwards, where the step has brought a verdict down."""
        if not self.warning:
            return ""
        now_of = Question.objects.only("round").get(pk=self.question.pk).round
        return (
            f" Its verdict is stale now, and round {now_of} begins." if now_of > self.question.round else ""
        )

    def about(self) -> dict[str, Any]:
        """What else its dialog shows."""
        return {}

    # --- What it is taken on ------------------------------------------------------------------------
    @cached_property
    def positions(self) -> list[Position]:
        """The standing positions of the question, in the order of their columns."""
        return list(self.question.positions.standing())

    @cached_property
    def position(self) -> Position:
        return self.standing(self.subject_id)

    @property
    def others(self) -> list[Position]:
        return [position for position in self.positions if position.pk != self.subject_id]

    def standing(self, position_id: int | None) -> Position:
        """A position of this question. Raises Http404 for one of another, ReviewError for a merged one."""
        for position in self.positions:
            if position.pk == position_id:
                return position
        if not self.question.positions.filter(pk=position_id or 0).exists():
            raise Http404("This question has no such position.")
        raise ReviewError("That position was merged into another one; take the step there.")

    def column(self, position: Position) -> str:
        """A position as its column is headed: "2: 56"."""
        numbers = {standing.pk: number for number, standing in enumerate(self.positions, start=1)}
        return f"{numbers[position.pk]}: {position}" if position.pk in numbers else str(position)

    @cached_property
    def placement(self) -> Placement:
        placement = (
            Placement.objects.filter(pk=self.subject_id or 0, question=self.question)
            .select_related("position", "claim__speaker", "claim__revision__article__outlet")
            .defer("claim__search", "claim__revision__text")
            .first()
        )
        if placement is None:
            raise Http404("The claim does not stand under this question.")
        return placement
