"""The queue of review: what one holds, what waits for one, and all that is under way, page by page.

No row, order or number in it differs by whether somebody has submitted an assessment: see blinding.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet

from reviews import blinding, operations, policies, workflow
from reviews.basis import bases_of
from reviews.models import AssessmentDraft, Assignment, Question
from reviews.rules import rules_of

State = workflow.State
ROWS = 50
OWN_ROWS = 200
ADJUDICATIONS = 20
UNDER_WAY = (State.OPEN, State.REOPENED, State.IN_REVIEW, State.ADJUDICATION)


@dataclass(frozen=True)
class Held:
    """An assignment of one's own, with what one has written under it."""

    assignment: Assignment
    draft: AssessmentDraft | None
    is_outdated: bool  # what one judged changed after one had submitted
    is_in_review: bool

    @property
    def is_submitted(self) -> bool:
        return self.draft is not None and self.draft.submitted_at is not None


@dataclass(frozen=True)
class Asked:
    """Which questions of the queue are asked for; `after` is the place of the last one that was shown."""

    states: tuple[str, ...] = UNDER_WAY
    project_id: int | None = None
    reviewer: User | None = None
    words: str = ""
    older_than: timedelta | None = None
    is_for_me: bool = False  # only what this person can take
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class Row:
    """A question of the queue; who is assigned is for leads, and None for others."""

    question: Question
    needed: int
    assigned: list[Assignment] | None


@dataclass(frozen=True)
class Page:
    rows: list[Row] = field(default_factory=list)
    has_more: bool = False

    @property
    def last(self) -> tuple[datetime, int] | None:
        """Where the next page begins after; None on the last one."""
        if not self.has_more:
            return None
        question = self.rows[-1].question
        return question.opened_at, question.pk


def held(user: User, *, rows: int = OWN_ROWS) -> list[Held]:
    """What this person holds: first what is to be looked at again, then what is to be written."""
    active = Assignment.objects.active().with_held_until().filter(reviewer=user)
    assignments = list(active.select_related("question", "draft").order_by("assigned_at", "pk")[:rows])
    drafts = {each.pk: getattr(each, "draft", None) for each in assignments}
    submitted = [each for each in assignments if (draft := drafts[each.pk]) and draft.submitted_at]
    bases = bases_of([each.question for each in submitted])
    found = [_held(each, drafts[each.pk], bases.get(each.question_id, "")) for each in assignments]
    return sorted(
        found, key=lambda each: (not each.is_outdated, each.is_submitted, each.assignment.held_until)
    )


def _held(assignment: Assignment, draft: AssessmentDraft | None, basis: str) -> Held:
    is_outdated = draft is not None and draft.submitted_at is not None and draft.basis != basis
    is_in_review = assignment.question.state == State.IN_REVIEW
    return Held(assignment, draft, is_outdated and is_in_review, is_in_review)


def to_adjudicate(user: User, *, rows: int = ADJUDICATIONS) -> list[Question]:
    """The questions this person may adjudicate, those that were opened first at the top."""
    if not user.has_perm("reviews.adjudicate_question"):
        return []
    wrote = Assignment.objects.filter(
        question=OuterRef("pk"), round=OuterRef("round"), reviewer=user, draft__isnull=False
    )
    waiting = Question.objects.filter(state=State.ADJUDICATION).not_written_by(user)
    mine = waiting.filter(~Exists(wrote)).select_related("project")
    return list(mine.order_by("opened_at", "pk")[:rows])


def page(asked: Asked, user: User, *, now: datetime) -> Page:
    """A page of the questions under way, those that wait longest first; a fixed number of queries."""
    questions = _asked_for(asked, user, now=now).select_related("project")
    found = list(questions.order_by("opened_at", "pk")[: ROWS + 1])
    shown = found[:ROWS]
    assigned = _assigned(shown, user)
    rows = [
        Row(
            question,
            question.assessments_required or rules_of(question).assessments,
            None if assigned is None else assigned[question.pk],
        )
        for question in shown
    ]
    return Page(rows, has_more=len(found) > ROWS)


def _asked_for(asked: Asked, user: User, *, now: datetime) -> QuerySet[Question]:
    questions = operations.waiting_for(user) if asked.is_for_me else Question.objects.all()
    questions = questions.filter(state__in=[state for state in asked.states if state in UNDER_WAY])
    if asked.project_id is not None:
        questions = questions.filter(project=asked.project_id)
    if asked.reviewer is not None:
        theirs = blinding.visible_assignments(user).active().filter(reviewer=asked.reviewer)
        questions = questions.filter(Exists(theirs.filter(question=OuterRef("pk"))))
    if asked.words:
        questions = questions.matching(asked.words)  # type: ignore[attr-defined]  # of QuestionQuerySet
    if asked.older_than is not None:
        questions = questions.filter(opened_at__lt=now - asked.older_than)
    if asked.after is not None:
        at, pk = asked.after
        questions = questions.filter(Q(opened_at__gt=at) | Q(opened_at=at, pk__gt=pk), opened_at__gte=at)
    return questions


def _assigned(questions: Iterable[Question], user: User) -> dict[int, list[Assignment]] | None:
    """Who is assigned to each of these questions, by name; None for who does not assign."""
    if not policies.allows(policies.check_may_assign, user):
        return None
    active = blinding.visible_assignments(user).active().filter(question__in=list(questions))
    by_question: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in active.select_related("reviewer").order_by("reviewer__username"):
        by_question[assignment.question_id].append(assignment)
    return by_question
