"""What a reviewer types, checked for its shape; rules are the operations'."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms

from reviews.models import Judgement, Origin, Position, Question, SourcingMark, SpeakerReliability
from reviews.operations import Marks

# A number alone, or the last one in an address such as /admin/reviews/question/12/compare/.
_QUESTION_ADDRESS = re.compile(r"(?:^\s*|/question/|/questions/)(\d{1,18})\b", re.ASCII)
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


class StepForm(SeenForm):
    """A step that needs no words."""


class ReasonForm(SeenForm):
    """A step that needs to say why."""

    reason = forms.CharField(max_length=2000, label="Reason", widget=forms.Textarea(attrs={"rows": 2}))


class OptionalReasonForm(ReasonForm):
    reason = forms.CharField(
        max_length=2000,
        required=False,
        label="Reason, if it is not plain",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WordingForm(SeenForm):
    wording = forms.CharField(
        max_length=300,
        label="Question",
        help_text='As a person would ask it, ending in "?".',
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    event = forms.CharField(
        max_length=300,
        required=False,
        help_text="The one event it is about, with its date.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def clean_wording(self) -> str:
        return " ".join(str(self.cleaned_data["wording"]).split())


class MergeForm(ReasonForm):
    """Which question stays: a number or an address, with those it may be a double of to choose from."""

    into = forms.CharField(
        label="Into which question",
        help_text="Choose one, or paste the address of its page. It stays; links to this one lead there.",
        widget=forms.TextInput(attrs={"class": "vTextField", "list": "merge-into", "autocomplete": "off"}),
    )
    field_order = ("seen_version", "into", "reason")

    def __init__(self, *args: Any, candidates: Iterable[Question] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = list(candidates)

    def clean_into(self) -> int:
        found = _QUESTION_ADDRESS.search(str(self.cleaned_data["into"]))
        number = int(found[1]) if found else 0
        if not Question.objects.filter(pk=number).exists():
            raise forms.ValidationError("There is no such question. Paste the address of its page.")
        return number


class SplitForm(ReasonForm):
    positions = forms.TypedMultipleChoiceField(
        coerce=int, label="Positions that go along", widget=forms.CheckboxSelectMultiple
    )
    wording = forms.CharField(
        max_length=300,
        label="The new question",
        help_text='What these positions answer, ending in "?".',
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    slot = forms.ChoiceField(choices=Question.Slot, label="Asks for")
    event = forms.CharField(
        max_length=300, required=False, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    field_order = ("seen_version", "positions", "wording", "slot", "event", "reason")

    def __init__(self, *args: Any, positions: Iterable[Position], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self.fields["positions"], [(position.pk, str(position)) for position in positions])


class PositionForm(SeenForm):
    answer = forms.CharField(
        max_length=300, label="Another answer", widget=forms.TextInput(attrs={"class": "vTextField"})
    )


class OtherPositionForm(SeenForm):
    """One of the other positions of the question."""

    other = forms.TypedChoiceField(coerce=int, label="Position", widget=forms.RadioSelect)

    def __init__(self, *args: Any, positions: Iterable[Position], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self.fields["other"], [(position.pk, str(position)) for position in positions])


class CompatibleForm(OtherPositionForm):
    reason = forms.CharField(
        max_length=2000, label="Why both can be true", widget=forms.Textarea(attrs={"rows": 2})
    )


class PositionSplitForm(PositionForm):
    claims = forms.TypedMultipleChoiceField(
        coerce=int, label="Claims that go along", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, cards: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self.fields["claims"], list(cards))


class PlacementForm(SeenForm):
    claim_id = forms.IntegerField(widget=forms.HiddenInput)
    position_id = forms.IntegerField(widget=forms.HiddenInput)


class MoveForm(SeenForm):
    """Where a claim is to stand; posted as a placement."""

    claim_id = forms.IntegerField(widget=forms.HiddenInput)
    position_id = forms.TypedChoiceField(coerce=int, label="Under", widget=forms.RadioSelect)

    def __init__(self, *args: Any, positions: Iterable[Position], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self.fields["position_id"], [(position.pk, str(position)) for position in positions])


class OriginForm(ReasonForm):
    """Which first report a claim goes back to: one known here, one that is named now, or its own article."""

    NEW, OWN = "new", "own"

    origin = forms.ChoiceField(label="It goes back to", widget=forms.RadioSelect)
    name = forms.CharField(
        max_length=300,
        required=False,
        label="Name of the other report",
        help_text="The agency, outlet or document that reported it first.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    field_order = ("seen_version", "origin", "name", "reason")

    def __init__(self, *args: Any, origins: Iterable[Origin], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(origin.pk), origin.name) for origin in origins]
        own = (self.OWN, "its own article: an independent report")
        _choices(self.fields["origin"], [*known, own, (self.NEW, "another report, named below")])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("origin") == self.NEW and not given.get("name", "").strip():
            self.add_error("name", "Name the report that it goes back to.")
        return given


class MarksForm(forms.ModelForm):
    """The marks of a claim; a new one starts from what is usual of the speaker."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    links = forms.CharField(
        required=False,
        label="Evidence links",
        help_text="One address a line, at most 20: an archived page, a photograph, a document.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = (
        *("identification", "access", "directness", "basis", "reliability", "reliability_reason"),
        *("credibility", "status", "links", "note", "is_withheld"),
    )

    class Meta:
        model = SourcingMark
        fields = (
            "identification",
            "access",
            "directness",
            "basis",
            "reliability",
            "reliability_reason",
            "credibility",
            "status",
            "note",
            "is_withheld",
        )
        widgets = {
            "note": forms.Textarea(attrs={"rows": 2}),
            "reliability_reason": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {
            "reliability": "Reliability of the speaker",
            "credibility": "Credibility of the claim",
            "is_withheld": "Withhold the claim from exports",
        }
        help_texts = {
            "is_withheld": "Files of exported claims leave it out; pages and lists go on showing it.",
            "credibility": "1 needs two independent origins.",
        }

    def __init__(self, *args: Any, usual: SpeakerReliability | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grade = SourcingMark.Reliability(usual.reliability if usual else SourcingMark.Reliability.F)
        if self.instance.pk is None:
            self.initial["reliability"] = grade
        _choices(self.fields["identification"], [("", "Choose …"), *SourcingMark.Identification.choices])
        self.initial["links"] = "\n".join(self.instance.evidence_links)
        self.fields["reliability_reason"].label = f"Why not {grade}, if it is another"
        self.fields["reliability_reason"].help_text = ""

    @property
    def marks(self) -> Marks:
        given = dict(self.cleaned_data)
        del given["seen_version"]
        return Marks(evidence_links=given.pop("links").splitlines(), **given)


class ReliabilityForm(forms.Form):
    """How reliable a speaker usually is, from a day on."""

    reliability = forms.ChoiceField(choices=SourcingMark.Reliability, initial=SourcingMark.Reliability.F)
    since = forms.DateField(
        label="Since",
        help_text="Claims published from this day on start from it.",
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        max_length=5000, label="What it rests on", widget=forms.Textarea(attrs={"rows": 2})
    )


class ReopenForm(forms.Form):
    reason = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


def _choices(field: forms.Field, choices: Sequence[tuple[Any, str]]) -> None:
    cast(forms.ChoiceField, field).choices = choices
