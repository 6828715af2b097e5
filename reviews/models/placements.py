"""Where claims stand: under which position, and from which origin."""

from collections.abc import Iterator
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Substr

from claims.models import Claim
from reviews.audit import AuditedMeta
from reviews.exporting import is_withheld
from reviews.models.questions import Position, Question


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

    def standing(self) -> Self:
        """What counts: confirmed by a person, or suggested by what is not outdated; see tallies.py."""
        current = Q(state=Placement.State.SUGGESTED, claim__engine_run__is_current=True)
        return self.filter(Q(state=Placement.State.CONFIRMED) | current)

    def for_export(self) -> Self:
        """Those of claims that nobody withholds; see exporting.py."""
        return self.exclude(is_withheld("claim_id"))

    def counted(self) -> Self:
        """Those standing, without a claim that a later text of its article says at the same position too.

        Somebody confirmed it there, and its words came again with the later text: they are one claim.
        """
        said_again = Placement.objects.standing().filter(
            position=OuterRef("position"),
            claim__content=OuterRef("claim__content"),
            claim__revision__article=OuterRef("claim__revision__article"),
            claim__revision__number__gt=OuterRef("claim__revision__number"),
        )
        return self.standing().filter(~Exists(said_again))

    def by_origin(self) -> Iterator[tuple[int, tuple[str, int]]]:
        """The position of each, and the key of its claim's origin: its own article where it shares none."""
        rows = self.values_list(
            "position_id", "claim__origin_member__origin_id", "claim__revision__article_id"
        )
        for position, origin, article in rows:
            yield position, ("article", article) if origin is None else ("origin", origin)


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
    is_off_topic = models.BooleanField(
        default=False, help_text="rejected as not about this question, whatever the answer"
    )
    suggested_by = models.CharField(
        max_length=100, blank=True, help_text="engine and version that suggested it"
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
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
            models.CheckConstraint(
                condition=Q(is_off_topic=False) | Q(state__in=("rejected", "carried")),
                name="only_a_rejected_claim_is_off_topic",
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
    is_circular = models.BooleanField(
        default=False, help_text="whether its reports cite each other in a circle"
    )
    found_by = models.CharField(max_length=100, blank=True, help_text="matcher and version that found it")
    claims = models.ManyToManyField(Claim, related_name="origins", through="OriginClaim")

    class Meta(AuditedMeta):
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="an_origin_says_why"),)

    def __str__(self) -> str:
        return self.name


class OriginClaim(models.Model):
    """That a claim goes back to an origin. What a reviewer set, no machine changes again.

    A claim without one goes back to its own article; so does one of which a reviewer said that it has none.
    """

    origin = models.ForeignKey(Origin, models.PROTECT, null=True, blank=True, related_name="members")
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="origin_member")
    reason = models.TextField(blank=True, help_text="why a reviewer set it so")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField(null=True, blank=True)

    class Meta(AuditedMeta):
        constraints = (
            models.CheckConstraint(
                condition=Q(set_by__isnull=True, set_at__isnull=True)
                | (Q(set_by__isnull=False, set_at__isnull=False) & ~Q(reason="")),
                name="an_origin_is_set_by_somebody_at_a_time_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(origin__isnull=False) | Q(set_by__isnull=False),
                name="only_a_person_says_that_a_claim_has_no_origin",
            ),
        )

    def __str__(self) -> str:
        return f"claim {self.claim_id} from origin {self.origin_id or 'none'}"
