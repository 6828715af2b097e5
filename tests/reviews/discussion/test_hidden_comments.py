"""What is said while a question is judged blind is its author's alone until the decision."""

import re
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from reviews import operations
from reviews.errors import ReviewError
from reviews.models import Comment, Judgement, Question
from tests.factories import NOW, AssignmentFactory, CommentFactory, QuestionFactory, UserFactory
from tests.reviews.discussion.talking import LATER, Write, begin_review, seen, signed_in, submit, told
from tests.reviews.rows import judged

pytestmark = pytest.mark.django_db


def test_comments_of_a_review_are_hidden_until_it_is_decided(
    question: Question, ann: User, bob: User, lead: User, write: Write
) -> None:
    write(ann, "Before", now=NOW - timedelta(days=1))
    begin_review(question, ann, bob)

    write(ann, "@lena.lead @bob I would say the first")
    assert seen(question, ann) == ["Before", "@lena.lead @bob I would say the first"]
    assert (seen(question, bob), seen(question, lead)) == (["Before"], ["Before"])
    assert (told(bob), told(lead)) == ([], [])

    submit(question, ann, Judgement.SUPPORTED)
    submit(question, bob, Judgement.REFUTED)
    assert question.state == Question.State.ADJUDICATION
    assert (seen(question, bob), seen(question, lead)) == (["Before"], ["Before"])
    assert [kind for kind, _ in told(lead)] == ["adjudication"]

    operations.adjudicate_question(question_id=question.pk, content=judged(question), by=lead, now=LATER)
    assert seen(question, bob) == ["Before", "@lena.lead @bob I would say the first"]
    assert ("mentioned", f"ann mentioned you on “{question}”") in told(bob)
    assert ("mentioned", f"ann mentioned you on “{question}”") in told(lead)


def test_comment_thought_to_be_hidden_is_not_shown_to_all_unasked(
    question: Question, ann: User, bob: User, write: Write
) -> None:
    begin_review(question, ann, bob)
    client, where = signed_in(ann), reverse("admin:reviews_question_comments", args=[question.pk])
    typed = {"text": "Bob is wrong, between us.", "is_hidden": "true"}
    form = client.get(where).content.decode()
    submit(question, ann)
    submit(question, bob)

    plain = client.post(where, typed)
    scripted = client.post(where, typed, headers={"Accept": "application/json"})

    assert 'name="is_hidden" value="true"' in form
    assert (plain.status_code, scripted.status_code) == (HTTPStatus.CONFLICT, HTTPStatus.CONFLICT)
    assert "everybody sees at once" in plain.content.decode()
    for page in (plain.content.decode(), scripted.json()["panel"]):
        assert 'name="is_hidden" value="false"' in page
        assert "Bob is wrong, between us.</textarea>" in page
    assert seen(question, ann) == []
    client.post(where, typed | {"is_hidden": "false"})
    assert seen(question, bob) == ["Bob is wrong, between us."]


def test_comments_of_an_earlier_round_stay_visible_in_the_next_review(
    question: Question, ann: User, bob: User, lead: User, write: Write
) -> None:
    begin_review(question, ann, bob)
    write(ann, "In the first round")
    submit(question, ann)
    submit(question, bob)
    operations.reopen_question(question_id=question.pk, reason="New.", by=lead, now=LATER)
    begin_review(question, ann, bob)

    write(bob, "In the second round")

    assert seen(question, ann) == ["In the first round"]


def test_comments_of_a_dismissed_review_stay_hidden(
    question: Question, ann: User, bob: User, write: Write
) -> None:
    begin_review(question, ann)
    write(ann)

    operations.dismiss_question(question_id=question.pk, reason="Not worth it.", by=bob, now=LATER)

    assert (seen(question, bob), seen(question, ann)) == ([], ["Which map is meant?"])


def test_comments_after_a_review_that_was_broken_off_stay_hidden(ann: User, bob: User, write: Write) -> None:
    """Who assessed before it was broken off may do so again, and so may others."""
    ended = AssignmentFactory(
        question__state=Question.State.OPEN, ending="released", ended_at=NOW, ended_by=ann, reviewer=ann
    )

    operations.write_comment(question_id=ended.question_id, text="@bob the first", by=ann, now=LATER)

    assert (seen(ended.question, bob), told(bob)) == ([], [])


