"""Whatever people do in whatever order, what a review promises holds after each step."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from reviews import operations
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
which = st.integers(0, 11)
judgements = st.sampled_from([Judgement.SUPPORTED, Judgement.REFUTED])


class Review(RuleBasedStateMachine):
    """People on questions; `which` chooses among the rows there are, so that courses shrink well."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.whole = transaction.atomic()
        self.whole.__enter__()
        self.world = World()

    def teardown(self) -> None:
        if hasattr(self, "whole"):
            transaction.set_rollback(True)
            self.whole.__exit__(None, None, None)

    def person(self, index: int) -> User:
        """As they are now, for a role may be gone."""
        return User.objects.get(pk=self.world.people[index % len(self.world.people)])

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

    @rule(by=which)
    def propose(self, by: int) -> None:
        if Question.objects.count() < AT_MOST_QUESTIONS:
            asked = {"wording": "How many?", "slot": "how many", "answers": ["12", "56"]}
            person = self.person(by)
            self.take(person, lambda: operations.propose_question(**asked, by=person, now=NOW))

    @rule(by=which, question=which)
    def open(self, by: int, question: int) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(person, lambda: operations.open_proposed(question_id=pk, by=person, now=NOW))

    @rule(by=which, question=which, answer=st.sampled_from(["12", "dozens"]))
    def answer(self, by: int, question: int, answer: str) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(person, lambda: operations.add_position(question_id=pk, answer=answer, by=person, now=NOW))

    @rule(by=which, question=which, wording=st.sampled_from(["How many?", "How many died?"]))
    def reword(self, by: int, question: int, wording: str) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(
            person,
            lambda: operations.reword_question(question_id=pk, wording=wording, event="", by=person, now=NOW),
        )

    @rule(by=which, position=which, into=which)
    def merge_positions(self, by: int, position: int, into: int) -> None:
        person, rows = self.person(by), Position.objects.all()
        ids = self.one_of(rows, position), self.one_of(rows, into)
        self.take(
            person,
            lambda: operations.merge_positions(position_id=ids[0], into_id=ids[1], by=person, now=NOW),
        )

    @rule(by=which, position=which)
    def remove_position(self, by: int, position: int) -> None:
        person, pk = self.person(by), self.one_of(Position.objects.all(), position)
        self.take(person, lambda: operations.remove_position(position_id=pk, by=person, now=NOW))

    @rule(by=which, question=which, into=which)
    def merge(self, by: int, question: int, into: int) -> None:
        person, pk, into_pk = self.person(by), self.question(question), self.question(into)
        self.take(
            person,
            lambda: operations.merge_questions(
                question_id=pk, into_id=into_pk, reason="One.", by=person, now=NOW
            ),
        )

    @rule(by=which, question=which, position=which)
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

    @rule(by=which, question=which)
    def dismiss(self, by: int, question: int) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(
            person,
            lambda: operations.dismiss_question(question_id=pk, reason="Idle.", by=person, now=NOW),
        )

    @rule(by=which, change=which)
    def undo(self, by: int, change: int) -> None:
        """One of the last twelve steps."""
        person = self.person(by)
        last = Change.objects.order_by("-pk")[: change % 12 + 1]
        pk = min((each.pk for each in last), default=0)
        if pk and self.take(person, lambda: operations.undo_change(change_id=pk, by=person, now=NOW)):
            self.world.check_undone(Change.objects.get(pk=pk))

    # Claims

    @rule(by=which, claim=which, position=which)
    def place(self, by: int, claim: int, position: int) -> None:
        person, pk = self.person(by), self.one_of(Position.objects.all(), position)
        claim_id = self.world.claims[claim % 2]
        self.take(
            person,
            lambda: operations.place_claim(claim_id=claim_id, position_id=pk, by=person, now=NOW),
        )

    @rule(by=which, placement=which)
    def reject(self, by: int, placement: int) -> None:
        person, pk = self.person(by), self.one_of(Placement.objects.all(), placement)
        if pk:
            self.take(
                person,
                lambda: operations.reject_placement(placement_id=pk, reason="No.", by=person, now=NOW),
            )

    @rule(by=which, claim=which, note=st.sampled_from(["So he says.", "Seen."]))
    def mark(self, by: int, claim: int, note: str) -> None:
        person, claim_id = self.person(by), self.world.claims[claim % 2]
        marks = Marks(identification="named", note=note)
        self.take(
            person, lambda: operations.mark_sourcing(claim_id=claim_id, marks=marks, by=person, now=NOW)
        )

    # Assignments

    @rule(by=which, question=which, reviewer=which)
    def assign(self, by: int, question: int, reviewer: int) -> None:
        person, pk, other = self.person(by), self.question(question), self.person(reviewer)
        self.take(
            person,
            lambda: operations.assign_question(question_id=pk, reviewer=other, by=person, now=NOW),
        )

    @rule(by=which)
    def take_next(self, by: int) -> None:
        person = self.person(by)
        self.take(person, lambda: operations.take_next(by=person, now=NOW))

    @rule(by=which, assignment=which)
    def release(self, by: int, assignment: int) -> None:
        person = self.person(by)
        pk = self.one_of(Assignment.objects.active().filter(reviewer=person), assignment)
        self.take(person, lambda: operations.release_assignment(assignment_id=pk, by=person, now=NOW))

    @rule(by=which, assignment=which)
    def withdraw(self, by: int, assignment: int) -> None:
        person, pk = self.person(by), self.one_of(Assignment.objects.active(), assignment)
        self.take(
            person,
            lambda: operations.withdraw_assignment(assignment_id=pk, reason="Ill.", by=person, now=NOW),
        )

    @rule()
    def lapse(self) -> None:
        """All leases of this world were over long ago."""
        self.take(None, lambda: operations.end_lapsed(now=NOW))

    @rule(reviewer=which)
    def deactivate(self, reviewer: int) -> None:
        """Or let them in again."""
        person = self.person(reviewer)
        User.objects.filter(pk=person.pk).update(is_active=not person.is_active)
        self.take(None, lambda: operations.return_from_former_assessors(now=NOW))
        assert not Assignment.objects.active().filter(reviewer__is_active=False).exists()

    @rule(by=which, question=which, number=st.integers(1, 3))
    def ask_for(self, by: int, question: int, number: int) -> None:
        person, pk = self.person(by), self.question(question)
        self.take(
            person,
            lambda: operations.set_review_rules(
                question_id=pk, project=None, assessments=number, reason="So.", by=person, now=NOW
            ),
        )

    # Assessments

    @rule(by=which, assignment=which, said=judgements)
    def draft(self, by: int, assignment: int, said: str) -> None:
        person, pk = self.person(by), self._assigned(by, assignment)
        if pk:
            content = judged(Question.objects.get(pk=pk), said)
            visible = self.world.written()[1:]
            self.take(
                person,
                lambda: operations.save_draft(question_id=pk, content=content, by=person, now=NOW),
            )
            assert self.world.written()[1:] == visible, "a draft was told of"

    @rule(by=which, assignment=which, said=judgements)
    def submit(self, by: int, assignment: int, said: str) -> None:
        pk = self._assigned(by, assignment)
        if pk:
            self._submit(self.person(by), pk, said)

    @rule(question=which, said=st.lists(judgements, min_size=3, max_size=3))
    def assess(self, question: int, said: list[str]) -> None:
        """Everybody who may takes the question, and says something."""
        pk = self.question(question)
        for index in range(len(self.world.people)):
            person = self.person(index)
            self.take(person, lambda by=person: operations.take_question(question_id=pk, by=by, now=NOW))
        held = Assignment.objects.active().filter(question=pk).order_by("pk").select_related("reviewer")
        for assignment, word in zip(list(held), said, strict=False):
            self._submit(assignment.reviewer, pk, word)

    def _assigned(self, by: int, assignment: int) -> int:
        """The question of one of this person's assignments."""
        held = Assignment.objects.active().filter(reviewer=self.person(by)).values("question")
        return self.one_of(Question.objects.filter(pk__in=held), assignment)

    def _submit(self, person: User, pk: int, said: str) -> None:
        content = judged(Question.objects.get(pk=pk), said)
        visible = self.world.written()[1:]
        self.take(
            person,
            lambda: operations.submit_assessment(question_id=pk, content=content, by=person, now=NOW),
        )
        if Question.objects.get(pk=pk).state == State.IN_REVIEW:
            assert self.world.written()[1:] == visible, "an assessment was told of"

    @rule(by=which, assignment=which)
    def reconsider(self, by: int, assignment: int) -> None:
        person = self.person(by)
        held = Assignment.objects.active().filter(reviewer=person)
        pk = self.one_of(held, assignment)
        if pk:
            question_id = held.get(pk=pk).question_id
            self.take(
                person,
                lambda: operations.reconsider_assessment(question_id=question_id, by=person, now=NOW),
                reconsidered=pk,
            )

    @rule(by=which, question=which, said=judgements)
    def adjudicate(self, by: int, question: int, said: str) -> None:
        waiting = Question.objects.filter(state=State.ADJUDICATION)
        person, pk = self.person(by), self.one_of(waiting, question)
        if pk:
            content = judged(Question.objects.get(pk=pk), said)
            self.take(
                person,
                lambda: operations.adjudicate_question(question_id=pk, content=content, by=person, now=NOW),
            )

    @rule(by=which, question=which)
    def reopen(self, by: int, question: int) -> None:
        decided = Question.objects.filter(state=State.DECIDED)
        person, pk = self.person(by), self.one_of(decided, question)
        self.take(
            person,
            lambda: operations.reopen_question(question_id=pk, reason="News.", by=person, now=NOW),
        )


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("courses", [25, pytest.param(200, marks=pytest.mark.soak)])
def test_review_keeps_its_promises_in_any_order_of_steps(courses: int) -> None:
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
