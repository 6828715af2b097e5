"""Who may what: every route, method and action against everybody, as the table in role_matrix/ has it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from reviews.workflow import State
from tests.role_matrix import ground as grounds
from tests.role_matrix.ground import Ground
from tests.role_matrix.people import (
    ANONYMOUS,
    DEACTIVATED,
    EVERYBODY,
    LEAD,
    NO_ROLE,
    RELATIONS,
    VIEWER,
    People,
)
from tests.role_matrix.routes import routes
from tests.role_matrix.rows import EVERY_STATE, Row
from tests.role_matrix.table import ACTIONS, TABLE

pytestmark = pytest.mark.django_db

ONE_ROW_EACH = [pytest.param(row, id=str(row)) for row in TABLE]
# What is written when somebody comes by, whatever they ask for.
BY_SESSION_TOO = frozenset({ANONYMOUS, DEACTIVATED, NO_ROLE, VIEWER, LEAD})
_NOTED = ("django_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog")


@dataclass(frozen=True)
class Scene:
    people: People
    grounds: dict[State, Ground]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Scene]:
    """Everybody and everything, made once; what a test does to it is taken back by the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = People.made()
        yield Scene(people, grounds.every_state(people))
        transaction.set_rollback(True)


def written() -> int:
    """How many rows were written in this transaction so far, those that were taken back included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
            " WHERE relname <> ALL(%s)",
            [list(_NOTED)],
        )
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class Answer:
    status: int
    has_written: bool


def asked(row: Row, client: Client, ground: Ground) -> Answer:
    """The answer to one request, whose effects are taken back."""
    with transaction.atomic():
        before = written()
        response: HttpResponseBase = row.ask(client, ground)
        answer = Answer(response.status_code, written() > before)
        transaction.set_rollback(True)
    return answer


def askers(row: Row, people: People) -> Iterator[tuple[str, str, Client]]:
    """Who asks, by which door, and their client: everybody; relations to a question only where they count.

    In the API tokens, and sessions where they could be let in otherwise.
    """
    for name in sorted(EVERYBODY):
        role = RELATIONS.get(name)
        if role is not None and row.answer_to(name) == row.answer_to(role):
            continue
        if not row.is_api or name in BY_SESSION_TOO:
            yield name, name, people.in_browser(name)
        if row.is_api and name != ANONYMOUS:
            yield name, f"{name} with a token", people.with_token(name)


# --- The table is whole


def test_every_route_is_in_the_table_and_every_row_has_its_route() -> None:
    assert {row.route for row in TABLE} == set(routes())


def test_every_method_of_the_api_is_in_the_table() -> None:
    known = {(row.route, row.method) for row in TABLE if row.is_api}

    viewsets = [route for route in routes().values() if route.methods is not None]
    assert {(route.pattern, method) for route in viewsets for method in route.methods or ()} == {
        (pattern, method) for pattern, method in known if routes()[pattern].methods is not None
    }


# --- It holds


@pytest.mark.parametrize("row", ONE_ROW_EACH)
def test_request_is_answered_by_role_as_the_table_says(row: Row, scene: Scene) -> None:
    ground = scene.grounds[row.state]
    wrong = []
    for name, door, client in askers(row, scene.people):
        answer = asked(row, client, ground)
        if answer.status != row.answer_to(name):
            wrong.append(f"{door}: {answer.status}, not {row.answer_to(name)}")
        if answer.has_written and (name not in row.may or row.method == "GET"):
            wrong.append(f"{door}: has written")

    assert wrong == []


STEPS = [pytest.param(row, id=str(row)) for row in TABLE if row.states != EVERY_STATE]


@pytest.mark.parametrize("row", STEPS)
def test_step_is_answered_by_state_as_the_table_says(row: Row, scene: Scene) -> None:
    answers = {
        state: asked(row, scene.people.in_browser(LEAD), ground) for state, ground in scene.grounds.items()
    }

    expected = {
        state: {row.ok} if state in row.states else {row.otherwise}
        for state in State
        if state != State.MERGED
    }
    # What stood under a merged question stands under the other one now, where it may be changed.
    expected[State.MERGED] = {row.ok, 409, 422} if row.is_of_what_moves else {row.otherwise, 422}
    assert {
        state: answer.status for state, answer in answers.items() if answer.status not in expected[state]
    } == {}
    wrote = {state for state, answer in answers.items() if answer.has_written}
    assert wrote <= row.states | ({State.MERGED} if row.is_of_what_moves else set())


# --- What goes beyond who may


BY_NUMBER = [
    pytest.param(row, id=str(row))
    for row in TABLE
    if "<" in row.route and row.at is None and row.subject != "app"
]
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("row", BY_NUMBER)
def test_what_one_may_not_see_is_answered_like_what_is_not_there(row: Row, scene: Scene) -> None:
    """By status and words; to who may not see such rows at all, and to whom just this one is not shown."""
    hidden = [name for name, answer in row.others.items() if answer == 404]
    ground = scene.grounds[row.state]
    missing = replace(row, at=lambda on: absent(row, on))

    for name in (NO_ROLE, *hidden[:1]):
        there, gone = (said(each, scene.people.in_browser(name), ground) for each in (row, missing))
        assert there == gone


def absent(row: Row, ground: Ground) -> str:
    """The address of the row with a last number, name or hash that nothing has."""
    address = row.address(ground).removeprefix("/")
    before, last, after = re.split(r"([0-9a-f]{64}|[0-9a-f-]{36}|\d+)(?=\D*$)", address, maxsplit=1)
    return before + (NOWHERE if "-" in last else "0" * len(last)) + after


def said(row: Row, client: Client, ground: Ground) -> tuple[int, bytes]:
    """The answer to a request, without what differs from page to page."""
    with transaction.atomic():
        response = row.ask(client, ground)
        words = b"" if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, re.sub(rb'value="[\w-]{64}"|next=[^"]*', b"", words)


BODIES = [pytest.param(row, id=str(row)) for row in TABLE if row.is_api and row.method in ("POST", "PUT")]


@pytest.mark.parametrize("row", BODIES)
def test_field_that_is_not_known_is_refused_and_nothing_written(row: Row, scene: Scene) -> None:
    ground = scene.grounds[row.state]
    given = row.body(ground) if callable(row.body) else row.body
    more = replace(row, body={**(given or {}), "is_superuser": True, "state": "decided"})
    name = LEAD if LEAD in row.may else sorted(row.may or row.others)[0]

    answer = asked(more, scene.people.with_token(name), ground)

    assert answer == Answer(400, has_written=False)


def test_actions_on_lists_are_offered_to_whom_the_table_says(scene: Scene, rf: RequestFactory) -> None:
    offered = {}
    for model, pages in admin.site._registry.items():
        for name, user in scene.people.users.items():
            request = rf.get("/")
            request.user = User.objects.get(pk=user.pk)
            for action in pages.get_actions(request):
                offered.setdefault(f"{model._meta.label_lower} {action}", set()).add(name)

    assert offered == {action: set(may) for action, may in ACTIONS.items()}
