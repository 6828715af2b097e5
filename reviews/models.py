"""What reviewers make of claims.

Every write to these tables needs an actor and a reason: triggers copy the old and the new row
to `AuditEvent`, and refuse when nobody is named (see audit.py).
"""

from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower, Substr
from django.urls import reverse

from claims.models import SEARCH_CONFIG, Claim
from reviews.audit import AuditedMeta

USER = settings.AUTH_USER_MODEL
# What a search of questions looks in. An index on it rather than a column, for a column would
# stand in every audit event of a question.
QUESTION_WORDS = SearchVector("wording", "event", config=SEARCH_CONFIG)


class Judgement(models.TextChoices):
    """What the evidence says of an answer; the names are AVeriTeC's."""

    SUPPORTED = "supported", "Supported"
    REFUTED = "refuted", "Refuted"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence", "Not enough evidence"
    CONFLICTING_EVIDENCE = "conflicting_evidence", "Conflicting evidence"


class QuestionQuerySet(models.QuerySet["Question"]):
    def matching(self, words: str) -> Self:
        """Questions whose wording or event holds the words, as typed into a search box."""
        query = SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")
        return self.alias(words=QUESTION_WORDS).filter(words=query)

    def with_counts(self) -> Self:
        """Annotated with `claim_count`, `outlet_count` and `answered_count` (positions with claims).

        Correlated, so that a page of a list counts for its own rows only.
        """
        confirmed = Placement.objects.filter(question=OuterRef("pk"), state=Placement.State.CONFIRMED)

        def count(field: str) -> Subquery:
            counted = confirmed.order_by().values("question").annotate(n=Count(field, distinct=True))
            return Subquery(counted.values("n"), output_field=models.IntegerField())

        return self.annotate(
            claim_count=Coalesce(count("claim"), 0),
            outlet_count=Coalesce(count("claim__revision__article__outlet"), 0),
            answered_count=Coalesce(count("position"), 0),
        )


