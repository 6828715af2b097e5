"""What is typed in a review, read for its shape: assessments, and who is to write them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import QueryDict

from reviews.assessing import AssessmentContent, EvidenceItem, PositionJudgement
from reviews.errors import ReviewError
from reviews.forms import ReasonForm, SeenForm, StepForm
from reviews.models import Assignment, Project
from reviews.queue import UNDER_WAY

# What a piece of evidence is said to be for when it is to be left out.
LEFT_OUT = "none"
_ITEM_FIELDS = ("evidence_claim", "evidence_url", "evidence_file", "evidence_note", "evidence_for")


@dataclass(frozen=True)
class Read:
    """An assessment as it was typed, and what of it could not be read, in words; "" where all could be."""

    content: AssessmentContent
    problem: str = ""


def read_assessment(data: QueryDict) -> Read:
    """The assessment that a panel's form holds: see reviews/templates/reviews/review/_judging.html.

    Fields of a position end in `_` and its id, each piece of evidence gives all five of its fields, and
    one that says nothing, or is to be left out, is no evidence.
    """
    evidence: list[EvidenceItem] = []
    problem = ""
    for row in _rows(data):
        try:
            evidence.extend(_item(*row))
        except ReviewError as error:
            problem = str(error)
    content = AssessmentContent(
        judgement=data.get("judgement", ""),
        confidence=data.get("confidence", ""),
        rationale=_text(data.get("rationale", "")),
        positions={
            int(pk): PositionJudgement(
                judgement=data.get(f"judgement_{pk}", ""),
                confidence=data.get(f"confidence_{pk}", ""),
                rationale=_text(data.get(f"rationale_{pk}", "")),
            )
            for pk in data.getlist("position")
            if _is_number(pk)
        },
        evidence=tuple(evidence),
    )
    return Read(content, problem)


def _rows(data: QueryDict) -> list[tuple[str, ...]]:
    """The pieces of evidence as typed; a claim that was cited by its card's button is one more."""
    rows = list(zip_longest(*(data.getlist(name) for name in _ITEM_FIELDS), fillvalue=""))
    return [*rows, *((claim, "", "", "", "") for claim in data.getlist("cite"))]


def _item(claim: str, url: str, sha256: str, note: str, position: str) -> list[EvidenceItem]:
    if position == LEFT_OUT or not (claim.strip() or url.strip() or sha256):
        return []
    item = EvidenceItem(
        claim_id=_id(claim, "a claim") if claim.strip() else None,
        url=url.strip(),
        file_sha256=sha256,
        note=_text(note),
        position_id=_id(position, "a position") if position else None,
    )
    return [item]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _id(text: str, what: str) -> int:
    if not _is_number(text.strip()):
        raise ReviewError(f"“{text[:40]}” is not the number of {what}.")
    return int(text)


def _text(text: str) -> str:
    """As typed, with the line ends of PostgreSQL rather than of forms; it takes no NUL."""
    return text.replace("\r\n", "\n").replace("\x00", "")


def typed_as_of(data: QueryDict) -> str:
    """The time of the evidence, whatever was typed."""
    return _text(data.get("as_of", "")).strip()


def read_as_of(data: QueryDict) -> datetime | None:
    """The time of the evidence, in UTC; None where none is given. Raises ReviewError for what is no time."""
    try:
        return cast("datetime | None", forms.DateTimeField(required=False).clean(data.get("as_of", "")))
    except forms.ValidationError as error:
        raise ReviewError("Give the time of the evidence as 2024-05-03 21:30.") from error


class AssignForm(SeenForm):
    """To whom an assessment is given."""

    reviewer = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Reviewer", empty_label="Choose …", to_field_name="username"
    )

    def __init__(self, *args: Any, reviewers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["reviewer"]).queryset = reviewers


class WithdrawForm(ReasonForm):
    """Whose assignment is taken away, and why."""

    assignment = forms.TypedChoiceField(coerce=int, label="Whose", widget=forms.RadioSelect)
    field_order = ("seen_version", "assignment", "reason")

    def __init__(self, *args: Any, assignments: Iterable[Assignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(each.pk, each.reviewer.get_username()) for each in assignments]
        cast(forms.ChoiceField, self.fields["assignment"]).choices = choices


class RulesForm(StepForm):
    """By whose rules a question is reviewed, and how many assessments it needs."""

    project = forms.ModelChoiceField(
        queryset=Project.objects.all(),
        required=False,
        empty_label="no project: the settings' rules",
        help_text="Whose rules of review hold for it.",
    )
    assessments = forms.TypedChoiceField(
        choices=[("", "as the rules say"), *((str(number), str(number)) for number in (1, 2, 3))],
        coerce=int,
        empty_value=None,
        required=False,
        label="Independent assessments",
        help_text="For this question only. A review that has begun keeps the number it began with.",
    )
    reason = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class QueueForm(forms.Form):
    """Which questions of the queue to show; `people` is empty for who may not see who is assigned."""

    waits = forms.ChoiceField(
        choices=[("", "all under way"), ("mine", "what I can take")], required=False, label="Show"
    )
    state = forms.ChoiceField(
        choices=[("", "any state"), *((str(state), state.label) for state in UNDER_WAY)],
        required=False,
        label="State",
    )
    project = forms.ModelChoiceField(
        queryset=Project.objects.all(), required=False, empty_label="any project", label="Project"
    )
    reviewer = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        empty_label="anybody",
        to_field_name="username",
        label="Assigned to",
    )
    words = forms.CharField(max_length=200, required=False, label="Topic")
    older_days = forms.TypedChoiceField(
        choices=[("", "any age"), ("1", "over a day"), ("7", "over a week"), ("30", "over a month")],
        coerce=int,
        empty_value=None,
        required=False,
        label="Age",
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people.query.is_empty():
            del self.fields["reviewer"]
        else:
            cast(forms.ModelChoiceField, self.fields["reviewer"]).queryset = people
