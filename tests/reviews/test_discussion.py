"""What is said about a question: written, answered, withdrawn, and hidden while it is judged blind."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client

from reviews import discussion, notices, operations
from reviews.discussion.comment_text import Piece, names_in, pieces
from reviews.discussion.threads import COMMENTS_PER_PAGE, thread
from reviews.errors import Conflict, NotAllowed, ReviewError
from reviews.models import (
    AuditEvent,
    Change,
    Comment,
    Judgement,
    Mention,
    Notification,
    NotificationSettings,
    Question,
)
from reviews.telling.unsubscribing import address
from tests.factories import (
    NOW,
    AssignmentFactory,
    CommentFactory,
    NotificationFactory,
    NotificationSettingsFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.reviews.rows import judged

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
Write = Callable[..., Comment]


@pytest.fixture
def question() -> Question:
    question = QuestionFactory()
    PositionFactory.create_batch(2, question=question)
    return question


@pytest.fixture
def ann() -> User:
    return UserFactory(username="ann", roles=["reviewer"], is_staff=True)


@pytest.fixture
def bob() -> User:
    return UserFactory(username="bob", roles=["reviewer"], is_staff=True)


@pytest.fixture
def lead() -> User:
    return UserFactory(username="lena.lead", roles=["lead"], is_staff=True)


@pytest.fixture
def write(question: Question) -> Write:
    moments = (LATER + timedelta(milliseconds=number) for number in count())

    def write(by: User, text: str = "Which map is meant?", **more: Any) -> Comment:
        given = {"now": next(moments), **more}
        return operations.write_comment(question_id=question.pk, text=text, by=by, **given)

    return write


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def seen(question: Question, person: User) -> list[str]:
    return [comment.text for comment in discussion.visible_comments(question, person)]


def told(person: User) -> list[tuple[str, str]]:
    return [(notice.kind, notice.text) for notice in notices.inbox(person)]


def begin_review(question: Question, *reviewers: User) -> None:
    for reviewer in reviewers:
        operations.take_question(question_id=question.pk, by=reviewer, now=NOW)
    question.refresh_from_db()


def submit(question: Question, by: User, judgement: str = Judgement.SUPPORTED) -> None:
    content = judged(question, judgement)
    operations.submit_assessment(question_id=question.pk, content=content, by=by, now=LATER)
    question.refresh_from_db()


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


# --- Hidden while blind --------------------------------------------------------------------------------


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


# --- What one is told ----------------------------------------------------------------------------------


def test_muted_kinds_are_not_told(question: Question, ann: User, bob: User, write: Write) -> None:
    first = write(bob)
    NotificationSettingsFactory(person=bob, muted=["replied"])

    write(ann, "@bob yes", reply_to_id=first.pk)

    assert told(bob) == [("mentioned", f"ann mentioned you on “{question}”")]


def test_inbox_is_empty_for_who_may_not_see_questions_any_more(ann: User) -> None:
    NotificationFactory(person=ann)
    assert len(told(ann)) == 1

    ann.groups.clear()

    assert told(User.objects.get(pk=ann.pk)) == []


@pytest.mark.parametrize(("number", "badge"), [(0, ""), (1, "1"), (20, "20"), (21, "20+"), (30, "20+")])
def test_badge_counts_up_to_twenty_in_one_query(
    number: int, badge: str, ann: User, django_assert_num_queries: Callable
) -> None:
    NotificationFactory.create_batch(number, person=ann, question=QuestionFactory())
    NotificationFactory(person=ann, read_at=LATER)
    NotificationFactory()
    assert ann.has_perm("reviews.view_question")  # which is known for a request already

    with django_assert_num_queries(1):
        assert notices.unread_count(ann) == badge


def test_badge_reads_no_more_with_many_comments_and_notices(ann: User, question: Question) -> None:
    written = CommentFactory(question=question)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reviews_comment (id, question_id, round, text, written_by_id, written_at)"
            " SELECT gen_random_uuid(), %s, 1, 'x', %s, now() FROM generate_series(1, 5000)",
            [question.pk, written.written_by_id],
        )
        cursor.execute(
            "INSERT INTO reviews_notification (id, person_id, kind, question_id, comment_id, text, at)"
            " SELECT gen_random_uuid(), %s, 'mentioned', %s, id, 'x', now() FROM reviews_comment",
            [ann.pk, question.pk],
        )
        cursor.execute("ANALYZE reviews_comment, reviews_notification, reviews_assignment")

    for asked in (notices.unread(ann).order_by()[:21], notices.inbox(ann)[:31]):
        plan = asked.explain(analyze=True)

        assert "Seq Scan on reviews_comment" not in plan, plan
        assert "Seq Scan on reviews_notification" not in plan, plan
        assert "hashed SubPlan" not in plan, plan


def test_mark_read_marks_ones_own_only(ann: User, bob: User) -> None:
    own, other, of_bob = (NotificationFactory(person=person) for person in (ann, ann, bob))

    marked = operations.mark_read(notification_ids=[own.pk, of_bob.pk], by=ann, now=LATER)

    assert marked == 1
    assert dict(Notification.objects.values_list("pk", "read_at")) == {
        own.pk: LATER,
        other.pk: None,
        of_bob.pk: None,
    }


def test_mark_all_read_leaves_what_came_since(ann: User) -> None:
    old, new = NotificationFactory(person=ann), NotificationFactory(person=ann, at=LATER)

    operations.mark_all_read(until=NOW, by=ann, now=LATER)

    assert list(notices.unread(ann)) == [new]
    assert operations.mark_all_read(by=ann, now=LATER) == 1
    old.refresh_from_db()
    assert old.read_at == LATER


def test_change_notification_settings_refuses_unknown_words(ann: User) -> None:
    for muted, digest in ((["gossip"], "daily"), ([], "yearly")):
        with pytest.raises(ReviewError):
            operations.change_notification_settings(muted=muted, digest=digest, by=ann)

    assert not NotificationSettings.objects.exists()


# --- The pages -----------------------------------------------------------------------------------------


def test_comments_are_written_and_withdrawn_without_a_script(question: Question, ann: User) -> None:
    client, base = signed_in(ann), f"/admin/reviews/question/{question.pk}/comments/"

    written = client.post(
        base, {"text": "First & <b>bold</b>\u202e https://a.example/?a=1&b=2", "seen": "none"}
    )
    again = client.post(
        base, {"text": "First & <b>bold</b>\u202e https://a.example/?a=1&b=2", "seen": "none"}
    )
    comment = Comment.objects.get()
    page = client.get(base).content.decode()
    withdrawn = client.post(f"{base}{comment.pk}/withdraw/")

    assert written.headers["Location"] == again.headers["Location"] == comment.get_absolute_url()
    assert "First &amp; &lt;b&gt;bold&lt;/b&gt;" in page
    assert 'data-name="RLO"' in page
    assert (
        '<a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow ugc"'
        ' referrerpolicy="no-referrer">https://a.example/?a=1&amp;b=2</a>' in page
    )
    assert withdrawn.status_code == 302
    assert "Withdrawn by its author" in client.get(base).content.decode()


def test_refused_comment_is_shown_again_as_it_was_typed(question: Question, ann: User) -> None:
    typed = "y" * 10_001

    answer = signed_in(ann).post(f"/admin/reviews/question/{question.pk}/comments/", {"text": typed})

    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert "at most 10,000 characters" in answer.content.decode()


def test_script_gets_the_panel(question: Question, ann: User) -> None:
    client, base = signed_in(ann), f"/admin/reviews/question/{question.pk}/comments/"
    asked = {"Accept": "application/json"}

    written = client.post(base, {"text": "Hello"}, headers=asked)
    refused = client.post(base, {"text": " "}, headers=asked)
    withdrawn = client.post(f"{base}{written.json()['comment']}/withdraw/", headers=asked)
    missing = client.post(f"{base}{uuid4()}/withdraw/", headers=asked)

    assert (written.status_code, "Hello" in written.json()["panel"]) == (200, True)
    assert (refused.status_code, refused.json()) == (422, {"message": "Write something first."})
    assert (withdrawn.json()["message"], "Hello" in withdrawn.json()["panel"]) == ("Withdrawn.", False)
    assert (missing.status_code, missing.json()) == (422, {"message": "There is no such comment."})


def test_viewer_reads_and_cannot_write(question: Question, ann: User, write: Write) -> None:
    write(ann)
    client = signed_in(UserFactory(roles=["viewer"], is_staff=True))
    base = f"/admin/reviews/question/{question.pk}/comments/"

    page = client.get(base).content.decode()

    assert "Which map is meant?" in page
    assert "<textarea" not in page
    assert client.post(base, {"text": "No"}).status_code == 403
    assert client.get("/admin/reviews/question/people/?typed=a").status_code == 403
    assert signed_in(UserFactory(is_staff=True)).get(base).status_code == 403


def test_thread_goes_back_page_by_page(question: Question, ann: User) -> None:
    for minute in range(COMMENTS_PER_PAGE + 2):
        CommentFactory(question=question, text=f"{minute}", written_at=NOW + timedelta(minutes=minute))

    newest = thread(question, ann)
    earlier = thread(question, ann, before=newest.earlier)

    assert [comment.text for comment in newest.comments] == [f"{n}" for n in range(2, COMMENTS_PER_PAGE + 2)]
    assert (newest.count, newest.is_newest) == ("20+", True)
    assert ([comment.text for comment in earlier.comments], earlier.earlier) == (["0", "1"], None)


def test_thread_takes_as_many_queries_for_three_comments_as_for_one(
    question: Question, ann: User, bob: User, write: Write, django_assert_num_queries: Callable
) -> None:
    first = write(bob, "@ann one")
    assert ann.has_perm("reviews.view_comment")

    with django_assert_num_queries(4):
        thread(question, ann)
    for _ in range(2):
        write(bob, "@ann more", reply_to_id=first.pk)
    with django_assert_num_queries(4):
        assert len(thread(question, ann).comments) == 3


def test_people_are_found_by_the_beginning_of_any_name(ann: User, lead: User) -> None:
    UserFactory(username="carl", first_name="Leonard", roles=["viewer"])
    UserFactory(username="lex")

    found = signed_in(ann).get("/admin/reviews/question/people/?typed=Le").json()

    assert found == {
        "people": [{"username": "carl", "name": "Leonard"}, {"username": "lena.lead", "name": ""}]
    }


def test_inbox_page_lists_marks_and_goes_on(ann: User, question: Question) -> None:
    for minute in range(32):
        NotificationFactory(
            person=ann, question=question, text=f"Notice {minute}.", at=NOW + timedelta(minutes=minute)
        )
    client, base = signed_in(ann), "/admin/reviews/notification/"

    first = client.get(base)
    second = client.get(base, {"after": first.context["next"]})
    client.post(f"{base}read/", {"all": "1", "until": (NOW + timedelta(minutes=30)).isoformat()})
    unread = client.get(base, {"show": "unread"})

    assert [notice.text for notice in second.context["notifications"]] == ["Notice 1.", "Notice 0."]
    assert [notice.text for notice in unread.context["notifications"]] == ["Notice 31."]
    assert '<span class="cc-unread">1<' in unread.content.decode()


def test_inbox_page_takes_as_many_queries_for_three_as_for_one(
    ann: User, bob: User, write: Write, django_assert_num_queries: Callable
) -> None:
    client = signed_in(ann)
    write(bob, "@ann look")
    client.get("/admin/reviews/notification/")  # which the sign-in log is brought up to date by

    with django_assert_num_queries(6):
        client.get("/admin/reviews/notification/")
    for _ in range(2):
        write(bob, "@ann look")
    with django_assert_num_queries(6):
        client.get("/admin/reviews/notification/")


def test_settings_page_keeps_what_is_chosen(ann: User) -> None:
    client, base = signed_in(ann), "/admin/reviews/notification/settings/"
    assert client.get(base).status_code == 200

    client.post(base, {"told": ["assigned", "mentioned"], "digest": "weekly"})

    kept = NotificationSettings.objects.get(person=ann)
    assert kept.digest == "weekly"
    assert set(Notification.Kind.values) - set(kept.muted) == {"assigned", "mentioned"}


def test_unsubscribing_needs_the_signed_link_and_a_post(ann: User) -> None:
    stranger = Client(enforce_csrf_checks=True)
    link = address(ann)

    shown = stranger.get(link)
    assert (shown.status_code, NotificationSettings.objects.exists()) == (200, False)
    assert "ann" not in shown.content.decode().replace("want", "")
    done = stranger.post(link, {"List-Unsubscribe": "One-Click"})

    assert done.status_code == 200
    assert NotificationSettings.objects.get().digest == "never"
    assert stranger.post(link.replace(f"{ann.pk}:", f"{ann.pk + 1}:")).status_code == 404


def test_assigned_people_do_not_count_as_written_before(question: Question, ann: User) -> None:
    """What was written before the first assignment of the round stays, also once there are more of them."""
    CommentFactory(question=question, text="Early", written_at=NOW - timedelta(hours=2))
    begin_review(question, ann)
    AssignmentFactory(question=question, slot=2, assigned_at=LATER, lease_until=LATER + timedelta(days=1))

    assert seen(question, UserFactory(roles=["viewer"])) == ["Early"]
