"""What is asked about: one question in every state with all that hangs on it, and one row of all else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import Group, User
from django.db import transaction
from knox.models import AuthToken

from claims.models import Claim
from reviews import audit, operations
from reviews.models import AuditEvent, Change, Judgement, Position, Question
from reviews.workflow import State
from tests.factories import (
    NOW,
    ClaimFactory,
    CommentFactory,
    EvidenceFileFactory,
    JobFactory,
    MatchingDueFactory,
    OriginClaimFactory,
    PlacementFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    RematchFactory,
    VerdictFactory,
)
from tests.reviews.rows import decide, judged
from tests.role_matrix.people import ASSESSOR, ASSIGNED, AUTHOR, OTHER_ASSIGNED, REVIEWER, VIEWER, People


@dataclass
class Ground:
    """A question in one state, and what steps on it are taken on; `rows` is by the words of addresses."""

    question: Question
    first: Position
    second: Position
    empty: Position
    compatible: tuple[Position, Position]
    loose: Claim
    other_question: Question
    people: People
    rows: dict[str, Any] = field(default_factory=dict)

    @property
    def seen(self) -> dict[str, Any]:
        """What a form on the compare screen carries along."""
        return {"seen_version": self.question.version}

    @property
    def claim(self) -> Claim:
        return self.rows["claim"]

    def user(self, name: str) -> User:
        return self.people.users[name]


def every_state(people: People) -> dict[State, Ground]:
    """The same ground for each state a question can be in."""
    others = _rows_of_everything(people)
    return {state: _ground_in(state, people, others) for state in State}


def in_review(people: People) -> Ground:
    """The one of a question that two reviewers hold, and a third could take."""
    return _ground_in(State.IN_REVIEW, people, _rows_of_everything(people))


def _ground_in(state: State, people: People, others: Mapping[str, Any]) -> Ground:
    ground = _prepared(people, others["other question"], is_proposed=state == State.PROPOSED)
    if lead_there := _LEADING_TO.get(state):
        lead_there(ground)
    ground.question.refresh_from_db()
    ground.rows = {**others, **ground.rows}
    ground.rows["event"] = AuditEvent.objects.filter(
        table_name="reviews_question", row_id=ground.question.pk
    ).earliest("pk")
    return ground


def _prepared(people: People, other_question: Question, *, is_proposed: bool) -> Ground:
    author = people.users[AUTHOR]
    question = QuestionFactory(opened_by=author, state=State.PROPOSED if is_proposed else State.OPEN)
    first, second, empty, *pair = (PositionFactory(question=question, added_by=author) for _ in range(5))
    placement = PlacementFactory(position=first)
    suggested = PlacementFactory(position=second, state="suggested", suggested_by="matcher 1", placed_by=None)
    OriginClaimFactory(claim=placement.claim, set_by=author, set_at=NOW, reason="Its byline.")
    operations.say_compatible(
        first_id=pair[0].pk, second_id=pair[1].pk, reason="Both.", by=people.users[REVIEWER], now=NOW
    )
    ground = Ground(
        question, first, second, empty, (pair[0], pair[1]), ClaimFactory(), other_question, people
    )
    comment = CommentFactory(question=question, written_by=people.users[REVIEWER])
    ground.rows = {
        "comment": comment,
        "question": question,
        "position": first,
        "second": second,
        "empty": empty,
        "compatible": pair[0],
        "placement": placement,
        "suggested": suggested,
        "claim": placement.claim,
        "change": Change.objects.filter(question=question).latest("pk"),
    }
    return ground


def _rows_of_everything(people: People) -> Mapping[str, Any]:
    job = JobFactory(failed=True, requested_by=people.users[REVIEWER])
    claim = ClaimFactory()
    other_question = QuestionFactory(wording="Who flew the jet?", opened_by=people.users[AUTHOR])
    PositionFactory(question=other_question, answer="A captain", added_by=people.users[AUTHOR])
    failed = {
        "ip_address": "192.0.2.1",
        "username": "guest",
        "user_agent": "curl",
        "path_info": "/admin/login/",
    }
    return {
        "app": SimpleNamespace(pk="reviews"),
        "verdict": VerdictFactory(question=QuestionFactory(state=State.DECIDED)),
        "other question": other_question,
        "job": job,
        "article": claim.revision.article,
        "revision": claim.revision,
        "outlet": claim.revision.article.outlet,
        "speaker": claim.speaker,
        "matchingdue": MatchingDueFactory(engine_run=claim.engine_run),
        "rematch": RematchFactory(),
        "project": ProjectFactory(),
        "evidence": SimpleNamespace(pk=EvidenceFileFactory(uploaded_by=people.users[ASSIGNED]).sha256),
        "user": people.users[VIEWER],
        "group": Group.objects.get(name=VIEWER),
        "authtoken": AuthToken.objects.get(user=people.users[VIEWER]),
        "accessattempt": AccessAttempt.objects.create(failures_since_start=1, **failed),
        "accesslog": AccessLog.objects.create(**failed),
        "accessfailurelog": AccessFailureLog.objects.create(**failed),
    }


# --- How a question comes into each state


def _begin_review(ground: Ground) -> None:
    """With a slot left."""
    with transaction.atomic():
        audit.because(by=ground.user(AUTHOR), action="ask_for_three_assessments")
        Question.objects.filter(pk=ground.question.pk).update(assessments_asked=3)
    for name in (ASSIGNED, OTHER_ASSIGNED):
        assignment = operations.assign_question(
            question_id=ground.question.pk, reviewer=ground.user(name), by=ground.user(AUTHOR), now=NOW
        )
        ground.rows.setdefault("assignment", assignment)


def _differ(ground: Ground) -> None:
    operations.assign_question(
        question_id=ground.question.pk, reviewer=ground.user(ASSESSOR), by=ground.user(AUTHOR), now=NOW
    )
    operations.take_question(question_id=ground.question.pk, by=ground.user(OTHER_ASSIGNED), now=NOW)
    for name, judgement in ((ASSESSOR, Judgement.SUPPORTED), (OTHER_ASSIGNED, Judgement.REFUTED)):
        operations.submit_assessment(
            question_id=ground.question.pk,
            content=judged(ground.question, judgement),
            by=ground.user(name),
            now=NOW,
        )


def _decide(ground: Ground) -> None:
    decide(ground.question, by=ground.user(OTHER_ASSIGNED))


def _reopen(ground: Ground) -> None:
    _decide(ground)
    operations.reopen_question(
        question_id=ground.question.pk, reason="A new video.", by=ground.user(AUTHOR), now=NOW
    )


def _dismiss(ground: Ground) -> None:
    operations.dismiss_question(
        question_id=ground.question.pk, reason="Idle.", by=ground.user(AUTHOR), now=NOW
    )


def _merge(ground: Ground) -> None:
    double = QuestionFactory(opened_by=ground.user(AUTHOR))
    operations.merge_questions(
        question_id=ground.question.pk, into_id=double.pk, reason="One.", by=ground.user(AUTHOR), now=NOW
    )


_LEADING_TO: Mapping[State, Callable[[Ground], None]] = {
    State.IN_REVIEW: _begin_review,
    State.ADJUDICATION: _differ,
    State.DECIDED: _decide,
    State.REOPENED: _reopen,
    State.DISMISSED: _dismiss,
    State.MERGED: _merge,
}