def test_comment_whose_clock_is_behind_belongs_to_the_review(
    question: Question, ann: User, bob: User, write: Write
) -> None:
    begin_review(question, ann)

    write(ann, now=NOW - timedelta(seconds=2))

    assert seen(question, bob) == []


def test_review_without_an_assignment_shows_nothing(ann: User) -> None:
    question = QuestionFactory(state=Question.State.IN_REVIEW, assessments_required=2)
    CommentFactory(question=question)

    assert seen(question, ann) == []


def test_hidden_comment_can_be_neither_answered_nor_withdrawn_by_others(
    question: Question, ann: User, bob: User, write: Write
) -> None:
    begin_review(question, ann)
    hidden = write(ann)
    refusals = []
    for comment_id in (hidden.pk, uuid4()):
        with pytest.raises(ReviewError) as of_answer:
            write(bob, reply_to_id=comment_id)
        with pytest.raises(ReviewError) as of_withdrawal:
            operations.withdraw_comment(comment_id=comment_id, by=bob, now=LATER)
        refusals.append((type(of_answer.value), str(of_answer.value), type(of_withdrawal.value)))

    assert refusals[0] == refusals[1] == (ReviewError, "There is no such comment.", ReviewError)


def test_withdrawn_comment_of_a_review_is_not_told_of(
    question: Question, ann: User, bob: User, write: Write
) -> None:
    begin_review(question, ann, bob)
    comment = write(ann, "@bob look")
    operations.withdraw_comment(comment_id=comment.pk, by=ann, now=LATER)

    submit(question, ann)
    submit(question, bob)

    assert [kind for kind, _ in told(bob)] == ["decided"]


ROUTES = (
    "/admin/",
    "/admin/search/?q=secret",
    "/admin/reviews/question/",
    "/admin/reviews/question/{pk}/compare/",
    "/admin/reviews/question/{pk}/comments/",
    "/admin/reviews/question/{pk}/comments/?before={comment}",
    "/admin/reviews/question/{pk}/comments/?reply={comment}",
    "/admin/reviews/question/people/?typed=",
    "/admin/reviews/notification/",
    "/admin/reviews/notification/?after={comment}",
    "/api/v1/questions/",
    "/api/v1/questions/{pk}/",
    "/api/v1/questions/{pk}/comments/",
    "/api/v1/questions/{pk}/changes/",
    "/api/v1/notifications/",
)
# What the clock, and no comment, changes.
_TIMES = ("Expires", "Last-Modified", "X-Request-ID")
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def test_comment_written_blind_changes_no_byte_that_others_get(
    question: Question, ann: User, bob: User, lead: User, write: Write
) -> None:
    """The two worlds: before and after a comment that answers, mentions and names a secret."""
    own = write(bob, "Before", now=NOW - timedelta(days=1))
    begin_review(question, ann, bob)
    hidden_id = UUID(int=7)
    clients = [signed_in(person) for person in (bob, lead, UserFactory(roles=["viewer"], is_staff=True))]

    def world() -> list[tuple[int, dict[str, str], str]]:
        answers = []
        for client in clients:
            for route in ROUTES:
                answer = client.get(route.format(pk=question.pk, comment=hidden_id))
                headers = {name: value for name, value in answer.headers.items() if name not in _TIMES}
                answers.append((answer.status_code, headers, _masked(answer.content.decode())))
        return answers

    before = world()
    Comment.objects.create(
        id=hidden_id,
        question=question,
        round=question.round,
        reply_to=own,
        text="a secret",
        written_by=ann,
        written_at=LATER,
    )
    write(ann, "@bob @lena.lead another secret", reply_to_id=own.pk)

    assert world() == before
    assert [status for status, _, _ in before].count(200) == len(before) - 1  # a viewer mentions nobody
    assert seen(question, ann)[1:] == ["a secret", "@bob @lena.lead another secret"]


def _masked(page: str) -> str:
    return _TOKEN.sub("", page)
