"""What is asked: questions, and the positions that compete to answer them."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse

from claims.models import SEARCH_CONFIG
from reviews.audit import AuditedMeta
from reviews.models.authorship import HasWordedAnAnswer
from reviews.models.projects import Project
from reviews.triggers import STATES_FOLLOW_THE_TABLE
from reviews.workflow import State

# What a search of questions looks in. An index on it rather than a column, for a column would
# stand in every audit event of a question.
QUESTION_WORDS = SearchVector("wording", "event", config=SEARCH_CONFIG)
# By these somebody becomes an author too, not only by opening a question or adding an answer.
WORDING_STEPS = ("reword_question", "reword_position")
# The order of `most_contested()`, for which the tallies have an index.
MOST_CONTESTED = ("-opposed_origins", "-opposed_outlets", "-tallied_origins", "-tallied")


class QuestionQuerySet(models.QuerySet["Question"]):
    def matching(self, words: str) -> Self:
        """Questions whose wording or event holds the words, as typed into a search box."""
        query = SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")
        return self.alias(words=QUESTION_WORDS).filter(words=query)

    def not_written_by(self, person: User) -> Self:
        """Those this person neither opened nor worded, nor any answer that stands there.

        Who only reworded is known by the step, unless it was taken back; also where the answer came from
        another question since.
        """
        from reviews.models.trail import Change  # here, for changes are of questions

        answers = Position.objects.standing().filter(question=OuterRef("pk"), added_by=person)
        worded = Change.objects.filter(
            question=OuterRef("pk"), made_by=person, action__in=WORDING_STEPS, undone_at__isnull=True
        )
        others = self.exclude(opened_by=person).filter(~Exists(answers), ~Exists(worded))
        return others.exclude(HasWordedAnAnswer("pk", Value(person.pk)))

    def most_contested(self) -> Self:
        """Those that were counted, annotated with what MOST_CONTESTED orders them by."""
        return self.filter(tally__isnull=False).annotate(
            opposed_origins=F("tally__opposed_origins"),
            opposed_outlets=F("tally__opposed_outlets"),
            tallied_origins=F("tally__origins"),
            tallied=F("tally__question"),  # the tally's own column, so that its index has all of them
        )

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

    State = State

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
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        help_text="whose rules of review hold; without one those of the settings do",
    )
    assessments_asked = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="how many a lead asks for here, whatever the project asks for",
    )
    assessments_required = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="how many this round needs; fixed when its review begins"
    )
    adjudicator_sees = models.CharField(
        max_length=10,
        choices=Project.AdjudicatorSees,
        blank=True,
        editable=False,
        help_text="of this round's assessments; fixed when its review begins",
    )
    is_evolving = models.BooleanField(
        default=False,
        editable=False,
        help_text="whether its answers follow each other, as a rising toll does",
    )
    state_reason = models.TextField(blank=True, editable=False, help_text="why it was dismissed or merged")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="split_off"
    )
    proposed_by = models.CharField(
        max_length=100, blank=True, editable=False, help_text="matcher and version that found it"
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
            ("assess_question", "Can take a question for review and assess it"),
            ("assign_question", "Can assign questions to reviewers"),
            ("adjudicate_question", "Can decide where assessments differ"),
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
            models.CheckConstraint(
                condition=~Q(split_from=F("id")), name="a_question_is_not_split_from_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("dismissed", "merged")) | ~Q(state_reason=""),
                name="a_question_taken_away_says_why",
            ),
            models.CheckConstraint(
                condition=Q(assessments_asked__isnull=True) | Q(assessments_asked__range=(1, 3)),
                name="a_question_asks_for_one_to_three_assessments",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("in_review", "adjudication"))
                | Q(assessments_required__isnull=False, assessments_required__range=(1, 3)),
                name="a_question_in_review_requires_one_to_three_assessments",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("in_review", "adjudication")) | ~Q(adjudicator_sees=""),
                name="a_question_in_review_says_what_its_adjudicator_sees",
            ),
        )
        triggers = (*AuditedMeta.triggers, STATES_FOLLOW_THE_TABLE)
        indexes = (
            models.Index(fields=("-opened_at", "-id"), name="question_newest_first"),
            models.Index(fields=("state", "-opened_at", "-id"), name="question_by_state"),
            # The queue of review: those under way, whatever their state, the oldest first.
            models.Index(
                fields=("opened_at", "id"),
                condition=Q(state__in=("open", "reopened", "in_review", "adjudication")),
                name="questions_under_way",
            ),
            # No list of pending entries: with one, the planner walked all questions for a rare word.
            GinIndex(QUESTION_WORDS, name="question_search", fastupdate=False),
        )

    def __str__(self) -> str:
        return self.wording

    def get_absolute_url(self) -> str:
        return reverse("admin:reviews_question_compare", args=[self.pk])

    def written_by(self) -> Q:
        """A condition on users: who wrote some of this one. `not_written_by` asks the other way round."""
        from reviews.models.trail import Change  # here, for changes are of questions

        answers = Position.objects.standing().filter(question=self).values("added_by")
        worded = Change.objects.filter(question=self, action__in=WORDING_STEPS, undone_at__isnull=True)
        return (
            Q(pk=self.opened_by_id)
            | Q(pk__in=answers)
            | Q(pk__in=worded.values("made_by"))
            | Q(HasWordedAnAnswer(Value(self.pk), "pk"))
        )


class PositionQuerySet(models.QuerySet["Position"]):
    def standing(self) -> Self:
        """Without those that were merged into others."""
        return self.filter(merged_into__isnull=True)


class Position(models.Model):
    """One answer to a question; positions of one question compete unless they are said to be compatible.

    One that was merged into another keeps its row, its claims having moved.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="positions")
    answer = models.CharField(max_length=300)
    number = models.PositiveSmallIntegerField(help_text="its column, from 1")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged_from"
    )
    proposed_by = models.CharField(
        max_length=100, blank=True, editable=False, help_text="matcher and version that found it"
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    added_at = models.DateTimeField(editable=False)

    objects = PositionQuerySet.as_manager()

    class Meta(AuditedMeta):
        ordering = ("question_id", "number")
        constraints = (
            models.UniqueConstraint(
                "question",
                Lower("answer"),
                condition=Q(merged_into__isnull=True),
                name="a_question_has_each_answer_once",
            ),
            models.UniqueConstraint(fields=("question", "number"), name="a_question_has_each_column_once"),
            models.UniqueConstraint(fields=("id", "question"), name="position_with_its_question"),
            models.CheckConstraint(condition=~Q(answer=""), name="position_has_an_answer"),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="a_position_is_not_merged_into_itself"
            ),
        )

    def __str__(self) -> str:
        return self.answer


