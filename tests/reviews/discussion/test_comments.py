"""Comments on a question: their text, and how they are written, answered and withdrawn."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction

from reviews import operations
from reviews.discussion.comment_text import Piece, names_in, pieces
from reviews.errors import Conflict, NotAllowed, ReviewError
from reviews.models import AuditEvent, Change, Comment, Mention, Notification, Question
from tests.factories import QuestionFactory, UserFactory
from tests.reviews.discussion.talking import LATER, Write, seen, told

pytestmark = pytest.mark.django_db


# --- The text of a comment -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ann, have a look", ["ann"]),
        ("Ask @ann.lee.", ["ann.lee.", "ann.lee"]),
        ("(@ann) and @ann again, and @bob!", ["ann", "bob"]),
        ("@ann@press.example knows", ["ann@press.example", "ann"]),
        ("mail bob@press.example", []),
        ("https://social.example/@ann", []),
        ("@ alone, @@, @.", ["@", "."]),
        ("@Zoë says", ["Zoë"]),
        ("no one", []),
    ],
)
def test_names_in_a_text(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "see https://a.example/x.",
            [Piece("see "), Piece("https://a.example/x", "https://a.example/x"), Piece(".")],
        ),
        (
            "(https://a.example/x)",
            [Piece("("), Piece("https://a.example/x", "https://a.example/x"), Piece(")")],
        ),
        ("https://a.example/x_(y)", [Piece("https://a.example/x_(y)", "https://a.example/x_(y)")]),
        ('"https://a.example"', [Piece('"'), Piece("https://a.example", "https://a.example"), Piece('"')]),
        ("javascript:alert(1)", [Piece("javascript:alert(1)")]),
        ("https://bank.example@evil.example/", [Piece("https://bank.example@evil.example/")]),
        ("https://[half", [Piece("https://[half")]),
        ("https://", [Piece("https://")]),
        (
            "https://a.example/\u202egnp.exe",
            [Piece("https://a.example/", "https://a.example/"), Piece("\u202egnp.exe")],
        ),
        ("@ann. @bob", [Piece("@ann", is_mention=True), Piece(". @bob")]),
        ("<b>@ann</b>", [Piece("<b>"), Piece("@ann", is_mention=True), Piece("</b>")]),
    ],
)
def test_pieces_of_a_text(text: str, expected: list[Piece]) -> None:
    found = pieces(text, {"ann"})

    assert found == expected
    assert "".join(piece.text for piece in found) == text


# --- Writing and withdrawing ---------------------------------------------------------------------------


def test_write_comment_tells_whom_it_mentions_and_whom_it_answers(
    question: Question, ann: User, bob: User, lead: User, write: Write
) -> None:
    first = write(ann)

    answer = write(bob, "@lena.lead. @ann @nobody @bob: the second", reply_to_id=first.pk)

    assert seen(question, lead) == ["Which map is meant?", "@lena.lead. @ann @nobody @bob: the second"]
    assert list(answer.mentions.values_list("person__username", flat=True).order_by("pk")) == [
        "ann",
        "bob",
        "lena.lead",
    ]
    assert told(ann) == [("replied", f"bob answered your comment on “{question}”")]
    assert told(lead) == [("mentioned", f"bob mentioned you on “{question}”")]
    assert told(bob) == []


def test_write_comment_changes_nothing_of_the_question(question: Question, ann: User, write: Write) -> None:
    before = Question.objects.values().get(pk=question.pk)
    events, steps = AuditEvent.objects.count(), Change.objects.count()

    write(ann)

    assert Question.objects.values().get(pk=question.pk) == before
    assert (AuditEvent.objects.count(), Change.objects.count()) == (events, steps)


def test_write_comment_twice_with_one_key_writes_once(ann: User, bob: User, write: Write) -> None:
    first = write(ann, key="k")

    assert write(ann, key="k") == first
    assert write(bob, key="k") != first
    with pytest.raises(Conflict):
        write(ann, "Something else", key="k")
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n ", "Write something first."),
        ("x" * 10_001, "A comment has at most 10,000 characters; this one has 10,001."),
    ],
)
def test_write_comment_refuses_too_little_and_too_much(text: str, said: str, ann: User, write: Write) -> None:
    with pytest.raises(ReviewError, match=said.replace(".", r"\.")):
        write(ann, text)

    assert not Comment.objects.exists()


def test_write_comment_refuses_to_mention_a_crowd(ann: User, write: Write) -> None:
    crowd = UserFactory.create_batch(21, roles=["viewer"])

    with pytest.raises(ReviewError, match="mention 20 people"):
        write(ann, " ".join(f"@{person.username}" for person in crowd))

    assert (Comment.objects.count(), Mention.objects.count(), Notification.objects.count()) == (0, 0, 0)


def test_mentions_are_of_active_people_who_may_see_questions(lead: User, ann: User, write: Write) -> None:
    UserFactory(username="gone", roles=["reviewer"], is_active=False)
    UserFactory(username="outsider")

    written = write(ann, "@gone @outsider @Lena.Lead @lena.lead")

    assert [mention.person for mention in written.mentions.all()] == [lead]


@pytest.mark.parametrize("roles", [[], ["viewer"], ["ingest manager"], ["admin"]])
def test_write_comment_is_for_reviewers_and_leads(roles: list[str], write: Write) -> None:
    with pytest.raises(NotAllowed):
        write(UserFactory(roles=roles))

    assert not Comment.objects.exists()


def test_withdraw_comment_keeps_its_row(ann: User, bob: User, write: Write) -> None:
    comment = write(ann)

    with pytest.raises(NotAllowed):
        operations.withdraw_comment(comment_id=comment.pk, by=bob, now=LATER)
    operations.withdraw_comment(comment_id=comment.pk, by=ann, now=LATER)
    operations.withdraw_comment(comment_id=comment.pk, by=ann, now=LATER + timedelta(hours=1))

    comment.refresh_from_db()
    assert (comment.text, comment.withdrawn_at) == ("Which map is meant?", LATER)


def test_a_comment_is_never_changed_otherwise(ann: User, write: Write) -> None:
    comment = write(ann)

    for change in (
        lambda: Comment.objects.update(text="Never said"),
        lambda: Comment.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="reviews_comment"), transaction.atomic():
            change()

    comment.refresh_from_db()
    assert comment.text == "Which map is meant?"


def test_comments_of_a_merged_question_stand_with_the_one_that_stays(
    question: Question, ann: User, write: Write
) -> None:
    into = QuestionFactory()
    write(ann, "On the first")

    operations.merge_questions(question_id=question.pk, into_id=into.pk, reason="Same.", by=ann, now=LATER)

    assert seen(into, ann) == ["On the first"]
    with pytest.raises(Conflict):
        write(ann, "Too late")
