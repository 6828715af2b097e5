"""Steps on the answers: added, worded, united, divided, said to be compatible."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from reviews import operations, policies
from reviews.admin.steps.base import Step
from reviews.forms import CompatibleForm, OtherPositionForm, PositionForm, PositionSplitForm
from reviews.models import Compatibility, Placement


class AddPosition(Step):
    name = "add_position"
    check = policies.check_may_open_question
    inline = "position_form"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        return PositionForm(data)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.add_position(question_id=self.question.pk, **given, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return f"Added the position “{given['answer']}”."


class OnPosition(Step):
    on = "position"
    check = policies.check_may_open_question

    @property
    def anchor(self) -> str:  # type: ignore[override]  # a row's own place on the page
        return f"position-{self.subject_id}"

    def about(self) -> dict[str, Any]:
        return {"position": self.position}


class RewordPosition(OnPosition):
    name = "reword_position"
    title = "Reword the position"
    lede = "The claims under it stay. Word it so that it answers the question and no more."
    label = "Reword"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        form = PositionForm(data, initial={"answer": self.position.answer})
        form.fields["answer"].label = "Answer"
        return form

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.reword_position(position_id=self.position.pk, **given, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return f"The position now reads “{given['answer']}”."


class MergePosition(OnPosition):
    name = "merge_position"
    title = "Merge the position into another"
    lede = "For two answers that say the same. Its claims move there; this column goes."
    label = "Merge"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        form = OtherPositionForm(data, positions=self.others)
        form.fields["other"].label = "Into"
        return form

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.merge_positions(
            position_id=self.position.pk,
            into_id=given["other"],
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"“{self.position}” is merged into “{self.standing(given['other'])}”."


class SplitPosition(OnPosition):
    name = "split_position"
    title = "Split the position"
    lede = (
        "For claims that answer differently after all. The chosen ones go to a new column, confirmed by you."
    )
    label = "Split"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        standing = Placement.objects.filter(
            position=self.position, state__in=(Placement.State.CONFIRMED, Placement.State.SUGGESTED)
        )
        shown = standing.select_related("claim__speaker", "claim__revision__article__outlet").defer(
            "claim__search", "claim__revision__text"
        )
        cards = [
            (each.claim_id, f"{each.claim.asserted_by}: {each.claim.statement}")
            for each in shown.order_by("claim__revision__published_at", "claim_id")
        ]
        form = PositionSplitForm(data, cards=cards)
        form.fields["answer"].label = "The new answer"
        return form

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.split_position(
            position_id=self.position.pk,
            answer=given["answer"],
            claim_ids=given["claims"],
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"“{given['answer']}” is a position of its own."


class RemovePosition(OnPosition):
    name = "remove_position"

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        self.answer = str(self.position)
        operations.remove_position(
            position_id=self.position.pk, seen_version=given["seen_version"], by=self.by, now=now
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"Removed the position “{self.answer}”."


class SayCompatible(OnPosition):
    name = "say_compatible"
    title = "Both can be true"
    lede = (
        "Answers that do not exclude each other, such as “dozens” and “56”, do not make a question contested."
    )
    label = "Both can be true"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        form = CompatibleForm(data, positions=self.others)
        form.fields["other"].label = "Together with"
        return form

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.say_compatible(
            first_id=self.position.pk,
            second_id=given["other"],
            reason=given["reason"],
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"“{self.position}” and “{self.standing(given['other'])}” can both be true."


class SayCompeting(OnPosition):
    """Takes back that two positions are compatible."""

    name = "say_competing"
    title = "They cannot both be true"
    lede = "Positions compete unless somebody says that they do not exclude each other."
    label = "They compete"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        pairs = Compatibility.objects.filter(first__question=self.question)
        with_this = {
            pk
            for pair in pairs.values_list("first_id", "second_id")
            if self.subject_id in pair
            for pk in pair
        }
        compatible = [position for position in self.others if position.pk in with_this]
        form = OtherPositionForm(data, positions=compatible)
        form.fields["other"].label = "With"
        return form

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.say_competing(
            first_id=self.position.pk,
            second_id=given["other"],
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"“{self.position}” and “{self.standing(given['other'])}” compete."
