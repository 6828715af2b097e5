import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from reviews.models import AuditEvent
from tests.factories import UserFactory

ADDRESS = "192.0.2.7"
PASSWORD = "a long enough phrase"


@pytest.fixture
def ana(db: None) -> User:
    user = UserFactory(username="ana", is_staff=True)
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def sign_in(username: str, password: str, *, address: str = ADDRESS, agent: str = "a browser") -> None:
    headers = {"User-Agent": agent, "X-Request-ID": "edge-0001"}
    given = {"username": username, "password": password}
    Client(REMOTE_ADDR=address).post("/admin/login/", given, headers=headers)


def told() -> list[tuple[str, str, int]]:
    """Action, actor and account of what took place, oldest first."""
    notes = AuditEvent.objects.filter(operation=AuditEvent.Operation.NOTE).order_by("pk")
    return list(notes.values_list("action", "actor", "row_id"))


def test_signing_in_and_out_is_written_down(ana: User) -> None:
    browser = Client(REMOTE_ADDR=ADDRESS)

    browser.post("/admin/login/", {"username": "ana", "password": PASSWORD})
    browser.post("/admin/logout/")

    assert told() == [("sign_in", "ana", ana.pk), ("sign_out", "ana", ana.pk)]


def test_sign_in_tells_where_from_and_by_which_request(ana: User) -> None:
    sign_in("ana", PASSWORD)

    event = AuditEvent.objects.get(action="sign_in")
    assert event.new == {"address": ADDRESS, "user_agent": "a browser"}
    assert (event.actor_id, event.table_name, event.request_id) == (ana.pk, "auth_user", "edge-0001")


def test_failed_sign_in_is_of_the_account_that_was_meant_and_by_nobody(ana: User) -> None:
    sign_in("ana", "wrong")

    assert told() == [("sign_in_failed", "nobody", ana.pk)]


def test_name_that_no_account_has_is_not_written_down(ana: User) -> None:
    sign_in("my secret phrase", "wrong")

    assert told() == [("sign_in_failed", "nobody", 0)]
    (event,) = AuditEvent.objects.filter(action="sign_in_failed").values()
    assert "my secret phrase" not in str(event)


def test_lock_out_is_written_down_once_however_long_somebody_goes_on(ana: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT + 3):
        sign_in("ana", "wrong")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in("ana", "wrong", address="192.0.2.8")

    failed = [("sign_in_failed", "nobody", ana.pk)] * (settings.AXES_FAILURE_LIMIT - 1)
    locked_out = ("lock_out", "nobody", ana.pk)
    assert told() == [*failed, locked_out, *failed, locked_out]


def test_hostile_name_and_browser_are_taken(ana: User) -> None:
    sign_in("a\r\nb\x1b[31m", "wrong", agent="x" * 8000)

    event = AuditEvent.objects.get(action="sign_in_failed")
    assert event.new == {"address": ADDRESS, "user_agent": "x" * 300}


def test_event_of_a_sign_in_stands_in_the_chain(ana: User) -> None:
    sign_in("ana", PASSWORD)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert AuditEvent.objects.get(action="sign_in").link.position > 0
