"""What a reviewer types, checked for its shape; rules are the operations'."""

from typing import Any

from django import forms

from reviews.models import Judgement, Position, Question, SourcingMark
from reviews.operations import Marks

JUDGEMENTS = [("", "Choose …"), *Judgement.choices]


class QuestionForm(forms.Form):
    wording = forms.CharField(
        max_length=300,
        label="Question",
        help_text='As a person would ask it, ending in "?": “Where was the jet relative to the SDF?”',
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True}),
    )
    slot = forms.ChoiceField(choices=Question.Slot, label="Asks for", help_text="The kind of answer it has.")
    event = forms.CharField(
        max_length=300,
        required=False,
        help_text="The one event it is about, with its date: “Downing of a Su-22, 18 June 2017”.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    answers = forms.CharField(
        required=False,
        label="Positions",
        help_text="One answer a line, as far as you know them; you can add more while comparing.",
        widget=forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
    )

    def clean_wording(self) -> str:
        wording = str(self.cleaned_data["wording"]).strip()
        if not wording.endswith("?"):
            raise forms.ValidationError('A question ends in "?".')
        return wording

    def clean_answers(self) -> list[str]:
        answers = [line.strip() for line in str(self.cleaned_data["answers"]).splitlines() if line.strip()]
        limit = Position._meta.get_field("answer").max_length or 300
        for answer in answers:
            if len(answer) > limit:
                raise forms.ValidationError(f"“{answer[:60]}…” is longer than {limit} characters.")
        return answers


class SeenForm(forms.Form):
    """A step on a question as it was when the page was shown."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)


class PositionForm(SeenForm):
    answer = forms.CharField(
        max_length=300, label="Another answer", widget=forms.TextInput(attrs={"class": "vTextField"})
    )


class PlacementForm(SeenForm):
    claim_id = forms.IntegerField(widget=forms.HiddenInput)
    position_id = forms.IntegerField(widget=forms.HiddenInput)


class RejectionForm(SeenForm):
    placement_id: int | None = None  # which card it belongs to, when it is shown again

    reason = forms.CharField(max_length=1000, label="Why it does not belong here")


class MarksForm(forms.ModelForm):
    class Meta:
        model = SourcingMark
        fields = (
            "identification",
            "access",
            "directness",
            "basis",
            "reliability",
            "credibility",
            "status",
            "note",
        )
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        labels = {"reliability": "Reliability of the speaker", "credibility": "Credibility of the claim"}

    @property
    def marks(self) -> Marks:
        return Marks(**self.cleaned_data)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class VerdictForm(SeenForm):
    """The judgement of a question, and of each of its positions in a field of its own."""

    judgement = forms.ChoiceField(
        choices=[("", "Choose …"), *Judgement.choices], label="The question as a whole"
    )
    rationale = forms.CharField(
        max_length=20_000,
        help_text="What the evidence is and why it leads there. It will be read by people who disagree.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, positions: list[Position], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.positions = positions
        for position in positions:
            self.fields[f"position_{position.pk}"] = forms.ChoiceField(
                choices=JUDGEMENTS, label=f"{position.number}. {position.answer}"
            )
        self.order_fields(
            ["seen_version", *(f"position_{position.pk}" for position in positions), "judgement", "rationale"]
        )

    @property
    def position_judgements(self) -> dict[int, str]:
        return {position.pk: self.cleaned_data[f"position_{position.pk}"] for position in self.positions}
