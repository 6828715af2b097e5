"""Steps on claims: placed, confirmed, moved, taken out, marked, led back to an origin."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404, QueryDict

from claims.models import Claim
from reviews import operations, policies
from reviews.admin.steps.base import Step
from reviews.forms import (
    MarksForm,
    MoveForm,
    OptionalReasonForm,
    OriginForm,
    PlacementForm,
    ReasonForm,
    StepForm,
)
from reviews.marking import marks_in_time
from reviews.models import Origin, OriginClaim, Placement, SourcingMark, SpeakerReliability
from reviews.reliability import usual_reliability
from reviews.rules import check_has_marks

State = Placement.State


class OnClaim(Step):
    on = "claim"

    @cached_property
    def claim(self) -> Claim:
        claim = Claim.objects.for_display().filter(pk=self.subject_id or 0).first()
        if claim is None:
            raise Http404("There is no such claim.")
        return claim

    @property
    def anchor(self) -> str:  # type: ignore[override]  # a row's own place on the page
        return f"claim-{self.subject_id}"


class PlaceClaim(Step):
    name = "place_claim"
    brings_evidence = True
    check = policies.check_may_place_claim

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        return PlacementForm(data)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        self.placed_under = self.standing(given["position_id"])
        self.anchor = f"claim-{given['claim_id']}"
        operations.place_claim(**given, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return f"Placed under {self.column(self.placed_under)}."


class MoveClaim(OnClaim):
    name = "move_claim"
    brings_evidence = True
    check = policies.check_may_place_claim
    title = "Place under"
    lede = "The claim then stands there, confirmed by you, and no longer where it stood."
    label = "Place"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        return MoveForm(data, positions=self.positions, initial={"claim_id": self.claim.pk})

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        self.placed_under = self.standing(given["position_id"])
        operations.place_claim(
            claim_id=self.claim.pk,
            position_id=given["position_id"],
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"Placed under {self.column(self.placed_under)}."


class OnPlacement(Step):
    on = "placement"

    @property
    def anchor(self) -> str:  # type: ignore[override]  # a row's own place on the page
        return f"claim-{self.placement.claim_id}"


class ConfirmPlacement(OnPlacement):
    name = "confirm_placement"
    brings_evidence = True
    check = policies.check_may_place_claim

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.confirm_placements(
            placement_ids=[self.placement.pk], seen_version=given["seen_version"], by=self.by, now=now
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"Confirmed under {self.column(self.placement.position)}."


class ConfirmColumn(Step):
    """All that is suggested under a position, as one step."""

    name = "confirm_column"
    brings_evidence = True
    on = "position"
    check = policies.check_may_place_claim

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        suggested = Placement.objects.filter(
            position=self.position, state=State.SUGGESTED, claim__engine_run__is_current=True
        )
        self.ids = list(suggested.values_list("pk", flat=True))
        if self.ids:
            operations.confirm_placements(
                placement_ids=self.ids, seen_version=given["seen_version"], by=self.by, now=now
            )

    def done(self, given: dict[str, Any]) -> str:
        count = len(self.ids)
        return f"{count} claim{'' if count == 1 else 's'} confirmed under {self.column(self.position)}."


class RejectPlacement(OnPlacement):
    """Needs no reason against a machine, and one against what a person confirmed."""

    name = "reject_placement"
    brings_evidence = True
    check = policies.check_may_place_claim
    title = "Take the claim out"
    lede = "It stays stored with its reason, and nobody suggests it there again."
    label = "Take out"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        is_suggested = self.placement.state == State.SUGGESTED
        return (OptionalReasonForm if is_suggested else ReasonForm)(data)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.reject_placement(placement_id=self.placement.pk, **given, by=self.by, now=now)

    def done(self, given: dict[str, Any]) -> str:
        return f"No longer under {self.column(self.placement.position)}; that is remembered."

    def about(self) -> dict[str, Any]:
        return {"claim": self.placement.claim}


class RejectClaim(OnClaim):
    name = "reject_claim"
    brings_evidence = True
    check = policies.check_may_place_claim
    title = "Not about this question"
    lede = "The claim leaves every position here, and is not suggested under this question again."
    label = "Not about this question"

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        return OptionalReasonForm(data)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.reject_claim(
            question_id=self.question.pk, claim_id=self.claim.pk, **given, by=self.by, now=now
        )

    def done(self, given: dict[str, Any]) -> str:
        return "Not about this question; that is remembered."

    def about(self) -> dict[str, Any]:
        return {"claim": self.claim}


class MarkSourcing(OnClaim):
    name = "mark_sourcing"
    brings_evidence = True
    check = policies.check_may_mark_sourcing
    title = "Mark the sourcing"
    lede = "How good the source is for this claim, in your judgement. Earlier marks stay readable."
    label = "Save marks"
    is_undoable = False

    @cached_property
    def usual(self) -> SpeakerReliability | None:
        return usual_reliability(self.claim)

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        check_has_marks(self.question)
        mark = SourcingMark.objects.current().filter(claim=self.claim.pk).first()
        self._form = MarksForm(data, instance=mark, usual=self.usual)
        return self._form

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.mark_sourcing(
            claim_id=self.claim.pk,
            marks=self._form.marks,
            question_id=self.question.pk,
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return f"Marked {given['reliability']}{given['credibility']}."

    def about(self) -> dict[str, Any]:
        return {"claim": self.claim, "usual": self.usual, "marks": marks_in_time(self.claim)}


class SetOrigin(OnClaim):
    name = "set_origin"
    check = policies.check_may_set_origin
    title = "Where the report comes from"
    lede = "Claims of one origin count as one independent report. What you set here no machine changes."
    label = "Set the origin"
    brings_evidence = True

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        known = Origin.objects.filter(claims__placements__question=self.question).distinct()
        now = Origin.objects.filter(members__claim=self.claim).first()
        initial = {"origin": str(now.pk) if now else OriginForm.OWN}
        return OriginForm(data, origins=known.order_by("name", "pk"), initial=initial)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        chosen = given["origin"]
        is_known = chosen not in (OriginForm.NEW, OriginForm.OWN)
        operations.set_origin(
            claim_ids=[self.claim.pk],
            origin_id=int(chosen) if is_known else None,
            name=given["name"].strip() if chosen == OriginForm.NEW else "",
            reason=given["reason"],
            question_id=self.question.pk,
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return "The origin is set."

    def about(self) -> dict[str, Any]:
        member = OriginClaim.objects.filter(claim=self.claim.pk).first()
        clearing = ClearOrigin(self.question, self.claim.pk, by=self.by)
        is_set = member is not None and member.set_by_id is not None
        return {"claim": self.claim, "member": member, "clearing": clearing if is_set else None}


class ClearOrigin(OnClaim):
    """Give the origin back to the machine."""

    name = "clear_origin"
    check = policies.check_may_set_origin
    brings_evidence = True

    def form(self, data: QueryDict | None = None) -> forms.BaseForm:
        return StepForm(data)

    def take(self, given: dict[str, Any], *, now: datetime) -> None:
        operations.clear_origin(
            claim_ids=[self.claim.pk],
            question_id=self.question.pk,
            seen_version=given["seen_version"],
            by=self.by,
            now=now,
        )

    def done(self, given: dict[str, Any]) -> str:
        return "The origin is left to the matcher again."