class Compatibility(models.Model):
    """That two positions of one question can both be true, as "dozens" and "56" can."""

    first = models.ForeignKey(Position, models.PROTECT, related_name="compatible_later")
    second = models.ForeignKey(Position, models.PROTECT, related_name="compatible_earlier")
    reason = models.TextField(help_text="why both can be true, in words a reviewer can read")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    said_at = models.DateTimeField(editable=False)

    class Meta(AuditedMeta):
        verbose_name_plural = "compatibilities"
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="two_positions_are_compatible_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="compatible_positions_stand_in_order"
            ),
        )

    def __str__(self) -> str:
        return f"position {self.first_id} with {self.second_id}"


class QuestionTally(models.Model):
    """What is counted of a question, kept so that lists and the dashboard count nothing; see tallies.py.

    Counts are of claims that stand there confirmed or suggested. `opposed` is how many outlets and
    origins both of two competing positions have, at the pair that has most: a question is the more contested
    the more independent reports stand behind the weaker of two answers. It is 0 where answers follow each
    other, and where the question was dismissed.
    """

    question = models.OneToOneField(Question, models.PROTECT, primary_key=True, related_name="tally")
    claims = models.PositiveIntegerField(default=0)
    suggested = models.PositiveIntegerField(default=0, help_text="claims nobody has confirmed yet")
    outlets = models.PositiveIntegerField(default=0)
    origins = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0, help_text="positions with claims")
    opposed_outlets = models.PositiveIntegerField(default=0)
    opposed_origins = models.PositiveIntegerField(default=0)
    newest_at = models.DateTimeField(null=True, help_text="publication of the newest claim")

    class Meta:
        indexes = (
            models.Index(
                fields=("-opposed_origins", "-opposed_outlets", "-origins", "-question"),
                name="most_contested_first",
            ),
            models.Index(fields=("-newest_at", "-question"), name="newest_claims_first"),
        )

    def __str__(self) -> str:
        return f"question {self.question_id}: {self.claims} claims"
