"""Signing in with a second factor. Settings are read once, so `test_two_factor.py` runs this with its own."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from knox.models import AuthToken

from reviews.models import AuditEvent
from tests.factories import UserFactory
from tests.reviews.rows import at_once

pytestmark = pytest.mark.django_db
PASSWORD = "nine-green-bottles"
LOGIN, CODE, SET_UP = "/admin/login/", "/admin/two-factor/code/", "/admin/two-factor/set-up/"
REMOVE, RECOVERY = "/admin/two-factor/remove/", "/admin/two-factor/recovery-codes/"
WRONG, CLOSED = "This code is wrong, or was used already.", "Too many wrong codes. Wait a quarter of an hour."


@pytest.fixture
def vera() -> User:
    user = UserFactory(username="vera", is_staff=True, roles=["reviewer"])
    user.set_password(PASSWORD)
    user.save()
    return user


def code_of(secret: str, *, step: int = 0) -> str:
    """The code of RFC 6238 at this step of 30 seconds, or so many after it."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def not_of(secret: str) -> str:
    right = {code_of(secret, step=step) for step in (-1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444") if code not in right)


def with_password(*, address: str = "192.0.2.1", **given: str) -> Client:
    browser = Client(REMOTE_ADDR=address)
    browser.post(LOGIN, {"username": "vera", "password": PASSWORD} | given)
    return browser


def enrol(browser: Client) -> tuple[str, list[str]]:
    """The secret of the new factor, and the recovery codes that are shown with it."""
    secret = browser.get(SET_UP).context["form"].secret
    answer = browser.post(SET_UP, {"code": code_of(secret), "password": PASSWORD})
    assert answer.headers["Location"] == RECOVERY
    return secret, re.findall(r"<code>(\d{8})</code>", browser.get(RECOVERY).text)


def is_in(browser: Client) -> bool:
    return browser.get("/admin/").status_code == 200


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["form"].errors)


def told() -> list[tuple[str, str]]:
    notes = AuditEvent.objects.filter(operation=AuditEvent.Operation.NOTE).order_by("pk")
    return list(notes.values_list("action", "actor"))


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


def test_recovery_codes_are_shown_once_and_new_ones_need_a_code(vera: User) -> None:
    browser = with_password()
    secret, codes = enrol(browser)

    again = browser.get(RECOVERY)
    refused = browser.post(f"{RECOVERY}new/", {"code": not_of(secret)})
    answer = browser.post(f"{RECOVERY}new/", {"code": code_of(secret, step=1)})
    new = re.findall(r"<code>(\d{8})</code>", browser.get(RECOVERY).text)

    assert not any(code in again.text for code in codes)
    assert errors(refused) == {"code": [WRONG]}
    assert answer.headers["Location"] == RECOVERY
    assert (len(new), set(new) & set(codes)) == (10, set())


@pytest.mark.parametrize("given", ["", "12345", "1234567", "１２３４５６", "12345a", "123456\x00", "1" * 21])
def test_what_is_no_code_is_refused_and_does_not_count(vera: User, given: str) -> None:
    enrol(with_password())
    browser = with_password()

    answer = browser.post(CODE, {"code": given})

    assert list(errors(answer)) == ["code"]
    assert not is_in(browser)
    assert "wrong_code" not in dict(told())


def test_removing_needs_a_code(vera: User) -> None:
    browser = with_password()
    secret, _ = enrol(browser)

    shown = browser.get(REMOVE)
    refused = browser.post(REMOVE, {"code": not_of(secret)})
    still = Authenticator.objects.count()
    removed = browser.post(REMOVE, {"code": code_of(secret, step=1)})

    assert (shown.status_code, errors(shown)) == (200, {})
    assert (errors(refused), still) == ({"code": [WRONG]}, 2)
    assert removed.headers["Location"] == "/admin/two-factor/"
    assert Authenticator.objects.count() == 0
    assert is_in(with_password())


@pytest.mark.parametrize(
    ("given", "field"), [({"password": "wrong"}, "password"), ({"code": "000000"}, "code")]
)
def test_enrolling_needs_the_password_and_a_working_app(
    vera: User, given: dict[str, str], field: str
) -> None:
    browser = with_password()
    secret = browser.get(SET_UP).context["form"].secret

    answer = browser.post(SET_UP, {"code": code_of(secret), "password": PASSWORD} | given)

    assert list(errors(answer)) == [field]
    assert Authenticator.objects.count() == 0


def test_secret_is_encrypted_in_the_database_and_gone_from_the_session(vera: User) -> None:
    browser = with_password()
    secret, codes = enrol(browser)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    assert not any(code in stored for code in codes)
    assert secret not in str(dict(browser.session))


def test_factor_of_another_secret_key_is_said_to_be_unreadable(vera: User) -> None:
    secret, _ = enrol(with_password())
    with override_settings(SECRET_KEY="another" * 10):
        answer = with_password().post(CODE, {"code": code_of(secret, step=1)})

    assert errors(answer)["code"][0].startswith("Your second factor cannot be read any more.")


def test_pages_show_no_secret_to_caches_and_run_nothing(vera: User) -> None:
    browser = with_password()

    answer = browser.get(SET_UP)

    assert "no-store" in answer.headers["Cache-Control"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert 'src="data:image/svg+xml;base64,' in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("page", ["signup/", "password/reset/", "email/", "reauthenticate/", "trust/"])
def test_other_pages_of_allauth_do_not_exist(vera: User, page: str) -> None:
    browser = with_password()

    answers = [browser.get(f"/admin/two-factor/{page}"), browser.get(f"/accounts/{page}")]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("model", ["mfa/authenticator", "account/emailaddress", "account/emailconfirmation"])
def test_stored_factors_have_no_page_in_the_admin(vera: User, model: str) -> None:
    vera.is_superuser = True
    vera.save()

    assert with_password().get(f"/admin/{model}/").status_code == 404


def test_command_removes_a_lost_factor(vera: User, capsys: pytest.CaptureFixture[str]) -> None:
    enrol(with_password())

    call_command("remove_second_factor", "vera")

    assert capsys.readouterr().out == "“vera” signs in with the password alone, until there is a new one.\n"
    assert is_in(with_password())
    assert ("remove_totp", "nobody") in told()
    with pytest.raises(CommandError, match="“vera” has no second factor"):
        call_command("remove_second_factor", "vera")


def test_models_and_migrations_agree_with_the_extra() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=3)


@pytest.fixture
def _required() -> Iterator[None]:
    with override_settings(TWO_FACTOR="required"):
        yield


@pytest.mark.usefixtures("_required")
def test_required_leads_to_enrolment_before_anything_else(vera: User) -> None:
    browser = with_password()

    pages = [
        "/admin/",
        "/admin/reviews/question/",
        "/admin/password_change/",
        "/admin/two-factor/",
        "/readyz",
    ]
    led = {browser.get(page).headers["Location"] for page in pages}
    api = browser.get("/api/v1/questions/")
    enrol(browser)

    assert led == {SET_UP}
    assert (api.status_code, api.json()["code"]) == (403, "not_allowed")
    assert is_in(browser)
    assert browser.get("/api/v1/questions/").status_code == 200


@pytest.mark.usefixtures("_required")
def test_required_lets_tokens_and_strangers_through(vera: User) -> None:
    _, token = AuthToken.objects.create(vera)

    by_token = Client().get("/api/v1/questions/", headers={"Authorization": f"Token {token}"})

    assert by_token.status_code == 200
    assert Client().get(LOGIN).status_code == 200
    assert Client().get("/healthz").status_code == 200


@pytest.mark.usefixtures("_required")
def test_required_leads_to_a_new_one_when_it_is_removed(vera: User) -> None:
    browser = with_password()
    secret, _ = enrol(browser)
    browser.post(REMOVE, {"code": code_of(secret, step=1)})

    assert browser.get("/admin/").headers["Location"] == SET_UP
