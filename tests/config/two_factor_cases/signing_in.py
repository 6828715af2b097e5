"""Signing in with a second factor. Settings are read once, so `test_two_factor.py` runs this with its own."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, override_settings

from reviews.models import AuditEvent
from tests.config.two_factor_cases.browsing import (
    CLOSED,
    CODE,
    LOGIN,
    PASSWORD,
    RECOVERY,
    REMOVE,
    SET_UP,
    WRONG,
    code_of,
    enrol,
    errors,
    is_in,
    not_of,
    told,
    with_password,
)
from tests.factories import UserFactory
from tests.reviews.rows import at_once

pytestmark = pytest.mark.django_db


def test_person_without_a_second_factor_signs_in_as_before(vera: User) -> None:
    browser = Client()

    answer = browser.post(
        LOGIN, {"username": "vera", "password": PASSWORD, "next": "/admin/reviews/question/"}
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/reviews/question/")
    assert is_in(browser)
    assert told() == [("sign_in", "vera")]


def test_who_enrolled_signs_in_with_password_and_code(vera: User) -> None:
    secret, _ = enrol(with_password())
    browser = Client()

    asked = browser.post(
        LOGIN, {"username": "vera", "password": PASSWORD, "next": "/admin/reviews/question/"}
    )
    before = is_in(browser)
    let_in = browser.post(CODE, {"code": code_of(secret, step=1)})

    assert (asked.status_code, asked.headers["Location"], before) == (302, CODE, False)
    assert (let_in.status_code, let_in.headers["Location"]) == (302, "/admin/reviews/question/")
    assert is_in(browser)


def test_what_happens_to_a_second_factor_is_written_down(vera: User) -> None:
    browser = with_password()
    secret, codes = enrol(browser)
    again = with_password()
    again.post(CODE, {"code": not_of(secret)})
    again.post(CODE, {"code": code_of(secret, step=1)})
    again.post(REMOVE, {"code": codes[0]})

    assert told() == [
        ("sign_in", "vera"),
        ("add_totp", "vera"),
        ("add_recovery_codes", "vera"),
        ("wrong_code", "nobody"),
        ("use_totp", "vera"),
        ("sign_in", "vera"),
        ("use_recovery_codes", "vera"),
        ("remove_totp", "vera"),
        ("remove_recovery_codes", "vera"),
    ]
    assert set(AuditEvent.objects.filter(action="wrong_code").values_list("row_id", "table_name")) == {
        (vera.pk, "auth_user")
    }


@pytest.mark.parametrize(
    "door",
    [
        lambda browser: browser.get("/admin/"),
        lambda browser: browser.get("/admin/reviews/question/"),
        lambda browser: browser.get("/admin/login/"),
        lambda browser: browser.get("/admin/two-factor/"),
        lambda browser: browser.get(SET_UP),
        lambda browser: browser.get(RECOVERY),
        lambda browser: browser.get("/admin/two-factor/recovery-codes/new/"),
        lambda browser: browser.get(REMOVE),
        lambda browser: browser.post(SET_UP, {"code": "000000", "password": PASSWORD}),
        lambda browser: browser.get("/api/v1/questions/"),
        lambda browser: browser.post(LOGIN, {"username": "vera", "password": PASSWORD}),
    ],
)
def test_password_alone_opens_nothing(vera: User, door: Callable[[Client], HttpResponse]) -> None:
    enrol(with_password())
    browser = with_password()

    answer = door(browser)

    assert answer.status_code in {200, 302, 401, 403}
    assert answer.status_code != 302 or answer.headers["Location"].startswith((LOGIN, CODE))
    assert answer.status_code != 200 or answer.templates[0].name == "admin/login.html"
    assert not is_in(browser)
    assert "_auth_user_id" not in browser.session


def test_code_without_the_password_opens_nothing(vera: User) -> None:
    secret, _ = enrol(with_password())
    browser = Client()

    answer = browser.post(CODE, {"code": code_of(secret, step=1)})

    assert answer.headers["Location"] == "/admin/two-factor/sign-in/"
    assert not is_in(browser)


def test_who_is_deactivated_between_password_and_code_is_not_let_in(vera: User) -> None:
    secret, _ = enrol(with_password())
    browser = with_password()
    User.objects.filter(pk=vera.pk).update(is_active=False)

    answer = browser.post(CODE, {"code": code_of(secret, step=1)})

    assert answer.status_code == 403
    assert "_auth_user_id" not in browser.session


def test_time_between_password_and_code_is_short(vera: User) -> None:
    secret, _ = enrol(with_password())
    browser = with_password()
    session = browser.session
    session["account_login"] |= {"initiated_at": time.time() - settings.ACCOUNT_LOGIN_TIMEOUT - 1}
    session.save()

    answer = browser.post(CODE, {"code": code_of(secret, step=1)})

    assert answer.headers["Location"] == "/admin/two-factor/sign-in/"
    assert not is_in(browser)


def test_code_of_somebody_else_is_refused(vera: User) -> None:
    enrol(with_password())
    other = UserFactory(username="otto", is_staff=True)
    other.set_password(PASSWORD)
    other.save()
    theirs, _ = enrol(with_password(username="otto"))
    browser = with_password()

    answer = browser.post(CODE, {"code": code_of(theirs, step=1)})

    assert errors(answer) == {"code": [WRONG]}
    assert not is_in(browser)


def test_code_is_accepted_once(vera: User) -> None:
    secret, _ = enrol(with_password())
    code = code_of(secret, step=1)
    with_password().post(CODE, {"code": code})
    cache.clear()  # another web process has its own
    browser = with_password(address="192.0.2.2")

    answer = browser.post(CODE, {"code": f"{code[:3]} {code[3:]}"})

    assert errors(answer) == {"code": [WRONG]}
    assert not is_in(browser)


def test_code_of_the_enrolment_is_not_accepted_again(vera: User) -> None:
    secret = (enrolling := with_password()).get(SET_UP).context["form"].secret
    code = code_of(secret)
    enrolling.post(SET_UP, {"code": code, "password": PASSWORD})

    answer = with_password().post(CODE, {"code": code})

    assert errors(answer) == {"code": [WRONG]}


def test_use_is_remembered_in_the_database_and_not_for_ever(vera: User) -> None:
    secret, _ = enrol(with_password())
    factor = Authenticator.objects.get(type="totp")
    factor.data["accepted"] = [["123456", time.time() - 91]]
    factor.save()

    code = code_of(secret, step=1)
    with_password().post(CODE, {"code": code})

    factor.refresh_from_db()
    assert [used for used, _at in factor.data["accepted"]] == [code]


def test_wrong_codes_close_the_account_to_right_ones_from_anywhere(vera: User) -> None:
    secret, codes = enrol(with_password())
    for number in range(settings.AXES_FAILURE_LIMIT):
        answer = with_password(address=f"192.0.2.{number + 10}").post(CODE, {"code": not_of(secret)})
        assert errors(answer) == {"code": [WRONG]}
    browser = with_password(address="192.0.2.99")

    right = browser.post(CODE, {"code": code_of(secret, step=1)})
    recovery = browser.post(CODE, {"code": codes[0]})

    assert [errors(right), errors(recovery)] == [{"code": [CLOSED]}, {"code": [CLOSED]}]
    assert not is_in(browser)
    assert len([action for action, _ in told() if action == "wrong_code"]) == settings.AXES_FAILURE_LIMIT


@pytest.mark.django_db(transaction=True)
@override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}})
def test_codes_that_come_at_once_are_counted_and_used_one_by_one(vera: User) -> None:
    secret, _ = enrol(with_password())
    right = code_of(secret, step=1)
    browsers = [with_password() for _number in range(6)]
    wrong = [with_password() for _number in range(settings.AXES_FAILURE_LIMIT)]

    at_once(*(partial(browser.post, CODE, {"code": right}) for browser in browsers))
    at_once(*(partial(browser.post, CODE, {"code": not_of(secret)}) for browser in wrong))

    assert sorted(map(is_in, browsers)) == [False] * 5 + [True]
    assert len([action for action, _ in told() if action == "wrong_code"]) == settings.AXES_FAILURE_LIMIT


def test_account_is_open_again_after_a_while(vera: User) -> None:
    secret, _ = enrol(with_password())
    browser = with_password()
    for _number in range(settings.AXES_FAILURE_LIMIT):
        browser.post(CODE, {"code": not_of(secret)})

    with override_settings(AXES_COOLOFF_TIME=timedelta()):
        browser.post(CODE, {"code": code_of(secret, step=1)})

    assert is_in(browser)


def test_wrong_passwords_still_close_the_name(vera: User) -> None:
    enrol(with_password())
    for _number in range(settings.AXES_FAILURE_LIMIT):
        with_password(password="wrong")

    answer = Client(REMOTE_ADDR="192.0.2.1").post(LOGIN, {"username": "vera", "password": PASSWORD})

    assert answer.status_code == 429


def test_recovery_code_lets_in_once(vera: User) -> None:
    _, codes = enrol(with_password())
    first, second = with_password(), with_password()

    first.post(CODE, {"code": f"{codes[3][:4]}-{codes[3][4:]}"})
    answer = second.post(CODE, {"code": codes[3]})

    assert len(set(codes)) == 10
    assert (is_in(first), is_in(second)) == (True, False)
    assert errors(answer) == {"code": [WRONG]}
