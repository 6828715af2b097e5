"""Questions brought to a state by the steps that lead there, each taken by a person who may."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import User

from reviews import operations
from reviews.assessing import AssessmentContent
from reviews.models import Change, Judgement, Question, Verdict
from reviews.workflow import State
from tests.factories import NOW, UserFactory
from tests.reviews.rows import judged

ANSWERS = ("Near Raqqa", "Near Tabqa")


def _reviewer() -> User:
    return UserFactory(roles=["reviewer"])


@dataclass
class People:
    """Who takes the steps of a course: two who assess, a lead who adjudicates, an author, and a merger."""

    assessors: list[User] = field(default_factory=lambda: [_reviewer(), _reviewer()])
    lead: User = field(default_factory=lambda: UserFactory(roles=["lead"]))
    author: User = field(default_factory=_reviewer)


class Course:
    """One question, and the steps on it."""

    def __init__(self, state: State, people: People | None = None) -> None:
        self.people = people or People()
        by = self.people.author
        asked = {"wording": "Where was it?", "slot": "where", "answers": ANSWERS, "by": by, "now": NOW}
        begin = operations.propose_question if state == State.PROPOSED else operations.open_question
        self.pk = begin(**asked).pk
        self._lead_to(state)

    @property
    def question(self) -> Question:
        return Question.objects.get(pk=self.pk)

    @property
    def state(self) -> State:
        return State(self.question.state)

    def _lead_to(self, state: State) -> None:
        steps: dict[State, tuple[Callable[[], object], ...]] = {
            State.PROPOSED: (),
            State.OPEN: (),
            State.IN_REVIEW: (self.take,),
            State.ADJUDICATION: (self.take, self.differ),
            State.DECIDED: (self.take, self.agree),
            State.REOPENED: (self.take, self.agree, self.reopen),
            State.DISMISSED: (self.dismiss,),
            State.MERGED: (self.merge,),
        }
        for step in steps[state]:
            step()

    def open(self) -> Question:
        return operations.open_proposed(question_id=self.pk, by=self.people.author, now=NOW)

    def take(self) -> None:
        for person in self.people.assessors:
            operations.take_question(question_id=self.pk, by=person, now=NOW)

    def submit(self, person: User, judgement: str) -> None:
        content = judged(self.question, judgement)
        operations.submit_assessment(question_id=self.pk, content=content, by=person, now=NOW)

    def agree(self) -> None:
        for person in self.people.assessors:
            self.submit(person, Judgement.SUPPORTED)

    def differ(self) -> None:
        for person, judgement in zip(
            self.people.assessors, (Judgement.SUPPORTED, Judgement.REFUTED), strict=True
        ):
            self.submit(person, judgement)

    def adjudicate(self, content: AssessmentContent | None = None) -> Verdict:
        return operations.adjudicate_question(
            question_id=self.pk, content=content or judged(self.question), by=self.people.lead, now=NOW
        )

    def reopen(self) -> Question:
        return operations.reopen_question(
            question_id=self.pk, reason="A new video.", by=self.people.lead, now=NOW
        )

    def dismiss(self) -> Question:
        return operations.dismiss_question(
            question_id=self.pk, reason="Idle.", by=self.people.author, now=NOW
        )

    def merge(self) -> Question:
        into = operations.open_question(
            wording="Where did it fall?", slot="where", answers=ANSWERS, by=self.people.author, now=NOW
        )
        return operations.merge_questions(
            question_id=self.pk, into_id=into.pk, reason="One.", by=self.people.author, now=NOW
        )

    def undo(self, action: str) -> Change:
        """Take back the last step of that name, wherever it is listed."""
        change = Change.objects.filter(action=action).latest("pk")
        return operations.undo_change(change_id=change.pk, by=self.people.author, now=NOW)
