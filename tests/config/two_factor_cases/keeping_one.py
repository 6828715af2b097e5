"""Enrolling, removing and requiring a second factor; run by `test_two_factor.py`, as signing_in.py is."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from knox.models import AuthToken

from tests.config.two_factor_cases.browsing import (
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

pytestmark = pytest.mark.django_db


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
