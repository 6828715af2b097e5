"""Steps on who reviews a question: taken, assigned, given back, withdrawn, and by which rules."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import QueryDict

from reviews import blinding, operations, policies
from reviews.admin.steps.base import Step
from reviews.errors import Conflict
from reviews.models import Assignment
from reviews.people import people_who_may
from reviews.review_forms import AssignForm, RulesForm, WithdrawForm


class TakeQuestion(Step):
    name = "take_question"
    check = policies.check_may_assess
    is_undoable = False
    anchor = "assessing"

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.take_question(question_id=self.question.pk, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return "It is yours to assess: 1 to 4 choose, and go on."


class ReleaseAssignment(Step):
    """Of what one holds oneself."""

    name = "release_assignment"
    check = policies.check_may_assess
    title = "Give the question back"
    lede = "What you wrote is put away, and you cannot take the question again in this round."
    label = "Give it back"
    is_undoable = False

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        held = blinding.held_by(self.question, self.by)
        if held is None:
            raise Conflict("You do not hold this question any more.")
        operations.release_assignment(assignment_id=held.pk, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return "You have given the question back; somebody else may take it."


class ReconsiderAssessment(Step):
    name = "reconsider_assessment"
    check = policies.check_may_assess
    is_undoable = False
    anchor = "assessing"

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.reconsider_assessment(question_id=self.question.pk, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return "Your assessment is open again, as you wrote it. Submit it when you have looked."


class AssignQuestion(Step):
    name = "assign_question"
    check = policies.check_may_assign
    title = "Assign a reviewer"
    lede = "Each assesses for themselves; nobody sees what another says until all are in."
    label = "Assign"
    is_undoable = False

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        candidates = reviewers().exclude(self.question.written_by())
        held = self._assignments().values("reviewer")
        return AssignForm(data, reviewers=candidates.exclude(pk__in=held))

    def _assignments(self) -> QuerySet[Assignment]:
        active = blinding.visible_assignments(self.by).active()
        return active.filter(question=self.question, round=self.question.round)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.assign_question(
            question_id=self.question.pk,
            reviewer=given["reviewer"],
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"Assigned to {given['reviewer']}, who is told."


class WithdrawAssignment(Step):
    name = "withdraw_assignment"
    check = policies.check_may_assign
    title = "Withdraw an assignment"
    lede = "Whatever was written under it no longer counts. The reason is told to who held it."
    label = "Withdraw"
    is_undoable = False

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        active = blinding.visible_assignments(self.by).active().filter(question=self.question)
        assignments = list(active.select_related("reviewer").order_by("reviewer__username"))
        if not assignments:
            raise Conflict("Nobody is assigned any more.")
        self._names = {each.pk: each.reviewer.get_username() for each in assignments}
        initial = {"assignment": assignments[0].pk} if len(assignments) == 1 else {}
        return WithdrawForm(data, assignments=assignments, initial=initial)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.withdraw_assignment(
            assignment_id=given["assignment"], reason=given["reason"], by=self.by, now=now
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"Withdrawn from {self._names[given['assignment']]}, who is told."


class SetReviewRules(Step):
    name = "set_review_rules"
    check = policies.check_may_assign
    title = "Rules of review"
    lede = "A project says how many assess, how long each may take, and what an adjudicator sees."
    label = "Set"
    is_undoable = False

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        initial = {"project": self.question.project_id, "assessments": self.question.assessments_asked or ""}
        return RulesForm(data, initial=initial)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.set_review_rules(
            question_id=self.question.pk,
            project=given["project"],
            assessments=given["assessments"],
            reason=given["reason"],
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return "The rules of review are set."


def reviewers() -> QuerySet[User]:
    """Who has a role that assesses, by name; superusers, who are for emergencies, at the end."""
    return people_who_may("reviews.assess_question").order_by("is_superuser", "username")
