"""The shapes that come in and go out; rules are the operations' business."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.strict import StrictInput, StringField
from claims.lineage import last_succession
from claims.models import Article, Claim, ClaimSuccession, EngineRun, Job, Outlet, Revision, Speaker

_SPAN = {
    "type": "array",
    "items": {"type": "integer", "minimum": 0},
    "minItems": 2,
    "maxItems": 2,
    "description": "[start, end) in code points of the revision's text.",
}
_SPANS = {"type": "array", "items": _SPAN}
_MENTION = {"type": "object", "properties": {"name": {"type": "string"}, "spans": _SPANS}}
_CHAIN = {"type": "array", "items": _MENTION, "description": "Who passed it on, as found in the text."}
_CUE = {
    "type": ["object", "null"],
    "properties": {"text": {"type": "string"}, "span": _SPAN},
    "description": "The words that signal the attribution.",
}
_FRAME = {
    "type": "object",
    "properties": {
        "predicate": {"type": "string"},
        "agent": {"type": "string"},
        "target": {"type": "string"},
        "place": {"type": "string"},
        "time": {"type": ["object", "null"]},
        "quantities": {"type": "array", "items": {"type": "object"}},
        "negated": {"type": "boolean"},
        "hedges": {"type": "array", "items": {"type": "string"}},
    },
    "description": "The event the claim speaks of, in the text's own words.",
}


@extend_schema_field(_SPANS)
class SpansField(serializers.JSONField):
    """Spans, as stored."""


@extend_schema_field(_CHAIN)
class ChainField(serializers.JSONField):
    """Speakers who passed a claim on, as stored."""


@extend_schema_field(_CUE)
class CueField(serializers.JSONField):
    """A cue, as stored."""


@extend_schema_field(_FRAME)
class FrameField(serializers.JSONField):
    """A frame, as stored."""


class OutletOutput(serializers.ModelSerializer):
    class Meta:
        model = Outlet
        fields = ("id", "name", "homepage_url", "created_at")
        read_only_fields = fields


class SpeakerOutput(serializers.ModelSerializer):
    class Meta:
        model = Speaker
        fields = ("id", "name", "created_at")
        read_only_fields = fields


class OutletReference(serializers.ModelSerializer):
    class Meta:
        model = Outlet
        fields = ("id", "name")
        read_only_fields = fields


class ArticleInput(StrictInput):
    """A document and what is known of it; what is given wins over what the document says."""

    text = StringField(
        required=False, allow_blank=True, trim_whitespace=False, help_text="Plain text; or give html."
    )
    html = StringField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text="The page's source; or give text.",
    )
    url = StringField(required=False, max_length=2000, help_text="Where it was published.")
    title = StringField(required=False, max_length=500)
    outlet = StringField(required=False, max_length=200, help_text="Name of the outlet.")
    byline = StringField(required=False, max_length=300)
    published_at = serializers.DateTimeField(required=False, help_text="Without a zone it is read as UTC.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("text" in attrs) == ("html" in attrs):
            raise serializers.ValidationError("Give either text or html.", code="text_or_html")
        return attrs


class NoInput(StrictInput):
    """A step that takes nothing."""


class RevisionOutput(serializers.ModelSerializer):
    class Meta:
        model = Revision
        fields = (
            "id",
            "number",
            "title",
            "byline",
            "credit",
            "language",
            "published_at",
            "published_text",
            "published_zone_assumed",
            "seen_at",
            "text_sha256",
        )
        read_only_fields = fields


class ArticleOutput(serializers.ModelSerializer):
    url = serializers.URLField(source="canonical_url", read_only=True, allow_null=True)
    outlet = OutletReference(read_only=True, allow_null=True)

    class Meta:
        model = Article
        fields = ("id", "url", "title", "outlet", "published_at", "created_at")
        read_only_fields = fields


class ArticleDetailOutput(ArticleOutput):
    current_revision = serializers.IntegerField(
        source="current_revision_id",
        read_only=True,
        help_text="The id of what it said when last seen; a text may go back to an earlier one.",
    )
    text = serializers.CharField(
        source="current_revision.text", read_only=True, help_text="Of the current revision."
    )
    revisions = RevisionOutput(many=True, read_only=True, help_text="The newest first, without their texts.")

    class Meta:
        model = Article
        fields = (*ArticleOutput.Meta.fields, "current_revision", "text", "revisions")
        read_only_fields = fields


class ClaimSpeakerOutput(serializers.Serializer):
    """Who asserts the claim, and the words of the text that name them there."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    spans = SpansField()


class EngineOutput(serializers.Serializer):
    name = serializers.CharField()
    version = serializers.CharField()
    run = serializers.IntegerField(help_text="Id of the run that found it.")
    is_current = serializers.BooleanField(
        help_text="Whether that run is the current one of its revision. Lists hold the claims of current"
        " runs, and of earlier ones those that people decided on and that have no successor."
    )


class ClaimArticleOutput(serializers.Serializer):
    id = serializers.IntegerField()
    url = serializers.URLField(allow_null=True)
    title = serializers.CharField()
    outlet = OutletReference(allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)


