from datetime import timedelta
from http import HTTPStatus

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from config.account_pages import TokenForm
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def admin() -> User:
    return UserFactory(username="office", is_staff=True, roles=["admin"])


def test_admin_cannot_make_themselves_a_superuser(admin: User) -> None:
    page = reverse("admin:auth_user_change", args=[admin.pk])
    form = {
        "username": "office",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "user_permissions": "1",
    }
    form |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00", "first_name": "Changed"}

    signed_in(admin).post(page, form)

    admin.refresh_from_db()
    assert admin.first_name == "Changed"
    assert not admin.is_superuser
    assert not admin.user_permissions.exists()


def test_new_token_is_for_reading_unless_more_is_ticked() -> None:
    assert TokenForm().get_initial_for_field(TokenForm.base_fields["scopes"], "scopes") == ["read"]


def test_list_of_people_tells_roles_and_which_accounts_are_the_machine_s(admin: User) -> None:
    UserFactory(username="samples", roles=["reviewer"])
    UserFactory(username="single-sign-on", password=make_password(None))

    answer = signed_in(admin).get(reverse("admin:auth_user_changelist"))

    shown = answer.context["cl"]
    page = shown.model_admin
    told = {user.username: (page.roles(user), page.is_person(user)) for user in shown.result_list}
    assert told == {"office": ("admin", True), "samples": ("reviewer", False), "single-sign-on": ("", True)}


@pytest.mark.parametrize("page", ["auth_user_change", "auth_user_password_change"])
def test_admin_cannot_touch_a_superuser(admin: User, page: str) -> None:
    root = UserFactory(username="root", is_staff=True, is_superuser=True)
    before = (root.username, root.password)
    where = reverse(f"admin:{page}", args=[root.pk])
    form = {
        "password1": "correct-horse-battery",
        "password2": "correct-horse-battery",
        "usable_password": "true",
    }

    answer = signed_in(admin).post(where, form | {"username": "mine"})

    root.refresh_from_db()
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert (root.username, root.password) == before


def test_new_user_may_sign_in_unless_unticked(admin: User) -> None:
    page = signed_in(admin).get(reverse("admin:auth_user_add"))

    staff = page.context["adminform"].form["is_staff"]
    assert staff.value() is True


def test_roles_of_a_user_say_what_else_they_need(admin: User) -> None:
    page = signed_in(admin).get(reverse("admin:auth_user_change", args=[admin.pk])).content.decode()

    assert "A role opens nothing in the admin until “Staff status” is ticked" in page


def test_nobody_deletes_a_user() -> None:
    root = UserFactory(is_staff=True, is_superuser=True)

    answer = signed_in(root).post(reverse("admin:auth_user_delete", args=[root.pk]), {"post": "yes"})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert User.objects.filter(pk=root.pk).exists()


@pytest.mark.parametrize("page", ["add", "change", "delete"])
def test_roles_can_only_be_looked_at(page: str) -> None:
    root = UserFactory(is_staff=True, is_superuser=True, roles=["viewer"])
    args = [] if page == "add" else [root.groups.get().pk]

    answer = signed_in(root).post(
        reverse(f"admin:auth_group_{page}", args=args), {"name": "other", "post": "yes"}
    )

    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_token_is_shown_once_and_opens_the_api() -> None:
    viewer = UserFactory(is_staff=True, roles=["viewer"])
    client = signed_in(viewer)
    ends = timezone.now() + timedelta(days=7)

    page = client.post(
        reverse("admin:knox_authtoken_add"),
        {"scopes": ["read"], "expiry": f"{ends:%Y-%m-%dT%H:%M}"},
        follow=True,
    ).content.decode()

    token = page.partition("shown this once: ")[2].partition("<")[0].strip()
    stored = AuthToken.objects.get()
    assert stored.user == viewer
    assert not LogEntry.objects.exists()
    opened = Client().get("/api/v1/claims/", headers={"Authorization": f"Token {token}"})
    assert opened.status_code == HTTPStatus.OK
    assert token not in client.get(reverse("admin:knox_authtoken_changelist")).content.decode()


def test_tokens_of_others_are_not_seen() -> None:
    stored, _ = AuthToken.objects.create(UserFactory())
    viewer = UserFactory(is_staff=True, roles=["viewer"])

    page = signed_in(viewer).get(reverse("admin:knox_authtoken_changelist")).content.decode()

    assert stored.token_key not in page
    assert "No API tokens yet." in page
