"""The pages of a discussion: the panel, the inbox, the settings."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from reviews.discussion.threads import COMMENTS_PER_PAGE, thread
from reviews.models import Comment, Notification, NotificationSettings, Question
from reviews.telling.unsubscribing import address
from tests.factories import NOW, AssignmentFactory, CommentFactory, NotificationFactory, UserFactory
from tests.reviews.discussion.talking import LATER, Write, begin_review, seen, signed_in

pytestmark = pytest.mark.django_db


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
    assert (refused.status_code, refused.json()["message"]) == (422, "Write something first.")
    assert "Hello" in refused.json()["panel"]
    assert (withdrawn.json()["message"], "Hello" in withdrawn.json()["panel"]) == ("Withdrawn.", False)
    assert (missing.status_code, missing.json()["message"]) == (422, "There is no such comment.")


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