class ClaimOutput(serializers.ModelSerializer):
    """A claim with where it comes from.

    What is nested is put together by hand after the shapes above: serializers within serializers
    would make a page of claims half as dear again.
    """

    spans = SpansField(read_only=True)
    sentence = serializers.SerializerMethodField()
    speaker = serializers.SerializerMethodField()
    chain = ChainField(read_only=True)
    cue = CueField(read_only=True, allow_null=True)
    frame = FrameField(read_only=True)
    engine = serializers.SerializerMethodField()
    successor = serializers.SerializerMethodField()
    article = serializers.SerializerMethodField()
    revision = serializers.IntegerField(source="revision_id", read_only=True)

    class Meta:
        model = Claim
        fields: tuple[str, ...] = (
            "id",
            "statement",
            "content",
            "spans",
            "sentence",
            "speaker",
            "chain",
            "cue",
            "kind",
            "frame",
            "check_worthiness",
            "unresolved",
            "engine",
            "successor",
            "article",
            "revision",
            "created_at",
        )
        read_only_fields = fields

    @extend_schema_field(_SPAN)
    def get_sentence(self, claim: Claim) -> list[int]:
        return [claim.sentence_start, claim.sentence_end]

    @extend_schema_field(ClaimSpeakerOutput(allow_null=True))
    def get_speaker(self, claim: Claim) -> dict[str, Any] | None:
        """None is the outlet's own voice, or words whose speaker the text does not name."""
        if claim.speaker is None:
            return None
        return {"id": claim.speaker.pk, "name": claim.speaker.name, "spans": claim.speaker_spans}

    @extend_schema_field(EngineOutput)
    def get_engine(self, claim: Claim) -> dict[str, Any]:
        run = claim.engine_run
        return {
            "name": run.engine,
            "version": run.engine_version,
            "run": run.pk,
            "is_current": run.is_current,
        }

    @extend_schema_field({"type": ["integer", "null"], "description": "Id of the claim that took its place."})
    def get_successor(self, claim: Claim) -> int | None:
        if claim.engine_run.is_current or hasattr(claim, "held"):
            return None  # it stands itself
        succession = last_succession(claim)
        return succession.new_claim_id if succession else None

    @extend_schema_field(ClaimArticleOutput)
    def get_article(self, claim: Claim) -> dict[str, Any]:
        article = claim.revision.article
        outlet = article.outlet
        return {
            "id": article.pk,
            "url": article.canonical_url,
            "title": article.title,
            "outlet": None if outlet is None else {"id": outlet.pk, "name": outlet.name},
            "published_at": article.published_at,
        }


class EngineRunOutput(serializers.ModelSerializer):
    """One pass of an engine over one revision."""

    version = serializers.CharField(source="engine_version", read_only=True)
    revision = serializers.IntegerField(source="revision_id", read_only=True)
    claim_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = EngineRun
        fields = (
            "id",
            "revision",
            "engine",
            "version",
            "is_current",
            "note",
            "model",
            "prompt_version",
            "claim_count",
            "ran_at",
        )
        read_only_fields = fields


class ChangedClaimOutput(serializers.Serializer):
    id = serializers.IntegerField()
    statement = serializers.CharField()
    speaker = serializers.CharField(
        source="speaker.name", allow_null=True, help_text="Name; null where the text names nobody."
    )
    spans = SpansField()


class ChangedOutput(serializers.Serializer):
    """What became of one claim; `old` is null for one that was added, `new` for one that was dropped."""

    kind = serializers.ChoiceField(ClaimSuccession.Kind.choices)
    old = ChangedClaimOutput(allow_null=True)
    new = ChangedClaimOutput(allow_null=True)


class ChangeCountsOutput(serializers.Serializer):
    kept = serializers.IntegerField()
    reworded = serializers.IntegerField()
    dropped = serializers.IntegerField()
    added = serializers.IntegerField()


class ChangeOutput(serializers.Serializer):
    """One run that took the place of another as the current one of a revision."""

    id = serializers.IntegerField(source="switch.pk")
    old_run = serializers.IntegerField(source="switch.old_run_id")
    new_run = serializers.IntegerField(source="switch.new_run_id")
    switched_at = serializers.DateTimeField(source="switch.switched_at")
    requested_by = serializers.CharField(source="switch.requested_by.username")
    counts = ChangeCountsOutput()
    changed = ChangedOutput(many=True, help_text="In the order of the text, without those that were kept.")


class EngineRunsOutput(serializers.Serializer):
    """Which engines read an article, and what each change of engine changed; the latest first."""

    runs = EngineRunOutput(many=True)
    changes = ChangeOutput(many=True)


class JobOutput(serializers.ModelSerializer):
    article = serializers.IntegerField(source="article_id", read_only=True, allow_null=True)
    revision = serializers.IntegerField(source="revision_id", read_only=True, allow_null=True)
    requested_by = serializers.CharField(source="requested_by.username", read_only=True)
    may_be_retried = serializers.BooleanField(read_only=True)

    class Meta:
        model = Job
        fields = (
            "id",
            "kind",
            "state",
            "stage",
            "queue",
            "reason_code",
            "reason",
            "article",
            "revision",
            "claim_count",
            "given",
            "requested_by",
            "attempts",
            "may_be_retried",
            "created_at",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields
