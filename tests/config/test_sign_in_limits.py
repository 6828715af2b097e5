"""How often one may try to sign in, and what is told to who tried too often."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from config.sign_in_limits import address_of
from reviews.engine_user import engine_user
from reviews.management.commands import open_sample_questions
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "nine-green-bottles"
LOGIN = "/admin/login/"


@pytest.fixture
def vera() -> User:
    user = UserFactory(username="vera", is_staff=True, roles=["viewer"])
    user.set_password(PASSWORD)
    user.save()
    return user


def attempt(name: str, password: str, *, address: str = "192.0.2.1", **headers: str) -> int:
    answer = Client().post(
        LOGIN, {"username": name, "password": password}, REMOTE_ADDR=address, headers=headers
    )
    return answer.status_code


def lock_out(name: str) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        attempt(name, "wrong")


def test_too_many_attempts_close_the_name_at_that_address_only(vera: User) -> None:
    lock_out("vera")

    assert attempt("vera", PASSWORD) == 429
    assert attempt("vera", PASSWORD, address="192.0.2.2") == 302
    assert attempt("grace", PASSWORD) == 200


def test_fewer_attempts_close_nothing(vera: User) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        attempt("vera", "wrong")

    assert attempt("vera", PASSWORD) == 302


def test_address_a_client_makes_up_is_not_believed(vera: User) -> None:
    for number in range(settings.AXES_FAILURE_LIMIT):
        attempt("vera", "wrong", **{"X-Forwarded-For": f"198.51.100.{number}"})

    assert attempt("vera", PASSWORD, **{"X-Forwarded-For": "198.51.100.200"}) == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "", "192.0.2.1"),
    ],
)
def test_address_is_what_the_nearest_proxy_of_ours_says(
    proxies: int, forwarded: str, expected: str, monkeypatch: pytest.MonkeyPatch, rf: RequestFactory
) -> None:
    monkeypatch.setitem(settings.REST_FRAMEWORK, "NUM_PROXIES", proxies)
    request = rf.get(LOGIN, headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")

    assert address_of(request) == expected


def test_page_says_how_long_it_lasts(vera: User) -> None:
    lock_out("vera")

    answer = Client().post(LOGIN, {"username": "vera", "password": PASSWORD}, REMOTE_ADDR="192.0.2.1")

    assert "closed for 15 minutes" in answer.content.decode()
    assert answer.headers["Retry-After"] == "900"


@contextmanager
def counted_hashings() -> Iterator[list[str]]:
    """How often a password was hashed, which is what a sign-in takes its time for."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        done.append(password)
        return encode(self, password, salt)

    with patch.object(MD5PasswordHasher, "encode", counting):
        yield done


def test_unknown_name_is_answered_with_the_same_words_and_work(vera: User) -> None:
    pages, work = [], []
    for name in ("vera", "evra"):
        with counted_hashings() as done:
            answer = Client().post(LOGIN, {"username": name, "password": "wrong"})
        pages.append(
            answer.content.decode().replace(f'value="{name}"', "").partition("csrfmiddlewaretoken")[0]
        )
        work.append(len(done))

    assert pages[0] == pages[1]
    assert work[0] == work[1] == 1


@pytest.mark.parametrize("length", [151, 256, 5000])
def test_name_that_no_account_can_have_is_refused(length: int) -> None:
    assert attempt("v" * length, "wrong") == 200
    assert not AccessAttempt.objects.exists()


@pytest.mark.parametrize("name", ["vera", "evra"])
def test_lock_out_is_told_alike_whether_there_is_such_an_account(vera: User, name: str) -> None:
    lock_out(name)

    assert attempt(name, PASSWORD) == 429


def test_admin_lets_somebody_in_again(vera: User) -> None:
    lock_out("vera")
    office = Client()
    office.force_login(
        UserFactory(is_staff=True, roles=["admin"]), backend="django.contrib.auth.backends.ModelBackend"
    )

    answer = office.post(
        reverse("admin:axes_accessattempt_changelist"),
        {"action": "let_in_again", "_selected_action": AccessAttempt.objects.get().pk},
    )

    assert answer.status_code == 302
    assert attempt("vera", PASSWORD) == 302


def test_command_lets_somebody_in_again(vera: User) -> None:
    lock_out("vera")

    call_command("axes_reset_username", "vera")

    assert attempt("vera", PASSWORD) == 302


@pytest.mark.parametrize("make", [engine_user, open_sample_questions._actor])
def test_accounts_of_the_machine_cannot_sign_in(make: Callable[[], User]) -> None:
    user = make()

    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (False, False, False)
    assert attempt(user.username, user.password) == 200
