from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries as Queries
from rest_framework.test import APIClient

from reviews import audit
from reviews.models import AuditEvent, Question
from tests.factories import AssignmentFactory, PlacementFactory, QuestionFactory, UserFactory

EVENTS = "/api/v1/audit-events/"
Api = Callable[..., APIClient]


def reworded(question: Question, *, by: User, wording: str = "Who now?") -> AuditEvent:
    with transaction.atomic():
        audit.because(by=by, action="reword_question", reason="Clearer.")
        Question.objects.filter(pk=question.pk).update(wording=wording)
    return AuditEvent.objects.latest("pk")


def link_events() -> None:
    """Have the chain written now, and not when the transaction of the test ends, which it never does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_event_is_told_whole(api: Api) -> None:
    client, ana = api("viewer"), UserFactory(username="ana")
    question = QuestionFactory(wording="Who?")
    event = reworded(question, by=ana)
    link_events()

    told = client.get(EVENTS, {"action": "reword_question"}).json()["results"]

    event.refresh_from_db()
    (one,) = told
    images = one.pop("old"), one.pop("new")
    assert one == {
        "id": event.pk,
        "at": event.at.isoformat(),
        "actor_id": ana.pk,
        "actor": "ana",
        "action": "reword_question",
        "reason": "Clearer.",
        "table": "reviews_question",
        "row": question.pk,
        "operation": "update",
        "change": None,
        "request": event.request_id,
        "position": event.link.position,
        "hash": event.link.hash,
    }
    assert [image["wording"] for image in images] == ["Who?", "Who now?"]


def test_event_is_found_by_its_number(api: Api) -> None:
    event = reworded(QuestionFactory(), by=UserFactory())

    answer = api("viewer").get(f"{EVENTS}{event.pk}/")

    assert (answer.status_code, answer.json()["id"]) == (200, event.pk)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"since": "2017-06-20T00:00:00Z", "until": "2040-01-01T00:00:00Z"}, 200),
        ({"table": "reviews_question", "row": "1"}, 200),
        ({"actor": "somebody", "request": "edge-0001", "question": "5"}, 200),
        ({"since": "yesterday"}, 400),
        ({"row": "x"}, 400),
        ({"question": "0"}, 400),
        ({"actor": ""}, 400),
        ({"actor": "a\x00b"}, 400),
        ({"unknown": "1"}, 400),
        ({"limit": "1000"}, 400),
        ({"cursor": "forged"}, 400),
    ],
)
def test_parameters_are_taken_strictly(api: Api, given: dict[str, str], status: int) -> None:
    assert api("viewer").get(EVENTS, given).status_code == status


@pytest.mark.parametrize("given", [{}, {"since": "2017-01-01T00:00:00Z"}])
def test_pages_hold_every_event_once(api: Api, given: dict[str, str]) -> None:
    for _ in range(3):
        PlacementFactory()
    client = api("lead", "admin")

    told, where = [], EVENTS
    first = client.get(where, {**given, "limit": 7}).json()
    while True:
        told += [event["id"] for event in first["results"]]
        if first["next"] is None:
            break
        first = client.get(first["next"]).json()

    order = ("-at", "-pk") if given else ("-pk",)
    assert told == list(AuditEvent.objects.order_by(*order).values_list("pk", flat=True))


def test_list_takes_as_many_queries_for_three_events_as_for_one(
    api: Api, django_assert_max_num_queries: Queries
) -> None:
    client, by = api("viewer"), UserFactory()

    counted = []
    for more in (1, 2):
        for _ in range(more):
            reworded(QuestionFactory(), by=by)
        with django_assert_max_num_queries(12) as captured:
            client.get(EVENTS, {"action": "reword_question"})
        counted.append(len(captured))

    assert counted[0] == counted[1]


def test_assignments_of_others_are_hidden_as_missing_ones(api: Api) -> None:
    AssignmentFactory()
    hidden = AuditEvent.objects.get(table_name="reviews_assignment").pk
    reviewer = api("reviewer")

    assert reviewer.get(EVENTS, {"table": "reviews_assignment"}).json()["results"] == []
    assert reviewer.get(f"{EVENTS}{hidden}/").status_code == 404
    assert api("lead").get(f"{EVENTS}{hidden}/").status_code == 200


def test_passwords_are_in_no_answer(api: Api) -> None:
    person = UserFactory()
    person.set_password("a long enough phrase")
    person.save()

    results = api("admin").get(EVENTS, {"table": "auth_user", "row": person.pk}).json()["results"]

    assert {event["new"]["password"] for event in results} == {"not shown"}


@pytest.mark.parametrize(("roles", "status"), [((), 403), (("viewer",), 200), (("ingest manager",), 200)])
def test_trail_is_for_who_has_a_role(api: Api, roles: tuple[str, ...], status: int) -> None:
    client = api(*roles)
    question = QuestionFactory()

    for where in (EVENTS, f"/api/v1/questions/{question.pk}/history/"):
        assert client.get(where).status_code == status
    assert APIClient().get(EVENTS).status_code == 401


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_trail_cannot_be_written(api: Api, method: str) -> None:
    event = reworded(QuestionFactory(), by=UserFactory())
    client = api("lead", "admin")

    for where in (EVENTS, f"{EVENTS}{event.pk}/"):
        assert getattr(client, method)(where, {}).status_code in (403, 405)


# --- Of one question --------------------------------------------------------------------------------
def test_history_of_a_question_tells_of_all_that_is_its(api: Api) -> None:
    placement = PlacementFactory()
    PlacementFactory()

    told = api("viewer").get(f"/api/v1/questions/{placement.question_id}/history/").json()["results"]

    assert [(event["table"], event["row"]) for event in told] == [
        ("reviews_placement", placement.pk),
        ("reviews_position", placement.position_id),
        ("reviews_question", placement.question_id),
    ]


def test_history_is_paged(api: Api) -> None:
    question, by = QuestionFactory(), UserFactory()
    for number in range(4):
        reworded(question, by=by, wording=f"Who was number {number}?")
    client = api("viewer")

    first = client.get(f"/api/v1/questions/{question.pk}/history/", {"limit": 3}).json()
    second = client.get(first["next"]).json()

    everything = AuditEvent.objects.filter(row_id=question.pk, table_name="reviews_question").order_by("-pk")
    told = [event["id"] for event in first["results"] + second["results"]]
    assert told == list(everything.values_list("pk", flat=True))


def test_history_of_a_question_there_is_not_is_missing(api: Api) -> None:
    assert api("viewer").get("/api/v1/questions/999999/history/").status_code == 404
