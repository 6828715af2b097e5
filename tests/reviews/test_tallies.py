"""What is counted of a question, and where else the same is counted."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from reviews import compare, operations
from reviews.api import reading
from reviews.competing import Answer, answers_of
from reviews.models import Placement, Position, Question, QuestionTally
from tests.factories import (
    NOW,
    ClaimFactory,
    OriginClaimFactory,
    OutletFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    RevisionFactory,
    UserFactory,
)
from tests.tallied import recounted

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> User:
    return UserFactory(roles=["lead"])


def disputed(question: Question) -> Question:
    """The question with two answers, a report behind each."""
    for answer in ("Near Raqqa", "Near Tabqa"):
        PlacementFactory(position=PositionFactory(question=question, answer=answer))
    return recounted(question)


def said_again(
    position: Position, *, under: Position | None = None, words: str = "It fell near Raqqa."
) -> Question:
    """A claim somebody confirmed, and one out of the article's next text, suggested there or elsewhere."""
    before = RevisionFactory(text="It fell near Raqqa.", article__outlet=OutletFactory())
    after = RevisionFactory(
        article=before.article,
        number=2,
        text=f"{words} This was corrected.",
        published_at=NOW + timedelta(hours=1),
    )
    PlacementFactory(position=position, claim=ClaimFactory(revision=before))
    suggested = PlacementFactory(
        position=under or position,
        claim=ClaimFactory(revision=after),
        state=Placement.State.SUGGESTED,
        suggested_by="matcher 1.0.0",
        placed_by=None,
    )
    OriginClaimFactory(claim=suggested.claim)
    return recounted(position.question)


def counts(tally: QuestionTally) -> tuple[int, int, int, int]:
    return tally.claims, tally.suggested, tally.outlets, tally.origins


def test_words_that_a_later_text_says_again_are_counted_once() -> None:
    question = said_again(PositionFactory(answer="Near Raqqa"))

    [position] = reading.questions().get(pk=question.pk).shown_positions  # type: ignore[attr-defined]
    assert counts(QuestionTally.objects.get()) == (1, 1, 1, 1)
    assert answers_of([question]) == {question.pk: [Answer("Near Raqqa", 1, 1, 100, 100)]}
    assert (position.claim_count, position.outlet_count, position.origin_count) == (1, 1, 1)
    assert len(position.claim_ids) == 2


def test_compare_screen_counts_words_said_again_once_and_says_which_are_the_earlier_ones(
    client: Client,
) -> None:
    question = said_again(PositionFactory(answer="Near Raqqa"))
    client.force_login(UserFactory(is_staff=True, roles=["lead"]))

    [column] = compare.columns(question, verdict=None)
    page = client.get(question.get_absolute_url()).content.decode()

    assert column.counts == "1 claim, 1 outlet, 1 origin"
    assert [(card.state, card.is_said_again) for card in column.cards] == [
        ("confirmed", True),
        ("suggested", False),
    ]
    assert page.count("earlier text, revision 1") == 1


def test_other_words_of_a_later_text_are_another_claim() -> None:
    said_again(PositionFactory(), words="It came down near Raqqa.")

    assert counts(QuestionTally.objects.get()) == (2, 1, 1, 2)


def test_words_said_again_under_another_answer_are_counted_there_too() -> None:
    position = PositionFactory()

    question = said_again(position, under=PositionFactory(question=position.question))

    assert (question.tally.answered, counts(question.tally)) == (2, (2, 1, 1, 2))


def test_answers_that_follow_each_other_are_not_opposed() -> None:
    question = disputed(QuestionFactory(is_evolving=True))

    tally = question.tally
    assert (tally.answered, tally.opposed_outlets, tally.opposed_origins) == (2, 0, 0)


def test_dismissed_question_is_not_among_the_most_contested_until_that_is_undone(lead: User) -> None:
    question, other = disputed(QuestionFactory()), disputed(QuestionFactory())

    dismissed = operations.dismiss_question(question_id=question.pk, reason="Idle.", by=lead, now=NOW)
    after = list(Question.objects.most_contested().values_list("pk", "opposed_origins").order_by("pk"))
    change = dismissed.changes.get(action="dismiss_question")
    operations.undo_change(change_id=change.pk, by=lead, now=NOW)

    assert after == [(question.pk, 0), (other.pk, 1)]
    assert QuestionTally.objects.get(question=question).opposed_origins == 1


def test_merged_question_is_opposed_where_it_leads_to(lead: User) -> None:
    question, stays = disputed(QuestionFactory()), disputed(QuestionFactory())

    operations.merge_questions(
        question_id=question.pk, into_id=stays.pk, reason="The same.", by=lead, now=NOW
    )

    opposed = QuestionTally.objects.order_by("pk").values_list("pk", "opposed_origins")
    assert list(opposed) == [(question.pk, 0), (stays.pk, 2)]
