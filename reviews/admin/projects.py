"""Projects with their rules of review, changed by leads with a reason."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from claims.admin.lists import LookOnlyAdmin, name_shown, short_time, signed_in
from claims.admin.names import TellsOfTakenNames
from reviews import operations, policies
from reviews.errors import Conflict
from reviews.models import Project
from reviews.operations import ProjectRules

RULES = ("name", "assessments_required", "adjudicator_sees", "lease_hours", "uses_marks")


class ProjectForm(forms.ModelForm):
    """A project's rules; why they are changed is asked of who changes them, not of who makes the project."""

    assessments_required = forms.IntegerField(
        min_value=1,
        max_value=3,
        initial=2,
        label="How many assess a question",
        help_text="independent of each other; 1 to 3",
    )
    lease_hours = forms.IntegerField(
        min_value=1,
        max_value=24 * 60,
        initial=72,
        label="How long a reviewer may take, in hours",
        help_text="without working on it; then the question goes back to the queue",
    )
    reason = forms.CharField(
        max_length=2000,
        label="Reason",
        help_text="why the rules change; it stands in the audit trail",
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )

    class Meta:
        model = Project
        fields = RULES
        labels = {"adjudicator_sees": "What an adjudicator sees", "uses_marks": "Claims are marked"}
        help_texts = {"uses_marks": "reviewers mark how well each claim is sourced"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["reason"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Project.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is a project of this name already.")
        return name

    @property
    def rules(self) -> ProjectRules:
        return ProjectRules(**{name: self.cleaned_data[name] for name in RULES})


@admin.register(Project)
class ProjectAdmin(TellsOfTakenNames, LookOnlyAdmin):
    name_taken = Conflict
    form = ProjectForm
    list_display = ("name_shown", "assessments_required", "adjudicator_sees", "lease_hours", "uses_marks")
    fields = (*RULES, "reason")
    ordering = ("name",)
    search_fields = ("name",)
    add_label = "Add a project"
    empty_title = "No projects yet."
    empty_text = "A project has rules of review of its own; a question without one follows the settings."

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policies.allows(policies.check_may_assign, signed_in(request))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return policies.allows(policies.check_may_assign, signed_in(request))

    def get_fields(self, request: HttpRequest, obj: Project | None = None) -> tuple[str, ...]:
        if not self.has_change_permission(request, obj):
            return (*RULES, "created_by", "since")
        return RULES if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Project | None = None) -> tuple[str, ...]:
        return () if self.has_change_permission(request, obj) else (*RULES, "created_by", "since")

    def save_model(self, request: HttpRequest, obj: Project, form: ProjectForm, change: bool) -> None:
        by, now = signed_in(request), timezone.now()
        if change:
            reason = form.cleaned_data["reason"]
            operations.change_project(project_id=obj.pk, rules=form.rules, reason=reason, by=by, now=now)
            return
        obj.pk = operations.create_project(rules=form.rules, by=by, now=now).pk
        obj._state.adding = False

    @admin.display(description="Name")
    def name_shown(self, project: Project) -> str:
        return name_shown(project.name)

    @admin.display(description="Since")
    def since(self, project: Project) -> str:
        return short_time(project.created_at)
