"""What is asked: questions, and the positions that compete to answer them."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse

from claims.models import SEARCH_CONFIG
from reviews.audit import AuditedMeta

# What a search of questions looks in. An index on it rather than a column, for a column would
# stand in every audit event of a question.
QUESTION_WORDS = SearchVector("wording", "event", config=SEARCH_CONFIG)


class QuestionQuerySet(models.QuerySet["Question"]):
    def matching(self, words: str) -> Self:
        """Questions whose wording or event holds the words, as typed into a search box."""
        query = SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")
        return self.alias(words=QUESTION_WORDS).filter(words=query)

    def with_counts(self) -> Self:
        """Annotated with `claim_count`, `outlet_count` and `answered_count` (positions with claims).

        Correlated, so that a page of a list counts for its own rows only.
        """
        from reviews.models.placements import Placement  # here, for placements are under positions

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
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
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
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
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
