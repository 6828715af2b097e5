"""Whatever people do in whatever order, what a review promises holds after each step."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from reviews import operations, workflow
from reviews.changes import UNDOABLE
from reviews.errors import ReviewError
from reviews.models import Assignment, Change, Judgement, Placement, Position, Question
from reviews.operations import Marks
from reviews.workflow import State
from tests.factories import NOW
from tests.reviews.review_world import World
from tests.reviews.rows import judged

pytestmark = pytest.mark.django_db

STEPS_IN_A_COURSE = 30
AT_MOST_QUESTIONS = 5
SOMETIMES = [
    *("propose", "open", "answer", "reword", "merge_positions", "remove_position", "merge", "split"),
    *("dismiss", "place", "reject", "mark", "assign", "take_next", "release", "withdraw", "lapse"),
    *("deactivate", "ask_for", "draft", "submit", "reconsider", "adjudicate", "reopen"),
]
OFTEN = ["go_on", "go_on", "go_on", "go_on", "undo", "mark", "place"]
which = st.integers(0, 11)
judgements = st.sampled_from([Judgement.SUPPORTED, Judgement.REFUTED])


class Review(RuleBasedStateMachine):
    """People on questions; `which` chooses among the rows there are, so that courses shrink well."""

    before: World  # what each course begins with
    world: World

    @initialize()
    def begin(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.world = deepcopy(self.before)

    def teardown(self) -> None:
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def person(self, index: int) -> User:
        """As they are now, for a role may be gone."""
        return User.objects.get(pk=self.world.people[index % len(self.world.people)])

    def held(self, index: int) -> Assignment | None:
        """One of the active assignments."""
        active = Assignment.objects.active().select_related("question", "reviewer")
        return active.filter(pk=self.one_of(active, index)).first()

    def question(self, index: int) -> int:
        return self.one_of(Question.objects.all(), index)

    def one_of(self, rows: "QuerySet[Any]", index: int) -> int:
        """Id of one of the rows; 0, which is none of them, where there are none."""
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        return ids[index % len(ids)] if ids else 0

    def take(self, by: User | None, step: Callable[[], Any], *, reconsidered: int | None = None) -> Any:
        """Take a step, or find that it was refused with nothing written; either way all must hold."""
        before = self.world.written()
        try:
            with transaction.atomic():
                done = step()
        except ReviewError:
            assert self.world.written() == before
            return None
        self.world.check(by, reconsidered=reconsidered)
        return done

    # Questions and their answers

    def propose(self, by: int) -> None:
        if Question.objects.count() < AT_MOST_QUESTIONS:
            asked = {"wording": "How many?", "slot": "how many", "answers": ["12", "56"]}
            person = self.person(by)
            self.take(person, lambda: operations.propose_question(**asked, by=person, now=NOW))

    def open(self, by: int, question: int) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(person, lambda: operations.open_proposed(question_id=pk, by=person, now=NOW))

    def answer(self, by: int, question: int, answer: str) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(person, lambda: operations.add_position(question_id=pk, answer=answer, by=person, now=NOW))

    def reword(self, by: int, question: int, wording: str) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(
            person,
            lambda: operations.reword_question(question_id=pk, wording=wording, event="", by=person, now=NOW),
        )

    def merge_positions(self, by: int, position: int, into: int) -> None:
        person, rows = self.person(by), Position.objects.all()
        ids = self.one_of(rows, position), self.one_of(rows, into)
        self.take(
            person,
            lambda: operations.merge_positions(position_id=ids[0], into_id=ids[1], by=person, now=NOW),
        )

    def remove_position(self, by: int, position: int) -> None:
        person, pk = self.person(by), self.one_of(Position.objects.all(), position)
        self.take(person, lambda: operations.remove_position(position_id=pk, by=person, now=NOW))

    def merge(self, by: int, question: int, into: int) -> None:
        person, pk, into_pk = self.person(by), self.question(question), self.question(into)
        self.take(
            person,
            lambda: operations.merge_questions(
                question_id=pk, into_id=into_pk, reason="One.", by=person, now=NOW
            ),
        )

    def split(self, by: int, question: int, position: int) -> None:
        person, pk = self.person(by), self.question(question)
        leaving = self.one_of(Position.objects.standing().filter(question=pk), position)
        asked = {"wording": "How many fell?", "slot": "how many", "event": "", "reason": "Two."}
        if Question.objects.count() < AT_MOST_QUESTIONS:
            self.take(
                person,
                lambda: operations.split_question(
                    question_id=pk, position_ids=[leaving], **asked, by=person, now=NOW
                ),
            )

    def dismiss(self, by: int, question: int) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(
            person,
            lambda: operations.dismiss_question(question_id=pk, reason="Idle.", by=person, now=NOW),
        )

    def undo(self, by: int, change: int) -> None:
        """One of the last four steps that can be."""
        person = self.person(by)
        last = Change.objects.filter(action__in=UNDOABLE, undone_at__isnull=True).order_by("-pk")
        pk = min((each.pk for each in last[: change % 4 + 1]), default=0)
        if pk and self.take(person, lambda: operations.undo_change(change_id=pk, by=person, now=NOW)):
            self.world.check_undone(Change.objects.get(pk=pk))

    # Claims

    def place(self, by: int, claim: int, position: int) -> None:
        person, pk = self.person(by), self.one_of(Position.objects.all(), position)
        claim_id = self.world.claims[claim % 2]
        self.take(
            person,
            lambda: operations.place_claim(claim_id=claim_id, position_id=pk, by=person, now=NOW),
        )

    def reject(self, by: int, placement: int) -> None:
        person, pk = self.person(by), self.one_of(Placement.objects.all(), placement)
        if pk:
            self.take(
                person,
                lambda: operations.reject_placement(placement_id=pk, reason="No.", by=person, now=NOW),
            )

    def mark(self, by: int, claim: int, note: str) -> None:
        person, claim_id = self.person(by), self.world.claims[claim % 2]
        marks = Marks(identification="named", note=note)
        self.take(
            person, lambda: operations.mark_sourcing(claim_id=claim_id, marks=marks, by=person, now=NOW)
        )

    # Assignments

    def assign(self, by: int, question: int, reviewer: int) -> None:
        person, pk, other = self.person(by), self.question(question), self.person(reviewer)
        self.take(
            person,
            lambda: operations.assign_question(question_id=pk, reviewer=other, by=person, now=NOW),
        )

    def take_next(self, by: int) -> None:
        person = self.person(by)
        self.take(person, lambda: operations.take_next(by=person, now=NOW))

    def release(self, assignment: int) -> None:
        held = self.held(assignment)
        if held:
            self.take(
                held.reviewer,
                lambda: operations.release_assignment(assignment_id=held.pk, by=held.reviewer, now=NOW),
            )

    def withdraw(self, by: int, assignment: int) -> None:
        person, pk = self.person(by), self.one_of(Assignment.objects.active(), assignment)
        self.take(
            person,
            lambda: operations.withdraw_assignment(assignment_id=pk, reason="Ill.", by=person, now=NOW),
        )

    def lapse(self) -> None:
        """All leases of this world were over long ago."""
        self.take(None, lambda: operations.end_lapsed(now=NOW))

    def deactivate(self, reviewer: int) -> None:
        """Or let them in again."""
        person = self.person(reviewer)
        User.objects.filter(pk=person.pk).update(is_active=not person.is_active)
        self.take(None, lambda: operations.return_from_former_assessors(now=NOW))
        assert not Assignment.objects.active().filter(reviewer__is_active=False).exists()

    def ask_for(self, by: int, question: int, number: int) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(
            person,
            lambda: operations.set_review_rules(
                question_id=pk, project=None, assessments=number, reason="So.", by=person, now=NOW
            ),
        )

    # Assessments

    def draft(self, assignment: int, said: str) -> None:
        held = self.held(assignment)
        if held:
            content = judged(held.question, said)
            visible = self.world.written()[1:]
            self.take(
                held.reviewer,
                lambda: operations.save_draft(
                    question_id=held.question_id, content=content, by=held.reviewer, now=NOW
                ),
            )
            assert self.world.written()[1:] == visible, "a draft was told of"

    def submit(self, assignment: int, said: str) -> None:
        held = self.held(assignment)
        if held:
            self._submit(held, said)

    def _submit(self, held: Assignment, said: str) -> None:
        content = judged(held.question, said)
        visible = self.world.written()[1:]
        self.take(
            held.reviewer,
            lambda: operations.submit_assessment(
                question_id=held.question_id, content=content, by=held.reviewer, now=NOW
            ),
        )
        if Question.objects.get(pk=held.question_id).state == State.IN_REVIEW:
            assert self.world.written()[1:] == visible, "an assessment was told of"

    def reconsider(self, assignment: int) -> None:
        held = self.held(assignment)
        if held:
            self._reconsider(held)

    def _reconsider(self, held: Assignment) -> None:
        self.take(
            held.reviewer,
            lambda: operations.reconsider_assessment(question_id=held.question_id, by=held.reviewer, now=NOW),
            reconsidered=held.pk,
        )

    def adjudicate(self, by: int, question: int, said: str) -> None:
        waiting = Question.objects.filter(state=State.ADJUDICATION)
        self._adjudicate(self.person(by), self.one_of(waiting, question), said)

    def _adjudicate(self, person: User, pk: int, said: str) -> None:
        question = Question.objects.filter(pk=pk).first()
        if question:
            content = judged(question, said)
            self.take(
                person,
                lambda: operations.adjudicate_question(question_id=pk, content=content, by=person, now=NOW),
            )

    def reopen(self, by: int, question: int) -> None:
        decided = Question.objects.filter(state=State.DECIDED)
        person, pk = self.person(by), self.one_of(decided, question)
        self.take(
            person,
            lambda: operations.reopen_question(question_id=pk, reason="News.", by=person, now=NOW),
        )

    def go_on(self, question: int, said: str, differently: str, is_together: bool) -> None:
        """The step that comes next, by everybody who may; or courses would seldom come to a verdict."""
        pk = self.question(question)
        state = State(Question.objects.get(pk=pk).state)
        if state == State.PROPOSED:
            self.open(by=0, question=question)
        elif state in workflow.REVIEWABLE:
            for index in range(len(self.world.people)):
                by = self.person(index)
                self.take(by, lambda by=by: operations.take_question(question_id=pk, by=by, now=NOW))
        elif state == State.IN_REVIEW:
            held = Assignment.objects.active().filter(question=pk).select_related("question", "reviewer")
            by_turns = list(held.order_by("draft__submitted_at", "pk").reverse())
            for assignment in by_turns if is_together else by_turns[:1]:
                self._reconsider(assignment)
                self._submit(assignment, said)
                said = differently
        elif state == State.ADJUDICATION:
            for index in range(len(self.world.people)):
                self._adjudicate(self.person(index), pk, said)

    @rule(step=st.sampled_from(SOMETIMES + OFTEN * 4), a=which, b=which, c=which, said=judgements)
    def step(self, step: str, a: int, b: int, c: int, said: str) -> None:
        """One rule for all, for hypothesis would else leave most of them out of a course."""
        given = {"by": a, "question": b, "into": c, "reviewer": c, "position": b, "claim": c, "change": b}
        given |= {"placement": b, "assignment": b, "number": c % 3 + 1}
        words = {"said": said, "wording": ["How many?", "How many died?"][c % 2], "note": f"Note {c % 2}."}
        words |= {"answer": ["12", "dozens"][c % 2]}
        words |= {"differently": list(Judgement)[c % 2], "is_together": a % 3 > 0}
        method = getattr(self, step)
        named = method.__code__.co_varnames[1 : method.__code__.co_argcount]
        method(**{name: {**given, **words}[name] for name in named})


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("courses", [12, pytest.param(200, marks=pytest.mark.soak)])
def test_review_keeps_its_promises_in_any_order_of_steps(courses: int) -> None:
    Review.before = World()

    run_state_machine_as_test(
        Review,
        settings=settings(
            max_examples=courses,
            stateful_step_count=STEPS_IN_A_COURSE,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