class Question(models.Model):
    """A factual point with a determinate answer, on one event."""

    class Slot(models.TextChoices):
        WHO = "who", "Who"
        WHOM = "whom", "Whom"
        WHERE = "where", "Where"
        WHEN = "when", "When"
        WHAT = "what", "What"
        HOW_MANY = "how many", "How many"
        WHY = "why", "Why"
        WHETHER = "whether", "Whether"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        OPEN = "open", "Open"
        IN_REVIEW = "in_review", "In review"
        ADJUDICATION = "adjudication", "Adjudication"
        DECIDED = "decided", "Decided"
        REOPENED = "reopened", "Reopened"
        DISMISSED = "dismissed", "Dismissed"
        MERGED = "merged", "Merged"

    class Resolution(models.TextChoices):
        OPEN = "open", "Open"
        CONTESTED = "contested", "Contested"
        RESOLVED = "resolved", "Resolved"

    # annotated by QuestionQuerySet.with_counts
    claim_count: int
    outlet_count: int
    answered_count: int

    wording = models.CharField(max_length=300, help_text='As a person would ask it, ending in "?".')
    slot = models.CharField(max_length=10, choices=Slot, help_text="What kind of answer it asks for.")
    event = models.CharField(
        max_length=300,
        blank=True,
        help_text='The event it is about, with its date: "Downing of the Su-22, 18 June 2017".',
    )
    state = models.CharField(max_length=20, choices=State, default=State.OPEN, editable=False)
    resolution = models.CharField(max_length=20, choices=Resolution, default=Resolution.OPEN, editable=False)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    opened_by = models.ForeignKey(USER, models.PROTECT, editable=False, related_name="+")
    opened_at = models.DateTimeField(editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta(AuditedMeta):
        ordering = ("-opened_at", "-id")
        permissions = (
            ("open_question", "Can open a question and word its positions"),
            ("place_claim", "Can place a claim under a position"),
            ("mark_sourcing", "Can mark the sourcing of a claim"),
            ("record_verdict", "Can record a verdict"),
            ("reopen_question", "Can reopen a decided question"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(wording__endswith="?"), name="question_ends_in_a_question_mark"
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="a_merged_question_says_into_which",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="a_question_is_not_merged_into_itself"
            ),
        )
        indexes = (
            models.Index(fields=("-opened_at", "-id"), name="question_newest_first"),
            models.Index(fields=("state", "-opened_at", "-id"), name="question_by_state"),
            GinIndex(QUESTION_WORDS, name="question_search"),
        )

    def __str__(self) -> str:
        return self.wording

    def get_absolute_url(self) -> str:
        return reverse("admin:reviews_question_compare", args=[self.pk])


class Position(models.Model):
    """One answer to a question; positions of one question compete."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="positions")
    answer = models.CharField(max_length=300)
    number = models.PositiveSmallIntegerField(help_text="its column, from 1")
    added_by = models.ForeignKey(USER, models.PROTECT, editable=False, related_name="+")
    added_at = models.DateTimeField(editable=False)

    class Meta(AuditedMeta):
        ordering = ("question_id", "number")
        constraints = (
            models.UniqueConstraint("question", Lower("answer"), name="a_question_has_each_answer_once"),
            models.UniqueConstraint(fields=("question", "number"), name="a_question_has_each_column_once"),
            models.UniqueConstraint(fields=("id", "question"), name="position_with_its_question"),
            models.CheckConstraint(condition=~Q(answer=""), name="position_has_an_answer"),
        )

    def __str__(self) -> str:
        return self.answer


class PlacementQuerySet(models.QuerySet["Placement"]):
    def with_claims(self) -> Self:
        """With what a claim card shows, in one query; of the text only the `sentence` is read."""
        return (
            self.select_related(
                "claim__speaker",
                "claim__engine_run",
                "claim__revision__article__outlet",
                "placed_by",
                "carried_from__claim__engine_run",
                "carried_from__placed_by",
            )
            .defer(
                "claim__search",
                "claim__revision__text",
                "claim__revision__article__search",
                "carried_from__claim__search",
            )
            .annotate(
                sentence=Substr(
                    "claim__revision__text",
                    F("claim__sentence_start") + 1,
                    F("claim__sentence_end") - F("claim__sentence_start"),
                )
            )
            .order_by("claim__revision__published_at", "claim_id")
        )


class Placement(models.Model):
    """Claim <-> position, with who or what placed it and why; a rejection is remembered.

    CARRIED is one that stands on at the claim which took the place of its claim.
    """

    class State(models.TextChoices):
        SUGGESTED = "suggested", "Suggested"
        CONFIRMED = "confirmed", "Confirmed"
        REJECTED = "rejected", "Rejected"
        CARRIED = "carried", "Carried over"

    sentence: str  # annotated by PlacementQuerySet.with_claims

    question = models.ForeignKey(Question, models.PROTECT, related_name="placements")
    position = models.ForeignKey(Position, models.PROTECT, related_name="placements")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="placements")
    state = models.CharField(max_length=10, choices=State)
    reason = models.TextField(blank=True, help_text="why it stands there, in words a reviewer can read")
    score = models.FloatField(null=True, blank=True)
    suggested_by = models.CharField(
        max_length=100, blank=True, help_text="engine and version that suggested it"
    )
    placed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    placed_at = models.DateTimeField()
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="carried_to",
        help_text="the placement of an earlier engine's claim that this one goes back to",
    )

    objects = PlacementQuerySet.as_manager()

    class Meta(AuditedMeta):
        constraints = (
            models.UniqueConstraint(fields=("position", "claim"), name="a_claim_meets_a_position_once"),
            models.UniqueConstraint(
                fields=("question", "claim"),
                condition=Q(state="confirmed"),
                name="at_most_one_confirmed_position_per_claim_and_question",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(placed_by__isnull=False),
                name="a_person_confirms_a_placement",
            ),
            models.CheckConstraint(
                condition=~Q(state="suggested") | ~Q(suggested_by=""), name="a_suggestion_names_its_engine"
            ),
            models.CheckConstraint(
                condition=~Q(carried_from=F("id")), name="a_placement_is_not_carried_from_itself"
            ),
        )
        indexes = (models.Index(fields=("question", "state"), name="placements_of_a_question"),)

    def __str__(self) -> str:
        return f"{self.claim_id} under {self.position_id} ({self.state})"


class Origin(models.Model):
    """The first independent report behind a group of claims; wire copies share one."""

    class Certainty(models.TextChoices):
        CERTAIN = "certain", "Certain"
        PROBABLE = "probable", "Probable"

    name = models.CharField(max_length=300)
    certainty = models.CharField(max_length=10, choices=Certainty)
    reason = models.TextField(help_text="why these claims share it")
    claims = models.ManyToManyField(Claim, related_name="origins", through="OriginClaim")

    class Meta(AuditedMeta):
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="an_origin_says_why"),)

    def __str__(self) -> str:
        return self.name


class OriginClaim(models.Model):
    """That a claim goes back to an origin."""

    origin = models.ForeignKey(Origin, models.PROTECT, related_name="members")
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="origin_member")

    class Meta(AuditedMeta):
        pass

    def __str__(self) -> str:
        return f"claim {self.claim_id} from origin {self.origin_id}"


class SourcingMarkQuerySet(models.QuerySet["SourcingMark"]):
    def current(self) -> Self:
        return self.filter(superseded_at__isnull=True)


class SourcingMark(models.Model):
    """A reviewer's mark on a claim. A newer mark supersedes it; the older stays readable."""

    class Identification(models.TextChoices):
        NAMED = "named", "Named"
        DESCRIBED = "described", "Described, not named"
        ANONYMOUS = "anonymous", "Anonymous"
        ORGANISATION = "organisation", "Organisation"
        NONE = "none", "None stated"

    class Access(models.TextChoices):
        EYEWITNESS = "eyewitness", "Eyewitness"
        PARTICIPANT = "participant", "Participant"
        OFFICIAL = "official", "Official"
        EXPERT = "expert", "Expert"
        DOCUMENT = "document", "Document"
        MEDIA_REPORT = "media_report", "Media report"
        UNKNOWN = "unknown", "Unknown"

    class Directness(models.TextChoices):
        PRIMARY = "primary", "Primary"
        SECONDARY = "secondary", "Secondary"
        UNKNOWN = "unknown", "Unknown"

    class Basis(models.TextChoices):
        WITNESSED = "witnessed", "Witnessed"
        DEDUCED = "deduced", "Deduced"
        INDUCED = "induced", "Induced"
        TOLD = "told", "Told"
        UNKNOWN = "unknown", "Unknown"

    class Reliability(models.TextChoices):
        A = "A", "A - completely reliable"
        B = "B", "B - usually reliable"
        C = "C", "C - fairly reliable"
        D = "D", "D - not usually reliable"
        E = "E", "E - unreliable"
        F = "F", "F - cannot be judged"

    class Credibility(models.TextChoices):
        CONFIRMED = "1", "1 - confirmed by other sources"
        PROBABLY_TRUE = "2", "2 - probably true"
        POSSIBLY_TRUE = "3", "3 - possibly true"
        DOUBTFUL = "4", "4 - doubtful"
        IMPROBABLE = "5", "5 - improbable"
        CANNOT_BE_JUDGED = "6", "6 - cannot be judged"

    class Status(models.TextChoices):
        STANDING = "standing", "Standing"
        PRELIMINARY = "preliminary", "Preliminary"
        CORRECTED = "corrected", "Corrected"
        RETRACTED = "retracted", "Retracted"

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="sourcing_marks")
    identification = models.CharField(max_length=20, choices=Identification)
    access = models.CharField(max_length=20, choices=Access, default=Access.UNKNOWN)
    directness = models.CharField(max_length=20, choices=Directness, default=Directness.UNKNOWN)
    basis = models.CharField(max_length=20, choices=Basis, default=Basis.UNKNOWN)
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    credibility = models.CharField(max_length=1, choices=Credibility, default=Credibility.CANNOT_BE_JUDGED)
    status = models.CharField(max_length=20, choices=Status, default=Status.STANDING)
    note = models.TextField(blank=True, max_length=5000)
    marked_by = models.ForeignKey(USER, models.PROTECT, editable=False, related_name="+")
    marked_at = models.DateTimeField(editable=False)
    superseded_at = models.DateTimeField(null=True, editable=False)
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="carried_to",
        help_text="the mark on an earlier engine's claim that this one repeats",
    )

    objects = SourcingMarkQuerySet.as_manager()

    class Meta(AuditedMeta):
        ordering = ("claim_id", "-marked_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("claim",),
                condition=Q(superseded_at__isnull=True),
                name="a_claim_has_one_current_mark",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("marked_at")),
                name="a_mark_is_superseded_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=~Q(carried_from=F("id")), name="a_mark_is_not_carried_from_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} on claim {self.claim_id}"

    @property
    def code(self) -> str:
        """The two-character Admiralty code, such as B2."""
        return f"{self.reliability}{self.credibility}"


