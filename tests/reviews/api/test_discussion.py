"""Discussion and notices over REST."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from knox.models import AuthToken
from rest_framework.test import APIClient

from reviews import operations
from reviews.models import Comment, Notification, NotificationSettings, Question
from tests.factories import (
    NOW,
    CommentFactory,
    NotificationFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]


@pytest.fixture
def question(db: None) -> Question:
    question = QuestionFactory()
    PositionFactory(question=question)
    return question


def comments(question: Question) -> str:
    return f"/api/v1/questions/{question.pk}/comments/"


def texts(client: APIClient, question: Question) -> list[str | None]:
    return [comment["text"] for comment in client.get(comments(question)).json()["results"]]


def user_of(client: APIClient) -> User:
    user: User = client.user  # type: ignore[attr-defined]  # the fixture puts it there
    return user


def test_comment_is_written_read_and_withdrawn(api: Api, question: Question) -> None:
    reviewer, viewer = api("reviewer"), api("viewer")
    UserFactory(username="ann", roles=["viewer"])

    written = reviewer.post(comments(question), {"text": "@ann which map?"})
    read = viewer.get(comments(question)).json()
    withdrawn = reviewer.post(f"/api/v1/comments/{written.json()['id']}/withdraw/")

    expected = {
        "id": str(Comment.objects.get().pk),
        "question": question.pk,
        "round": 1,
        "reply_to": None,
        "text": "@ann which map?",
        "mentions": ["ann"],
        "written_by": user_of(reviewer).username,
        "written_at": written.json()["written_at"],
        "withdrawn_at": None,
        "is_waiting": False,
    }
    assert (written.status_code, written.json()) == (201, expected)
    assert read == {"next": None, "previous": None, "results": [expected]}
    at = withdrawn.json()["withdrawn_at"]
    assert at is not None
    assert withdrawn.json() == expected | {"text": None, "mentions": [], "withdrawn_at": at}
    assert texts(viewer, question) == [None]


def test_comments_are_paged_oldest_first(api: Api, question: Question) -> None:
    for minute in range(3):
        CommentFactory(question=question, text=f"{minute}", written_at=NOW + timedelta(minutes=minute))
    client = api("viewer")

    first = client.get(comments(question), {"limit": 2}).json()
    second = client.get(first["next"]).json()

    assert [comment["text"] for comment in first["results"]] == ["0", "1"]
    assert [comment["text"] for comment in second["results"]] == ["2"]
    assert client.get(second["previous"]).json()["results"] == first["results"]


def test_comment_sent_twice_with_one_key_is_one(api: Api, question: Question) -> None:
    client = api("reviewer")

    sent = [
        client.post(comments(question), {"text": text}, headers={"Idempotency-Key": "k"})
        for text in ("One", "One", "Other")
    ]

    assert [answer.status_code for answer in sent] == [201, 201, 409]
    assert sent[0].json() == sent[1].json()
    assert texts(client, question) == ["One"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"text": ""}, 400),
        ({"text": "  "}, 400),
        ({"text": 7}, 400),
        ({"text": "x" * 10_001}, 400),
        ({"text": "x", "reply_to": "7"}, 400),
        ({"text": "x", "reply_to": str(uuid4())}, 422),
        ({"text": "x", "round": 2}, 400),
    ],
)
def test_comment_that_is_not_one_is_refused(
    body: dict[str, Any], status: int, api: Api, question: Question
) -> None:
    answer = api("reviewer").post(comments(question), body)

    assert answer.status_code == status
    assert not Comment.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "ingest manager", "admin"])
def test_comment_is_for_reviewers_to_write(role: str, api: Api, question: Question) -> None:
    answer = api(role).post(comments(question), {"text": "No"})

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert not Comment.objects.exists()


def test_discussion_is_for_those_who_may_see_questions(api: Api, question: Question) -> None:
    for address in (comments(question), "/api/v1/notifications/", "/api/v1/notifications/settings/"):
        assert api().get(address).status_code == 403
        assert APIClient().get(address).status_code == 401


def test_strange_parameters_and_questions_are_refused(api: Api, question: Question) -> None:
    client = api("reviewer")

    assert client.get(comments(question), {"author": "ann"}).status_code == 400
    assert client.get(f"/api/v1/questions/{question.pk + 1}/comments/").status_code == 404
    assert client.post(f"/api/v1/questions/{question.pk + 1}/comments/", {"text": "x"}).status_code == 404


def test_comment_of_a_review_is_not_there_for_others(api: Api, question: Question) -> None:
    ann, bob, lead = api("reviewer"), api("reviewer"), api("lead")
    for client in (ann, bob):
        operations.take_question(question_id=question.pk, by=user_of(client), now=NOW)

    hidden = ann.post(comments(question), {"text": f"@{user_of(bob)} the first"}).json()

    assert hidden["is_waiting"] is True
    assert (texts(ann, question), texts(bob, question), texts(lead, question)) == ([hidden["text"]], [], [])
    for other in (bob, lead):
        refused = [other.post(f"/api/v1/comments/{pk}/withdraw/") for pk in (hidden["id"], uuid4())]
        answered = [
            other.post(comments(question), {"text": "So?", "reply_to": str(pk)})
            for pk in (hidden["id"], uuid4())
        ]
        assert [answer.status_code for answer in refused + answered] == [404, 404, 422, 422]
        assert refused[0].content == refused[1].content
        assert answered[0].content == answered[1].content
    assert not Notification.objects.filter(person=user_of(bob)).exists()


def test_only_the_author_withdraws(api: Api, question: Question) -> None:
    comment = CommentFactory(question=question)

    answer = api("lead").post(f"/api/v1/comments/{comment.pk}/withdraw/")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_comments_take_as_many_queries_for_three_as_for_one(
    api: Api, question: Question, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = api("reviewer")
    UserFactory(username="ann", roles=["viewer"])
    first = client.post(comments(question), {"text": "@ann one"}).json()

    with django_assert_num_queries(8):
        client.get(comments(question))
    for number in range(2):
        client.post(comments(question), {"text": f"@ann more {number}", "reply_to": first["id"]})
    with django_assert_num_queries(8):
        assert len(client.get(comments(question)).json()["results"]) == 3


def test_notices_are_ones_own(api: Api) -> None:
    client = api("reviewer")
    old = NotificationFactory(person=user_of(client), text="Old", read_at=NOW)
    new = NotificationFactory(person=user_of(client), text="New", at=NOW + timedelta(hours=1))
    NotificationFactory(text="Of somebody else")

    everything = client.get("/api/v1/notifications/").json()["results"]
    unread = client.get("/api/v1/notifications/", {"unread": "true"}).json()["results"]

    assert [row["text"] for row in everything] == ["New", "Old"]
    assert everything[1] == {
        "id": str(old.pk),
        "kind": "assigned",
        "question": old.question_id,
        "comment": None,
        "text": "Old",
        "at": "2017-06-20T12:00:00Z",
        "read_at": "2017-06-20T12:00:00Z",
    }
    assert [row["id"] for row in unread] == [str(new.pk)]
    assert client.get("/api/v1/notifications/", {"unread": "maybe"}).status_code == 400


def test_notices_are_paged(api: Api) -> None:
    client = api("viewer")
    question = QuestionFactory()
    for _ in range(3):
        NotificationFactory(person=user_of(client), question=question)  # all at the same moment

    first = client.get("/api/v1/notifications/", {"limit": 2}).json()
    second = client.get(first["next"]).json()

    ids = [row["id"] for row in first["results"] + second["results"]]
    assert sorted(ids) == sorted(str(pk) for pk in Notification.objects.values_list("pk", flat=True))
    assert second["next"] is None


def test_notices_are_marked_read(api: Api) -> None:
    client = api("reviewer")
    own = NotificationFactory.create_batch(3, person=user_of(client))
    other = NotificationFactory()
    address = "/api/v1/notifications/read/"

    some = client.post(address, {"ids": [str(own[0].pk), str(other.pk), str(uuid4())]})
    rest = client.post(address, {"all": True})
    bad = [client.post(address, body) for body in ({}, {"all": True, "ids": [str(own[0].pk)]}, {"ids": []})]

    assert (some.json(), rest.json()) == ({"read": 1}, {"read": 2})
    assert [answer.status_code for answer in bad] == [400, 400, 400]
    other.refresh_from_db()
    assert other.read_at is None


def test_notification_settings_are_read_and_changed(api: Api) -> None:
    client, address = api("viewer"), "/api/v1/notifications/settings/"

    before = client.get(address).json()
    changed = client.put(address, {"muted": ["replied", "assigned"], "digest": "never"})
    bad = [
        client.put(address, body)
        for body in (
            {"muted": []},
            {"muted": ["gossip"], "digest": "daily"},
            {"muted": [], "digest": "yearly"},
        )
    ]

    assert before == {"muted": [], "digest": "daily"}
    assert (
        changed.json() == client.get(address).json() == {"muted": ["assigned", "replied"], "digest": "never"}
    )
    assert [answer.status_code for answer in bad] == [400, 400, 400]
    assert NotificationSettings.objects.get().person == user_of(client)


def test_token_of_somebody_who_lost_the_role_reads_nothing(api: Api, question: Question) -> None:
    client = api("reviewer")
    assert AuthToken.objects.count() == 1

    user_of(client).groups.clear()

    assert client.get(comments(question)).status_code == 403
    assert client.post(comments(question), {"text": "x"}).status_code == 403
