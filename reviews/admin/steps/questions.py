"""Steps on the question as a whole: opened, dismissed, worded, merged, split, decided; and taken back."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, QueryDict

from reviews import compare, operations, policies
from reviews.admin.steps.base import Step
from reviews.forms import MergeForm, ReasonForm, ReopenForm, SplitForm, WordingForm
from reviews.models import Change, Question


class OpenProposed(Step):
    name = "open_proposed"
    check = policies.check_may_open_question

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.open_proposed(question_id=self.question.pk, **given, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return "The question is open."


class DismissQuestion(Step):
    name = "dismiss_question"
    check = policies.check_may_open_question
    title = "Dismiss the question"
    lede = "For one that is not worth asking. It stays stored with its reason, and is not proposed again."
    label = "Dismiss"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        return ReasonForm(data)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.dismiss_question(question_id=self.question.pk, **given, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return "The question is dismissed."


class RewordQuestion(Step):
    name = "reword_question"
    check = policies.check_may_open_question
    title = "Reword the question"
    lede = "What stands under it stays. The matcher no longer changes a wording of yours."
    label = "Reword"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        return WordingForm(data, initial={"wording": self.question.wording, "event": self.question.event})

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.reword_question(question_id=self.question.pk, **given, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return "The question is reworded."


class MergeQuestion(Step):
    name = "merge_question"
    check = policies.check_may_open_question
    title = "Merge into another question"
    lede = "For two questions that ask the same. Equal answers unite; every claim comes along as it stands."
    label = "Merge"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        return MergeForm(data, candidates=compare.to_be_merged_with(self.question))

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.merge_questions(
            question_id=self.question.pk,
            into_id=given["into"],
            reason=given["reason"],
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return "The question is merged; this is the one that stays."


class SplitQuestion(Step):
    name = "split_question"
    check = policies.check_may_open_question
    title = "Split the question"
    lede = (
        "For one that asks two things at once. The chosen positions go to a new question with their claims."
    )
    label = "Split"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        initial = {"slot": self.question.slot, "event": self.question.event}
        return SplitForm(data, positions=self.positions, initial=initial)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        self.created: Question = operations.split_question(
            question_id=self.question.pk,
            position_ids=given["positions"],
            wording=given["wording"],
            slot=given["slot"],
            event=given["event"],
            reason=given["reason"],
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"Split off: “{self.created}”. It is linked below."


class UndoChange(Step):
    name = "undo_change"
    on = "change"
    check = policies.check_may_place_claim
    is_undoable = False

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        change = Change.objects.filter(pk=self.subject_id or 0, question=self.question).first()
        if change is None:
            raise Http404("This question knows no such step.")
        self.summary = change.summary
        operations.undo_change(change_id=change.pk, seen_version=given["seen_version"], by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return f"Taken back: {self.summary}."


class Reopen(Step):
    name = "reopen"
    check = policies.check_may_reopen_question
    inline = "reopen_form"
    is_undoable = False
    anchor = "verdict"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        return ReopenForm(data)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.reopen_question(question_id=self.question.pk, reason=given["reason"], by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return "The question is open again; the earlier verdict stays readable."