class Assessment(models.Model):
    """One reviewer's own judgement of a question, blind until all required ones are in."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="assessments")
    round = models.PositiveSmallIntegerField()
    question_version = models.PositiveIntegerField()
    reviewer = models.ForeignKey(USER, models.PROTECT, related_name="assessments")
    judgements = models.JSONField(help_text="position id -> judgement")
    rationale = models.TextField(max_length=20_000)
    submitted_at = models.DateTimeField()

    class Meta(AuditedMeta):
        constraints = (
            models.UniqueConstraint(
                fields=("question", "round", "reviewer"),
                name="one_assessment_per_question_round_and_reviewer",
            ),
        )

    def __str__(self) -> str:
        return f"Assessment of question {self.question_id}, round {self.round}"


class Verdict(models.Model):
    """The decided result of one round. Nothing is overwritten: a later round has its own."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="verdicts")
    round = models.PositiveSmallIntegerField()
    question_version = models.PositiveIntegerField()
    judgement = models.CharField(max_length=30, choices=Judgement)
    rationale = models.TextField(max_length=20_000)
    as_of = models.DateTimeField()
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    stale_at = models.DateTimeField(null=True)
    stale_reason = models.TextField(blank=True)

    class Meta(AuditedMeta):
        ordering = ("question_id", "-round")
        constraints = (
            models.UniqueConstraint(fields=("question", "round"), name="one_verdict_per_question_and_round"),
            models.CheckConstraint(condition=~Q(rationale=""), name="a_verdict_has_a_rationale"),
            models.CheckConstraint(
                condition=Q(stale_at__isnull=True, stale_reason="")
                | (Q(stale_at__isnull=False) & ~Q(stale_reason="")),
                name="a_stale_verdict_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_judgement_display()} (round {self.round})"


class PositionVerdict(models.Model):
    """What a verdict says of one position."""

    verdict = models.ForeignKey(Verdict, models.PROTECT, related_name="positions")
    position = models.ForeignKey(Position, models.PROTECT, related_name="verdicts")
    judgement = models.CharField(max_length=30, choices=Judgement)

    class Meta(AuditedMeta):
        constraints = (
            models.UniqueConstraint(fields=("verdict", "position"), name="a_verdict_judges_a_position_once"),
        )

    def __str__(self) -> str:
        return f"{self.position_id}: {self.get_judgement_display()}"


class AuditEvent(models.Model):
    """What changed, old and new, by whom, when, why. Written by triggers, never by our code."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(help_text="user id; kept as a number, for it outlives the user")
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=100)
    reason = models.TextField(blank=True)
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    operation = models.CharField(max_length=6)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("table_name", "row_id", "-id"), name="audit_of_a_row"),
            models.Index(fields=("actor_id", "-id"), name="audit_of_an_actor"),
        )
        triggers = (
            pgtrigger.Protect(name="audit_only_grows", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.action} by {self.actor}"
