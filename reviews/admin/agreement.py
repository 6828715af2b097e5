"""How far reviewers agree: figures, pictures and a file."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from claims.admin.lists import signed_in
from reviews import policies
from reviews.agreement.charts import chosen_in, heat_of, lines_of
from reviews.agreement.counts import Agreement, Field, Narrowed, Report, find_pair, report, whole
from reviews.agreement.files import comma_separated
from reviews.models import Project, Question


class NarrowedForm(forms.Form):
    """What of it is looked at; everything may be left out."""

    field = forms.ChoiceField(choices=Field, required=False, label="In detail")
    since = forms.DateField(required=False, label="Decided from", widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(required=False, label="to", widget=forms.DateInput({"type": "date"}))
    project = forms.ModelChoiceField(Project.objects.all(), required=False, empty_label="All")
    pair = forms.CharField(required=False, max_length=301, widget=forms.HiddenInput)

    def clean_pair(self) -> Any:
        given = self.cleaned_data["pair"]
        if not given:
            return None
        pair = find_pair(given.split(","))
        if pair is None:
            raise forms.ValidationError("The pair is two reviewers, as in “ann,ben”.")
        return pair

    @property
    def narrowed(self) -> Narrowed:
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return Narrowed(**said | {"field": Field(said.get("field", Field.POSITION))})


def agreement_view(request: HttpRequest) -> HttpResponse:
    """The figures as a page, or with `?format=csv` as a file."""
    by = signed_in(request)
    if not policies.allows(policies.check_may_see_agreement, by):
        raise PermissionDenied
    form = NarrowedForm(request.GET)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        found = report(form.narrowed, by=by)
        if request.GET.get("format") == "csv":
            return _file(comma_separated(found))
        wholes = {field: _whole(field, found, by=by) for field in Field}
        context |= {
            "report": found,
            "side_by_side": list(wholes.items()),
            "rounds": wholes[Field.QUESTION].rounds,
            "heat": heat_of(found.whole),
            "chosen": chosen_in(found.whole),
            "lines": lines_of(found.months),
            "left_out": found.pair_count - len(found.pairs),
        }
    shown = admin.site.each_context(request) | context
    shown |= {"title": "Agreement", "opts": Question._meta}
    return TemplateResponse(request, "reviews/agreement/page.html", shown)


def _whole(field: Field, found: Report, *, by: User) -> Agreement:
    """The first figures of one field; those of the report are there already."""
    if field == found.narrowed.field:
        return found.whole
    return whole(replace(found.narrowed, field=field), by=by)


def _file(text: str) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="agreement.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


PAGES = (("agreement", "agreement/", agreement_view),)
