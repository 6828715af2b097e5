"""The shapes of steps as they come in; rules are the operations' business."""

import re
from typing import Any, cast

from django.db.models import CharField, Model
from rest_framework import serializers
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError
from rest_framework.request import Request

from claims.api.strict import StrictInput, StringField
from reviews.models import Position, Question

_LARGEST_ID = 2**63 - 1
_MAX_REASON_CHARACTERS = 2000
_MAX_ROWS = 500


class PreconditionRequired(APIException):
    """A step that names no version could overwrite what somebody else just did."""

    status_code = 428
    default_code = "precondition_required"
    default_detail = "Say with If-Match which version you saw; the ETag of what you change is that."


class IdField(serializers.IntegerField):
    """The id of a row, as a number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=_LARGEST_ID, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class IdsField(serializers.ListField):
    """Ids of rows, at least one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=IdField(), min_length=1, max_length=_MAX_ROWS, **kwargs)


class ReasonField(StringField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=_MAX_REASON_CHARACTERS, **kwargs)


def _given(name: str, **kwargs: Any) -> StringField:
    """Text as long as the column of a question or position takes it."""
    model: type[Model] = Position if name == "answer" else Question
    return StringField(max_length=cast(CharField, model._meta.get_field(name)).max_length, **kwargs)


class ProposalInput(StrictInput):
    """A question to propose, with the answers known so far."""

    wording = _given("wording", help_text='As a person would ask it, ending in "?".')
    slot = serializers.ChoiceField(Question.Slot.choices, help_text="What kind of answer it asks for.")
    event = _given("event", required=False, allow_blank=True, default="")
    answers = serializers.ListField(child=_given("answer"), required=False, default=list, max_length=50)


class RewordQuestionInput(StrictInput):
    wording = _given("wording")
    event = _given("event", allow_blank=True)


class ReasonInput(StrictInput):
    reason = ReasonField()


class OptionalReasonInput(StrictInput):
    reason = ReasonField(required=False, allow_blank=True, default="")


class MergeQuestionInput(StrictInput):
    into = IdField(source="into_id", help_text="Id of the question that stays.")
    reason = ReasonField()


class SplitQuestionInput(StrictInput):
    positions = IdsField(source="position_ids", help_text="Ids of the positions that leave.")
    wording = _given("wording")
    slot = serializers.ChoiceField(Question.Slot.choices)
    event = _given("event", required=False, allow_blank=True, default="")
    reason = ReasonField()


class AnswerInput(StrictInput):
    answer = _given("answer")


class MergePositionInput(StrictInput):
    into = IdField(source="into_id", help_text="Id of the position that stays.")


class SplitPositionInput(StrictInput):
    answer = _given("answer")
    claims = IdsField(source="claim_ids", help_text="Ids of the claims that leave, and are confirmed there.")


class CompatibleInput(StrictInput):
    other = IdField(source="second_id", help_text="Id of the other position.")
    reason = ReasonField(help_text="Why both can be true.")


class CompetingInput(StrictInput):
    other = IdField(source="second_id", help_text="Id of the other position.")


class PlaceInput(StrictInput):
    claim = IdField(source="claim_id")
    position = IdField(source="position_id")
    reason = ReasonField(required=False, allow_blank=True, default="")


class ConfirmInput(StrictInput):
    placements = IdsField(source="placement_ids", help_text="Ids of placements under this question.")


class RejectClaimInput(StrictInput):
    claim = IdField(source="claim_id")
    reason = ReasonField(required=False, allow_blank=True, default="")


class AssignInput(StrictInput):
    reviewer = StringField(max_length=150, help_text="Name of the user who is to assess it.")


class ReassignInput(AssignInput):
    reason = ReasonField()


class ReviewRulesInput(StrictInput):
    """By which rules a question is reviewed."""

    project = IdField(source="project_id", allow_null=True, help_text="Id of its project; null for none.")
    assessments = serializers.IntegerField(
        min_value=1,
        max_value=3,
        allow_null=True,
        help_text="How many it needs, whatever its project asks for; null for as many as that does.",
    )
    reason = ReasonField()


class TakeNextInput(StrictInput):
    project = IdField(
        source="project_id",
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of the project it is to be of; null for any.",
    )


class OriginInput(StrictInput):
    """An origin that is known, else the name of a new one, else none: the claim's own article."""

    origin = IdField(source="origin_id", required=False, allow_null=True, default=None)
    name = StringField(required=False, allow_blank=True, default="", max_length=300)
    reason = ReasonField(help_text="How you know.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["origin_id"] is not None and attrs["name"]:
            raise ValidationError("Give an origin or a name, not both.", code="origin_or_name")
        return attrs


def if_match(request: Request) -> int | None:
    """The question's version in If-Match, which every step on a question needs; None is `*`, any version.

    Raises PreconditionRequired where it is left out, ValidationError where it is none of our ETags.
    """
    version = _if_match(request, r"[0-9]{1,9}", 'Give the ETag of the question as you saw it, such as "7"')
    return None if version is None else int(version)


def if_origin_matches(request: Request) -> str | None:
    """The same of where a claim comes from; see `operations.origin_version`."""
    return _if_match(request, "[0-9a-f]{1,16}", "Give the ETag of the claim's origin as you saw it")


def if_draft_matches(request: Request) -> int | None:
    """The same of one's own draft: how often it was saved, 0 before there is one."""
    saves = _if_match(
        request, r"[0-9]{1,9}", 'Give the ETag of your draft as you saw it, "0" before there is one'
    )
    return None if saves is None else int(saves)


def if_basis_matches(request: Request) -> str | None:
    """The same of what is judged: the `basis` of the question, in quotes."""
    return _if_match(request, "[0-9a-f]{64}", "Give the basis of the question as you saw it, in quotes")


def if_rules_match(request: Request) -> str | None:
    """The same of a project's rules."""
    return _if_match(request, "[0-9a-f]{16}", "Give the ETag of the project as you saw it")


def if_mark_matches(request: Request) -> int | None:
    """The same of a claim's marks: the id of the current one, 0 before there is one."""
    mark = _if_match(
        request, "[0-9]{1,18}", 'Give the ETag of the claim\'s marks as you saw them, "0" for none'
    )
    return None if mark is None else int(mark)


def _if_match(request: Request, ours: str, otherwise: str) -> str | None:
    given: str | None = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired
    if given == "*":
        return None
    found = re.fullmatch(f'"({ours})"', given)
    if found is None:
        raise ValidationError({"If-Match": [ErrorDetail(f"{otherwise}, or * for any.", code="invalid")]})
    return found[1]
