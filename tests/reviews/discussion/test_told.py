"""What one is told: the inbox, its badge, and what one does not want to hear of."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection

from reviews import notices, operations
from reviews.errors import ReviewError
from reviews.models import Notification, NotificationSettings, Question
from tests.factories import (
    NOW,
    CommentFactory,
    NotificationFactory,
    NotificationSettingsFactory,
    QuestionFactory,
)
from tests.reviews.discussion.talking import LATER, Write, told

pytestmark = pytest.mark.django_db


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
