"""Who reviews what: assignments with their leases, and what each assigned reviewer writes, sealed.

Nobody but its holder reads a draft, submitted or not, until its round is over. Until then nothing else is
written about it anywhere: no row of an audited table, no count, no version. See reviews/blinding.py.
"""

from datetime import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.functions import Greatest, Now

from claims.triggers import AlwaysFires
from reviews.audit import AuditedMeta
from reviews.models.questions import Question

SHA256 = "^[0-9a-f]{64}$"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def active(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def with_held_until(self) -> Self:
        """With `held_until`: the lease begins anew whenever the draft under it is saved.

        For holders alone and for what ends leases: others would learn from it that somebody is at work.
        """
        anew = F("draft__saved_at") + (F("lease_until") - F("assigned_at"))
        return self.annotate(
            # Without a draft it is the lease, for PostgreSQL's GREATEST passes over what is NULL.
            held_until=Greatest("lease_until", ExpressionWrapper(anew, DateTimeField()))
        )

    def idle(self) -> Self:
        """Active ones on which nobody has worked for as long as their lease lasts, submitted or not."""
        # By the lease alone as well, for that one has an index.
        return self.active().with_held_until().filter(lease_until__lt=Now(), held_until__lt=Now())

    def lapsed(self) -> Self:
        """Idle ones whose holder has not submitted."""
        return self.idle().filter(draft__submitted_at__isnull=True)


class Assignment(models.Model):
    """One of a round's assessments, given to a reviewer for as long as its lease lasts.

    Submitting changes nothing here: who looks at an assignment cannot tell whether it was worked on.
    """

    class Ending(models.TextChoices):
        RELEASED = "released", "Given back"
        WITHDRAWN = "withdrawn", "Withdrawn by a lead"
        LAPSED = "lapsed", "Not worked on in time"
        CLOSED = "closed", "The round is over"
        NO_ACCOUNT = "no_account", "The account was closed"
        NO_ROLE = "no_role", "The role was taken away"
        AUTHOR = "author", "Its holder came to be an author"

    held_until: datetime  # annotated by AssignmentQuerySet.with_held_until

    question = models.ForeignKey(Question, models.PROTECT, related_name="assignments")
    round = models.PositiveSmallIntegerField()
    slot = models.PositiveSmallIntegerField(help_text="which of the round's assessments, from 1")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    lease_until = models.DateTimeField(help_text="on the database's clock; work on a draft prolongs it")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ending = models.CharField(max_length=10, choices=Ending, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta(AuditedMeta):
        ordering = ("-assigned_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("question", "round", "slot"),
                condition=Q(ended_at__isnull=True),
                name="one_assignment_holds_a_slot",
            ),
            models.UniqueConstraint(
                fields=("question", "round", "reviewer"),
                condition=Q(ended_at__isnull=True),
                name="a_reviewer_holds_a_question_once",
            ),
            models.CheckConstraint(condition=Q(slot__range=(1, 3)), name="a_slot_is_one_to_three"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ending="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ending="")),
                name="an_assignment_is_ended_by_somebody_in_some_way",
            ),
            models.CheckConstraint(
                condition=Q(lease_until__gt=F("assigned_at")), name="a_lease_lasts_beyond_its_start"
            ),
        )
        indexes = (
            models.Index(
                fields=("reviewer", "-assigned_at"),
                condition=Q(ended_at__isnull=True),
                name="assignments_of_a_reviewer",
            ),
            models.Index(
                fields=("lease_until",), condition=Q(ended_at__isnull=True), name="assignments_by_lease"
            ),
        )

    def __str__(self) -> str:
        return f"question {self.question_id}, round {self.round}, to {self.reviewer_id}"


class AssessmentDraftQuerySet(models.QuerySet["AssessmentDraft"]):
    def that_count(self, question: Question) -> Self:
        """Of the question's round, if their assignment is held, or ended with the round.

        What was written under one that ended otherwise never counts again.
        """
        return self.filter(
            assignment__question=question,
            assignment__round=question.round,
            assignment__ending__in=("", Assignment.Ending.CLOSED),
        )

    def sealed(self, question: Question) -> Self:
        """The submitted ones of those: the sealed assessments of the question's round."""
        return self.that_count(question).filter(submitted_at__isnull=False)


class AssessmentDraft(models.Model):
    """What the holder of an assignment has written so far; sealed once it is submitted.

    `content` is an `AssessmentContent` as JSON; see reviews/assessing.py. Deliberately not audited: an event
    would tell that somebody is at work. Instead the digest of each sealed one goes into the audit trail when
    the round's assessments are all in, and the assessment made from it carries the same digest.
    """

    assignment = models.OneToOneField(Assignment, models.PROTECT, primary_key=True, related_name="draft")
    content = models.JSONField()
    saves = models.PositiveIntegerField(default=1, help_text="so that two tabs do not overwrite each other")
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    question_version = models.PositiveIntegerField(null=True, help_text="that was judged")
    basis = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what was judged")
    salt = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of salt and content: the receipt")

    objects = AssessmentDraftQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    submitted_at__isnull=True, question_version__isnull=True, basis="", salt="", digest=""
                )
                | Q(
                    submitted_at__isnull=False,
                    question_version__isnull=False,
                    basis__regex=SHA256,
                    salt__regex=SHA256,
                    digest__regex=SHA256,
                ),
                name="a_submitted_draft_is_sealed",
            ),
        )
        indexes = (models.Index(fields=("digest",), condition=~Q(digest=""), name="draft_of_a_seal"),)
        triggers = (
            AlwaysFires(
                name="a_sealed_draft_stays_as_it_is",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                # Its holder may take it back, which unseals it, when what was judged has changed.
                func="""
                    IF OLD.submitted_at IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.submitted_at IS NOT NULL
                        OR NEW.content IS DISTINCT FROM OLD.content) THEN
                        RAISE EXCEPTION 'a submitted assessment is sealed'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_sealed_draft_stays_as_it_is';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"draft of assignment {self.assignment_id}"


class AdjudicationDraft(models.Model):
    """What somebody who adjudicates a round has written so far; gone once the round is decided.

    Nobody else reads it, and it is not audited: what counts is the verdict.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="adjudication_drafts")
    round = models.PositiveSmallIntegerField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    content = models.JSONField(help_text="an AssessmentContent; see reviews/assessing.py")
    as_of = models.CharField(max_length=40, blank=True, help_text="the time of the evidence, as it was typed")
    saves = models.PositiveIntegerField(default=1, help_text="so that two tabs do not overwrite each other")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("question", "round", "written_by"),
                name="one_adjudication_draft_of_a_person_and_round",
            ),
        )

    def __str__(self) -> str:
        return f"draft of an adjudication of question {self.question_id}, round {self.round}"
