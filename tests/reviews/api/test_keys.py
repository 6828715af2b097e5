"""Requests that are sent again with the same Idempotency-Key: one row, and the answer to the first."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone
from rest_framework.test import APIClient

from config.celery import app
from reviews import operations
from reviews.models import Assignment, AuditEvent, Change, KeyedRequest, Project, Question
from reviews.tasks import forget_keys
from tests.factories import NOW, KeyedRequestFactory, PositionFactory, QuestionFactory
from tests.reviews.clients import CLIENTS, clients

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
KEY = {"Idempotency-Key": "jet-1"}
QUESTIONS, NEXT = "/api/v1/questions/", "/api/v1/queue/next/"
WHO = {"wording": "Who flew the jet?", "slot": "who", "answers": ["A major", "A captain"]}
WHERE = {"wording": "Where did the jet fall?", "slot": "where"}


def propose(client: APIClient, asked: dict[str, Any] = WHO, **headers: str) -> Any:
    return client.post(QUESTIONS, asked, headers=headers or KEY)


def to_be_taken(count: int = 2) -> None:
    for _ in range(count):
        PositionFactory()


# --- The same request again


def test_question_proposed_twice_with_a_key_is_one(api: Api) -> None:
    client = api("reviewer")

    first, again = propose(client), propose(client)

    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert (first["Location"], first["ETag"]) == (again["Location"], again["ETag"])
    assert list(Question.objects.values_list("pk", flat=True)) == [first.json()["id"]]
    assert AuditEvent.objects.filter(table_name="reviews_question", operation="insert").count() == 1


def test_question_proposed_twice_without_a_key_is_two(api: Api) -> None:
    client = api("reviewer")

    for _ in range(2):
        assert client.post(QUESTIONS, WHO).status_code == 201

    assert Question.objects.count() == 2


def test_next_in_queue_taken_twice_with_a_key_is_one(api: Api) -> None:
    to_be_taken()
    client = api("reviewer")

    first, again = (client.post(NEXT, headers=KEY) for _ in range(2))

    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert list(Assignment.objects.values_list("pk", flat=True)) == [first.json()["id"]]


def test_next_in_queue_is_asked_anew_with_a_key_that_found_none(api: Api) -> None:
    client = api("reviewer")
    assert client.post(NEXT, headers=KEY).status_code == 204
    to_be_taken(1)

    assert client.post(NEXT, headers=KEY).status_code == 201


def test_answer_to_a_key_is_what_it_made_as_it_is_now(api: Api) -> None:
    client = api("reviewer")
    made = propose(client).json()
    client.post(f"{QUESTIONS}{made['id']}/open/", headers={"If-Match": "*"})

    assert propose(client).json()["state"] == "open"


def test_project_begun_twice_with_a_key_is_one(api: Api) -> None:
    client, asked = api("lead"), {"name": "Resafa", "reason": "A new desk."}

    first, again = (client.post("/api/v1/projects/", asked, headers=KEY) for _ in range(2))

    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert Project.objects.count() == 1


def test_question_split_twice_with_a_key_is_one_step(api: Api) -> None:
    leaving, _ = (PositionFactory(question=question) for question in [QuestionFactory()] * 2)
    client, asked = api("reviewer"), {**WHERE, "positions": [leaving.pk], "reason": "Two."}
    address = f"{QUESTIONS}{leaving.question_id}/split/"

    first, again = (client.post(address, asked, headers={**KEY, "If-Match": '"1"'}) for _ in range(2))

    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert Question.objects.count() == 2


def test_key_of_a_split_that_was_taken_back_is_refused(api: Api) -> None:
    leaving, _ = (PositionFactory(question=question) for question in [QuestionFactory()] * 2)
    client, asked = api("reviewer"), {**WHERE, "positions": [leaving.pk], "reason": "Two."}
    address, headers = f"{QUESTIONS}{leaving.question_id}/split/", {**KEY, "If-Match": "*"}
    client.post(address, asked, headers=headers)
    undone = client.post(
        f"{QUESTIONS}{leaving.question_id}/changes/{Change.objects.get().pk}/undo/", headers={"If-Match": "*"}
    )
    assert undone.status_code == 200

    response = client.post(address, asked, headers=headers)

    assert (response.status_code, response.json()["detail"]) == (
        409,
        "What this Idempotency-Key made was taken back since; use a new one.",
    )
    assert client.post(address, asked, headers={**headers, "Idempotency-Key": "jet-2"}).status_code == 201


# --- Kept for a while


def test_keys_are_forgotten_after_a_week() -> None:
    _, young = (KeyedRequestFactory(asked_at=NOW - timedelta(days=days)) for days in (8, 6))

    assert operations.forget_keys(now=NOW) == 1

    assert list(KeyedRequest.objects.all()) == [young]


def test_key_that_was_forgotten_makes_another(api: Api) -> None:
    client = api("reviewer")
    propose(client)
    KeyedRequest.objects.update(asked_at=timezone.now() - timedelta(days=8))

    forget_keys()

    assert propose(client).status_code == 201
    assert Question.objects.count() == 2


def test_beat_has_keys_forgotten() -> None:
    assert app.conf.beat_schedule["keys"]["task"] == forget_keys.name


# --- Another request


@pytest.mark.parametrize(
    ("address", "asked"),
    [(QUESTIONS, WHERE), (NEXT, {}), ("/api/v1/projects/", {"name": "R", "reason": "S"})],
)
def test_key_of_another_request_is_refused(api: Api, address: str, asked: dict[str, Any]) -> None:
    to_be_taken()
    client = api("lead")
    propose(client)
    before = Question.objects.count()

    response = client.post(address, asked, headers=KEY)

    assert (response.status_code, response.json()["code"]) == (409, "conflict")
    assert "Idempotency-Key" in response.json()["detail"]
    assert (Question.objects.count(), Assignment.objects.count(), Project.objects.count()) == (before, 0, 0)


def test_key_of_another_person_is_another_key(api: Api) -> None:
    to_be_taken()
    ann, ben = api("reviewer"), api("reviewer")

    answers = [client.post(NEXT, headers=KEY) for client in (ann, ben)]

    assert [answer.json()["reviewer"] for answer in answers] == [ann.user.username, ben.user.username]
    assert list(KeyedRequest.objects.order_by("pk").values_list("person", "key", "made_id")) == [
        (client.user.pk, "jet-1", answer.json()["id"])
        for client, answer in zip((ann, ben), answers, strict=True)
    ]


def test_key_of_what_was_refused_may_be_used_again(api: Api) -> None:
    client = api("reviewer")
    assert propose(client, {"wording": "No question", "slot": "who"}).status_code == 422

    assert propose(client).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256, "schlüssel"])
def test_key_that_is_none_is_refused(api: Api, key: str) -> None:
    response = propose(api("reviewer"), **{"Idempotency-Key": key.encode().decode("latin-1")})

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "Idempotency-Key")
    assert not Question.objects.exists()


# --- At once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("address", "asked", "made"), [(QUESTIONS, WHO, Question), (NEXT, {}, Assignment)])
def test_same_key_at_the_same_moment_makes_one(
    api: Api, address: str, asked: dict[str, Any], made: type[Model]
) -> None:
    token = api("reviewer")._credentials["HTTP_AUTHORIZATION"]
    if made is Assignment:
        to_be_taken(CLIENTS)

    def send() -> int:
        client = APIClient(headers={"Authorization": token})
        return client.post(address, asked, headers=KEY).json()["id"]

    with clients() as many:
        ids = [ending.value for ending in many.take([send] * CLIENTS)]

    [row] = made._default_manager.all()
    assert ids == [row.pk] * CLIENTS
