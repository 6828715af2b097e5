"""A small newsroom for generated courses of steps, and what must hold of its rows after each of them."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count

from reviews import changes, policies, workflow
from reviews.assessing import AssessmentContent
from reviews.basis import basis_of
from reviews.engine_user import USERNAME, engine_user
from reviews.models import (
    Assessment,
    AssessmentDraft,
    Assignment,
    AuditEvent,
    Change,
    Notification,
    Placement,
    Question,
    Verdict,
)
from reviews.trail.steps import check_steps
from reviews.workflow import State
from tests.factories import ClaimFactory, PositionFactory, QuestionFactory, UserFactory

# What is written once, but for these columns.
WRITTEN_ONCE = {
    "reviews_assessment": set(),
    "reviews_assessedposition": set(),
    "reviews_evidence": set(),
    "reviews_positionverdict": set(),
    "reviews_verdict": {"stale_at", "stale_reason"},
    "reviews_sourcingmark": {"superseded_at"},
}
# Blind until it is opened, so each of its rows is audited as its reviewer's own.
OPENED = {"reviews_assessment", "reviews_assessedposition", "reviews_evidence"}
MOVES = {(before, after, int(begins)) for before, after, begins in workflow.transitions()}

Row = tuple[str, int]


class World:
    """Two reviewers and two leads, an author, two claims, and two questions: one open, one proposed."""

    def __init__(self) -> None:
        roles = ("reviewer", "reviewer", "lead", "lead", "reviewer")
        self.people = [UserFactory(roles=[role]).pk for role in roles]
        author = User.objects.get(pk=self.people[-1])
        open_one = QuestionFactory(opened_by=author, assessments_asked=2)
        proposed = QuestionFactory(opened_by=engine_user(), state=State.PROPOSED, assessments_asked=1)
        for question in (open_one, proposed):
            for answer in ("12", "56"):
                PositionFactory(question=question, answer=answer, added_by=question.opened_by)
        self.claims = [ClaimFactory().pk for _ in range(2)]
        self.images: dict[Row, Any] = {}
        self.sealed: dict[int, dict[str, Any]] = {}
        self.last_event = 0
        self.judged: set[tuple[str, int]] = set()
        self._read_events()

    def written(self) -> tuple[Any, ...]:
        """What differs if a step wrote anything."""
        drafts = list(AssessmentDraft.objects.order_by("pk").values())
        latest = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
        return drafts, latest, Change.objects.count(), Notification.objects.count()

    def check(self, by: User | None, *, reconsidered: int | None = None) -> None:
        """Assert all that must hold, after a step of `by`; `reconsidered` is the draft it opened again."""
        events = self._read_events()
        self._check_events(events, by)
        self._check_rows_are_as_their_events_left_them()
        assert list(check_steps()) == []
        self._check_drafts(reconsidered)
        questions = list(Question.objects.order_by("pk"))
        for question in questions:
            self._check_question(question)
        self._check_judged()
        confirmed = Placement.objects.filter(state=Placement.State.CONFIRMED)
        twice = confirmed.values("question", "claim").annotate(n=Count("pk")).filter(n__gt=1)
        assert not twice.exists()

    def _read_events(self) -> list[AuditEvent]:
        new = AuditEvent.objects.filter(pk__gt=self.last_event, table_name__startswith="reviews_")
        events = list(new.order_by("pk"))
        for event in events:
            row = event.table_name, event.row_id
            assert event.old == self.images.get(row), f"{event} of {row} is lost on the one before it"
            self.images[row] = event.new
        if events:
            self.last_event = events[-1].pk
        return events

    def _check_events(self, events: Iterable[AuditEvent], by: User | None) -> None:
        for event in events:
            if event.table_name in OPENED and event.action == "submit_assessment":
                if event.table_name == "reviews_assessment":
                    assert event.actor_id == event.new["reviewer_id"]
            else:
                assert event.actor in {USERNAME, by.get_username() if by else USERNAME}, event
            if event.table_name in WRITTEN_ONCE and event.old is not None:
                assert event.new is not None, f"{event} deletes what is written once"
                differing = {name for name in event.new if event.new[name] != event.old[name]}
                assert differing <= WRITTEN_ONCE[event.table_name], event
                assert all(event.old[name] in (None, "") for name in differing), event
            if event.table_name == "reviews_question" and event.old and event.new:
                rounds = event.new["round"] - event.old["round"]
                move = event.old["state"], event.new["state"], rounds
                assert move in MOVES or (move[0] == move[1] and not rounds), move

    def _check_rows_are_as_their_events_left_them(self) -> None:
        by_table: dict[str, dict[int, Any]] = {}
        for (table, pk), image in self.images.items():
            if image is not None:
                by_table.setdefault(table, {})[pk] = image
        union = " UNION ALL ".join(f"SELECT '{table}', to_jsonb(t) FROM {table} t" for table in by_table)
        stored: dict[str, dict[int, Any]] = {}
        with connection.cursor() as cursor:
            cursor.execute(union)
            for table, text in cursor.fetchall():
                row = json.loads(text)
                stored.setdefault(table, {})[row["id"]] = row
        assert stored == by_table

    def _check_drafts(self, reconsidered: int | None) -> None:
        """What is sealed stays as it is, but for what its holder opened again; its receipt is right."""
        now = {
            row["assignment_id"]: row
            for row in AssessmentDraft.objects.filter(submitted_at__isnull=False).values()
        }
        for pk, row in self.sealed.items():
            assert now.get(pk) == row or pk == reconsidered
        for pk in now.keys() - self.sealed.keys():
            content = AssessmentContent.from_json(now[pk]["content"])
            assert now[pk]["digest"] == content.digest(now[pk]["salt"])
        self.sealed = now

    def _check_question(self, question: Question) -> None:
        active = Assignment.objects.active().filter(question=question)
        assessed = Assessment.objects.filter(question=question)
        rounds = set(Verdict.objects.filter(question=question).values_list("round", flat=True))
        assert set(assessed.values_list("round", flat=True)) <= rounds
        if question.state != State.IN_REVIEW:
            assert not active.exists()
        else:
            assert question.assessments_required is not None
            assert active.count() <= question.assessments_required
            assert set(active.values_list("round", flat=True)) <= {question.round}
            current = active.filter(draft__submitted_at__isnull=False, draft__basis=basis_of(question))
            assert current.count() < question.assessments_required, "a complete round goes on"
            for assignment in active.select_related("reviewer"):
                assert not policies.is_author(assignment.reviewer, question)
        if question.state == State.DECIDED:
            self._check_decision(question)
        else:
            assert not Verdict.objects.filter(question=question, stale_at__isnull=True).exists()

    def _check_decision(self, question: Question) -> None:
        verdict = Verdict.objects.get(question=question, round=question.round)
        said = Assessment.objects.filter(question=question, round=question.round)
        reviewers = set(said.values_list("reviewer", flat=True))
        assert verdict.stale_at is None
        assert len(reviewers) == question.assessments_required
        sealed = {row["digest"] for row in self.sealed.values()}
        assert set(said.values_list("digest", flat=True)) <= sealed
        if verdict.manner == Verdict.Manner.ADJUDICATED:
            assert verdict.decided_by_id not in reviewers
        else:
            assert verdict.decided_by_id in reviewers
            assert set(said.values_list("judgement", flat=True)) == {verdict.judgement}

    def _check_judged(self) -> None:
        """Nobody has judged what they wrote, at the moment they did."""
        new: list[tuple[tuple[str, int], User, Question]] = [
            *((("said", row.pk), row.reviewer, row.question) for row in Assessment.objects.all()),
            *((("decided", row.pk), row.decided_by, row.question) for row in Verdict.objects.all()),
        ]
        for key, person, question in new:
            if key not in self.judged:
                assert not policies.is_author(person, question), f"{person} wrote what they judge"
        self.judged = {key for key, _, _ in new}

    def check_undone(self, change: Change) -> None:
        """What the step wrote is as it was before the step, in the columns it set."""
        first: dict[Row, Any] = {}
        for write in changes.writes_of(change):
            for name in write.old or write.new or {}:
                first.setdefault(write.row, {} if write.old is not None else None)
                if write.old is not None and first[write.row] is not None:
                    first[write.row].setdefault(name, write.old[name])
        for row, columns in first.items():
            image = self.images.get(row)
            assert (image is None) == (columns is None), row
            assert columns is None or {name: image[name] for name in columns} == columns
