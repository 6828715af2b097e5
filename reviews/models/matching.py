"""What matching keeps for itself: the index of claims, runs it has still to look at, and its passes.

None of it is audited: it can be made anew from the claims. What matching suggests is; see suggesting.
"""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from claims.models import Claim, EngineRun
from reviews.models.questions import Question

MATCHING_ATTEMPTS = 3


class MatchedClaim(models.Model):
    """A claim in the index: the keys it is found by, and the story it belongs to.

    A story has the id of one of its claims, so that no two share one.
    """

    claim = models.OneToOneField(Claim, models.CASCADE, primary_key=True, related_name="matched")
    keys = ArrayField(models.BigIntegerField(), help_text="of the claim alone; linked claims share one")
    story = models.BigIntegerField(db_index=True)
    credits = ArrayField(
        models.CharField(max_length=200), default=list, help_text="agencies its article declares"
    )
    matcher_version = models.CharField(max_length=20)

    class Meta:
        indexes = (
            # Without fastupdate, which would leave new keys in a list that every look-up reads through.
            GinIndex(fields=("keys",), name="matched_claim_keys", fastupdate=False),
        )

    def __str__(self) -> str:
        return f"claim {self.claim_id} of story {self.story}"


class MatchingDueQuerySet(models.QuerySet["MatchingDue"]):
    def due(self) -> Self:
        return self.filter(attempts__lt=MATCHING_ATTEMPTS, due_at__lte=Now())

    def standing_still(self) -> Self:
        """Those that were tried often enough: nobody tries them again until they are offered anew."""
        return self.filter(attempts__gte=MATCHING_ATTEMPTS, due_at__lte=Now())


class MatchingDue(models.Model):
    """That the claims of an engine run are still to be matched; gone once they are.

    Written in the transaction that made the run current. Whoever takes it counts an attempt first and
    moves `due_at` on, so that it is offered again should the worker die.
    """

    engine_run = models.OneToOneField(
        EngineRun, models.CASCADE, primary_key=True, related_name="matching_due"
    )
    due_at = models.DateTimeField(db_default=Now(), help_text="on the database's clock")
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    objects = MatchingDueQuerySet.as_manager()

    class Meta:
        verbose_name = "run to be matched"
        verbose_name_plural = "runs to be matched"
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(attempts__lt=MATCHING_ATTEMPTS), name="matching_due_first"
            ),
        )

    def __str__(self) -> str:
        return f"engine run {self.engine_run_id}, to be matched"

    @property
    def is_standing_still(self) -> bool:
        return self.attempts >= MATCHING_ATTEMPTS


class Rematch(models.Model):
    """One pass of a matcher over what earlier versions had matched; what it changed is listed beside."""

    matcher_version = models.CharField(max_length=20)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    articles = models.PositiveIntegerField(default=0, help_text="matched so far")

    class Meta:
        ordering = ("-id",)
        verbose_name = "matcher run"
        constraints = (
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="a_rematch_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=("matcher_version",),
                condition=Q(finished_at__isnull=True),
                name="one_unfinished_rematch_of_a_version",
            ),
        )

    def __str__(self) -> str:
        return f"Matcher {self.matcher_version}, {self.started_at:%-d %B %Y %H:%M}"


class RematchedQuestion(models.Model):
    """What a pass changed about one question, added up."""

    rematch = models.ForeignKey(Rematch, models.CASCADE, related_name="questions")
    question = models.ForeignKey(Question, models.PROTECT, related_name="rematched")
    suggested = models.PositiveIntegerField(default=0, help_text="suggestions added")
    withdrawn = models.PositiveIntegerField(default=0, help_text="suggestions withdrawn")
    is_proposed = models.BooleanField(default=False, help_text="whether it was proposed by this pass")
    is_taken_back = models.BooleanField(default=False, help_text="whether this pass dismissed or merged it")

    class Meta:
        ordering = ("rematch_id", "question_id")
        constraints = (
            models.UniqueConstraint(fields=("rematch", "question"), name="a_rematch_lists_a_question_once"),
        )

    def __str__(self) -> str:
        return f"question {self.question_id} in pass {self.rematch_id}"


class SuggestedQuestion(models.Model):
    """What the matcher takes a question to ask, whatever people made of its wording; see assignment.py."""

    question = models.OneToOneField(Question, models.PROTECT, primary_key=True, related_name="suggested_as")
    topic = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.topic
